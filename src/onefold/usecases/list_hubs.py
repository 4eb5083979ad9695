"""What too many share: keys that bring nobody together for it, and devices that are nobody's by a login.

Which these are is found by the passes over keys and over devices, and each is looked at again when it is
shown. Counted are the records of sources that may serve the purpose, of customers in reach of who asks. What
a key says is told as a view of one of those customers would tell it, and not at all where no such view can
be had; a digest of it is never told, since a phone number is soon found from one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Generic, NamedTuple, TypeVar

import msgspec

from onefold.customer.identity.portraits import portrait_of
from onefold.customer.profile.attribution import Sighting
from onefold.gate.dossier import Dossier, within
from onefold.gate.looking import Looking
from onefold.gate.masks import last_four
from onefold.gate.model import Permit, Withheld
from onefold.gate.scope import Scope, Standing
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_instant
from onefold.record.canon.entities import ENTITIES
from onefold.usecases.review_matches import WINDOWS_MAX, search_on
from onefold.usecases.review_sweep import HOLDERS_MAX, sight_of
from onefold.usecases.rooms import Rooms

LIMIT_MAX = 50
LOOKED_AT_MAX = 20_000
"""Records, or sightings, after which a page ends early."""
TRIED_MAX = 5
"""Customers asked for, one after the other, for a view that tells what a key says."""
SIGHTINGS_MAX = 10_000
"""So many sightings of a device are looked at, the oldest first."""
_NAMES = ("full_name", "given_name", "middle_name", "family_name")
_PARTY = ENTITIES["party"].fields
Item = TypeVar("Item")
_UNSEEN = "too few of those who share them may be seen for this purpose"
_CURSOR = re.compile(r"[0-9]{0,9}")


class Hub(msgspec.Struct, frozen=True):
    """A key that more records share than may be brought together by one.

    `fields` is what the key is made of. `records` have it, of so many `customers` and of these `sources`;
    where `is_cut`, there are more. `values` is what one `record` says in these fields, as its view would
    show it; both are empty where none may be seen.
    """

    fields: tuple[str, ...]
    records: int
    customers: int
    sources: tuple[str, ...]
    is_cut: bool
    values: dict[str, str]
    record: str


class HubList(msgspec.Struct, frozen=True):
    """One page, most records first. `covered_percent`: how much of what is held was looked at so far."""

    items: tuple[Hub, ...]
    next: str | None
    covered_percent: int
    withheld: tuple[Withheld, ...]
    decision: str


class SharedDevice(msgspec.Struct, frozen=True):
    """A device on which more people were seen than its owner's household may be.

    `key` is the end of what its source calls it. `people` were seen from `first_at` to `last_at`; where
    `is_cut`, there may be more.
    """

    id: str
    source: str
    key: str
    platform: str
    model: str
    people: int
    is_cut: bool
    first_at: str
    last_at: str


class SharedDevices(msgspec.Struct, frozen=True):
    """One page, most people first. `people_most`: a device of more is shared. Not `is_whole` before the
    first pass over all devices has come to its end.
    """

    items: tuple[SharedDevice, ...]
    next: str | None
    people_most: int
    is_whole: bool
    withheld: tuple[Withheld, ...]
    decision: str


def list_hubs(
    permit: Permit, rooms: Rooms, *, cursor: str = "", limit: int = 20, whole: bool = False
) -> HubList:
    """The keys that too many records share; each call moves the search on by one window.

    With `whole` the search is brought to its end first. `CallerError` for a cursor that is not ours.
    """
    permit.needs("list_hubs")
    start = _start(cursor)
    search_on(permit, rooms, whole=whole)
    sweep = rooms.reviews
    with rooms.gate.looking(permit) as look:
        page = _Page(sweep.largest_hubs(), start, limit)
        named: dict[bytes, Dossier] = {}
        hubs = page.filled(lambda key: _looked_at(look, key, named))
        record = rooms.gate.released(
            permit,
            "hubs",
            customers=tuple(dict.fromkeys(it.customer for it in named.values())),
            fragments=tuple(named),
            counts={"hubs": len(hubs)},
            rests=look.rests_on(list({it.customer: it for it in named.values()}.values())),
        )
    sweep.forget_hubs(page.gone)
    return HubList(
        tuple(hubs), page.next, sweep.of(sight_of(permit)).covered_percent, page.withheld("keys"), record
    )


def list_shared_devices(
    permit: Permit, rooms: Rooms, *, cursor: str = "", limit: int = 20, whole: bool = False
) -> SharedDevices:
    """The devices of more people than the house says one may be; as `list_hubs`."""
    permit.needs("list_hubs")
    start = _start(cursor)
    with rooms.gate.looking(permit) as look:
        people_most = look.many.devices.people_most
    sweep = rooms.devices_seen
    for _ in range(WINDOWS_MAX if whole else 1):
        with rooms.reader.snapshot() as reader:
            if sweep.advance(reader, people_most):
                break
    with rooms.gate.looking(permit) as look:
        page = _Page(sweep.shared(), start, limit)
        devices = page.filled(lambda device: _device(look, device, people_most))
        record = rooms.gate.released(permit, "shared_devices", counts={"devices": len(devices)})
    sweep.forget(page.gone)
    return SharedDevices(
        tuple(devices), page.next, people_most, sweep.is_whole, page.withheld("devices"), record
    )


class _Looked(NamedTuple, Generic[Item]):
    """What came of a look: whether it is shared still, and the item, where enough of it may be seen."""

    size: int
    is_shared: bool
    item: Item | None = None


class _Page:
    """Walks what is shared from a place on until a page is full, or enough was looked at."""

    def __init__(self, ids: Sequence[bytes], start: int, limit: int) -> None:
        self._ids, self._start, self._limit = ids, start, limit
        self._at = start
        self._unseen = 0
        self.gone: list[bytes] = []

    def filled(self, look: Callable[[bytes], _Looked[Item]]) -> list[Item]:
        """The items of the page."""
        items: list[Item] = []
        size = 0
        for it in self._ids[self._start :]:
            if len(items) == self._limit or size >= LOOKED_AT_MAX:
                break
            found = look(it)
            self._at += 1
            size += found.size
            if not found.is_shared:
                self.gone.append(it)
            elif found.item is None:
                self._unseen += 1
            else:
                items.append(found.item)
        return items

    @property
    def next(self) -> str | None:
        """Where the next page begins, once those that are gone are let go."""
        return str(self._at - len(self.gone)) if self._at < len(self._ids) else None

    def withheld(self, what: str) -> tuple[Withheld, ...]:
        """How many of the page are not told of."""
        return (Withheld(f"{self._unseen} {what}", _UNSEEN),) if self._unseen else ()


def _start(cursor: str) -> int:
    if not _CURSOR.fullmatch(cursor):
        raise CallerError("The cursor is not one of ours.", hint="Take `next` of the page before.")
    return int(cursor or "0")


def _looked_at(look: Looking, key: bytes, named: dict[bytes, Dossier]) -> _Looked[Hub]:
    """A key as it is held now; the record whose values are told is added to `named`, with whose it is."""
    ids = look.reader.holders([key], HOLDERS_MAX).get(key, [])
    limit = look.provider.hub_limit
    if len(ids) <= limit:
        return _Looked(len(ids), is_shared=False)
    standing, customers = _in_reach(look.many, ids)
    if len(standing) <= limit:
        return _Looked(len(ids), is_shared=True)
    fields, told = _told(look, key, standing, customers)
    record, values = b"", dict[str, str]()
    if told is not None:
        record, dossier, values = told
        named[record] = dossier
    return _Looked(
        len(ids),
        is_shared=True,
        item=Hub(
            fields=fields,
            records=len(standing),
            customers=len(set(customers.values())),
            sources=tuple(sorted({it.fragment.source for it in standing.values()})),
            is_cut=len(ids) > HOLDERS_MAX,
            values=values,
            record=id_text(record) if record else "",
        ),
    )


def _in_reach(scope: Scope, ids: Iterable[bytes]) -> tuple[dict[bytes, Standing], dict[bytes, bytes]]:
    """Those of some party records that count for who asks, and the customer of each."""
    standing = scope.standing(ids)
    customers = scope.reader.customers_of(list(standing))
    near = within(scope, sorted(set(customers.values())))
    customers = {it: customer for it, customer in customers.items() if customer in near}
    return {it: standing[it] for it in standing if it in customers}, customers


def _told(
    look: Looking, key: bytes, standing: Mapping[bytes, Standing], customers: Mapping[bytes, bytes]
) -> tuple[tuple[str, ...], tuple[bytes, Dossier, dict[str, str]] | None]:
    """The fields of a key, and a record whose view tells their values, whose it is, and these values."""
    fields: tuple[str, ...] = ()
    for it, one in standing.items():
        fields = look.provider.fields_of_keys(portrait_of(it, one.values)).get(key, ())
        if fields:
            break
    first = {customers[it]: it for it in sorted(customers, reverse=True)}
    for it in sorted(first.values())[:TRIED_MAX]:
        dossier = look.seen(it)
        if dossier is None or it not in dossier.permitting:
            continue
        # A token has to be kept before it is shown, and nobody needs one here.
        values = _values(replace(look.many, minting=None), dossier.permitting[it], fields)
        if values:
            return fields, (it, dossier, values)
    return fields, None


def _values(scope: Scope, it: Standing, fields: Collection[str]) -> dict[str, str]:
    names = [one for field in fields for one in (_NAMES if field == "name" else (field,)) if one in _PARTY]
    shown = {name: scope.text(it, name) for name in names}
    return {name: text for name, text in shown.items() if text}


def _device(look: Looking, device: bytes, people_most: int) -> _Looked[SharedDevice]:
    """A device as it stands now, and how many of who was seen on it count for who asks."""
    scope = look.many
    line = look.reader.sightings([device], SIGHTINGS_MAX).get(device, [])
    seen: dict[bytes, Sighting] = {it.party: it for it in line if it.party}
    whose = look.reader.customers_of(list(seen))
    if len({whose.get(it, it) for it in seen}) <= people_most:
        return _Looked(len(line), is_shared=False)
    calls = scope.standing(it.fragment_id for it in seen.values())
    _, customers = _in_reach(scope, [it for it, one in seen.items() if one.fragment_id in calls])
    people = len(set(customers.values()))
    standing = scope.standing([device]).get(device)
    if standing is None or people <= people_most:
        return _Looked(len(line), is_shared=True)
    times = [seen[it].at for it in customers]
    return _Looked(
        len(line),
        is_shared=True,
        item=SharedDevice(
            id=id_text(device),
            source=standing.fragment.source,
            key=_masked(standing, scope),
            platform=scope.text(standing, "platform"),
            model=scope.text(standing, "model"),
            people=people,
            is_cut=len(line) > SIGHTINGS_MAX,
            first_at=iso_instant(min(times)),
            last_at=iso_instant(max(times)),
        ),
    )


def _masked(device: Standing, scope: Scope) -> str:
    """The end of its source's key, to tell two apart; nobody needs the whole of it here."""
    right = scope.permit.fields.get("pii", "hidden")
    return last_four(device.fragment.key) if right in ("full", "masked") else ""
