"""Where registered schemas are kept: ids are in messages of other systems, so they stand for ever."""

from __future__ import annotations

from typing import Protocol

from onefold.record.contracts.schemas.model import Registered, Schema


class SchemaStore(Protocol):
    """Schemas by id, versions by subject. Whatever returned is on the disk."""

    def versions(self, subject: str) -> list[Registered]:
        """Every version of a subject, the oldest first."""
        ...

    def schema(self, number: int) -> Schema | None:
        """The schema of an id."""
        ...

    def places(self, number: int) -> list[tuple[str, int]]:
        """The subjects, each with the version, under which a schema is registered."""
        ...

    def add(self, subject: str, schema: Schema, *, derived: bool) -> Registered:
        """The next version of a subject; where it has the schema already, that version.

        Equal schemas have one id, whatever their subject.
        """
        ...

    def level(self, subject: str) -> str:
        """The compatibility that was set for a subject; empty where none was."""
        ...

    def set_level(self, subject: str, level: str) -> None:
        """Sets the compatibility of a subject."""
        ...
