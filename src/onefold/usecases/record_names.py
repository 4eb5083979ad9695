"""Which record somebody means: an id of ours, or a source and its own key for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from onefold.kernel.errors import NotFound
from onefold.kernel.ids import id_text
from onefold.usecases.rooms import Rooms

_ID = re.compile(r"[0-9a-f]{32}")
_HINT = "Name a record by its id, or as SOURCE:KEY; `onefold contract list` names the sources."


def record_id(rooms: Rooms, name: str) -> str:
    """The id of a party's record that is named by an id or as `SOURCE:KEY`; `NotFound` repeats no key.

    It says that a record is there, and nothing of it: whoever goes on with the id is asked for a permit.
    """
    if _ID.fullmatch(name):
        return name
    source, colon, key = name.partition(":")
    if colon and source in rooms.contracts.sources():
        known = rooms.reader.fragments(list(_possible(rooms, source, key)))
        parties = [it for it in known.values() if it.entity == "party" and not it.is_erased]
        if len(parties) == 1:
            return id_text(parties[0].fragment_id)
    raise NotFound("There is no such record of a party.", hint=_HINT)


def _possible(rooms: Rooms, source: str, key: str) -> Iterator[bytes]:
    """The ids the key would have among the parties of a source, with the prefix of its keys or without."""
    compiled = rooms.contracts.latest(source)
    for name, item in compiled.contract.objects.items():
        if item.entity == "party":
            one = compiled.object(name)
            yield from dict.fromkeys((one.fragment_id(key), one.fragment_id(item.key_prefix + key)))
