"""From the door to the state: time and order do not show, and a version published meanwhile is found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.kernel.time import MS_PER_DAY
from onefold.pipeline.fingerprint import state_hash
from onefold.pipeline.mapping import ContractMapping
from onefold.pipeline.step import drive, step
from onefold.record.contracts.errors import UnknownSource
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import Contracts
from onefold.record.intake.model import Mode, Offered
from onefold.testing.intake import MemoryIntake
from onefold.testing.memory import MemoryState
from tests.clients import CONTRACT, client, corrected

BANK = parse_contract(CONTRACT.replace("value: record", "value: event").encode(), "bank.yaml")
DELIVERIES = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 28)), min_size=1, max_size=8, unique=True)


def said(key: int, day: int) -> Offered:
    """What the source says of a client on a day, in a message of its own."""
    row = client(key, email=f"k{day}@karimov.uz", changed=f"2025-02-{day:02}T00:00:00Z")
    return Offered(row, message_id=f"{key}-{day}")


def folded(intake: MemoryIntake) -> str:
    """The state of its log."""
    state = MemoryState()
    frames = intake.frames()
    state.commit(drive(step(frames, ContractMapping(intake.contracts)), state), 0, len(frames))
    return state_hash(state)


@settings(max_examples=10)
@given(st.data(), DELIVERIES)
def test_late_early_and_repeated_events_give_one_state(data, deliveries):
    hashes = set()
    for order in (deliveries, data.draw(st.permutations([*deliveries, *deliveries]))):
        intake = MemoryIntake(BANK)
        for key, day in order:
            intake.clock.advance(MS_PER_DAY)
            intake.door.offer("bank", "client", [said(key, day)], mode=Mode.BACKFILL)
        assert len(intake.bodies()) == len(deliveries)
        hashes.add(folded(intake))
    assert len(hashes) == 1


def test_a_message_that_comes_again_a_year_later_is_a_duplicate():
    intake = MemoryIntake(BANK)
    assert intake.door.offer("bank", "client", [said(1, 3)]).tally.accepted == 1
    intake.clock.advance(366 * MS_PER_DAY)
    intake.reopen()
    assert intake.door.offer("bank", "client", [said(1, 3)]).tally.duplicate == 1


def test_a_version_that_is_published_while_a_worker_runs_is_found_by_it():
    intake = MemoryIntake(BANK)
    published = [BANK]
    following = Contracts(intake.cell_key, published, reload=lambda: published)
    mapping = ContractMapping(following)
    newer = parse_contract(corrected("1.1.0").encode(), "bank.yaml")
    intake.contracts.add(newer)
    intake.door.offer("bank", "client", [said(1, 3)])
    ((_, frame, bodies),) = intake.frames()
    assert frame.contract == "1.1.0"
    assert bodies is not None
    with pytest.raises(UnknownSource):
        mapping.statement(frame, frame.events[0], bodies[0])
    published.append(newer)
    statement = mapping.statement(frame, frame.events[0], bodies[0])
    assert statement.values is not None
    assert statement.values["given_name"] == "Dilnoza"
