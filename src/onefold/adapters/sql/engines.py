"""Engines of SQLAlchemy for the databases of sources. An address holds a password and is never said."""

from __future__ import annotations

import os
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool, Pool

from onefold.kernel.errors import CallerError
from onefold.kernel.hosts import is_this_machine

CONNECT_SECONDS = 15
_OUTRIGHT = {"disable", "require", "verify-ca", "verify-full"}
"""Those of sslmode that do not leave it to the server whether the way is encrypted."""


def url_of(text: str, name: str) -> URL:
    """The address of a connection; `CallerError` where it is none, without saying what stands there."""
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise CallerError(
            f"The address of the connection {name} cannot be read.",
            hint="Write postgresql://user:password@host/database, or another URL of SQLAlchemy.",
        ) from None
    plain = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
    if url.get_backend_name() in ("postgresql", "postgres") and not _says_how(url):
        raise CallerError(
            f"The address of the connection {name} does not say how it is protected on the way.",
            hint="Add ?sslmode=verify-full&sslrootcert=FILE; sslmode=disable only where nobody can listen.",
        )
    return url.set(drivername=plain.get(url.drivername, url.drivername))


def _says_how(url: URL) -> bool:
    """Whether an address of PostgreSQL says if it goes encrypted, or leads nowhere but to this machine."""
    said = url.normalized_query.get("sslmode", (os.environ.get("PGSSLMODE", ""),))
    if set(said) <= _OUTRIGHT or "service" in url.query:
        return True
    named = [url.host, *url.normalized_query.get("host", ()), *url.normalized_query.get("hostaddr", ())]
    environment = [os.environ.get("PGHOSTADDR"), None if any(named) else os.environ.get("PGHOST")]
    hosts = [it for some in (*named, *environment) if some for it in some.split(",")]
    # What begins with a slash is the folder of a socket.
    return all(it.startswith(("/", "@")) or is_this_machine(it) for it in hosts)


def engine_of(
    url: URL, *, pool: type[Pool] = NullPool, options: str = "", arguments: dict[str, Any] | None = None
) -> sa.Engine:
    """An engine; `CallerError` where its driver is not installed. `options` are settings of PostgreSQL."""
    arguments = dict(arguments or {})
    if url.drivername == "postgresql+psycopg":
        ours = {"connect_timeout": CONNECT_SECONDS, "options": f"-c timezone=UTC {options}".rstrip()}
        arguments = {name: value for name, value in (ours | arguments).items() if name not in url.query}
    try:
        return sa.create_engine(url, poolclass=pool, connect_args=arguments, hide_parameters=True)
    except (NoSuchModuleError, ImportError):
        raise CallerError(
            f"There is no driver for {url.drivername}.",
            hint="Install it beside Onefold; PostgreSQL and SQLite come with it.",
        ) from None
