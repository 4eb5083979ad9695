"""One private OpenLDAP for all tests of a process that need one, with a few people in it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
from tools.services.openldap import (
    GROUPS,
    PASSWORD,
    PEOPLE,
    SERVICE,
    SERVICE_PASSWORD,
    PrivateDirectory,
    program,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import ldap3

MISSING = "OpenLDAP is not installed (Debian: apt-get install slapd)"
AGENTS = f"cn=agents,{GROUPS}"
LOGINS = ("anna", "timur", "twice")


def fill(server: PrivateDirectory) -> None:
    """anna and timur, of whom anna is an agent; and two people with one login."""
    connection = ldap3.Connection(ldap3.Server(server.url, get_info=ldap3.NONE), SERVICE, SERVICE_PASSWORD)
    assert connection.bind()
    for name, login in (*((it, it) for it in LOGINS), ("other", "twice")):
        person = {"uid": login, "sn": name, "userPassword": PASSWORD}
        assert connection.add(f"cn={name},{PEOPLE}", ["inetOrgPerson"], person), connection.result
    members = [f"cn={it},{PEOPLE}" for it in ("anna", "twice")]
    assert connection.add(AGENTS, ["groupOfNames"], {"member": members}), connection.result
    connection.unbind()


@pytest.fixture(scope="session")
def directory_server() -> Iterator[PrivateDirectory]:
    """The server."""
    if program() is None:
        pytest.skip(MISSING)
    with PrivateDirectory() as server:
        fill(server)
        yield server
