"""Engines of SQLAlchemy for the databases of sources. An address holds a password and is never said."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool, Pool

from onefold.kernel.errors import CallerError

CONNECT_SECONDS = 15


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
    return url.set(drivername=plain.get(url.drivername, url.drivername))


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
