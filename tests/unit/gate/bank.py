"""A little bank for the gate's tests: fragments put straight into a state in memory, an audit in a list."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from typing import Any

from onefold.customer.fragments.model import Fragment, Statement
from onefold.customer.fragments.state import fold
from onefold.gate.fetching.model import Fetchable
from onefold.gate.gathering import Gathered
from onefold.gate.model import Actor, Permit
from onefold.gate.scope import Scope
from onefold.gate.words import REASONS
from onefold.kernel.ids import Cell, CellKey
from onefold.kernel.time import MS_PER_DAY
from onefold.pipeline.derived import write_differences
from onefold.pipeline.model import Writes
from onefold.pipeline.reaching import reach
from onefold.pipeline.step import Step, drive
from onefold.testing.memory import MemoryState

CELL = Cell("demo", "uz")
KEY = CellKey(bytes(32))
FULL = {
    "open": "full",
    "internal": "full",
    "pii": "full",
    "pci": "full",
    "special": "full",
    "secret": "hidden",
}


def ms(day: int, hour: int = 0) -> int:
    """The instant of an hour of a day."""
    return day * MS_PER_DAY + hour * 3_600_000


class Bank:
    """A state with what it is told."""

    def __init__(self) -> None:
        self.state: Any = MemoryState()
        self._stamps = 0

    def add(self, entity: str, source: str, key: str, **values: Any) -> bytes:
        """States one row; returns the fragment's id."""
        return self._state(entity, source, key, values)

    def delete(self, entity: str, source: str, key: str) -> None:
        """Says that the source no longer has it."""
        self._state(entity, source, key, None)

    def erase(self, entity: str, source: str, key: str) -> None:
        """Says that nothing may be known of it; of a party, that it is nobody's record any more."""
        fragment_id = self._state(entity, source, key, None, erases=True)
        if (customer := self.state.customer_of(fragment_id)) is not None:
            self._commit({}, Writes(members={fragment_id: None}, customers={customer: 0}))

    def _state(
        self, entity: str, source: str, key: str, values: dict[str, Any] | None, *, erases: bool = False
    ) -> bytes:
        fragment_id = KEY.birth_id(source, entity, key)
        self._stamps += 1
        stamp = (self._stamps, self._stamps.to_bytes(16, "big"))
        before = self.state.fragments([fragment_id])
        statement = Statement(fragment_id, entity, source, key, fragment_id, stamp, values, False, erases)
        writes = Writes(fragments={fragment_id: fold(before.get(fragment_id), statement)})
        write_differences(before, writes)
        self._commit(before, writes)
        return fragment_id

    def join(self, *party_ids: bytes) -> bytes:
        """Makes one customer of party fragments, as identity would; returns its id."""
        customer = min(party_ids)
        self._commit(
            {}, Writes(members=dict.fromkeys(party_ids, customer), customers={customer: len(party_ids)})
        )
        return customer

    def _commit(self, before: dict[bytes, Fragment], writes: Writes) -> None:
        def reaching() -> Step:
            yield from reach(before, writes, set(writes.fragments))
            return writes

        offset = self.state.offset
        self.state.commit(drive(reaching(), self.state), offset, offset + 1)


class Purposes:
    """Sources and what their contracts allow; `core` and `crm` serve, `aml` does not."""

    def __init__(self, **allowed: Sequence[str]) -> None:
        self._allowed = {name: frozenset(purposes) for name, purposes in allowed.items()}

    def purposes_of(self, source: str) -> frozenset[str]:
        return self._allowed.get(source, frozenset())

    def sources(self) -> list[str]:
        return sorted(self._allowed)

    def classes(self) -> dict[str, dict[str, str]]:
        return {}

    def served(self) -> dict[str, tuple[str, ...]]:
        return {it: tuple(sorted(purposes)) for it, purposes in self._allowed.items()}

    def trusted(self) -> tuple[str, ...]:
        return ("core",)

    def fetchable(self) -> dict[str, tuple[Fetchable, ...]]:
        return {}


EVERYTHING = ("servicing", "marketing", "stewardship", "analytics", "compliance")
PURPOSES = Purposes(core=EVERYTHING, crm=EVERYTHING, aml=("fraud", "compliance"), onefold=EVERYTHING)


def permit(
    purpose: str = "servicing",
    *,
    action: str = "show_customer",
    role: str = "agent",
    fields: dict[str, str] | None = None,
) -> Permit:
    """A permit as the gate would mint it."""
    actor = Actor("somebody", (role,), CELL)
    return Permit(actor, role, purpose, "console", action, "v", fields or FULL, tells=REASONS)


def scope(bank: Bank, given: Permit | None = None) -> Scope:
    """What a permit may read of the bank."""
    return Scope(given or permit(), Gathered(bank.state), PURPOSES)


class Trail:
    """An audit in a list, which can be told to fail."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.failure: Exception | None = None

    def record(self, kind: str, **what: Any) -> str:
        if self.failure:
            raise self.failure
        self.records.append({"kind": kind, **what})
        return str(len(self.records))

    async def record_soon(self, kind: str, **what: Any) -> str:
        return self.record(kind, **what)


class StoppedClock:
    """A clock that is moved by hand."""

    def __init__(self, now: int = ms(20_000)) -> None:
        self.now = now

    def now_ms(self) -> int:
        return self.now


@contextmanager
def failing(trail: Trail, error: Exception):
    """Within it nothing can be written down."""
    trail.failure = error
    yield
    trail.failure = None
