"""Connections to the databases and services of sources, by name, from the data folder's settings.

[connections.core]
url_env = "CORE_DATABASE_URL"        an environment variable that holds the address
url_file = "/run/secrets/core-url"   or a file of its own, relative to the settings; best readable by us alone

[connections.crm]                    a REST service: https, or http on this machine
url_env = "CRM_URL"
token_file = "/run/secrets/crm"      or token_env: what proves us, sent as a bearer token
header = "X-Api-Key"                 or under this header, as it stands
ca_file = "/etc/ssl/bank-ca.pem"     where its certificate is signed by an authority of the house

An address holds a password, so it stands neither here nor in a contract nor on a command line. Drivers are
imported when a source is asked: they take longer to import than most commands to run.
"""

from __future__ import annotations

import os
import re
import tomllib
from typing import Any

from onefold.adapters.files.secret_files import read_secret
from onefold.app.folder import CONFIG, DataFolder
from onefold.gate.fetching.ports import Lookup, Lookups
from onefold.kernel.errors import CallerError
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.model import Fetch, Using
from onefold.usecases.pull_query import Answer, AskQuery, Window

_URL = {"url_env", "url_file"}
_TOKEN = {"token_env", "token_file"}
_REST = {*_TOKEN, "header", "ca_file"}
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")


def settings(folder: DataFolder, name: str) -> Any:
    """One entry of `config.toml`; None when it has none of that name."""
    return tomllib.loads((folder.root / CONFIG).read_text(encoding="utf-8")).get(name)


def address(folder: DataFolder, name: str) -> str:
    """The address of a database; `CallerError` says what to write where it is not set."""
    return _secret(folder, name, "url", _entry(folder, name, frozenset()))


def lookups(folder: DataFolder) -> Lookups:
    """Opens the connections over which contracts have values fetched."""

    def opened(fetch: Fetch) -> Lookup:
        name = fetch.connection
        if fetch.using is Using.SQL:
            from onefold.adapters.sql.lookup import SqlLookup

            return SqlLookup(address(folder, name), name)
        from onefold.adapters.rest.lookup import RestLookup

        entry = _entry(folder, name, _REST)
        authority = folder.root / entry["ca_file"] if "ca_file" in entry else None
        return RestLookup(_secret(folder, name, "url", entry), name, _headers(folder, name, entry), authority)

    return opened


def _entry(folder: DataFolder, name: str, further: frozenset[str] | set[str]) -> dict[str, str]:
    """The settings of a connection: where its address stands, and of a service what else it needs."""
    known = settings(folder, "connections") or {}
    entry = known.get(name) if isinstance(known, dict) else None
    if not isinstance(entry, dict):
        raise CallerError(
            f"There is no connection {name}.",
            hint=f'Put [connections.{name}] with url_env = "VARIABLE" or url_file = "…" into {CONFIG}.',
        )
    words = set(entry)
    if (
        len(words & _URL) != 1
        or len(words & _TOKEN) > 1
        or not words <= _URL | further
        or not all(isinstance(it, str) for it in entry.values())
    ):
        others = ", one of token_env and token_file, header, ca_file" if further else ""
        raise CallerError(
            f"The connection {name} is not set as it must be.",
            hint=f"Give it url_env or url_file{others} in {CONFIG}, nothing else: no address stands there.",
        )
    return entry


def _headers(folder: DataFolder, name: str, entry: dict[str, str]) -> dict[str, str]:
    """What proves us to a service."""
    if not _TOKEN & set(entry):
        return {}
    token = _secret(folder, name, "token", entry)
    header = entry.get("header", "Authorization")
    if not _HEADER.fullmatch(header) or not (token.isascii() and token.isprintable()):
        raise CallerError(f"The token of the connection {name} cannot be sent as a header.")
    return {header: f"Bearer {token}" if header == "Authorization" else token}


def _secret(folder: DataFolder, name: str, what: str, entry: dict[str, str]) -> str:
    """What a file or a variable holds."""
    path, variable = entry.get(f"{what}_file"), entry.get(f"{what}_env", "")
    found = read_secret(folder.root / path) if path is not None else os.environ.get(variable, "").strip()
    if not found:
        called = {"url": "address", "token": "token"}[what]
        where = path or f"the variable {variable}"
        raise CallerError(f"The {called} of the connection {name} is not set: {where} is empty or not there.")
    return found


def asking(folder: DataFolder) -> AskQuery:
    """Asks the queries of contracts over the connections of a folder."""
    from onefold.adapters.sql.query import QueryTable

    def ask(item: CompiledObject, window: Window) -> Answer:
        query = item.item.query
        assert query is not None
        url = address(folder, query.connection)
        return QueryTable(url, item, since=window.since, until=window.until)

    return ask
