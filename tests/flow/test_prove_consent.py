"""`onefold prove consent`: nothing where every release was right, and whatever was slipped past the gate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from onefold.app.house import LocalHouse
from onefold.channels.cli.asking import permit
from onefold.channels.cli.main import run
from onefold.gate.model import Permit
from onefold.kernel.ids import id_text
from onefold.record.audit.model import AuditFilter, AuditRecord, Rests
from onefold.usecases.activate_segment import activate_segment
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
        silent = next(
            customer
            for customer in rooms.reader.customers(b"", 1000)
            if not rooms.reader.linked(rooms.reader.fragments_of(customer), "consent.party")
        )
        members = rooms.reader.fragments_of(silent)
        planted = rooms.gate.released(
            permit(rooms, "rm", "show_customer", "marketing"),
            "view",
            customer=silent,
            fragments=members,
            rests=Rests(
                rooms.log.last_sequence, rooms.clock.now_ms(), (tuple(id_text(it) for it in members),)
            ),
        )
    code, said = onefold("prove", "consent", "--channel", "cli", "--data", str(data))
    assert code == 5
    assert f"record {planted}: {id_text(silent)}: nobody had granted it" in said


def test_an_audit_that_was_changed_proves_nothing(data, onefold):
    segment = next((data / "cells" / "demo" / "uz" / "audit").glob("*.seg"))
    changed = bytearray(segment.read_bytes())
    changed[90] ^= 1
    segment.write_bytes(changed)
    code, _ = onefold("prove", "consent", "--data", str(data))
    assert code == 5
