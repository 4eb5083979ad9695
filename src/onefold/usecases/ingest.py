"""Take what a source sends over HTTP: authorised by its write key, durable before it is acknowledged."""

from __future__ import annotations

from onefold.usecases.model import Ingested
from onefold.usecases.rooms import Rooms


def ingest_batch(rooms: Rooms, write_key: str, body: bytes) -> Ingested:
    """Many calls in one body."""
    raise NotImplementedError


def ingest_call(rooms: Rooms, write_key: str, kind: str, body: bytes) -> Ingested:
    """One call; `kind` is in the address."""
    raise NotImplementedError
