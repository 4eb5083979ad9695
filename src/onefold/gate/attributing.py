"""What was done on devices that is held to be a customer's, though nobody said whose it is.

Whose a device is at an instant is worked out where it is asked, from the sightings of one committed state
(`customer/profile/attribution.py`): nothing of it is kept, so it is as old as the last login, merge or
erasure, and no older. What names a party is that party's, and is not found here.

Consent. What a cookie collected was collected under what was agreed to on it, and being joined to a person
gives it no more than that: where a purpose rests on consent, the call itself must have carried the yes, and
the device must not have carried a no since. The consents of the person come on top, as for all of theirs. So
a yes of either never stretches over what the other did, and a no of either does (law L5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from heapq import merge
from itertools import islice

from onefold.customer.fragments.links import UNNAMED, at_of
from onefold.customer.profile.attribution import (
    DeviceRules,
    Stretch,
    stretch_at,
    stretches_of,
)
from onefold.gate.gathering import Gathered
from onefold.gate.paging import Place
from onefold.gate.scope import Scope, Standing
from onefold.kernel.time import iso_instant
from onefold.record.canon.purposes import LINEAGE, PURPOSES

_ON_DEVICE = "interaction.device"
DEVICES_MAX = 100
SIGHTINGS_MAX = 20_000
"""A device with more is over-full, as a hub is: nothing on it is anybody's, whole, not part-way."""
_ALLOWED = {"marketing": "marketing_allowed", "analytics": "analytics_allowed"}
"""Purpose that is part of no other → the field of an interaction that says whether it was agreed to."""
_AT_ONCE = 200
_LOOKED_AT = 200
"""Calls read at once, newest first, until one says what is chosen: a silent one takes no no back."""
_CALLS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Attributed:
    """The stretches of some parties, by device and in order of time."""

    stretches: Mapping[bytes, Sequence[Stretch]]
    _refused: dict[bytes, bool] = field(default_factory=dict, repr=False, compare=False)

    def stretch_of(self, it: Standing) -> Stretch | None:
        """The stretch of theirs in which something was done that names nobody; else None."""
        if it.fragment.entity != "interaction" or it.values.get("party") is not None:
            return None
        stretches = self.stretches.get(it.values.get("device", b""), ())
        return stretch_at(stretches, at_of(it.fragment, it.values))

    def has(self, scope: Scope, it: Standing) -> bool:
        """Whether something that names nobody is theirs, and may serve the scope's purpose."""
        return self.stretch_of(it) is not None and self._may_serve(scope, it)

    def devices_of(self, party_ids: AbstractSet[bytes]) -> list[bytes]:
        """The devices of which some time is of these parties."""
        return [it for it, some in self.stretches.items() if any(one.party in party_ids for one in some)]

    def newest(self, scope: Scope, before: Place | None, most: int) -> list[Place]:
        """(at, fragment id) of what is theirs, newest first, below `before`."""
        ranges = (self._on(scope, device, before) for device in self.stretches)
        return list(islice(merge(*ranges, reverse=True), most))

    def _on(self, scope: Scope, device: bytes, before: Place | None) -> Iterator[Place]:
        if not self._device_serves(scope, device):
            return
        for from_at, until_at in reversed(_times(self.stretches[device])):
            place = (until_at, b"")
            place = place if before is None else min(place, before)
            while True:
                rows = scope.reader.linked([device], UNNAMED, before=place, most=_AT_ONCE)
                within = [row[:2] for row in rows if row[0] >= from_at]
                standing = scope.standing(key for _, key in within)
                yield from (it for it in within if it[1] in standing and self.has(scope, standing[it[1]]))
                if len(within) < _AT_ONCE:
                    break
                place = within[-1]

    def _may_serve(self, scope: Scope, it: Standing) -> bool:
        """Whether what was collected may serve the purpose by what was agreed to on the device itself."""
        purpose = PURPOSES[scope.permit.purpose]
        if purpose.heeds_them and (allowed := _ALLOWED.get(LINEAGE[purpose.name][-1])) is not None:
            said = it.values.get(allowed)
            if said is False or (said is None and purpose.needs_consent):
                return False
        return self._device_serves(scope, it.values["device"])

    def _device_serves(self, scope: Scope, device: bytes) -> bool:
        """Whether anything that was done on a device may serve the purpose."""
        purpose = PURPOSES[scope.permit.purpose]
        if not purpose.heeds_them:
            return True
        allowed = _ALLOWED.get(LINEAGE[purpose.name][-1])
        if allowed is None:
            return not purpose.needs_consent
        if device not in self._refused:
            self._refused[device] = _chosen(scope, device, allowed) is False
        return not self._refused[device]


def attributed_to(scope: Scope, party_ids: Sequence[bytes], most: int = DEVICES_MAX) -> Attributed:
    """What is held to be these parties', on every device they were seen on, so many at `most`."""
    devices = scope.reader.devices_of(party_ids, most) if party_ids else []
    members = frozenset(party_ids)
    found = {}
    for device, stretches in _stretches(scope.reader, devices, scope.devices).items():
        theirs = [it for it in stretches if it.party in members]
        if theirs:
            found[device] = theirs
    return Attributed(found)


def party_of(scope: Scope, it: Standing) -> bytes | None:
    """Whose something is that was done on a device and names nobody; None where it is nobody's."""
    device = it.values.get("device")
    if device is None:
        return None
    attributed = Attributed(_stretches(scope.reader, [device], scope.devices))
    return found.party if attributed.has(scope, it) and (found := attributed.stretch_of(it)) else None


def reason_of(stretch: Stretch) -> str:
    """Why something is held to be somebody's, in a few words."""
    at = iso_instant(stretch.seen.at)
    if stretch.is_before_login:
        return f"held to be theirs: they were the next on this device, at {at}"
    return f"held to be theirs: they were on this device at {at}"


def _stretches(reader: Gathered, devices: Sequence[bytes], rules: DeviceRules) -> dict[bytes, list[Stretch]]:
    """The stretches of devices that are not over-full."""
    lines = reader.sightings(devices, SIGHTINGS_MAX)
    lines = {device: line for device, line in lines.items() if len(line) <= SIGHTINGS_MAX}
    parties = {it.party for line in lines.values() for it in line}
    customers = reader.customers_of(list(parties))

    def person(party: bytes) -> bytes:
        return customers.get(party, party)

    return {device: stretches_of(line, person, rules) for device, line in lines.items()}


def _times(stretches: Sequence[Stretch]) -> list[tuple[int, int]]:
    """The times that stretches cover: those that follow each other are one."""
    found: list[tuple[int, int]] = []
    for it in stretches:
        if found and found[-1][1] == it.from_at:
            found[-1] = (found[-1][0], it.until_at)
        else:
            found.append((it.from_at, it.until_at))
    return found


def _chosen(scope: Scope, device: bytes, allowed: str) -> bool | None:
    """What was chosen on a device last; None where none of its calls ever said.

    No where so many are silent that nobody can look at all of them.
    """
    before: Place | None = None
    for _ in range(_CALLS_MAX // _LOOKED_AT):
        links = scope.reader.linked([device], _ON_DEVICE, before=before, most=_LOOKED_AT)
        found = scope.reader.fragments([from_id for _, from_id, _ in links])
        said = ((found[key].values or {}).get(allowed) for _, key, _ in links if key in found)
        chosen: bool | None = next((it for it in said if it is not None), None)
        if chosen is not None or len(links) < _LOOKED_AT:
            return chosen
        before = links[-1][:2]
    return False
