"""Connections to the databases of sources, by name, from the data folder's settings.

[connections.core]
url_env = "CORE_DATABASE_URL"        an environment variable that holds the address
url_file = "/run/secrets/core-url"   or a file of its own, relative to the settings; best readable by us alone

An address holds a password, so it stands neither here nor in a contract nor on a command line.
"""

from __future__ import annotations

import os
import tomllib
from typing import Any

from onefold.adapters.sql.query import QueryTable
from onefold.app.folder import CONFIG, DataFolder
from onefold.kernel.errors import CallerError
from onefold.record.contracts.compile import CompiledObject
from onefold.usecases.pull_query import AskQuery, Window

_WORDS = {"url_env", "url_file"}


def settings(folder: DataFolder, name: str) -> Any:
    """One entry of `config.toml`; None when it has none of that name."""
    return tomllib.loads((folder.root / CONFIG).read_text(encoding="utf-8")).get(name)


def address(folder: DataFolder, name: str) -> str:
    """The address of a connection; `CallerError` says what to write where it is not set."""
    known = settings(folder, "connections") or {}
    entry = known.get(name) if isinstance(known, dict) else None
    if not isinstance(entry, dict):
        raise CallerError(
            f"There is no connection {name}.",
            hint=f'Put [connections.{name}] with url_env = "VARIABLE" or url_file = "…" into {CONFIG}.',
        )
    if len(entry) != 1 or not set(entry) <= _WORDS or not all(isinstance(it, str) for it in entry.values()):
        raise CallerError(
            f"The connection {name} is not set as it must be.",
            hint=f"Give it url_env or url_file in {CONFIG}, and nothing else: no address stands there.",
        )
    found = _from_file(folder, entry["url_file"]) if "url_file" in entry else os.environ.get(entry["url_env"])
    if not found:
        where = entry.get("url_file") or f"the variable {entry['url_env']}"
        raise CallerError(f"The address of the connection {name} is not set: {where} is empty or not there.")
    return found


def _from_file(folder: DataFolder, path: str) -> str:
    try:
        return (folder.root / path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def asking(folder: DataFolder) -> AskQuery:
    """Asks the queries of contracts over the connections of a folder."""

    def ask(item: CompiledObject, window: Window) -> QueryTable:
        query = item.item.query
        assert query is not None
        url = address(folder, query.connection)
        return QueryTable(url, item, since=window.since, until=window.until)

    return ask
