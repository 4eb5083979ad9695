"""Other people in the records of a customer: who they are, and the words that would name them. Pure.

A joint account is everything of each of its holders, and none of them may be told about the others by asking
for what is theirs (GDPR article 15(4)). A text is held back whole where it names another holder: what is left
of a sentence would often say who it was. A word that the customer bears, too, names nobody: couples share
surnames.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from onefold.customer.fragments.model import Fragment

_NAMES = ("full_name", "given_name", "middle_name", "family_name", "organisation_name")
_MARKS = ("email", "phone", "national_id", "tax_id", "customer_number", "address")
_WORD = re.compile(r"[^\W\d_]{3,}")
_MARK_LEAST = 6
"""A shorter key or number stands in too many texts to name anybody."""


class Others:
    """What names the others: whole words of names, and numbers, keys and addresses wherever they stand."""

    def __init__(self, customer: Iterable[Fragment], others: Iterable[Fragment]) -> None:
        others = list(others)
        own = list(customer)
        self._words = _words(others) - _words(own)
        self._marks = tuple(sorted(set(_marks(others)) - set(_marks(own))))

    def named_in(self, text: str) -> bool:
        """Whether a text names one of them."""
        folded = text.casefold()
        if any(mark in folded for mark in self._marks):
            return True
        return bool(self._words) and not self._words.isdisjoint(_WORD.findall(folded))


def _words(parties: Iterable[Fragment]) -> set[str]:
    texts = (str((it.values or {}).get(name, "")) for it in parties for name in _NAMES)
    return {word for text in texts for word in _WORD.findall(text.casefold())}


def _marks(parties: Iterable[Fragment]) -> Iterator[str]:
    for it in parties:
        values = it.values or {}
        for text in (it.key, *(str(values.get(name, "")) for name in _MARKS)):
            if len(text) >= _MARK_LEAST:
                yield text.casefold()
