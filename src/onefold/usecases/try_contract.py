"""Try a contract on a sample before it goes live: what would be let in, what not and why, what comes of it.

Nothing is stored, and nothing of the sample is repeated: counts, names of fields, numbers of lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from onefold.kernel.errors import CallerError
from onefold.kernel.ids import CellKey
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import Reason
from onefold.record.contracts.model import CALLS
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.quality import Measured, Measuring
from onefold.record.contracts.registry import CompiledContract, Contracts
from onefold.record.contracts.sensitive import Suspecting, Suspicion
from onefold.record.intake.model import Offered, Row
from onefold.record.intake.prepare import Moment, Preparer
from onefold.record.intake.segment import parse_call
from onefold.usecases.load_file import OpenTable

_TRIAL_KEY = CellKey(bytes(32))


class Held(NamedTuple):
    """Rows that would not be let in for one reason at one field; `line` is the first of them."""

    object: str
    reason: str
    about: str
    field: str
    rows: int
    line: int


class Filled(NamedTuple):
    """How many of the events of an entity would have a canonical field."""

    entity: str
    field: str
    filled: int
    events: int


class Tried(NamedTuple):
    """What the sample would come to."""

    contract: str
    rows: int
    accepted: int
    held: tuple[Held, ...]
    filled: tuple[Filled, ...]
    quality: tuple[Measured, ...]
    suspicions: tuple[Suspicion, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether every row would be let in, and every quality rule of severity error holds."""
        stopped = any(it.holds is False and it.severity == "error" for it in self.quality)
        return self.rows == self.accepted and not stopped


def try_contract(
    file: tuple[str, bytes], sample: Path, open_table: OpenTable, now: int, object_name: str = ""
) -> Tried:
    """The sample of one object, or of calls, as the door would take it at `now` (milliseconds)."""
    contract = parse_contract(file[1], file[0])
    compiled = CompiledContract(contract, Contracts(_TRIAL_KEY).ids)
    if not sample.is_file():
        raise CallerError(f"There is no file {sample}.")
    found = _object(compiled, sample.name, object_name)
    trial = _Trial(Moment(now, now))
    if found is not None:
        measuring, suspecting = Measuring(found.item), Suspecting(found.item)
        for offered in open_table(sample, found):
            if offered.row is not None:
                measuring.add(offered.row)
                suspecting.add(offered.row)
            trial.take(found, offered)
        tried = trial.result(f"{contract.source} {contract.version}", measuring.results())
        return tried._replace(suspicions=suspecting.results())
    for number, line in enumerate(_lines(sample), 1):
        trial.call(compiled, line, number)
    return trial.result(f"{contract.source} {contract.version}", ())


def _object(compiled: CompiledContract, name: str, object_name: str) -> CompiledObject | None:
    """The object of the sample; None where the sample is of calls, each of which says what it is."""
    if object_name:
        return compiled.object(object_name)
    fitting = [it for it in compiled.objects.values() if it.item.fits(name)]
    if len(fitting) == 1:
        return fitting[0]
    calls = any(it.partition(":")[0] in CALLS for it in compiled.objects)
    if calls and not fitting and name.endswith((".jsonl", ".ndjson")):
        return None
    raise CallerError(
        f"The contract does not say what {name} holds.",
        detail=f"Objects: {', '.join(compiled.objects)}.",
        hint="Name the object with --object.",
    )


def _lines(sample: Path) -> Iterator[bytes]:
    with sample.open("rb") as lines:
        yield from (line.strip() for line in lines)


class _Trial:
    """Counts what becomes of rows."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._preparers: dict[CompiledObject, Preparer] = {}
        self._rows = self._accepted = 0
        self._held: dict[tuple[str, str, str, str], list[int]] = {}
        self._filled: dict[tuple[str, str], int] = {}
        self._events: dict[str, int] = {}

    def take(self, found: CompiledObject, offered: Offered) -> None:
        """One row of an object."""
        preparer = self._preparers.get(found)
        if preparer is None:
            preparer = self._preparers[found] = Preparer(found, _TRIAL_KEY)
        self._count(preparer.prepare(offered, self._moment), offered.line)

    def call(self, contract: CompiledContract, line: bytes, number: int) -> None:
        """One line that is a call, such as {"type": "track", …}."""
        if not line:
            return
        try:
            name, event, offered = parse_call("", line)
        except CallerError:
            self._hold("", Reason.BAD_JSON, "", number)
            return
        offered.line = number
        found = contract.call(name, event)
        if found is None:
            self._hold(name, offered.fault or Reason.UNKNOWN_CALL, "type", number)
        else:
            self.take(found, offered)

    def result(self, contract: str, quality: tuple[Measured, ...]) -> Tried:
        """The account."""
        held = [Held(*names, rows=rows, line=line) for names, (rows, line) in self._held.items()]
        filled = [
            Filled(entity, field, count, self._events[entity])
            for (entity, field), count in sorted(self._filled.items())
        ]
        held.sort(key=lambda it: -it.rows)
        return Tried(contract, self._rows, self._accepted, tuple(held), tuple(filled), quality)

    def _count(self, row: Row, line: int) -> None:
        if row.fault is not None:
            self._hold(row.object, row.fault.reason, row.fault.field, line)
            return
        self._rows += 1
        self._accepted += 1
        for event in row.events:
            _, values = event.object.read(event.body, event.occurred_at)
            entity = event.object.entity
            self._events[entity] = self._events.get(entity, 0) + 1
            for field, value in values.items():
                if value is not None:
                    self._filled[entity, field] = self._filled.get((entity, field), 0) + 1

    def _hold(self, name: str, reason: Reason, field: str, line: int) -> None:
        self._rows += 1
        self._held.setdefault((name, reason.value, reason.about, field), [0, line])[0] += 1
