"""Nobody is looked for by their body, nothing tells of closed sources, and what is over is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onefold.kernel.errors import Unavailable
from onefold.testing.biometrics import FuzzyMatcher, sample_of
from onefold.usecases import tries
from onefold.usecases.biometrics import verify_biometric
from onefold.usecases.decide_judgement import decide_judgement
from onefold.usecases.limits import TooManyRequests
from onefold.usecases.rooms import Rooms
from onefold.usecases.tries import AN_HOUR_MAX
from tests.canaries import CONTRACT, client, customer_of, permit, rooms_of
from tests.flow.bodies import (
    ANNA,
    BORIS,
    CLARA,
    PEOPLE,
    engine,
    enrol,
    kept,
    make_house,
    newest,
    revoke,
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


def test_a_yes_that_could_not_be_written_down_forgives_no_failure(rooms, monkeypatch):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    for _ in range(AN_HOUR_MAX - 1):
        assert verify(rooms, ANNA, sample_of("somebody else")).answer == "no"

    def full(*_: object) -> None:
        raise Unavailable("The disk is full.", retry_after_seconds=1)

    anna, allowed = customer_of(rooms, ANNA), permit(rooms, "verify_biometric", "servicing", "agent")
    with monkeypatch.context() as failing:
        failing.setattr(rooms.audit._commit, "append", full)
        with pytest.raises(Unavailable, match="The disk is full"):
            verify_biometric(allowed, rooms, anna, "voice", "call", sample_of(str(ANNA)))
    with pytest.raises(TooManyRequests):
        verify(rooms, ANNA)


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


# ------------------------------------------------------------------ what is withdrawn is over everywhere


@pytest.mark.parametrize(
    "said",
    [{}, {"fact": "objected", "data_class": "any"}, {"channel": "any", "data_class": ""}],
    ids=str,
)
def test_what_consent_no_longer_carries_is_revoked_and_the_engine_forgets_it(rooms, said):
    for n in (ANNA, BORIS):
        say(rooms, n)
        enrol(rooms, n)
    say(rooms, ANNA, **({"fact": "withdrawn"} | said))
    [gone], [stays] = kept(rooms, ANNA), kept(rooms, BORIS)
    assert (gone.status, gone.protected, stays.status) == ("revoked", "", "active")
    assert len(engine(rooms).kept) == 1
    record = newest(rooms, kind="biometric")
    assert (record.details["step"], record.details["engine"]) == ("ended", "told")
    assert verify(rooms, BORIS).answer == "yes"


def test_what_some_channel_still_carries_stands(rooms):
    say(rooms, ANNA)
    say(rooms, ANNA, channel="branch")
    enrol(rooms, ANNA)
    say(rooms, ANNA, "withdrawn", purpose="marketing", data_class="any")
    say(rooms, ANNA, "withdrawn", channel="branch")
    assert verify(rooms, ANNA).answer == "yes"
    assert kept(rooms, ANNA)[0].status == "active"


def test_a_withdrawal_is_in_force_though_the_engine_is_away_which_is_told_later(rooms, monkeypatch):
    def away(*_: object) -> int:
        raise Unavailable("The engine is away.")

    say(rooms, ANNA)
    enrol(rooms, ANNA)
    with monkeypatch.context() as cut:
        cut.setattr(FuzzyMatcher, "forget", away)
        say(rooms, ANNA, "withdrawn")
    assert newest(rooms, kind="biometric").details["engine"] == "away"
    assert (kept(rooms, ANNA)[0].status, len(engine(rooms).kept)) == ("revoked", 1)
    assert revoke(rooms, ANNA) == 0
    assert engine(rooms).kept == {}


def test_what_was_withdrawn_while_it_was_enrolled_is_ended_when_somebody_asks(rooms, monkeypatch):
    made = FuzzyMatcher.enrol

    def slow(*asked_for: Any) -> bytes:
        say(rooms, ANNA, "withdrawn")
        return made(*asked_for)

    say(rooms, ANNA)
    with monkeypatch.context() as slowly:
        slowly.setattr(FuzzyMatcher, "enrol", slow)
        enrol(rooms, ANNA)
    assert kept(rooms, ANNA)[0].status == "active"
    assert verify(rooms, ANNA).answer == "unknown"
    assert (kept(rooms, ANNA)[0].status, engine(rooms).kept) == ("revoked", {})


def test_what_another_record_says_ends_no_reference_of_this_one(rooms):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    say(rooms, BORIS, "objected")
    pair = customer_of(rooms, ANNA), customer_of(rooms, BORIS)
    judging = permit(rooms, "decide_judgement", "stewardship", "steward")
    decide_judgement(judging, rooms, *pair, verdict="same", reason="a test")
    assert verify(rooms, ANNA).answer == "unknown"
    assert [it.status for it in kept(rooms, ANNA)] == ["active"]
