"""Counting whom a segment reaches, over the whole house: as sending it at that moment, and on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from onefold.app.house import LocalHouse
from onefold.channels.cli.asking import permit
from onefold.gate.model import Actor
from onefold.kernel.errors import CallerError, NotFound, Refused, Unavailable
from onefold.kernel.time import MS_PER_DAY
from onefold.record.audit.model import AuditFilter, AuditRecord
from onefold.usecases.activate_segment import activate_segment
from onefold.usecases.count_audience import count_audience
from onefold.usecases.evaluate_segment import evaluate_segment
from onefold.usecases.model import CountedAudience
from onefold.usecases.rooms import Rooms
from tests.flow.server import make_world

SEGMENT = "balance-dip-fewer-logins"
CHANNELS = ("email", "sms", "call", "push", "app", "web", "post")
RULES = """
version: 1
preference: {purposes: [marketing]}
quiet_hours:
  - {channels: [sms, push], from: "21:00", to: "09:00"}
unknown_zone: [Asia/Tashkent]
caps:
  - {channels: [email], purposes: [marketing], most: 1, days: 7}
campaigns:
  balance-dip-fewer-logins: {caps: [{channels: [app], most: 1, days: 30}]}
"""


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: int) -> None:
        self.now = now

    def now_ms(self) -> int:
        return self.now


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audience") / "data"
    make_world(folder, 150)
    (folder / "contacting.yaml").write_text(RULES)
    return folder


@pytest.fixture
def rooms(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rooms]:
    """The rooms by a clock of ours, and a segment that everybody is in."""
    with LocalHouse().working(data) as found:
        clock = Clock(found.clock.now_ms() + MS_PER_DAY)
        found = replace(found, clock=clock)
        monkeypatch.setattr(found.gate, "_clock", clock)
        monkeypatch.setattr(found.audit, "_clock", clock)
        everybody = found.reader.customers(b"", 1000)
        for module in ("activate_segment", "count_audience"):
            monkeypatch.setattr(f"onefold.usecases.{module}.members", lambda *_: everybody)
        yield found


def counted(rooms: Rooms, channel: str) -> CountedAudience:
    return count_audience(permit(rooms, "marketer", "count_audience", "marketing", channel), rooms, SEGMENT)


def newest(rooms: Rooms) -> AuditRecord:
    return rooms.audit.page(AuditFilter(), limit=1).items[0]


def test_a_count_is_what_sending_at_that_moment_comes_to_on_every_channel_and_at_every_hour(rooms):
    reasons: set[str] = set()
    reached = 0
    begin = rooms.clock.now
    for hour in (0, 7, 13, 20):
        rooms.clock.now = begin + hour * 3_600_000
        for channel in CHANNELS:
            count = counted(rooms, channel)
            assert count.reachable + sum(it.customers for it in count.left_out) == count.members
            sent = activate_segment(
                permit(rooms, "marketer", "activate_segment", "marketing", channel), rooms, SEGMENT
            )
            assert (count.members, count.reachable, count.left_out) == (
                sent.members,
                sent.released,
                sent.left_out,
            ), channel
            reasons |= {it.reason for it in count.left_out}
            reached += count.reachable
    # None of them is a comparison of nothing with nothing.
    assert reached > 0
    for wanted in ("quiet hours", "contacted often enough: 1 in 7 days", "consent withdrawn"):
        assert any(it.startswith(wanted) for it in reasons), reasons


def test_a_count_is_on_record_with_its_purpose_channel_and_whoever_counted(rooms):
    count = counted(rooms, "post")
    record = newest(rooms)
    assert record.id == count.decision
    assert (record.kind, record.action, record.outcome) == ("audience_count", "count_audience", "allowed")
    assert (record.purpose, record.channel, record.role) == ("marketing", "post", "marketer")
    assert record.actor.endswith("as marketer")
    assert record.details == {
        "segment": SEGMENT,
        "version": count.version,
        "as_of": count.as_of,
        "protected_by": "minors are left out of marketing",
    }
    assert record.counts["members"] == count.members
    assert record.counts["reachable"] == count.reachable
    assert {f"left out: {it.reason}": it.customers for it in count.left_out}.items() <= record.counts.items()
    assert not record.customers


def test_a_count_sends_nothing_and_leaves_as_much_room_as_before(rooms, data):
    files = sorted((data / "exports").iterdir()) if (data / "exports").exists() else []
    first, again = counted(rooms, "web"), counted(rooms, "web")
    assert (first.reachable, first.left_out) == (again.reachable, again.left_out)
    assert (sorted((data / "exports").iterdir()) if (data / "exports").exists() else []) == files


def test_a_count_that_cannot_be_written_down_is_not_told(rooms, monkeypatch):
    allowed = permit(rooms, "marketer", "count_audience", "marketing", "app")

    def full(*_: object) -> list[int]:
        raise Unavailable("The disk is full.", retry_after_seconds=1)

    monkeypatch.setattr(rooms.audit._commit, "append", full)
    with pytest.raises(Unavailable):
        count_audience(allowed, rooms, SEGMENT)


def test_who_may_not_send_may_not_count_and_another_permit_does_not_do(rooms):
    for login, channel in (("rm", "email"), ("engineer", "app"), ("marketer", "branch")):
        with pytest.raises(Refused):
            permit(rooms, login, "count_audience", "marketing", channel)
        assert (newest(rooms).action, newest(rooms).outcome) == ("count_audience", "refused")
    with pytest.raises(Refused):
        count_audience(permit(rooms, "marketer", "activate_segment", "marketing", "app"), rooms, SEGMENT)
    with pytest.raises(Refused):
        evaluate_segment(permit(rooms, "marketer", "count_audience", "marketing", "app"), rooms, SEGMENT)
    with pytest.raises(NotFound):
        count_audience(permit(rooms, "marketer", "count_audience", "marketing", "app"), rooms, "none")


def test_another_firm_is_not_told_how_many_of_all_customers_a_segment_holds(rooms: Rooms) -> None:
    ours = Actor("client:p", ("marketer",), rooms.cell)
    theirs = structs.replace(ours, controller="tpp-7")
    asked = rooms.gate.permit(ours, "evaluate_segment", "analytics", "api")
    assert evaluate_segment(asked, rooms, SEGMENT).bulk is not None
    with pytest.raises(Refused) as refused:
        rooms.gate.permit(theirs, "evaluate_segment", "analytics", "api")
    assert "another firm" in " ".join(refused.value.reasons)
    record = newest(rooms)
    assert (record.action, record.outcome, record.controller) == ("evaluate_segment", "refused", "tpp-7")
    with pytest.raises(Refused):
        evaluate_segment(structs.replace(asked, actor=theirs), rooms, SEGMENT)
    assert "evaluate_segment" in rooms.gate.may(ours)
    assert rooms.gate.may(theirs).keys() == rooms.gate.may(ours).keys() - {"evaluate_segment"}


@pytest.mark.parametrize("ask", [activate_segment, count_audience])
def test_nobody_is_reached_by_a_channel_of_our_own_whatever_policies_allow(rooms, ask):
    given = permit(rooms, "marketer", ask.__name__, "marketing", "email")
    with pytest.raises(CallerError, match="no channel by which customers are reached"):
        ask(structs.replace(given, channel="console"), rooms, SEGMENT)
