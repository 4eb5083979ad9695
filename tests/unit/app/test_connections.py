"""Where connections stand and what proves us: in the settings of the folder, told by name, never by value."""

from __future__ import annotations

from contextlib import closing

import pytest

from onefold.adapters.rest.lookup import RestLookup
from onefold.adapters.sql.lookup import SqlLookup
from onefold.app.connections import address, lookups
from onefold.app.folder import CONFIG, create_folder
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import Cell
from onefold.record.contracts.model import Fetch, Using
from tests.rest_source import RestSource

SQL = Fetch(Using.SQL, "core")
REST = Fetch(Using.REST, "core", path="/c/{key}", fields={"id": "/id"})


@pytest.fixture
def folder(tmp_path):
    return create_folder(tmp_path / "data", Cell("demo", "uz"), None)


def say(folder, *lines: str) -> None:
    with (folder.root / CONFIG).open("a", encoding="utf-8") as config:
        config.write("\n".join(("[connections.core]", *lines, "")))


def test_an_address_stands_in_a_variable_or_a_file_of_its_own(folder, monkeypatch):
    (folder.root / "url").write_text(" sqlite:///core.db\n", encoding="utf-8")
    (folder.root / "url").chmod(0o600)
    say(folder, 'url_file = "url"')
    assert address(folder, "core") == "sqlite:///core.db"
    with closing(lookups(folder)(SQL)) as lookup:
        assert isinstance(lookup, SqlLookup)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((), "is not set as it must be"),
        (('url = "postgresql://u:pa55@h/d"',), "is not set as it must be"),
        (('url_env = "A"', 'url_file = "b"'), "is not set as it must be"),
        (("url_env = 3",), "is not set as it must be"),
        (('url_env = "A"', 'token_env = "B"', 'token_file = "c"'), "is not set as it must be"),
        (('url_env = "NONE_OF_OURS"',), "the variable NONE_OF_OURS is empty or not there"),
        (('url_file = "none"',), "none is empty or not there"),
    ],
)
def test_a_connection_that_is_not_set_says_what_to_write_and_no_value(folder, lines, said):
    say(folder, *lines)
    with pytest.raises(CallerError) as caught:
        lookups(folder)(REST)
    assert said in caught.value.message
    assert "pa55" not in str(caught.value)


def test_a_database_has_no_token(folder, monkeypatch):
    monkeypatch.setenv("CORE_URL", "sqlite:///x.db")
    say(folder, 'url_env = "CORE_URL"', 'token_env = "CORE_TOKEN"')
    with pytest.raises(CallerError, match="is not set as it must be"):
        lookups(folder)(SQL)


def test_a_connection_nobody_set_is_said(folder):
    with pytest.raises(CallerError, match="There is no connection core"):
        lookups(folder)(SQL)


@pytest.mark.parametrize(
    ("header", "sent"),
    [((), ("Authorization", "Bearer t0ken")), (('header = "X-Api-Key"',), ("X-Api-Key", "t0ken"))],
)
def test_a_service_is_told_who_we_are(folder, monkeypatch, header, sent):
    service = RestSource()
    monkeypatch.setenv("CORE_URL", service.url)
    monkeypatch.setenv("CORE_TOKEN", "t0ken\n")
    say(folder, 'url_env = "CORE_URL"', 'token_env = "CORE_TOKEN"', *header)
    with closing(lookups(folder)(REST)) as lookup:
        assert isinstance(lookup, RestLookup)
        lookup.ask(REST, {"key": "7"}, ("id",), 20.0)
    assert service.headers[sent[0]] == sent[1]
    service.close()


@pytest.mark.parametrize(
    ("token", "header"), [("to\nken", "X-Key"), ("tökén", "X-Key"), ("t", "X-Key: 1\r\nX")]
)
def test_a_token_that_is_no_header_is_not_sent(folder, monkeypatch, token, header):
    monkeypatch.setenv("CORE_URL", "https://crm.bank.example")
    (folder.root / "token").write_text(token, encoding="utf-8")
    (folder.root / "token").chmod(0o600)
    say(
        folder,
        'url_env = "CORE_URL"',
        'token_file = "token"',
        f'header = "{header}"'.replace("\r\n", "\\r\\n"),
    )
    with pytest.raises(CallerError, match="cannot be sent as a header") as caught:
        lookups(folder)(REST)
    assert token not in str(caught.value) or len(token) == 1


def test_an_authority_is_looked_for_beside_the_settings(folder, monkeypatch):
    monkeypatch.setenv("CORE_URL", "https://crm.bank.example")
    say(folder, 'url_env = "CORE_URL"', 'ca_file = "none.pem"')
    with pytest.raises(CallerError, match="ca_file"):
        lookups(folder)(REST)
