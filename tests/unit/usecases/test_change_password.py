"""Changing one's own password: the present one is asked for, other sessions end, all is written down."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from onefold.adapters.files.users import UsersFile
from onefold.kernel.errors import CallerError, Refused, Unavailable
from onefold.usecases.attempts import FAILURES_MAX, Attempts, LockedOut
from onefold.usecases.change_password import change_password
from onefold.usecases.ways import Ways
from tests.unit.gate.bank import CELL, StoppedClock

PRESENT, WANTED = "correct horse battery", "kettle lisbon quarry"


@pytest.fixture
def noted():
    return []


@pytest.fixture
def rooms(tmp_path, noted) -> Any:
    users = UsersFile(tmp_path, CELL)
    users.add("anna", PRESENT, ("agent",), ("RM07",))
    note = SimpleNamespace(note=lambda *what: noted.append(what))
    return SimpleNamespace(users=users, attempts=Attempts(StoppedClock()), gate=note, ways=Ways())


def test_the_new_one_counts_and_the_rest_of_the_person_stays(rooms, noted):
    before = rooms.users.epoch("anna")
    changed = change_password(rooms, "anna", PRESENT, WANTED)
    assert changed.epoch == rooms.users.epoch("anna") != before
    assert rooms.users.verify("anna", PRESENT) is None
    actor = rooms.users.verify("anna", WANTED)
    assert (actor.roles, actor.portfolios) == (("agent",), ("RM07",))
    assert noted == [("anna", "change_password", "done", ())]


def test_who_does_not_know_the_present_one_changes_nothing_and_is_kept_from_guessing(rooms, noted):
    before = rooms.users.epoch("anna")
    for _ in range(FAILURES_MAX):
        with pytest.raises(Refused, match="not your present password"):
            change_password(rooms, "anna", "another one entirely", WANTED)
    with pytest.raises(LockedOut):
        change_password(rooms, "anna", PRESENT, WANTED)
    assert rooms.users.epoch("anna") == before
    assert noted == [("anna", "change_password", "refused", ("wrong password",))] * FAILURES_MAX


@pytest.mark.parametrize("wanted", [PRESENT, "password1234", "short"])
def test_a_new_one_that_is_no_good_is_not_taken_and_costs_no_attempt(rooms, wanted):
    for _ in range(FAILURES_MAX + 1):
        with pytest.raises(CallerError):
            change_password(rooms, "anna", PRESENT, wanted)
    assert rooms.users.verify("anna", PRESENT)


def test_a_password_that_is_kept_elsewhere_is_changed_there(rooms):
    rooms.users.enrol("directory:boris", ("agent",))
    with pytest.raises(Refused, match="not kept here"):
        change_password(rooms, "directory:boris", PRESENT, WANTED)
    rooms.ways = Ways(local=frozenset({"operator"}))
    with pytest.raises(Refused, match="not kept here"):
        change_password(rooms, "anna", PRESENT, WANTED)


def test_where_nobody_could_look_at_the_password_no_attempt_is_counted(rooms, monkeypatch):
    def busy(*_: str) -> None:
        raise Unavailable("Too many people are signing in at once.")

    with monkeypatch.context() as patched:
        patched.setattr(rooms.users, "verify", busy)
        for _ in range(FAILURES_MAX + 1):
            with pytest.raises(Unavailable):
                change_password(rooms, "anna", PRESENT, WANTED)
    change_password(rooms, "anna", PRESENT, WANTED)


@pytest.mark.parametrize("change", ["disable", "end_sessions", "add"])
def test_what_somebody_else_changes_meanwhile_is_not_undone(rooms, tmp_path, monkeypatch, change):
    """A stolen session must not outrun whoever locks it out, in whatever process."""
    operator = UsersFile(tmp_path, CELL)
    verify = rooms.users.verify

    def verified(login: str, password: str) -> Any:
        found = verify(login, password)
        operator.add(login, "quarry nine lisbon", ("agent",)) if change == "add" else getattr(
            operator, change
        )(login)
        return found

    monkeypatch.setattr(rooms.users, "verify", verified)
    with pytest.raises(CallerError, match="changed meanwhile"):
        change_password(rooms, "anna", PRESENT, WANTED)
    assert operator.verify("anna", WANTED) is None
    assert (operator.find("anna") is None) == (change == "disable")
