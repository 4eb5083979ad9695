"""Settings of signing in: what they open, and what is wrong with them told before anybody signs in."""

from __future__ import annotations

import pytest

from onefold.app.folder import DataFolder
from onefold.app.ways import ways_of
from onefold.kernel.errors import CallerError
from onefold.usecases.ways import Ways
from tests.unit.gate.bank import CELL

DIRECTORY = """
[directory]
url = "ldaps://ldap.bank.example"
bind_dn = "cn=onefold,dc=bank"
password_file = "secret"
people = "ou=people,dc=bank"
[directory.roles]
"cn=agents,dc=bank" = ["agent"]
"""
OIDC = """
[oidc]
issuer = "https://login.bank.example"
client_id = "onefold"
secret_env = "ONEFOLD_TEST_SECRET"
address = "https://c360.bank.example/"
name = "Bank account"
[oidc.roles]
"c360-agents" = ["agent", "steward"]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "secret").write_text("word of ours\n")
    (tmp_path / "secret").chmod(0o600)
    return DataFolder(tmp_path, CELL, tmp_path / "checkpoints", tmp_path / "erasures")


def ways(folder: DataFolder, text: str) -> Ways:
    (folder.root / "config.toml").write_text(text)
    return ways_of(folder)


def test_without_settings_every_login_of_ours_may_and_nobody_else(folder):
    assert ways(folder, "") == Ways()
    assert ways(folder, "").takes_password_of("anybody")


def test_the_settings_open_the_ways_they_name(folder, monkeypatch):
    monkeypatch.setenv("ONEFOLD_TEST_SECRET", "another word")
    found = ways(folder, '[login]\nlocal = ["admin"]\n' + DIRECTORY + OIDC)
    assert [found.takes_password_of(it) for it in ("admin", "rm")] == [True, False]
    assert found.directory_roles == {"cn=agents,dc=bank": ("agent",)}
    assert found.provider_roles == {"c360-agents": ("agent", "steward")}
    assert (found.directory_portfolios, found.provider_portfolios) == (None, None)
    assert found.directory is not None
    assert found.provider is not None
    assert found.provider.name == "Bank account"


def test_the_settings_say_which_groups_keep_which_portfolios(folder, monkeypatch):
    monkeypatch.setenv("ONEFOLD_TEST_SECRET", "another word")
    west = '[directory.portfolios]\n"cn=west,dc=bank" = ["RM07"]\n'
    found = ways(folder, DIRECTORY + west + OIDC + '[oidc.portfolios]\n"c360-east" = ["RM08"]\n')
    assert found.directory_portfolios == {"cn=west,dc=bank": ("RM07",)}
    assert found.provider_portfolios == {"c360-east": ("RM08",)}
    with pytest.raises(CallerError, match="portfolio"):
        ways(folder, DIRECTORY + '[directory.portfolios]\n"cn=west,dc=bank" = [" "]\n')


@pytest.mark.parametrize(
    "text",
    [
        'login = "x"',
        '[login]\nlocals = ["rm"]',
        '[login]\nproxies = "10.0.0.5"',
        '[login]\nrequests_a_minute = "many"',
        '[directory]\nurl = "ldaps://x"',
        DIRECTORY.replace("url", "uri"),
        DIRECTORY.replace("ldaps://", "ldap://"),
        DIRECTORY.replace('"agent"', '"king"'),
        DIRECTORY.replace('"secret"', '"missing"'),
        OIDC,
        OIDC.replace("secret_env", "secret"),
        OIDC.replace('secret_env = "ONEFOLD_TEST_SECRET"', "").replace("https://login", "http://login"),
    ],
)
def test_settings_that_cannot_be_are_told_and_show_no_secret(folder, text):
    with pytest.raises(CallerError) as caught:
        ways(folder, text)
    assert "word of ours" not in str(caught.value)
