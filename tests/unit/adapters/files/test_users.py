"""Logins and write keys: secrets are not kept, changes count at once, nobody is told who exists."""

from __future__ import annotations

import json
import os
import threading

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from onefold.adapters.files.users import UsersFile
from onefold.gate.model import Actor
from onefold.kernel.errors import CallerError, Damaged
from onefold.kernel.ids import Cell

CELL = Cell("demo", "uz")
PASSWORD = "correct horse battery"


@pytest.fixture
def users(tmp_path):
    return UsersFile(tmp_path, CELL)


def test_a_password_lets_its_owner_in_and_nobody_else(users):
    users.add("rm", PASSWORD, ("relationship_manager",))
    assert users.verify("rm", PASSWORD) == Actor("rm", ("relationship_manager",), CELL)
    assert users.verify("rm", PASSWORD + " ") is None
    assert users.verify("RM", PASSWORD) is None
    assert users.verify("nobody", PASSWORD) is None


def test_a_login_that_nobody_has_costs_as_much_work_as_a_wrong_password(users, monkeypatch):
    verify, asked = PasswordHasher.verify, []

    def noted(self, held, password):
        asked.append(extract_parameters(held))
        return verify(self, held, password)

    monkeypatch.setattr(PasswordHasher, "verify", noted)
    users.add("rm", PASSWORD, ("agent",))
    for login in ("rm", "nobody"):
        assert users.verify(login, "wrong") is None
    assert asked[:1] == asked[1:]


def test_the_epoch_of_a_login_changes_with_its_password_and_with_nothing_else(users):
    users.add("rm", PASSWORD, ("agent",))
    first = users.epoch("rm")
    users.add("agent", PASSWORD, ("agent",))
    assert users.epoch("rm") == first != users.epoch("agent")
    users.add("rm", PASSWORD + " two", ("agent",))
    assert users.epoch("rm") != first
    assert users.epoch("nobody") == ""


def test_other_roles_and_ended_sessions_change_the_epoch(users):
    users.add("rm", PASSWORD, ("agent",))
    epochs = {users.epoch("rm")}
    users.end_sessions("rm")
    epochs.add(users.epoch("rm"))
    users.end_sessions("rm")
    epochs.add(users.epoch("rm"))
    assert len(epochs) == 3
    assert users.verify("rm", PASSWORD)


def test_a_disabled_user_is_nobody_until_enabled_and_no_session_from_before_counts(users):
    users.add("rm", PASSWORD, ("agent",))
    before = users.epoch("rm")
    users.disable("rm")
    assert (users.find("rm"), users.verify("rm", PASSWORD), users.epoch("rm")) == (None, None, "")
    users.enable("rm")
    assert users.verify("rm", PASSWORD) == users.find("rm") == Actor("rm", ("agent",), CELL)
    assert users.epoch("rm") not in ("", before)
    with pytest.raises(CallerError, match="no such login"):
        users.disable("nobody")


def test_a_file_from_before_is_read(users, tmp_path):
    users.add("rm", PASSWORD, ("agent",))
    kept = json.loads((tmp_path / "users.json").read_text())
    assert set(kept["rm"]) == {"password", "roles"}


def test_a_folder_without_users_lets_nobody_in(users):
    assert users.find("rm") is None
    assert users.verify("rm", "") is None
    assert users.source_of("") is None


def test_what_is_kept_is_a_hash_that_differs_each_time(users, tmp_path):
    users.add("one", PASSWORD, ("agent",))
    users.add("two", PASSWORD, ("agent",))
    kept = json.loads((tmp_path / "users.json").read_text())
    assert kept["one"]["password"].startswith("$argon2id$")
    assert kept["one"]["password"] != kept["two"]["password"]
    assert PASSWORD not in (tmp_path / "users.json").read_text()


def test_a_change_made_by_another_process_counts_at_once(users, tmp_path):
    users.add("rm", PASSWORD, ("relationship_manager",))
    assert users.find("rm")
    UsersFile(tmp_path, CELL).add("rm", PASSWORD, ("agent",))
    assert users.find("rm") == Actor("rm", ("agent",), CELL)
    (tmp_path / "users.json").write_text("{}")
    os.utime(tmp_path / "users.json", ns=(1, 1))
    assert users.find("rm") is None


def test_files_are_for_their_owner_alone(users, tmp_path):
    users.add("rm", PASSWORD, ("agent",))
    users.new_write_key("digital")
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.json")} == {0o600}


def test_a_write_key_belongs_to_one_source_and_is_kept_as_a_digest(users, tmp_path):
    key, other = users.new_write_key("digital"), users.new_write_key("crm")
    assert (users.source_of(key), users.source_of(other)) == ("digital", "crm")
    assert users.source_of(key + "x") is None
    assert key not in (tmp_path / "writekeys.json").read_text()


@pytest.mark.parametrize(
    ("login", "password", "roles"),
    [
        ("x", "short", ("agent",)),
        ("x", PASSWORD, ()),
        ("x", PASSWORD, ("agent", "king")),
        ("", PASSWORD, ("agent",)),
        ("a\nb", PASSWORD, ("agent",)),
        ("x" * 101, PASSWORD, ("agent",)),
    ],
)
def test_what_cannot_be_a_user_is_refused_and_changes_nothing(users, login, password, roles):
    with pytest.raises(CallerError):
        users.add(login, password, roles)
    assert users.logins() == {}


def test_a_file_that_was_spoiled_is_damage_and_lets_nobody_in(users, tmp_path):
    (tmp_path / "users.json").write_text("{broken")
    with pytest.raises(Damaged, match="users"):
        users.find("rm")


def test_people_added_at_once_are_all_there(users):
    threads = [
        threading.Thread(target=users.add_write_key, args=(f"key-{number}", "digital"))
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(users.source_of(f"key-{number}") == "digital" for number in range(20))


def test_portfolios_go_with_a_login_and_changing_them_ends_its_sessions(users):
    users.add("rm", PASSWORD, ("relationship_manager",), ("RM07",))
    before = users.epoch("rm")
    assert users.find("rm") == users.verify("rm", PASSWORD)
    assert users.find("rm").portfolios == ("RM07",)
    users.assign("rm", (" RM08 ", "west", "west"))
    assert users.portfolios() == {"rm": ("RM08", "west")}
    assert users.epoch("rm") != before
    users.add("rm", PASSWORD + " two", ("relationship_manager",))
    assert users.find("rm").portfolios == ("RM08", "west")
    users.assign("rm", ())
    assert users.portfolios() == {}
    for name in ("", " ", "a\nb", "x" * 101):
        with pytest.raises(CallerError, match="portfolio"):
            users.assign("rm", (name,))
    with pytest.raises(CallerError, match="no such login"):
        users.assign("nobody", ("RM07",))


def test_portfolios_of_somebody_from_outside_stay_unless_their_groups_give_others(users):
    users.enrol("directory:anna", ("relationship_manager",))
    users.assign("directory:anna", ("RM07",))
    assert users.enrol("directory:anna", ("relationship_manager", "agent")).portfolios == ("RM07",)
    assert users.enrol("directory:anna", ("agent",), ("RM08",)).portfolios == ("RM08",)
    assert users.enrol("directory:anna", ("agent",), ()).portfolios == ()


def test_each_guess_at_a_kept_password_costs_memory_and_time(users, tmp_path):
    users.add("rm", PASSWORD, ("agent",))
    kept = json.loads((tmp_path / "users.json").read_text())["rm"]["password"]
    cost = extract_parameters(kept)
    assert cost.type is Type.ID
    assert cost.memory_cost >= 19 * 1024
    assert cost.time_cost >= 2
    assert cost.salt_len >= 16
