"""What was done on devices that goes with somebody who is erased, though nobody said whose it is.

Rules. What is held to be theirs goes. So that an erasure makes nothing somebody else's, what is nobody's
goes, too, where the device is not shared without them: of what they did there unnamed, after their logout or
before a login of theirs, the next login of another would say that it is theirs. Where nobody else was ever
seen, the device goes with all that names nobody. What is held to be of somebody else stays, and so does what
is nobody's on a device that many use: there no login says anything of it.
"""

from __future__ import annotations

from collections.abc import Collection

from onefold.customer.fragments.links import UNNAMED
from onefold.customer.profile.attribution import (
    DeviceRules,
    Sighting,
    people_on,
    stretch_at,
    stretches_of,
)
from onefold.customer.profile.ports import CustomerReader

_ALL = 1 << 31


def done_on_devices(reader: CustomerReader, parties: Collection[bytes], rules: DeviceRules) -> set[bytes]:
    """The fragments that go, devices among them; ask within one snapshot."""
    going: set[bytes] = set()
    for device in reader.devices_of(list(parties), _ALL):
        line = reader.sightings([device], _ALL)[device]
        going |= _on(reader, device, line, frozenset(parties), rules)
    return going


def _on(
    reader: CustomerReader,
    device: bytes,
    line: list[Sighting],
    parties: frozenset[bytes],
    rules: DeviceRules,
) -> set[bytes]:
    unnamed = reader.linked([device], UNNAMED, most=_ALL)
    others = [it for it in line if it.party and it.party not in parties]
    if not others:
        return {device, *(key for _, key, _ in unnamed)}
    customers = reader.customers_of(list({it.party for it in line}))

    def person(party: bytes) -> bytes:
        return customers.get(party, party)

    stretches = stretches_of(line, person, rules)
    stays_shared = people_on(others, person) > rules.people_most
    going = set()
    for at, key, _ in unnamed:
        held = stretch_at(stretches, at)
        if held.party in parties if held is not None else not stays_shared:
            going.add(key)
    return going
