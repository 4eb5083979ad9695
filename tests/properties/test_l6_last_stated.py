"""Asking what was last stated instead of what was ever seen comes to the same, whatever is delivered."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.kernel.errors import CallerError
from onefold.record.intake import commit
from onefold.record.intake.model import Mode, Offered
from onefold.testing.intake import NOW_MS, MemoryIntake
from tests.unit.record.contracts.sample import contract, customers, movements

CONTRACT = contract(customers(), movements())
ROW = {"id": "1", "name": "Anna", "born": "1990-05-01", "mobile": ""}
ROWS = st.builds(
    lambda key, name, message: Offered(ROW | {"id": key, "name": name}, 0, message),
    st.sampled_from("12"),
    st.sampled_from("AB"),
    st.sampled_from(["", "", "", "m1"]),
)
DELIVERIES = st.lists(
    st.tuples(
        st.lists(ROWS, min_size=1, max_size=4),
        st.sampled_from([None, NOW_MS - 2, NOW_MS - 1, NOW_MS, NOW_MS + 1]),
        st.sampled_from(Mode),
    ),
    min_size=1,
    max_size=6,
)


def told(intake: MemoryIntake, deliveries) -> list[object]:
    """What each delivery came to: all but whether a row that says nothing new is called one or the other."""
    found: list[object] = []
    for rows, as_of, mode in deliveries:
        try:
            tally = intake.door.offer("core", "customer", rows, as_of=as_of, mode=mode).tally
        except CallerError as error:
            found.append(error.message)
            continue
        nothing_new = tally.unchanged + tally.duplicate
        found.append((tally.offered, tally.accepted, nothing_new, tally.reasons, tally.quarantined))
    return found


@settings(max_examples=30)
@given(DELIVERIES)
def test_what_was_last_stated_tells_as_much_as_all_that_was_seen(deliveries):
    asked, always = (MemoryIntake(CONTRACT) for _ in range(2))
    first = told(asked, deliveries)
    with patch.object(commit, "is_seen", lambda *_: None):
        assert first == told(always, deliveries)
    assert asked.bodies() == always.bodies()


def test_a_row_that_comes_back_within_one_delivery_is_let_in_once():
    intake = MemoryIntake(CONTRACT)
    calls = [("customer", "", Offered(ROW | {"name": name})) for name in ("Anna", "Bo", "Anna")]
    assert intake.door.offer_calls("core", calls[:1]).tally.accepted == 1
    intake.clock.advance(1)
    assert intake.door.offer_calls("core", calls[1:]).tally.accepted == 2
    with intake.index.work() as work:
        keys = [
            (event.occurred_at // 86_400_000, event.event_id)
            for _, header, _ in intake.frames()
            for event in header.events
        ]
        assert work.claim(keys) == set(), "every event that was let in is remembered"
