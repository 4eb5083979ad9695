"""Signing in here, over the directory, at the provider: who is from outside is nobody from here."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from onefold.adapters.files.users import UsersFile
from onefold.kernel.errors import CallerError, Refused, Unauthenticated
from onefold.usecases.attempts import FAILURES_MAX, Attempts
from onefold.usecases.ports import DirectoryDown, Person
from onefold.usecases.sign_in import admit_person, may_go_on, sign_in
from onefold.usecases.ways import NO_PORTFOLIO, PROVIDER, PROVIDER_SECONDS, Ways, roles_of
from tests.unit.gate.bank import CELL, StoppedClock

PASSWORD, THEIRS = "correct horse battery", "another horse entirely"
AGENTS, STEWARDS = "cn=agents,dc=bank", "cn=stewards,dc=bank"
ROLES = {AGENTS: ("agent",), STEWARDS: ("steward", "agent")}


class FakeDirectory:
    """People by login; a group that is put to it counts at once."""

    def __init__(self) -> None:
        self.groups: dict[str, tuple[str, ...]] = {"anna": (AGENTS,), "admin": (STEWARDS,), "kim": ()}
        self.is_down = False

    def verify(self, login: str, password: str) -> Person | None:
        found = self.find(login)
        return found if password == THEIRS else None

    def find(self, login: str) -> Person | None:
        if self.is_down:
            raise DirectoryDown("The directory of the company cannot be asked.")
        return Person(login, self.groups[login]) if login in self.groups else None


@pytest.fixture
def directory():
    return FakeDirectory()


@pytest.fixture
def noted():
    return []


@pytest.fixture
def rooms(tmp_path, directory, noted) -> Any:
    clock = StoppedClock()
    users = UsersFile(tmp_path, CELL)
    users.add("admin", PASSWORD, ("engineer",))
    note = SimpleNamespace(note=lambda *what: noted.append(what))
    ways = Ways(None, directory, ROLES)
    return SimpleNamespace(users=users, attempts=Attempts(clock), gate=note, ways=ways, clock=clock)


def test_a_password_of_ours_and_one_of_the_directory_are_two_people(rooms):
    assert sign_in(rooms, "admin", PASSWORD).login == "admin"
    theirs = sign_in(rooms, "admin", THEIRS)
    assert theirs.login == "directory:admin"
    assert rooms.users.find("admin").roles == ("engineer",)
    assert rooms.users.find(theirs.login).roles == ("steward", "agent")


def test_nobody_can_be_added_here_who_would_be_somebody_from_outside(rooms):
    for login in ("directory:anna", "provider:anna"):
        with pytest.raises(CallerError):
            rooms.users.add(login, PASSWORD, ("engineer",))
        with pytest.raises(Unauthenticated):
            sign_in(rooms, login, THEIRS)


def test_whose_groups_have_no_role_is_refused_and_that_is_written_down(rooms, noted):
    with pytest.raises(Refused, match="may not sign in"):
        sign_in(rooms, "kim", THEIRS)
    assert noted[-1][:3] == ("directory:kim", "sign_in", "refused")
    assert "directory:kim" not in rooms.users.logins()


def test_a_wrong_password_is_told_alike_wherever_the_login_is(rooms):
    told = set()
    for login in ("admin", "anna", "nobody"):
        with pytest.raises(Unauthenticated) as caught:
            sign_in(rooms, login, "wrong")
        told.add(str(caught.value))
    assert len(told) == 1


def test_while_the_directory_is_down_our_own_logins_work_and_nobody_is_locked_out(rooms, directory):
    directory.is_down = True
    for _ in range(FAILURES_MAX * 2):
        with pytest.raises(DirectoryDown):
            sign_in(rooms, "anna", THEIRS)
    assert sign_in(rooms, "admin", PASSWORD).login == "admin"
    directory.is_down = False
    assert sign_in(rooms, "anna", THEIRS).login == "directory:anna"


def test_only_logins_that_the_settings_name_may_use_a_password_of_ours(rooms, directory):
    rooms.users.add("rm", PASSWORD, ("relationship_manager",))
    rooms.ways = Ways(frozenset({"admin"}), directory, ROLES)
    assert sign_in(rooms, "admin", PASSWORD).login == "admin"
    with pytest.raises(Unauthenticated):
        sign_in(rooms, "rm", PASSWORD)
    assert (may_go_on(rooms, "admin", 0), may_go_on(rooms, "rm", 0)) == (True, False)


def test_a_session_goes_on_only_while_the_directory_says_the_same(rooms, directory):
    signed_in = sign_in(rooms, "anna", THEIRS)
    assert may_go_on(rooms, signed_in.login, 0)
    directory.is_down = True
    assert not may_go_on(rooms, signed_in.login, 0)
    assert rooms.users.epoch(signed_in.login) == signed_in.epoch
    directory.is_down = False
    directory.groups["anna"] = (STEWARDS,)
    assert not may_go_on(rooms, signed_in.login, 0)
    assert rooms.users.epoch(signed_in.login) != signed_in.epoch
    again = sign_in(rooms, "anna", THEIRS)
    del directory.groups["anna"]
    assert not may_go_on(rooms, again.login, 0)
    assert rooms.users.find(again.login) is None


def test_whoever_is_disabled_here_stays_out_whatever_the_directory_says(rooms):
    signed_in = sign_in(rooms, "anna", THEIRS)
    rooms.users.disable(signed_in.login)
    assert rooms.users.find(signed_in.login) is None
    with pytest.raises(Refused):
        sign_in(rooms, "anna", THEIRS)
    rooms.users.enable(signed_in.login)
    assert sign_in(rooms, "anna", THEIRS).epoch != signed_in.epoch


def test_a_session_of_the_provider_is_not_renewed_for_ever(rooms):
    signed_in = admit_person(rooms, PROVIDER, Person("4711", (AGENTS,)), ROLES)
    now = rooms.clock.now_ms() // 1000
    assert rooms.users.find(signed_in.login).roles == ("agent",)
    assert may_go_on(rooms, signed_in.login, now - PROVIDER_SECONDS + 1)
    assert not may_go_on(rooms, signed_in.login, now - PROVIDER_SECONDS)


def test_groups_give_portfolios_where_the_settings_say_so(rooms, directory):
    rooms.ways = Ways(None, directory, ROLES, {AGENTS: ("RM07", "RM08")})
    login = sign_in(rooms, "anna", THEIRS).login
    assert rooms.users.find(login).portfolios == ("RM07", "RM08")
    directory.groups["anna"] = (STEWARDS,)
    assert not may_go_on(rooms, login, 0)
    assert rooms.users.find(login).portfolios == (NO_PORTFOLIO,)


def test_a_group_may_be_limited_to_none(rooms, directory):
    rooms.ways = Ways(None, directory, ROLES, {AGENTS: ("RM07",), STEWARDS: ("*",)})
    assert rooms.users.find(sign_in(rooms, "anna", THEIRS).login).portfolios == ("RM07",)
    directory.groups["anna"] = (AGENTS, STEWARDS)
    assert rooms.users.find(sign_in(rooms, "anna", THEIRS).login).portfolios == ()


def test_elsewhere_portfolios_are_given_here_and_stay(rooms, directory):
    login = sign_in(rooms, "anna", THEIRS).login
    assert rooms.users.find(login).portfolios == ()
    rooms.users.assign(login, ("RM07",))
    assert sign_in(rooms, "anna", THEIRS).login == login
    assert rooms.users.find(login).portfolios == ("RM07",)


def test_groups_give_roles_whatever_their_case_and_spacing():
    assert roles_of(["CN=Agents, DC=bank"], ROLES) == ("agent",)
    assert roles_of([STEWARDS, AGENTS], ROLES) == ("agent", "steward")
    assert roles_of(["cn=agents,dc=bank,dc=evil", "agents", ""], ROLES) == ()
