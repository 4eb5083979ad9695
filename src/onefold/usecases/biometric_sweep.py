"""Ends the biometric references that rested on a consent which a source took back.

Where our people record a withdrawal, what it ends is ended with it (record_consent.py). What a source reports
is in force once it is in the state, and nothing is compared from then on; but the reference is still there,
and the engine keeps what it keeps. The step that takes events in is pure: it knows no engine. So the server
looks, every few seconds, at the consents that came since its last look.

What came before its first look it finds by going over all who were ever enrolled once, some at a time. It
remembers where it is in memory alone: a restart begins a new pass, and ending what is over is done once
however often it is looked at.
"""

from __future__ import annotations

from onefold.customer.profile.ports import CustomerReader
from onefold.gate.biometrics import RELATION
from onefold.record.biometrics.service import MODALITIES
from onefold.record.log.frames import decode_header
from onefold.record.log.ports import SegmentReader
from onefold.usecases.biometrics import end_biometrics_of
from onefold.usecases.rooms import Rooms

PARTIES_AT_ONCE = 1_000
FRAMES_AT_ONCE = 5_000
ENROLLED_MAX = 10_000_000
_CONSENT = "consent"


class BiometricSweep:
    """One look after the other, by one thread."""

    def __init__(self, frames: SegmentReader) -> None:
        self._frames = frames
        self._read_to = 0
        self._waiting: list[bytes] | None = None

    def look(self, rooms: Rooms) -> bool:
        """Ends what is over by now, as far as one look goes; whether there is more to look at."""
        with rooms.reader.snapshot() as reader:
            if self._waiting is None:
                self._read_to = reader.offset
                self._waiting = _ever_enrolled(reader)
            now, later = self._waiting[:PARTIES_AT_ONCE], self._waiting[PARTIES_AT_ONCE:]
            changed, read_to = self._changed(reader)
            customers = reader.customers_of(sorted({*now, *changed}))
        for customer in sorted(set(customers.values())):
            end_biometrics_of(rooms, customer)
        more = bool(later) or read_to != self._read_to
        self._read_to, self._waiting = read_to, later
        return more

    def _changed(self, reader: CustomerReader) -> tuple[set[bytes], int]:
        """The enrolled whose consents came since, and the sequence up to which the state has them."""
        frames = [
            it for it in self._frames.read(self._read_to, FRAMES_AT_ONCE) if it.sequence <= reader.offset
        ]
        if not frames:
            return set(), self._read_to
        headers = (decode_header(it.header) for it in frames)
        said = [event.fragment_id for it in headers if it.entity == _CONSENT for event in it.events]
        values = (it.values or {} for it in reader.fragments(list(dict.fromkeys(said))).values())
        parties = {it["party"] for it in values if it.get("party") is not None}
        links = (
            reader.linked(sorted(parties), RELATION, most=len(parties) * len(MODALITIES)) if parties else ()
        )
        return {to_id for _, _, to_id in links}, frames[-1].sequence


def _ever_enrolled(reader: CustomerReader) -> list[bytes]:
    return sorted({to_id for _, _, to_id in reader.every_link(RELATION, ENROLLED_MAX)})
