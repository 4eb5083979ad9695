"""Hold deliveries against the quality rules of their contract: measured while they are read, or before.

A delivery is a file, or what one query answers at one time. It is measured before, and so read or asked for
twice, only where a rule of severity error could halt it: then nothing of one that breaks the rule is logged.
A database may answer otherwise the second time, so that answer is measured, too, and told. Whatever its rules
are, the values of a delivery are looked at for what they are not declared to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from onefold.kernel.errors import CallerError
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.model import Contract, QualityRule
from onefold.record.contracts.quality import Measured, Measuring, halts, stopping
from onefold.record.contracts.sensitive import Suspecting
from onefold.record.intake.bookmarks import Mark
from onefold.record.intake.documents.model import Folder
from onefold.record.intake.model import Offered
from onefold.usecases.load_file import OpenTable, Table
from onefold.usecases.pull_query import Answer, AskQuery, Window


class QualityFailed(CallerError):
    """A delivery breaks a quality rule that its contract does not let pass; nothing of it was taken."""

    code = "quality_failed"
    status = 422


class RuleResult(NamedTuple):
    """What a rule came to in one file, or in an answer, which has no file.

    `verdict` is holds, broken or not measured.
    """

    object: str
    file: str
    rule: str
    severity: str
    expected: str
    value: float
    verdict: str


class MeasuredTables:
    """Opens tables as `open_table` does, and keeps what their quality rules came to once they were read."""

    def __init__(self, open_table: OpenTable) -> None:
        self._open = open_table
        self._runs: list[tuple[str, str, Measuring]] = []
        self._looked = _Looked()

    def __call__(self, path: Path | Folder, compiled: CompiledObject) -> Table:
        """The table; `QualityFailed` where the whole file breaks a rule that halts it."""
        if stopping(compiled.item):
            _check(path.name, compiled, self._open(path, compiled))
        run, looked = Measuring(compiled.item), self._looked.of(compiled)
        self._runs.append((compiled.name, path.name, run))
        return _MeasuredTable(self._open(path, compiled), run, looked)

    def results(self, name: str) -> tuple[RuleResult, ...]:
        """What the rules of an object came to, file by file."""
        return tuple(
            _result(of, file, it) for of, file, run in self._runs if of == name for it in run.results()
        )

    def suspicions(self, name: str) -> tuple[str, ...]:
        """What the values of an object look like that they are not declared to be, a sentence each."""
        return self._looked.results(name)


class MeasuredAnswers:
    """Asks queries as `ask` does, and keeps what their quality rules came to once the answer was read.

    An answer without rows, where only what is new was asked for, is no delivery, and breaks nothing.
    """

    def __init__(self, ask: AskQuery) -> None:
        self._ask = ask
        self._runs: list[tuple[str, Measuring, bool]] = []
        self._looked = _Looked()

    def __call__(self, compiled: CompiledObject, window: Window) -> Answer:
        """The answer; `QualityFailed` where the whole of it breaks a rule that halts it."""
        whole = window == Window()
        if stopping(compiled.item):
            name = f"The answer to the query of {compiled.source}/{compiled.name}"
            _check(name, compiled, self._ask(compiled, window), may_be_empty=not whole)
        run, looked = Measuring(compiled.item), self._looked.of(compiled)
        self._runs.append((compiled.name, run, whole))
        return _MeasuredAnswer(self._ask(compiled, window), run, looked)

    def results(self, name: str) -> tuple[RuleResult, ...]:
        """What the rules of an object came to."""
        return tuple(
            _result(of, "", it)
            for of, run, whole in self._runs
            if of == name and (whole or run.rows)
            for it in run.results()
        )

    def suspicions(self, name: str) -> tuple[str, ...]:
        """What the values of an object look like that they are not declared to be, a sentence each."""
        return self._looked.results(name)


class _Looked:
    """What was looked at of each object: all its files or answers together."""

    def __init__(self) -> None:
        self._of: dict[str, Suspecting] = {}

    def of(self, compiled: CompiledObject) -> Suspecting:
        """What looks at the rows of an object."""
        return self._of.setdefault(compiled.name, Suspecting(compiled.item))

    def results(self, name: str) -> tuple[str, ...]:
        """A sentence for each property that looks like something else."""
        return tuple(map(str, self._of[name].results())) if name in self._of else ()


class _MeasuredAnswer:
    """An answer whose rows are measured as they pass."""

    def __init__(self, answer: Answer, run: Measuring, looked: Suspecting) -> None:
        self._answer = answer
        self._run = run
        self._looked = looked

    @property
    def given_rows(self) -> int:
        """How many rows were given so far."""
        return self._answer.given_rows

    @property
    def mark(self) -> Mark | None:
        """The cursor's value in the last row given."""
        return self._answer.mark

    @property
    def is_whole(self) -> bool:
        """Whether the database has answered to the end."""
        return self._answer.is_whole

    def __iter__(self) -> Iterator[Offered]:
        for offered in self._answer:
            if offered.row is not None:
                self._run.add(offered.row)
                self._looked.add(offered.row)
            yield offered


class _MeasuredTable:
    """A table whose rows are measured as they pass."""

    def __init__(self, table: Table, run: Measuring, looked: Suspecting) -> None:
        self._table = table
        self._run = run
        self._looked = looked
        self._behind_line = 0

    @property
    def size_bytes(self) -> int:
        """Size of the file."""
        return self._table.size_bytes

    @property
    def read_bytes(self) -> int:
        """How much of it was read."""
        return self._table.read_bytes

    @property
    def is_whole(self) -> bool:
        """Whether the file was read to its end."""
        return self._table.is_whole

    def end_of(self, line: int) -> int:
        """How many bytes of the file decide what rows up to a line are."""
        return self._table.end_of(line)

    def begin_behind(self, line: int, offset: int) -> None:
        """Gives rows behind a line alone; where there are rules, all of them are measured."""
        if self._run.has_rules:
            self._behind_line = line
        else:
            self._table.begin_behind(line, offset)

    def digest_of(self, offset: int) -> str:
        """What tells the bytes up to an offset from others."""
        return self._table.digest_of(offset)

    def __iter__(self) -> Iterator[Offered]:
        add, look = self._run.add, self._looked.add
        for offered in self._table:
            if offered.row is not None:
                add(offered.row)
                look(offered.row)
            if offered.line > self._behind_line:
                yield offered


def deprecation(contract: Contract) -> str:
    """What to tell whoever delivers under a contract that will end; empty for one that is active."""
    if contract.status != "deprecated":
        return ""
    return f"{contract.source} {contract.version} is deprecated: its owner, {contract.owner}, will retire it."


def _check(
    name: str, compiled: CompiledObject, rows: Iterable[Offered], *, may_be_empty: bool = False
) -> None:
    run = Measuring(compiled.item)
    for offered in rows:
        if offered.row is not None:
            run.add(offered.row)
    if may_be_empty and not run.rows:
        return
    failed = [
        (rule, it)
        for rule, it in zip(compiled.item.quality, run.results(), strict=True)
        if halts(rule) and it.holds is not True
    ]
    if failed:
        raise QualityFailed(
            f"{name} breaks {len(failed)} quality rule{'s' if len(failed) != 1 else ''}.",
            detail=" ".join(_said(rule, it) for rule, it in failed),
            hint="Nothing of it was taken; have the source mend its data, or change the rule.",
        )


def _said(rule: QualityRule, it: Measured) -> str:
    found = "was not measured, there are too many rows" if it.holds is None else f"came to {it.value:g}"
    return f"{rule.name} must be {it.expected} and {found}."


def _result(name: str, file: str, it: Measured) -> RuleResult:
    verdict = {True: "holds", False: "broken", None: "not measured"}[it.holds]
    return RuleResult(name, file, it.rule, it.severity, it.expected, it.value, verdict)
