"""Who was seen on which device, asked of the state: one range of the table for each device or party."""

from __future__ import annotations

from collections.abc import Sequence

from onefold.adapters.sqlite.questions import rows_for
from onefold.adapters.sqlite.rereading import Asked
from onefold.customer.profile.attribution import Sighting
from onefold.customer.profile.walking import whole_keys

_DEVICES_OF = """
SELECT DISTINCT d.id FROM fragments p CROSS JOIN sightings ON party_place = p.place
  CROSS JOIN fragments d ON d.place = device_place
WHERE p.id IN ({})
"""
_SIGHTINGS = """
SELECT at, f.id, coalesce(p.id, x''), leaves FROM fragments d
  CROSS JOIN sightings ON device_place = d.place CROSS JOIN fragments f ON f.place = from_place
  LEFT JOIN fragments p ON p.place = party_place
WHERE d.id = ? ORDER BY at, f.id LIMIT ?
"""
_SEEN_ON = """
SELECT d.id, p.id FROM sightings CROSS JOIN fragments d ON d.place = device_place
  CROSS JOIN fragments p ON p.place = party_place
WHERE device_place > coalesce((SELECT place FROM fragments WHERE id = ?), -1)
ORDER BY device_place, at, from_place LIMIT ?
"""


def devices_of(connection: Asked, party_ids: Sequence[bytes], most: int) -> list[bytes]:
    """The devices on which any of the parties was seen, in id order."""
    return sorted({row[0] for row in rows_for(connection, _DEVICES_OF, party_ids)})[:most]


def sightings(connection: Asked, device_ids: Sequence[bytes], most: int) -> dict[bytes, list[Sighting]]:
    """Who was seen on each device, in order of (at, fragment id), cut at `most` + 1."""
    lines = {
        device: [
            Sighting(device, at, fragment_id, party, bool(leaves))
            for at, fragment_id, party, leaves in connection.execute(_SIGHTINGS, (device, most + 1))
        ]
        for device in device_ids
    }
    return {device: line for device, line in lines.items() if line}


def seen_on(connection: Asked, after: bytes, most: int) -> list[tuple[bytes, bytes]]:
    """(device, party) of the sightings behind a device, in order of the devices' places: one range."""
    return whole_keys(connection.execute(_SEEN_ON, (after, most + 1)).fetchall(), most)
