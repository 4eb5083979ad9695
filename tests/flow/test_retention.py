"""What was kept long enough goes, on its own, and a hold keeps what it covers."""

from __future__ import annotations

import shutil

import pytest

from onefold.app.house import LocalHouse
from onefold.kernel.errors import CallerError, Refused
from onefold.usecases.apply_retention import apply_retention
from onefold.usecases.erase_customer import erase_customer
from onefold.usecases.show_customer import show_customer
from onefold.usecases.statements import state
from tests.canaries import CELL, CONTRACT, canary, customer_of, deliver, permit, rooms_of

RULES = {"transaction": 30, "interaction": 30}


@pytest.fixture
def data(tmp_path):
    """Three people with movements and a note of January 2026, and one of them before a court."""
    (tmp_path / "bank.yaml").write_text(CONTRACT, encoding="utf-8")
    LocalHouse().create(tmp_path / "data", CELL, [tmp_path / "bank.yaml"], None)
    with rooms_of(tmp_path / "data") as rooms:
        deliver(rooms.door, [1, 2, 3], [])
        rooms.barrier.wait_for(rooms.log.last_sequence, 60)
        held = {"party": customer_of(rooms, 3), "channel": "any", "reason": "litigation", "state": "on"}
        state(rooms, "suppression", [held | {"since_at": "2026-01-01T00:00:00Z"}])
    return tmp_path / "data"


def test_it_is_counted_first_and_gone_when_that_is_asked_for(data, tmp_path):
    with rooms_of(data) as rooms:
        allowed = permit(rooms, "erase_customer")
        counted = apply_retention(allowed, rooms, RULES, erase=False)
        assert (counted.over, counted.held, counted.erasure) == ({"interaction": 2, "transaction": 6}, 4, "")
        done = apply_retention(allowed, rooms, RULES, erase=True)
        assert done.over == counted.over
        assert done.erasure
        assert apply_retention(allowed, rooms, RULES, erase=False).over == {}
        for n, transactions in ((1, 0), (2, 0), (3, 3)):
            view = show_customer(permit(rooms, "show_customer"), rooms, customer_of(rooms, n))
            assert [it.transactions for it in view.accounts] == [transactions]
        bodies = [
            body for _, _, some in rooms.eraser.sealer.open(rooms.eraser.frames.scan()) for body in some or ()
        ]
        assert not any(f"Called about {canary(1)}".encode() in body for body in bodies)
        assert any(f"Called about {canary(3)}".encode() in body for body in bodies)
    replayed = LocalHouse().replay(data, tmp_path / "replayed", lambda *_: None)
    assert replayed.rebuilt == replayed.in_use
    assert LocalHouse().verify(data).sound
    shutil.rmtree(tmp_path / "replayed")


@pytest.mark.parametrize("rules", [{}, None, {"consent": 3}, {"party": 3}, {"transaction": 0}, {"case": "x"}])
def test_a_rule_that_is_none_is_refused_before_anything_is_read(data, rules):
    with rooms_of(data) as rooms, pytest.raises(CallerError):
        apply_retention(permit(rooms, "erase_customer"), rooms, rules, erase=True)


def test_a_held_customer_is_not_erased_either(data):
    with rooms_of(data) as rooms, pytest.raises(Refused, match="may not be erased"):
        erase_customer(permit(rooms, "erase_customer"), rooms, customer_of(rooms, 3))
