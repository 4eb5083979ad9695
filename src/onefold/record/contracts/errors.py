"""Why a row or a contract is not taken. Codes and field names only: never a value of somebody's data."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from onefold.kernel.errors import CallerError, SourceError


class Reason(StrEnum):
    """The codes under which a row is quarantined or refused; `about` says each to a person."""

    REQUIRED_MISSING = "required_missing"
    KEY_MISSING = "key_missing"
    SUBJECT_MISSING = "subject_missing"
    BAD_TYPE = "bad_type"
    BAD_INTEGER = "bad_integer"
    BAD_FLAG = "bad_flag"
    BAD_DATE = "bad_date"
    BAD_INSTANT = "bad_instant"
    BAD_AMOUNT = "bad_amount"
    BAD_CURRENCY = "bad_currency"
    BAD_REFERENCE = "bad_reference"
    UNKNOWN_VALUE = "unknown_value"
    BEYOND_LIMITS = "beyond_limits"
    UNKNOWN_PURPOSE = "unknown_purpose"
    QUALITY_RULE = "quality_rule"
    UNPROVEN_GRANT = "unproven_grant"
    TOO_LONG = "too_long"
    FUTURE_DATE = "future_date"
    KEY_REPEATED = "key_repeated"
    BAD_TEXT = "bad_text"
    BAD_JSON = "bad_json"
    TOO_DEEP = "too_deep"
    RAGGED_ROW = "ragged_row"
    OPEN_QUOTE = "open_quote"
    LINE_TOO_LONG = "line_too_long"
    MESSAGE_TOO_LARGE = "message_too_large"
    BAD_ENVELOPE = "bad_envelope"
    DOCUMENT_EMPTY = "document_empty"
    DOCUMENT_TOO_LARGE = "document_too_large"
    DOCUMENT_TOO_DEEP = "document_too_deep"
    BAD_DOCUMENT = "bad_document"
    UNKNOWN_SCHEMA = "unknown_schema"
    TOMBSTONE_UNHEARD = "tombstone_unheard"
    UNKNOWN_CALL = "unknown_call"
    MUST_NOT_STORE = "must_not_store"
    SNAPSHOT_OLDER = "snapshot_older"
    SUBJECT_ERASED = "subject_erased"

    @property
    def about(self) -> str:
        """One sentence for the person who mends the source."""
        return _ABOUT[self]


_ABOUT: dict[Reason, str] = {
    Reason.REQUIRED_MISSING: "A field that the contract requires is empty.",
    Reason.KEY_MISSING: "The key of the row is empty.",
    Reason.SUBJECT_MISSING: "The row does not say whom it is about, so nothing could encrypt it.",
    Reason.BAD_TYPE: "A field is not of the type the contract states.",
    Reason.BAD_INTEGER: "A whole number is not one.",
    Reason.BAD_FLAG: "A yes or no is neither.",
    Reason.BAD_DATE: "A date does not exist or is not written as the contract says.",
    Reason.BAD_INSTANT: "A point in time does not exist or is not written as the contract says.",
    Reason.BAD_AMOUNT: "An amount is not a number, or not exact in its currency.",
    Reason.BAD_CURRENCY: "A currency is not a three-letter ISO 4217 code.",
    Reason.BAD_REFERENCE: "A reference is not an id.",
    Reason.UNKNOWN_VALUE: "A code is not in the contract's list.",
    Reason.BEYOND_LIMITS: "A value is not within the limits that the contract states for it.",
    Reason.UNKNOWN_PURPOSE: "A consent names a purpose that does not exist.",
    Reason.QUALITY_RULE: "A value breaks a quality rule that the contract holds every row to.",
    Reason.UNPROVEN_GRANT: "A consent is granted without its instant or its evidence.",
    Reason.TOO_LONG: "A value or a row is longer than the limit.",
    Reason.FUTURE_DATE: "The event is dated further in the future than the contract tolerates.",
    Reason.KEY_REPEATED: "The same key came twice in one snapshot with different rows.",
    Reason.BAD_TEXT: "The bytes are not text in the encoding of the contract.",
    Reason.BAD_JSON: "The line is not a JSON object.",
    Reason.TOO_DEEP: "The row has values within values deeper than is read; only its digest is kept.",
    Reason.RAGGED_ROW: "The line has more or fewer fields than the header.",
    Reason.OPEN_QUOTE: "A quote is opened and never closed, as in a line that was cut off.",
    Reason.LINE_TOO_LONG: "The line is longer than the limit; only its digest is kept.",
    Reason.MESSAGE_TOO_LARGE: "The message is larger than the limit; only its digest is kept.",
    Reason.BAD_ENVELOPE: "The message is not whole in its envelope; only its digest is kept.",
    Reason.DOCUMENT_EMPTY: "The document is empty, or says nothing.",
    Reason.DOCUMENT_TOO_LARGE: "The document is larger than the limit; only its digest is kept.",
    Reason.DOCUMENT_TOO_DEEP: "The document has more parts within parts than are read.",
    Reason.BAD_DOCUMENT: "The document is not of the kind that the contract says; only its digest is kept.",
    Reason.UNKNOWN_SCHEMA: "The schema that the message names is not to be had, or not read here.",
    Reason.TOMBSTONE_UNHEARD: "A key without a value says that a row is gone, and nobody said which.",
    Reason.UNKNOWN_CALL: "The message is of a type that the contract does not have.",
    Reason.MUST_NOT_STORE: "A field that must not be stored holds a value; only a digest is kept.",
    Reason.SNAPSHOT_OLDER: "A newer snapshot has already stated this key; load it as a backfill if meant.",
    Reason.SUBJECT_ERASED: "The person was erased; what sources still send about them is not taken.",
}


REFUSALS = frozenset({Reason.MUST_NOT_STORE, Reason.SNAPSHOT_OLDER, Reason.SUBJECT_ERASED})
"""Rows of which nothing may be kept but a digest and the reason; all other faults are quarantined."""


class RowFault(SourceError):
    """One row breaks its contract: `reason` says how, `field` where."""

    code = "row_fault"

    def __init__(self, reason: Reason, field: str = "") -> None:
        super().__init__(reason.about, field=field, detail=f"Field {field}." if field else "")
        self.reason = reason


class BadOption(CallerError):
    """An option of a transform cannot be read; lint turns it into a fault with its place."""

    code = "bad_option"


class Fault(NamedTuple):
    """One fault of a contract: where in it, what and what to do; `line` from 1, or 0 where it has none."""

    place: str
    what: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"

    def at(self, file: str) -> str:
        """The fault as compilers say it: `file:line:column: place: what`."""
        where = f"{file}:{self.line}:{self.column}" if self.line else file
        return f"{where}: {self}"


class BrokenContract(CallerError):
    """A contract cannot be used; `faults` names each place and what to do there."""

    code = "broken_contract"

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        lines = "".join(f"\n  {fault.at(name)}" for fault in faults)
        super().__init__(
            f"The contract {name} has {len(faults)} fault{'s' if len(faults) != 1 else ''}.",
            detail=f"{lines}\n",
            hint="docs/reference/contract.md describes every word.",
        )
        self.name = name
        self.faults = tuple(faults)


class UnknownSource(CallerError):
    """No contract is published for that source, version, object or file."""

    code = "unknown_source"
    status = 404
