"""One difference between two versions of a contract, and whom it breaks. compatibility.py has the theory."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Breaks(StrEnum):
    """Who is broken by a change if they go on as before. `ROW_READERS` read rows, not what they mean."""

    PRODUCERS = "producers"
    READERS = "readers"
    ROW_READERS = "readers of rows"
    HISTORY = "history"
    PEOPLE = "people"


class Change(msgspec.Struct, frozen=True):
    """Where, what, and whom it breaks; nobody where `breaks` is empty.

    `touches` are the names under which it is read: `object.property`, `object`, `entity.field`, `entity`.
    `consumers` are those known to read them.
    """

    place: str
    what: str
    breaks: tuple[Breaks, ...] = ()
    touches: tuple[str, ...] = ()
    consumers: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


class Changes:
    """The changes found so far."""

    def __init__(self) -> None:
        self.found: list[Change] = []

    def add(self, place: str, what: str, *breaks: Breaks, touches: tuple[str, ...] = ()) -> None:
        """Remembers one change."""
        self.found.append(Change(place, what, tuple(dict.fromkeys(breaks)), touches))
