"""Sensitive groups over the whole house: who is kept from what, who serves them, what the audit says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from onefold.app.house import LocalHouse
from onefold.channels.cli.asking import permit
from onefold.gate.shields import PROTECTED_BY_POLICY
from onefold.kernel.errors import CallerError, Refused
from onefold.kernel.ids import id_text
from onefold.record.audit.model import AuditFilter, AuditRecord
from onefold.usecases.activate_segment import activate_segment
from onefold.usecases.count_audience import count_audience
from onefold.usecases.rooms import Rooms
from onefold.usecases.show_customer import show_customer
from onefold.usecases.suppress_customer import lift_suppression, suppress_customer
from tests.flow.server import make_world

SEGMENT = "balance-dip-fewer-logins"
KEPT = {"email": {"minor"}, "sms": {"minor", "vulnerable"}, "call": {"minor", "vulnerable", "senior"}}
"""Channel → who is kept from marketing over it, by the words of the guide."""
SINCE = date(1990, 1, 1)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("groups") / "data"
    make_world(folder, 400)
    (folder / "contacting.yaml").write_text("version: 1")
    return folder


@pytest.fixture
def rooms(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rooms]:
    """The rooms, and a segment that everybody is in."""
    with LocalHouse().working(data) as found:
        everybody = found.reader.customers(b"", 10_000)
        for module in ("activate_segment", "count_audience"):
            monkeypatch.setattr(f"onefold.usecases.{module}.members", lambda *_: everybody)
        yield found


Records = list[tuple[str, dict[str, Any]]]


def customers(rooms: Rooms) -> dict[bytes, Records]:
    """Each customer's records, as source and values."""
    found = rooms.reader.records_of(rooms.reader.customers(b"", 10_000))
    return {key: [(it.source, it.values or {}) for it in records] for key, records in found.items()}


def groups(records: Records, today: date) -> set[str]:
    """By the words: one record that says so is enough."""
    days = [date(1970, 1, 1) + timedelta(days=it["birth_date"]) for _, it in records if "birth_date" in it]
    found = {name for name in ("vulnerable", "protected") if any(it.get(name) for _, it in records)}
    now = (today.year, today.month, today.day)
    found |= {"minor"} if any((it.year + 18, it.month, it.day) > now for it in days) else set()
    return found | ({"senior"} if any((it.year + 65, it.month, it.day) <= now for it in days) else set())


def today(rooms: Rooms) -> date:
    return datetime.fromtimestamp(rooms.clock.now_ms() / 1000, UTC).date()


def of_group(rooms: Rooms, *wanted: str) -> list[bytes]:
    """Customers of exactly these groups whom core banking knows."""
    return [
        key
        for key, records in customers(rooms).items()
        if groups(records, today(rooms)) == set(wanted) and "core-banking" in {it for it, _ in records}
    ]


def newest(rooms: Rooms, kind: str) -> AuditRecord:
    return rooms.audit.page(AuditFilter(kind=kind), limit=1).items[0]


@pytest.mark.parametrize("channel", sorted(KEPT))
def test_an_audience_leaves_out_by_every_record_of_a_customer_and_names_the_policies_in_the_audit(
    rooms, channel
):
    expected = sum(
        bool(groups(records, today(rooms)) & KEPT[channel])
        for records in customers(rooms).values()
        if {source for source, _ in records} - {"risk"}
    )
    assert expected > 3
    counting = permit(rooms, "marketer", "count_audience", "marketing", channel)
    counted = {it.reason: it.customers for it in count_audience(counting, rooms, SEGMENT).left_out}
    sending = permit(rooms, "marketer", "activate_segment", "marketing", channel)
    sent = {it.reason: it.customers for it in activate_segment(sending, rooms, SEGMENT).left_out}
    assert counted == sent
    assert counted[PROTECTED_BY_POLICY] == expected
    assert not any(word in str(counted) for word in ("minor", "senior", "vulnerable"))
    names = newest(rooms, "activation").details["protected_by"].split("; ")
    assert len(names) == len(KEPT[channel])


def test_what_one_record_notes_protects_the_whole_customer(rooms):
    """Some branch entered them again, or another source knows them; there it is not noted."""
    everybody = customers(rooms).values()
    noted = [records for records in everybody if any(it.get("vulnerable") for _, it in records)]
    assert noted
    assert any(not it.get("vulnerable") for records in noted for _, it in records)


def test_a_minor_is_served_and_not_shown_for_marketing(rooms):
    child = id_text(of_group(rooms, "minor")[0])
    serving = permit(rooms, "agent", "show_customer", "servicing")
    assert "minor" in show_customer(serving, rooms, child).flags
    with pytest.raises(Refused) as refused:
        show_customer(permit(rooms, "marketer", "show_customer", "marketing"), rooms, child)
    assert refused.value.reasons == (PROTECTED_BY_POLICY,)
    record = newest(rooms, "refusal")
    assert (record.reasons, record.customers) == (("minors are left out of marketing",), (child,))


def test_a_vulnerable_customer_is_named_so_to_the_privacy_officer_alone(rooms):
    customer = id_text(of_group(rooms, "vulnerable")[0])
    officer = show_customer(permit(rooms, "privacy", "show_customer", "compliance"), rooms, customer)
    assert "vulnerable" in officer.flags
    assert officer.profile["vulnerable"].value is True
    agent = show_customer(permit(rooms, "agent", "show_customer", "servicing"), rooms, customer)
    assert "to be treated with care" in agent.flags
    assert "vulnerable" not in str(agent)


def test_whom_a_desk_says_to_be_vulnerable_is_protected_until_it_is_lifted(rooms):
    customer = of_group(rooms)[0]
    text = id_text(customer)

    def kept() -> bool:
        asked = permit(rooms, "marketer", "count_audience", "marketing", "sms")
        contacting = rooms.contacts.standing(SEGMENT, rooms.clock.now_ms())
        return PROTECTED_BY_POLICY in rooms.gate.audience_count(asked, [customer], contacting).left_out

    assert not kept()
    desk = permit(rooms, "agent", "suppress_customer", "servicing")
    suppress_customer(desk, rooms, text, "post", "vulnerable")
    assert kept()
    lift_suppression(
        permit(rooms, "privacy", "lift_suppression", "compliance"), rooms, text, "post", "vulnerable"
    )
    assert not kept()


def test_the_ages_of_the_house_are_read_when_it_opens_and_a_fault_opens_nothing(data):
    with LocalHouse().working(data) as found:
        grown = next(
            key
            for key, records in customers(found).items()
            if not groups(records, today(found))
            and any(date(1970, 1, 1) + timedelta(days=it.get("birth_date", 0)) > SINCE for _, it in records)
        )
        assert "minor" not in flags_for_an_agent(found, grown)
    file = data / "ages.yaml"
    try:
        file.write_text("version: 1\njurisdictions: {uz: {adult: 40}}")
        with LocalHouse().working(data) as found:
            assert "minor" in flags_for_an_agent(found, grown)
        file.write_text("version: 1\nadult: 0")
        with pytest.raises(CallerError, match="adult is not a whole number"):
            LocalHouse().working(data).__enter__()
    finally:
        file.unlink()


def flags_for_an_agent(rooms: Rooms, customer: bytes) -> tuple[str, ...]:
    asked = permit(rooms, "agent", "show_customer", "servicing")
    return show_customer(asked, rooms, id_text(customer)).flags


def test_a_clock_that_moves_on_makes_somebody_of_age(rooms, monkeypatch):
    child = of_group(rooms, "minor")[0]
    assert "minor" in flags_for_an_agent(rooms, child)
    later = rooms.clock.now_ms() + 18 * 366 * 86_400_000
    clock = type("Later", (), {"now_ms": lambda _: later})()
    monkeypatch.setattr(rooms.gate, "_clock", clock)
    assert "minor" not in flags_for_an_agent(rooms, child)
