"""Programs: their secrets are not kept, and nobody is let in whose time is over or who was revoked."""

from __future__ import annotations

import pytest

from onefold.adapters.files.machines import DAYS_MAX, MachinesFile
from onefold.kernel.errors import CallerError
from onefold.usecases.model import CLIENT, SERVICE_TOKEN, TOKEN
from tests.unit.gate.bank import StoppedClock

MAY = ("relationship_manager", "servicing", ["show_customer", "search_customers"])


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def machines(tmp_path, clock):
    return MachinesFile(tmp_path, clock)


def test_a_service_token_lets_its_program_in_and_is_kept_as_a_digest(machines, tmp_path):
    made, token = machines.create(TOKEN, "reports", *MAY, 1)
    other, second = machines.create(TOKEN, "reports", *MAY, 1)
    found = machines.by_token(token)
    assert found is not None
    assert (found.id, found.role, found.purpose) == (made, "relationship_manager", "servicing")
    assert found.actions == ("search_customers", "show_customer")
    assert machines.by_token(second).id == other
    kept = (tmp_path / "machines.json").read_text()
    assert token.startswith(SERVICE_TOKEN)
    assert token not in kept
    secret = token.removeprefix(f"{SERVICE_TOKEN}{made}_")  # It may have a "_" of its own.
    assert len(secret) == 43
    assert secret not in kept
    assert (tmp_path / "machines.json").stat().st_mode & 0o777 == 0o600


def test_no_other_secret_lets_it_in(machines):
    made, token = machines.create(TOKEN, "reports", *MAY, 1)
    _, other = machines.create(TOKEN, "reports", *MAY, 1)
    client, secret = machines.create(CLIENT, "partner", *MAY, 1)
    mixed = f"{SERVICE_TOKEN}{made}_{other.removeprefix(SERVICE_TOKEN).partition('_')[2]}"
    as_token = f"{SERVICE_TOKEN}{client}_{secret}"
    for wrong in (token[:-1], token + "x", token[4:], "", SERVICE_TOKEN, mixed, as_token, token.upper()):
        assert machines.by_token(wrong) is None
    assert machines.by_secret(CLIENT, client, secret).id == client
    assert machines.by_secret(CLIENT, made, token) is None
    assert machines.by_secret(CLIENT, "none", secret) is None


def test_it_is_let_in_no_more_when_its_time_is_over(machines, clock):
    made, token = machines.create(TOKEN, "reports", *MAY, 2)
    clock.now += 2 * 86_400_000 - 1000
    assert machines.by_token(token)
    clock.now += 1000
    assert machines.by_token(token) is None
    assert machines.find(TOKEN, made) is None
    assert set(machines.of_kind(TOKEN)) == {made}


def test_a_revocation_by_another_process_counts_at_once_and_is_kept(machines, clock, tmp_path):
    made, token = machines.create(TOKEN, "reports", *MAY, 2)
    before = machines.by_token(token)
    MachinesFile(tmp_path, clock).revoke(TOKEN, made)
    assert machines.by_token(token) is None
    assert machines.of_kind(TOKEN)[made].revoked_at == clock.now // 1000
    assert machines.of_kind(TOKEN)[made].epoch != before.epoch
    with pytest.raises(CallerError):
        machines.revoke(CLIENT, made)


@pytest.mark.parametrize(
    ("name", "role", "purpose", "actions", "days"),
    [
        ("", "agent", "servicing", ["show_customer"], 1),
        ("a\nb", "agent", "servicing", ["show_customer"], 1),
        ("x", "king", "servicing", ["show_customer"], 1),
        ("x", "agent", "snooping", ["show_customer"], 1),
        ("x", "agent", "servicing", [], 1),
        ("x", "agent", "servicing", ["show_customer", "everything"], 1),
        ("x", "agent", "servicing", ["show_customer"], 0),
        ("x", "agent", "servicing", ["show_customer"], DAYS_MAX + 1),
    ],
)
def test_what_cannot_be_a_program_is_refused(machines, name, role, purpose, actions, days):
    with pytest.raises(CallerError):
        machines.create(TOKEN, name, role, purpose, actions, days)
    assert machines.of_kind(TOKEN) == {}


def test_a_program_for_another_controller_needs_a_purpose_that_rests_on_consent(machines, tmp_path):
    may = ("relationship_manager", "marketing", ["show_customer"])
    made, _ = machines.create(CLIENT, "partner", *may, 1, "tpp-7")
    ours, _ = machines.create(CLIENT, "ours", *may, 1)
    assert [machines.find(CLIENT, it).controller for it in (made, ours)] == ["tpp-7", ""]
    assert (tmp_path / "machines.json").read_text().count("controller") == 1
    for purpose in ("servicing", "compliance", "stewardship", "service_improvement"):
        with pytest.raises(CallerError, match="consent alone"):
            machines.create(CLIENT, "partner", "relationship_manager", purpose, ["show_customer"], 1, "tpp-7")
    with pytest.raises(CallerError, match="count all customers"):
        machines.create(
            TOKEN, "p", "marketer", "analytics", ["list_segments", "evaluate_segment"], 1, "tpp-7"
        )
    machines.create(TOKEN, "ours", "marketer", "analytics", ["list_segments", "evaluate_segment"], 1)
    assert len(machines.of_kind(TOKEN)) == 1
    for name in (" ", "tpp-7 ", "tpp\n7", "t" * 101):
        with pytest.raises(CallerError, match="controller"):
            machines.create(CLIENT, "partner", *may, 1, name)
