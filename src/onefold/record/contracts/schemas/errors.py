"""What the registry refuses, one class for each number of the protocol."""

from __future__ import annotations

from onefold.kernel.errors import CallerError, NotFound


class SubjectUnknown(NotFound):
    """No object of a contract in force has this subject."""

    code = "subject_unknown"


class VersionUnknown(NotFound):
    """The subject has no such version."""

    code = "version_unknown"


class SchemaUnknown(NotFound):
    """No schema has this id, or the subject has no such schema."""

    code = "schema_unknown"


class SchemaInvalid(CallerError):
    """The schema cannot be read, or uses what is not understood here."""

    code = "schema_invalid"
    status = 422


class VersionInvalid(CallerError):
    """A version is a whole number from 1, or `latest`."""

    code = "version_invalid"
    status = 422


class LevelInvalid(CallerError):
    """No such compatibility, or one that promises less than the contract does."""

    code = "level_invalid"
    status = 422


class NotPermitted(CallerError):
    """The protocol has a word for it, and contracts do not."""

    code = "operation_not_permitted"
    status = 422


class SchemaIncompatible(CallerError):
    """The schema would write what the contract cannot take, or what other versions cannot read."""

    code = "schema_incompatible"
    status = 409
