"""Hold files against the quality rules of their contract: measured while they are read, or before.

Before, and the file is read twice, only where a rule of severity error could halt it: then nothing of a file
that breaks the rule is logged.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from onefold.kernel.errors import CallerError
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.model import Contract, QualityRule
from onefold.record.contracts.quality import Measured, Measuring, halts, stopping
from onefold.record.intake.model import Offered
from onefold.usecases.load_file import OpenTable, Table


class QualityFailed(CallerError):
    """A file breaks a quality rule that its contract does not let pass; nothing of it was taken."""

    code = "quality_failed"
    status = 422


class RuleResult(NamedTuple):
    """What a rule came to in one file: `verdict` is holds, broken or not measured."""

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

    def __call__(self, path: Path, compiled: CompiledObject) -> Table:
        """The table; `QualityFailed` where the whole file breaks a rule that halts it."""
        if not compiled.item.quality:
            return self._open(path, compiled)
        if stopping(compiled.item):
            self._check(path, compiled)
        run = Measuring(compiled.item)
        self._runs.append((compiled.name, path.name, run))
        return _MeasuredTable(self._open(path, compiled), run)

    def results(self, name: str) -> tuple[RuleResult, ...]:
        """What the rules of an object came to, file by file."""
        return tuple(
            _result(of, file, it) for of, file, run in self._runs if of == name for it in run.results()
        )

    def _check(self, path: Path, compiled: CompiledObject) -> None:
        run = Measuring(compiled.item)
        for offered in self._open(path, compiled):
            if offered.row is not None:
                run.add(offered.row)
        failed = [
            (rule, it)
            for rule, it in zip(compiled.item.quality, run.results(), strict=True)
            if halts(rule) and it.holds is not True
        ]
        if failed:
            raise QualityFailed(
                f"{path.name} breaks {len(failed)} quality rule{'s' if len(failed) != 1 else ''}.",
                detail=" ".join(_said(rule, it) for rule, it in failed),
                hint="Nothing of it was taken; ask the source for a better file, or change the rule.",
            )


class _MeasuredTable:
    """A table whose rows are measured as they pass."""

    def __init__(self, table: Table, run: Measuring) -> None:
        self._table = table
        self._run = run
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
        """Gives rows behind a line alone; all of them are measured."""
        self._behind_line = line

    def digest_of(self, offset: int) -> str:
        """What tells the bytes up to an offset from others."""
        return self._table.digest_of(offset)

    def __iter__(self) -> Iterator[Offered]:
        add = self._run.add
        for offered in self._table:
            if offered.row is not None:
                add(offered.row)
            if offered.line > self._behind_line:
                yield offered


def deprecation(contract: Contract) -> str:
    """What to tell whoever delivers under a contract that will end; empty for one that is active."""
    if contract.status != "deprecated":
        return ""
    return f"{contract.source} {contract.version} is deprecated: its owner, {contract.owner}, will retire it."


def _said(rule: QualityRule, it: Measured) -> str:
    found = "was not measured, the file is too large" if it.holds is None else f"came to {it.value:g}"
    return f"{rule.name} must be {it.expected} and {found}."


def _result(name: str, file: str, it: Measured) -> RuleResult:
    verdict = {True: "holds", False: "broken", None: "not measured"}[it.holds]
    return RuleResult(name, file, it.rule, it.severity, it.expected, it.value, verdict)
