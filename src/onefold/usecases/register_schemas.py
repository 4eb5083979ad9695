"""The schema registry for whoever holds a write key: every schema to read, those of its own source to set.

Schemas say how data is written and nothing about anybody, so any source may read those of another. Who did,
and who set something, is in the audit.
"""

from __future__ import annotations

from typing import Any, TypeVar

from onefold.gate.model import Permit
from onefold.record.contracts.model import Compatibility
from onefold.record.contracts.schemas.errors import NotPermitted
from onefold.record.contracts.schemas.model import Registered, Schema
from onefold.record.contracts.schemas.service import schema_of
from onefold.usecases.rooms import Rooms

T = TypeVar("T")


def list_subjects(permit: Permit, rooms: Rooms, prefix: str) -> list[str]:
    """Every subject whose name begins so."""
    permit.needs("ingest")
    found = rooms.schemas.subjects(prefix)
    return _read(permit, rooms, found)


def list_versions(permit: Permit, rooms: Rooms, subject: str) -> list[int]:
    """The versions of a subject."""
    permit.needs("ingest")
    return _read(permit, rooms, [it.version for it in rooms.schemas.versions(subject)])


def show_version(permit: Permit, rooms: Rooms, subject: str, version: str) -> Registered:
    """One version of a subject."""
    permit.needs("ingest")
    return _read(permit, rooms, rooms.schemas.version(subject, version))


def find_schema(permit: Permit, rooms: Rooms, subject: str, said: dict[str, Any]) -> Registered:
    """The version of a subject that has a schema."""
    permit.needs("ingest")
    return _read(permit, rooms, rooms.schemas.find(subject, _schema(said)))


def register_schema(permit: Permit, rooms: Rooms, subject: str, said: dict[str, Any]) -> Registered:
    """Gives a subject of the caller's source a schema."""
    permit.needs("ingest")
    done = rooms.schemas.register(permit.actor.id, subject, _schema(said))
    details = {"subject": done.subject, "version": str(done.version), "schema": str(done.id)}
    rooms.gate.released(permit, "schema_registered", details=details)
    return done


def show_schema(permit: Permit, rooms: Rooms, number: int) -> Schema:
    """The schema of an id."""
    permit.needs("ingest")
    return _read(permit, rooms, rooms.schemas.schema(number))


def list_places(permit: Permit, rooms: Rooms, number: int) -> list[tuple[str, int]]:
    """Where the schema of an id is registered."""
    permit.needs("ingest")
    return _read(permit, rooms, rooms.schemas.places(number))


def check_schema(permit: Permit, rooms: Rooms, subject: str, version: str, said: dict[str, Any]) -> list[str]:
    """Why a schema could not be registered, field by field; nothing when it could."""
    permit.needs("ingest")
    return _read(permit, rooms, rooms.schemas.check(subject, version, _schema(said)))


def show_level(permit: Permit, rooms: Rooms, subject: str) -> str:
    """The compatibility of a subject, or without one that of a contract that says nothing."""
    permit.needs("ingest")
    level = rooms.schemas.level(subject) if subject else Compatibility.BACKWARD
    return _read(permit, rooms, level.value.upper())


def set_level(permit: Permit, rooms: Rooms, subject: str, word: str) -> str:
    """Holds a subject of the caller's source to more than its contract says."""
    permit.needs("ingest")
    if not subject:
        raise NotPermitted(
            "There is no compatibility for all subjects: every contract states its own.",
            hint="Set that of a subject, or change compatibility in the contract.",
        )
    level = rooms.schemas.set_level(permit.actor.id, subject, word).value
    rooms.gate.released(permit, "schema_level_set", details={"subject": subject, "level": level})
    return level.upper()


def refuse_deletion(permit: Permit, rooms: Rooms) -> None:
    """Nothing here is deleted; the error says what to do instead."""
    permit.needs("ingest")
    rooms.gate.note(permit.actor.id, "schema_deletion", "refused", ("schemas are not deleted",))
    raise NotPermitted(
        "Schemas are not deleted: messages in topics, and the log, are read with them.",
        hint="A contract is deprecated instead: publish it with status: deprecated.",
    )


def _read(permit: Permit, rooms: Rooms, found: T) -> T:
    """What was found, once it is written down that somebody looked."""
    rooms.gate.released(permit, "schemas_read")
    return found


def _schema(said: dict[str, Any]) -> Schema:
    return schema_of(said.get("schema"), said.get("schemaType"), said.get("references"), said.get("ruleSet"))
