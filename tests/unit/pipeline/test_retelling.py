"""Events are told again from the log: all of a fragment, in order, and nothing of anybody else."""

from __future__ import annotations

import os

from onefold.pipeline.retelling import Retelling
from onefold.record.log.frames import encode_header
from onefold.record.log.model import EventKind
from onefold.testing.sayings import PlainMapping, Saying, opened
from onefold.testing.segments import MemorySegments

ERASED = b"e" * 16


class Opening:
    """Opens what `log` wrote, but for one subject."""

    def __init__(self, bodies: dict[int, list[bytes]], frames: dict) -> None:
        self.bodies, self.frames = bodies, frames

    def open(self, records):
        return [
            (it.sequence, frame, None if frame.subject_id == ERASED else self.bodies[it.sequence])
            for it in records
            for frame in [self.frames[it.sequence]]
        ]


def saying(entity: str, key: str, number: int, subject: bytes = b"", **values) -> Saying:
    return Saying("crm", entity, key, EventKind.UPSERT, number, number, values, subject)


def retelling(*said: Saying) -> tuple[Retelling, MemorySegments, Opening]:
    log, opening = MemorySegments(), Opening({}, {})
    append(log, opening, *said)
    return Retelling(log, opening, PlainMapping()), log, opening


def append(log: MemorySegments, opening: Opening, *said: Saying) -> None:
    for sequence, frame, bodies in opened(said, log.last_sequence + 1):
        opening.bodies[sequence], opening.frames[sequence] = list(bodies or ()), frame
        log.append([(encode_header(frame), os.urandom(8))])


def test_all_that_was_said_of_a_consent_is_told_in_the_order_of_the_log():
    one, two = saying("consent", "a", 5, fact="granted"), saying("consent", "a", 3, fact="withdrawn")
    told, _, _ = retelling(one, saying("consent", "b", 1), saying("party", "a", 2), two)
    found = told.told({one.fragment_id})
    assert [it.statement.values["fact"] for it in found if it.statement.values] == ["granted", "withdrawn"]


def test_what_is_logged_later_is_told_too():
    one = saying("suppression", "a", 1, state="on")
    told, log, opening = retelling(one)
    assert len(told.told({one.fragment_id})) == 1
    append(log, opening, saying("suppression", "a", 2, state="off"))
    assert len(told.told({one.fragment_id})) == 2


def test_of_an_erased_subject_and_of_what_cannot_be_mapped_nothing_is_told():
    one, two = saying("consent", "a", 1, ERASED), saying("consent", "b", 2)
    told, _, opening = retelling(one, two)
    opening.bodies[2] = [b"\xc1"]
    assert told.told({one.fragment_id, two.fragment_id}) == []
