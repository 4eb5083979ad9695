"""How far each input was taken, so that the next run goes on there: a convenience, never a truth.

A bookmark is kept after the rows before it are durable. Losing one costs time alone: rows that were taken
are known. One that is ahead of the log, as after a restore, would lose rows, so it names the log's sequence
and is not believed above what the log has.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

import msgspec

from onefold.kernel.errors import CallerError


class Mark(msgspec.Struct, frozen=True):
    """A cursor's value as text, and what it is: `instant`, `local` (no offset), `day`, `number`, `text`."""

    kind: str
    text: str

    @property
    def value(self) -> Any:
        """What a database compares with its column."""
        if self.kind in {"instant", "local"}:
            return datetime.fromisoformat(self.text)
        if self.kind == "day":
            return date.fromisoformat(self.text)
        if self.kind == "number":
            return int(self.text) if self.text.lstrip("-").isdigit() else Decimal(self.text)
        return self.text

    def earlier(self, seconds: int) -> Mark:
        """So many seconds before, for marks that are points in time; others stay."""
        if self.kind not in {"instant", "local"}:
            return self
        return msgspec.structs.replace(self, text=(self.value - timedelta(seconds=seconds)).isoformat())


class Bookmark(msgspec.Struct, frozen=True):
    """Rows up to `mark` are durable in the log, whose last sequence was `sequence` then."""

    sequence: int
    mark: Mark


class Bookmarks(Protocol):
    """Keeps bookmarks by name, each put down durably before `keep` returns."""

    def find(self, name: str) -> bytes | None:
        """What was kept last under a name."""
        ...

    def keep(self, name: str, data: bytes) -> None:
        """Takes the place of what was kept; `Unavailable` when it cannot be written."""
        ...

    def drop(self, name: str) -> None:
        """Forgets it."""
        ...


def mark_of(value: Any) -> Mark | None:
    """The mark of a cursor's value; None where the row has none."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return Mark("instant" if value.tzinfo else "local", value.isoformat())
    if isinstance(value, date):
        return Mark("day", value.isoformat())
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Mark("number", str(value))
    if isinstance(value, str):
        return Mark("text", value)
    raise CallerError(
        f"A cursor cannot go by {type(value).__name__}.",
        hint="Choose a column of a time, a date, a whole number or a text.",
    )


def mark_from(text: str) -> Mark | None:
    """The mark that a person writes: a day, an instant, a number; None for an empty text."""
    if not text:
        return None
    if text.lstrip("-").isdigit() and len(text) < 19:
        return Mark("number", text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CallerError(
            "That is no place for a cursor.", hint="Write 2026-09-30, 2026-09-30T18:00:00+05:00 or a number."
        ) from None
    return Mark("instant", (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat())
