"""How far apart two texts are at least, told from how often each letter stands in them.

A letter added or lost changes one count by one, a letter changed changes two, and two that are exchanged
change none. So the counts of two texts that differ by more than the changes allow show that the texts do,
without comparing them: of a million pairs of phones that share nothing hardly one is left to be compared.
Letters are counted in a few drawers and not above a bound; both only bring counts nearer together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onefold.customer.identity.linking.columns import Ints, Levels

_DRAWERS = 16
_MOST = 15
"""With so many at most in a drawer, the sum over all of them fits into a byte."""

_AT_ONCE = 1 << 20
_EACH_BYTE = np.uint64(0x0101010101010101)
_TOP_BYTE = np.uint64(56)


class Bags:
    """The letters of each of some texts."""

    def __init__(self, values: Sequence[str]) -> None:
        self.lengths = np.fromiter(map(len, values), dtype=np.int64, count=len(values))
        letters = np.frombuffer("".join(values).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        drawers = np.repeat(np.arange(len(values), dtype=np.int64) * _DRAWERS, self.lengths)
        drawers += letters & (_DRAWERS - 1)
        counts = np.bincount(drawers, minlength=len(values) * _DRAWERS)
        self._counts = np.minimum(counts, _MOST).astype(np.uint8).reshape(-1, _DRAWERS)

    def apart(self, low: Ints, high: Ints) -> Levels:
        """Of each pair of texts, by their places: the letters that one has more than the other, both ways."""
        found = np.empty(len(low), dtype=np.uint8)
        for start in range(0, len(low), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            one, other = self._counts[low[part]], self._counts[high[part]]
            eights = (np.maximum(one, other) - np.minimum(one, other)).view(np.uint64)
            sums = (eights * _EACH_BYTE) >> _TOP_BYTE
            found[part] = sums[:, 0] + sums[:, 1]
        return found
