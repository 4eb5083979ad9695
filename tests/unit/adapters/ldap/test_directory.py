"""The company's directory, against a real OpenLDAP: nobody gets in who should not, and down is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tools.services.openldap import PASSWORD, PEOPLE, SERVICE, SERVICE_PASSWORD, PrivateDirectory

from onefold.adapters.ldap.directory import AGAIN_SECONDS, LdapDirectory, LdapSettings
from onefold.kernel.errors import CallerError
from onefold.usecases.ports import DirectoryDown, Person
from tests.directory import AGENTS, directory_server, fill

__all__ = ["directory_server"]

pytestmark = pytest.mark.xdist_group("ldap")


def settings_of(server: PrivateDirectory, url: str = "") -> LdapSettings:
    return LdapSettings(url or server.url, SERVICE, SERVICE_PASSWORD, PEOPLE)


@pytest.fixture
def settings(directory_server):
    return settings_of(directory_server)


@pytest.fixture
def directory(settings):
    return LdapDirectory(settings)


def test_a_right_password_is_told_with_the_groups(directory):
    assert directory.verify("anna", PASSWORD) == Person("anna", (AGENTS,))
    assert directory.verify("timur", PASSWORD) == Person("timur", ())
    assert directory.find("anna") == Person("anna", (AGENTS,))


def test_a_login_is_called_what_the_directory_calls_it(directory):
    assert directory.verify("ANNA", PASSWORD).login == "anna"


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("anna", "wrong"),
        ("anna", ""),
        ("anna", PASSWORD + "\0"),
        ("nobody", PASSWORD),
        ("twice", PASSWORD),
        ("", PASSWORD),
        ("anna\n", PASSWORD),
    ],
)
def test_nothing_else_is_a_right_password(directory, login, password):
    assert directory.verify(login, password) is None


@pytest.mark.parametrize(
    "login",
    [
        "*", "a*", "anna)(uid=*", "*)(uid=*))(|(uid=*", "anna)(&", "x)(|(objectClass=*)", "anna\\2a",
        "\\61nna",
        "anna)(!(uid=x)", f"cn=anna,{PEOPLE}", "anna,ou=people", "uid=anna", "anna\x00", "(uid=anna)",
    ],
)  # fmt: skip
def test_no_login_reaches_into_the_filter_or_the_name(directory, login):
    assert directory.verify(login, PASSWORD) is None
    assert directory.find(login) is None


def test_tls_from_the_start_or_after_it_is_checked_against_the_authority(directory_server, settings):
    trusted = directory_server.ca_file
    for it in (
        replace(settings, url=directory_server.tls_url, ca_file=trusted),
        replace(settings, start_tls=True, ca_file=trusted),
    ):
        assert LdapDirectory(it).verify("anna", PASSWORD) == Person("anna", (AGENTS,))
        with pytest.raises(DirectoryDown, match="certificate"):
            LdapDirectory(replace(it, ca_file=None)).verify("anna", PASSWORD)


@pytest.mark.parametrize(
    "url", ["ldap://ldap.bank.example", "http://127.0.0.1", "ldap://", "ldaps://x/y", ""]
)
def test_an_address_over_which_passwords_would_go_in_clear_is_refused(settings, url):
    with pytest.raises(CallerError):
        LdapDirectory(replace(settings, url=url))


def test_a_directory_that_does_not_know_us_is_down_and_shows_no_secret(settings):
    with pytest.raises(DirectoryDown) as caught:
        LdapDirectory(replace(settings, password="another")).verify("anna", PASSWORD)
    assert "our own name" in caught.value.detail
    assert "another" not in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_a_directory_that_is_down_is_told_at_once_and_comes_back_by_itself():
    seconds = [0.0]
    with PrivateDirectory() as server:
        fill(server)
        directory = LdapDirectory(settings_of(server), lambda: seconds[0])
        server.stop()
        with pytest.raises(DirectoryDown, match="does not answer"):
            directory.verify("anna", PASSWORD)
        server.start()
        with pytest.raises(DirectoryDown, match="a moment ago"):
            directory.verify("anna", PASSWORD)
        seconds[0] += AGAIN_SECONDS
        assert directory.verify("anna", PASSWORD) == Person("anna", (AGENTS,))


def test_a_directory_that_takes_no_password_in_clear_is_told_so():
    with PrivateDirectory(demands_tls=True) as server:
        settings = settings_of(server)
        with pytest.raises(DirectoryDown, match="does not take a sign-in"):
            LdapDirectory(settings).find("anna")
        tls = LdapDirectory(replace(settings, start_tls=True, ca_file=server.ca_file))
        assert tls.find("anna") is None
