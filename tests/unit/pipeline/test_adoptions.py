"""Adoptions in the log: they change no row, and a state goes no further than the model it was made under."""

from __future__ import annotations

import msgspec
import pytest

from onefold.customer.identity.adoption import ADOPT, ENTITY, Adoption, row_of
from onefold.kernel.errors import Damaged
from onefold.pipeline.adoptions import adoptions_in, check_adoptions
from onefold.pipeline.fingerprint import state_hash
from onefold.pipeline.ports import Opened
from onefold.pipeline.step import drive, step
from onefold.record.log.model import EventHeader, EventKind, FrameHeader
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import PlainMapping

AT = 1_764_500_000_000
CELL_ID, KEY = b"c" * 16, b"k" * 16


def framed(adoption: Adoption) -> Opened:
    """The frame of one adoption."""
    body = msgspec.json.encode(row_of(adoption))
    event = EventHeader(KEY, KEY, EventKind.UPSERT, adoption.at, b"", len(body))
    frame = FrameHeader("demo/uz", "onefold", ENTITY, "1.0.0", ENTITY, KEY, adoption.at, b"n" * 12, (event,))
    return 1, frame, [body]


IT = Adoption(2, "f00d", "ab", "cd", ADOPT, "anna", AT)


def test_they_are_read_as_they_were_said():
    assert list(adoptions_in([framed(IT)])) == [IT]


def test_one_that_cannot_be_opened_is_not_passed_over():
    sequence, frame, _ = framed(IT)
    with pytest.raises(Damaged, match="cannot be opened"):
        list(adoptions_in([(sequence, frame, None)]))


def test_they_change_no_row():
    state = MemoryState()
    before = state_hash(state)
    state.commit(drive(step([framed(IT)], PlainMapping()), state), 0, 1)
    assert state_hash(state) == before
    assert state.offset == 1


@pytest.mark.parametrize("number", [2, 3])
def test_a_state_of_this_model_or_a_later_one_goes_on(number):
    check_adoptions([framed(IT)], number)


@pytest.mark.parametrize("number", [0, 1])
def test_a_state_of_an_earlier_model_goes_no_further(number):
    with pytest.raises(Damaged, match="another model was adopted"):
        check_adoptions([framed(IT)], number)
