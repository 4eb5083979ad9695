"""`onefold prove consent`: nothing where every release was right, and whatever was slipped past the gate."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from onefold.app.house import LocalHouse
from onefold.channels.cli.asking import permit
from onefold.channels.cli.main import run
from onefold.gate.model import Permit
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_instant
from onefold.record.audit.model import AuditFilter, AuditRecord, Rests
from onefold.usecases.activate_segment import activate_segment
from onefold.usecases.count_audience import count_audience
from onefold.usecases.record_consent import ConsentFact, record_consent
from onefold.usecases.rooms import Rooms
from onefold.usecases.search_customers import search_customers
from onefold.usecases.show_customer import show_customer
from tests.flow.server import make_world

pytestmark = pytest.mark.xdist_group("prove")
SEGMENT = "balance-dip-fewer-logins"
Command = Callable[..., tuple[int, str]]


@pytest.fixture
def onefold(capsys, monkeypatch) -> Command:
    """Runs a command in this process; its exit code and what it printed."""
    monkeypatch.setenv("COLUMNS", "200")

    def run_command(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(LocalHouse(), list(arguments))
        code = ended.value.code
        return code if isinstance(code, int) else 0, "".join(capsys.readouterr())

    return run_command


def newest(rooms: Rooms, kind: str) -> AuditRecord:
    """The newest record of a kind."""
    return rooms.audit.page(AuditFilter(kind=kind), limit=1).items[0]


def marketer(rooms: Rooms) -> Permit:
    """Who sends segments out."""
    return permit(rooms, "marketer", "activate_segment", "marketing", "email")


BORN_FROM, BORN_TO = 3_650, 9_125
"""Days of birth from 1980 to 1994: neither minors nor seniors for long."""


def silent(rooms: Rooms) -> bytes:
    """A customer of one record who never said anything about consent, and is of no group that is protected.

    Ids are of chance, so whoever comes first is somebody else in each house.
    """

    def is_plain(customer: bytes) -> bool:
        only, *others = rooms.reader.fragments_of(customer)
        values = rooms.reader.fragments([only])[only].values or {}
        said = {"vulnerable", "protected", "guardian"} & values.keys()
        return not others and not said and BORN_FROM <= values.get("birth_date", 0) <= BORN_TO

    return next(
        customer
        for customer in rooms.reader.customers(b"", 1000)
        if is_plain(customer)
        and not rooms.reader.linked(rooms.reader.fragments_of(customer), "consent.party")
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """A world in which everybody was asked for by e-mail, and a manager looked at one who had agreed."""
    folder = tmp_path_factory.mktemp("prove") / "data"
    make_world(folder, 150)
    with LocalHouse().working(folder) as rooms, pytest.MonkeyPatch.context() as patch:
        everybody = rooms.reader.customers(b"", 1000)
        patch.setattr("onefold.usecases.activate_segment.members", lambda *_: everybody)
        assert activate_segment(marketer(rooms), rooms, SEGMENT).released > 0
        someone = newest(rooms, "release").customers[0]
        looking = permit(rooms, "rm", "show_customer", "marketing")
        show_customer(looking, rooms, someone)
        search_customers(permit(rooms, "rm", "search_customers", "servicing"), rooms, "Karimov")
    return folder


def test_what_the_gate_released_rests_on_consent(data, onefold):
    with LocalHouse().working(data) as rooms:
        release = newest(rooms, "release")
    assert release.consent_basis == "consent"
    code, said = onefold("prove", "consent", "--data", str(data))
    assert code == 0, said
    assert f"3 releases, {len(release.customers) + 1} customers judged again" in said
    assert "1 releases for a contract or a legal duty" in said
    assert "\n0 violations" in said
    assert "root   " in said
    code, said = onefold("prove", "consent", "--channel", "email", "--campaign", SEGMENT, "--data", str(data))
    assert f"1 releases, {len(release.customers)} customers judged again" in said
    assert "0 releases" in onefold("prove", "consent", "--until", "2000-01-01", "--data", str(data))[1]
    assert onefold("prove", "consent", "--since", "yesterday", "--data", str(data))[0] == 1


def test_a_withdrawal_later_makes_no_earlier_release_wrong_and_a_release_after_it_is_found(data, onefold):
    with LocalHouse().working(data) as rooms:
        release = newest(rooms, "release")
        someone = release.customers[0]
        withdrawn = ConsentFact("marketing", "email", "withdrawn", "said so at the desk")
        record_consent(permit(rooms, "agent", "record_consent", "servicing"), rooms, someone, withdrawn)
    code, said = onefold("prove", "consent", "--data", str(data))
    assert code == 0, said
    with LocalHouse().working(data) as rooms:
        # As a gate would write it that forgot to ask again.
        assert release.rests is not None
        planted = rooms.gate.released(
            marketer(rooms),
            "release",
            customers=[bytes.fromhex(it) for it in release.customers],
            rests=Rests(rooms.log.last_sequence, rooms.clock.now_ms(), release.rests.members),
        )
    code, said = onefold("prove", "consent", "--data", str(data))
    assert code == 5
    assert "\n1 violations" in said
    assert f"record {planted}: {someone}: it had been withdrawn or objected to" in said


def test_a_look_without_any_grant_is_found(data, onefold):
    with LocalHouse().working(data) as rooms:
        someone = silent(rooms)
        members = rooms.reader.fragments_of(someone)
        planted = rooms.gate.released(
            permit(rooms, "rm", "show_customer", "marketing"),
            "view",
            customer=someone,
            fragments=members,
            rests=Rests(
                rooms.log.last_sequence, rooms.clock.now_ms(), (tuple(id_text(it) for it in members),)
            ),
        )
    code, said = onefold("prove", "consent", "--channel", "cli", "--data", str(data))
    assert code == 5
    assert f"record {planted}: {id_text(someone)}: nobody had granted it" in said


def test_a_release_is_judged_by_the_class_of_data_and_the_firm_that_it_was_for(data, onefold):
    with LocalHouse().working(data) as rooms:
        looking = permit(rooms, "rm", "show_customer", "marketing")
        theirs = replace(looking, actor=replace(looking.actor, controller="tpp-7"))
        writing = permit(rooms, "agent", "record_consent", "servicing")
        someone = id_text(silent(rooms))

        def say(fact: str, **more: Any) -> None:
            record_consent(writing, rooms, someone, ConsentFact("marketing", "any", fact, "form 7", **more))

        say("granted", data_class="contact")
        say("granted", data_class="contact", controller="tpp-7")
        say("withdrawn", data_class="balance")
        begun = iso_instant(rooms.clock.now_ms())
        for one in (looking, theirs):
            show_customer(one, rooms, someone)
            record = newest(rooms, "view")
            assert record.controller == one.actor.controller
            assert record.rests is not None
            assert [*record.rests.uses[0]] == ["contact"]
        say("withdrawn", data_class="contact", controller="tpp-7")
    since = ("prove", "consent", "--since", begun, "--data", str(data))
    code, said = onefold(*since)
    assert code == 0, said
    assert "2 releases, 2 customers judged again" in said
    with LocalHouse().working(data) as rooms:
        record = newest(rooms, "view")
        assert record.rests is not None
        now = replace(record.rests, sequence=rooms.log.last_sequence, at=rooms.clock.now_ms())
        (members,) = record.rests.uses[0].values()
        planted = {
            "it had been withdrawn or objected to": (theirs, now, members),
            "nobody had granted it": (looking, replace(now, uses=({"identity": members},)), members),
            "a record was used of which no class of data was asked for": (
                looking,
                replace(now, uses=({"contact": members},)),
                (next((it for it in now.members[0] if it not in members), "00" * 16),),
            ),
        }
        records = {
            rooms.gate.released(
                by,
                "view",
                customer=bytes.fromhex(someone),
                fragments=[bytes.fromhex(it) for it in used],
                rests=rests,
            ): fault
            for fault, (by, rests, used) in planted.items()
        }
    code, said = onefold(*since)
    assert code == 5
    assert "\n3 violations" in said, said
    for made, fault in records.items():
        assert f"record {made}: {someone}: {fault}" in said, said


def test_who_is_reached_is_judged_by_the_use_of_contact_data(data, onefold):
    """And by that of the data by which they were chosen; a no to the use of payees has no say in either."""
    with LocalHouse().working(data) as rooms, pytest.MonkeyPatch.context() as patch:
        writing = permit(rooms, "agent", "record_consent", "servicing")
        one, other, third = newest(rooms, "release").customers[1:4]
        everybody = [bytes.fromhex(it) for it in (one, other, third)]
        for use_case in ("activate_segment", "count_audience"):
            patch.setattr(f"onefold.usecases.{use_case}.members", lambda *_: everybody)
        for customer, data_class in ((one, "payee"), (other, "contact"), (third, "balance")):
            said = ConsentFact("marketing", "email", "withdrawn", "said so", data_class=data_class)
            record_consent(writing, rooms, customer, said)
        begun = iso_instant(rooms.clock.now_ms())
        why_not = {"consent withdrawn": 1, "consent withdrawn for balance data": 1}
        counting = permit(rooms, "marketer", "count_audience", "marketing", "email")
        rooms = dataclasses.replace(rooms, least_group=1)  # So that each is read by their own reason.
        counted = count_audience(counting, rooms, SEGMENT)
        assert (counted.reachable, {it.reason: it.customers for it in counted.left_out}) == (1, why_not)
        sent = activate_segment(marketer(rooms), rooms, SEGMENT)
        assert (sent.released, {it.reason: it.customers for it in sent.left_out}) == (1, why_not)
        release = newest(rooms, "release")
        assert release.customers == (one,)
        assert release.rests is not None
        assert release.rests.data_class == "contact"
        assert release.rests.chosen_by == ("account", "balance", "behaviour")
        # As a gate would write it that asked for addresses alone.
        members = tuple(id_text(it) for it in rooms.reader.fragments_of(everybody[2]))
        rests = replace(release.rests, members=(members,))
        rooms.gate.released(marketer(rooms), "release", customers=[everybody[2]], rests=rests)
    code, said = onefold("prove", "consent", "--since", begun, "--data", str(data))
    assert code == 5, said
    assert "2 releases, 2 customers judged again" in said
    assert f"{third}: it had been withdrawn or objected to" in said
    assert "\n1 violations" in said


def test_an_audit_that_was_changed_proves_nothing(data, onefold):
    segment = next((data / "cells" / "demo" / "uz" / "audit").glob("*.seg"))
    changed = bytearray(segment.read_bytes())
    changed[90] ^= 1
    segment.write_bytes(changed)
    code, _ = onefold("prove", "consent", "--data", str(data))
    assert code == 5
