"""Which record somebody means: an id of ours, or a source and its own key for it.

An id is given to whoever may see the record. A key is anybody's to guess: were it answered for, it would tell
whom a source knows that is closed to who asks. So a key means a record that the asker may see, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from onefold.customer.profile.ports import CustomerReader
from onefold.gate.dossier import Dossier
from onefold.gate.looking import Looking
from onefold.gate.model import Permit
from onefold.gate.scope import Scope
from onefold.kernel.errors import NotFound
from onefold.kernel.ids import id_from_text
from onefold.record.canon.purposes import may_serve
from onefold.usecases.rooms import Rooms

_ID = re.compile(r"[0-9a-f]{32}")
_HINT = "Name a record by its id, or as SOURCE:KEY; `onefold contract list` names the sources."


def find_named(look: Looking, permit: Permit, rooms: Rooms, name: str) -> tuple[bytes, tuple[Scope, Dossier]]:
    """The record or customer behind a name, and what is read of it; refused as a view of it is.

    `NotFound` repeats no key, and is the same for a key that nobody has and for one that may not be told of.
    """
    if _ID.fullmatch(name):
        return id_from_text(name), look.at(id_from_text(name))
    found = _of_key(permit, rooms, look.reader, name)
    try:
        read = look.at(found)
    except NotFound:
        raise _unknown() from None
    if found not in read[1].permitting:
        raise _unknown()
    return found, read


def find_member(look: Looking, permit: Permit, rooms: Rooms, dossier: Dossier, name: str) -> bytes:
    """The record behind a name; `NotFound` for a key of none that may be seen of this customer."""
    if _ID.fullmatch(name):
        return id_from_text(name)
    found = _of_key(permit, rooms, look.reader, name)
    if found not in dossier.permitting:
        raise _unknown()
    return found


def _of_key(permit: Permit, rooms: Rooms, reader: CustomerReader, name: str) -> bytes:
    """The party that a source has under a key, of the sources that are open to the permit's purpose."""
    source, colon, key = name.partition(":")
    if colon and source in rooms.contracts.sources() and _is_open(rooms, source, permit.purpose):
        known = reader.fragments(list(_possible(rooms, source, key)))
        parties = [it for it in known.values() if it.entity == "party" and not it.is_erased]
        if len(parties) == 1:
            return parties[0].fragment_id
    raise _unknown()


def _is_open(rooms: Rooms, source: str, purpose: str) -> bool:
    return may_serve((purpose,), rooms.contracts.latest(source).contract.purposes)


def _possible(rooms: Rooms, source: str, key: str) -> Iterator[bytes]:
    """The ids the key would have among the parties of a source, with the prefix of its keys or without."""
    compiled = rooms.contracts.latest(source)
    for name, item in compiled.contract.objects.items():
        if item.entity == "party":
            one = compiled.object(name)
            yield from dict.fromkeys((one.fragment_id(key), one.fragment_id(item.key_prefix + key)))


def _unknown() -> NotFound:
    return NotFound("There is no such record of a party.", hint=_HINT)
