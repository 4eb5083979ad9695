"""How the readers cut the walk over identity keys, or over devices, so that none is cut differently."""

from __future__ import annotations

from collections.abc import Sequence

Held = tuple[bytes, bytes]
"""(key, fragment_id), or a device and a party that was seen on it."""


def whole_keys(rows: Sequence[Held], most: int) -> list[Held]:
    """The first rows of `most` + 1, without the holders of a last key that may go on behind them.

    A key that fills all of them stays, cut: whoever walks goes on behind it either way.
    """
    if len(rows) <= most:
        return list(rows)
    last = rows[most][0]
    whole = [row for row in rows if row[0] != last]
    return whole or list(rows[:most])
