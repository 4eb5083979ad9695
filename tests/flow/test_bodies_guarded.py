"""Nobody is looked for by their body, nothing tells of closed sources, and what is over is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onefold.testing.biometrics import FuzzyMatcher, sample_of
from onefold.usecases import tries
from onefold.usecases.limits import TooManyRequests
from onefold.usecases.rooms import Rooms
from onefold.usecases.tries import AN_HOUR_MAX
from tests.canaries import CONTRACT, client, rooms_of
from tests.flow.bodies import (
    ANNA,
    BORIS,
    CLARA,
    PEOPLE,
    enrol,
    kept,
    make_house,
    newest,
    say,
    verify,
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_house(tmp_path)


@pytest.fixture
def rooms(data: Path) -> Iterator[Rooms]:
    with rooms_of(data) as found:
        yield found


def test_the_audit_says_why_nothing_was_compared(rooms, monkeypatch):
    def why(over: str = "call") -> str:
        decision = verify(rooms, ANNA, over=over).decision
        record = newest(rooms, kind="biometric")
        assert (record.id, record.details["answer"]) == (decision, "unknown")
        return record.details["because"]

    assert why() == "nothing is enrolled"
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    assert "no consent" in why("branch")
    compare = FuzzyMatcher.compare

    def slow(*asked_for: Any) -> bytes | None:
        say(rooms, ANNA, "withdrawn")
        return compare(*asked_for)

    monkeypatch.setattr(FuzzyMatcher, "compare", slow)
    assert "while the engine was asked" in why()


def test_that_a_closed_source_knows_somebody_is_told_by_no_answer(tmp_path):
    """Neither as a record that a yes speaks for, nor by saying that there are others."""
    alike = CONTRACT.replace("id: bank", "id: aml").replace("servicing, stewardship, ", "stewardship, ")
    (tmp_path / "aml.yaml").write_text(alike, encoding="utf-8")
    data = make_house(tmp_path, tmp_path / "aml.yaml")
    with rooms_of(data) as rooms:
        say(rooms, ANNA)
        enrol(rooms, ANNA)
        alone = verify(rooms, ANNA)
        receipt = rooms.door.offer("aml", "client", [client(ANNA)])
        rooms.barrier.wait_for(receipt.sequence, 60)
        with rooms.reader.snapshot() as reader:
            whose = reader.customer_of(kept(rooms, ANNA)[0].party)
            assert whose is not None
            assert len(reader.fragments_of(whose)) == 2, "aml knows her, too"
        found = verify(rooms, ANNA)
        assert (found.answer, found.records, found.whole) == ("yes", alone.records, True)


def test_who_tries_too_often_waits_whoever_else_is_asked_about(rooms):
    say(rooms, ANNA)
    say(rooms, BORIS)
    enrol(rooms, ANNA)
    enrol(rooms, BORIS)
    verify(rooms, ANNA, sample_of("x"))
    assert verify(rooms, ANNA).answer == "yes"  # and those that failed are forgotten
    for at in range(AN_HOUR_MAX):
        assert verify(rooms, ANNA, sample_of(f"forgery {at}")).answer == "no"
    with pytest.raises(TooManyRequests):
        verify(rooms, ANNA)
    assert newest(rooms, kind="refusal").action == "verify_biometric"
    assert verify(rooms, BORIS).answer == "yes"


def test_nobody_is_looked_for_by_their_body_among_all_customers(rooms, monkeypatch):
    monkeypatch.setattr(tries, "OF_ONE_ASKER_MAX", 2)
    for n in PEOPLE:
        say(rooms, n)
        enrol(rooms, n)
    found = [verify(rooms, n, sample_of("3")).answer for n in (ANNA, BORIS)]
    assert found == ["no", "no"]
    with pytest.raises(TooManyRequests):
        verify(rooms, CLARA)
    assert "in an hour" in newest(rooms, kind="refusal").reasons[0]
