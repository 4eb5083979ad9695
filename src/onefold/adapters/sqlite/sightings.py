"""Who was seen on which device, asked of the state: one range of the table for each device or party."""

from __future__ import annotations

from collections.abc import Sequence

from onefold.adapters.sqlite.questions import rows_for
from onefold.adapters.sqlite.rereading import Asked
from onefold.customer.profile.attribution import Sighting

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
_SHARED = """
SELECT device, count(DISTINCT coalesce(customer_id, party)) AS people FROM seen
  LEFT JOIN members ON members.fragment_id = party
WHERE party <> x'' GROUP BY device HAVING people > ? ORDER BY people DESC, device LIMIT ?
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


def shared_devices(connection: Asked, people_most: int, most: int) -> list[tuple[bytes, int]]:
    """(device, people) of those on which more people were seen, most people first."""
    found: list[tuple[bytes, int]] = connection.execute(_SHARED, (people_most, most)).fetchall()
    return found
