"""Source keys as text, and the ids made of them, remembered while they repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from onefold.kernel.ids import CellKey
from onefold.record.contracts.access import MISSING
from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.contracts.texts import plain

KEY_LIMIT = 512
_REMEMBERED = 200_000


def key_text(parts: tuple[Any, ...], prefix: str) -> str | None:
    """The key a source gives a thing: its parts joined by `|`, behind the prefix; None when a part is empty.

    A `|` or backslash within a part of a composed key is escaped, so that no two keys can meet.
    """
    if len(parts) == 1 and type(parts[0]) is str:
        # By far the most keys: one text, needing no escape.
        text = parts[0].strip()
        return _within_limit(prefix + text) if text else None
    # Most others are texts that need no escape either, so they can be joined as they are.
    try:
        key = "|".join(map(str.strip, parts))
    except TypeError:
        key = ""
    if key.count("|") == len(parts) - 1 and "\\" not in key and "" not in key.split("|"):
        return _within_limit(prefix + key)
    texts = []
    for part in parts:
        text = "" if part is None or part is MISSING else plain(part)
        if not text:
            return None
        texts.append(text.replace("\\", "\\\\").replace("|", "\\|") if len(parts) > 1 else text)
    return _within_limit(prefix + "|".join(texts))


def _within_limit(key: str) -> str:
    if len(key) > KEY_LIMIT:
        raise RowFault(Reason.TOO_LONG)
    return key


class BirthIds:
    """Birth ids of one cell. Accounts and parties repeat over rows, so their ids are remembered."""

    def __init__(self, cell_key: CellKey) -> None:
        self.cell_key = cell_key
        self._remembered: dict[tuple[str, str], dict[str, bytes]] = {}

    def of(self, source: str, entity: str) -> Callable[[str], bytes]:
        """A function from key text to birth id for one kind of thing of one source; it remembers."""
        make = self.fresh(source, entity)
        known = self._remembered.setdefault((source, entity), {})

        def birth_id(key: str) -> bytes:
            found = known.get(key)
            if found is None:
                if len(known) >= _REMEMBERED:
                    known.clear()
                found = known[key] = make(key)
            return found

        return birth_id

    def fresh(self, source: str, entity: str) -> Callable[[str], bytes]:
        """The same without remembering, for things that come once, such as transactions."""
        digest = self.cell_key.digester(b"birth", source.encode(), entity.encode())
        return lambda key: digest(key.encode())

    def of_many(self, source: str, entity: str) -> Callable[[Iterable[str]], list[bytes]]:
        """The same of a list of keys."""
        digests = self.cell_key.digester_of_many(b"birth", source.encode(), entity.encode())
        return lambda keys: digests(map(str.encode, keys))
