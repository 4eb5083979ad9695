"""Quality rules of ODCS (`type: library`): read from the contract, held against rows and against whole files.

A library rule is a metric with one operator: how many values are null, missing, invalid or duplicate, or how
many rows there are, in rows or in percent of the rows. Two kinds follow from that:

* **of one row**: of severity error, and no row may break it (null, missing or invalid values, `mustBe: 0`).
  Each row that does is quarantined at every door, and the others are let in.
* **of a delivery**: all others. They are measured over a file, or over what a query answers. Of severity
  error they halt it: one that breaks them is refused before anything of it is logged. Info and warning are
  told and keep nothing out.

Rules of `type: text`, `sql` and `custom` are for people and other engines; they are not run here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from onefold.record.contracts.access import MISSING, getter
from onefold.record.contracts.errors import BadOption
from onefold.record.contracts.model import ObjectContract, QualityRule, Severity
from onefold.record.contracts.patterns import matcher
from onefold.record.contracts.reading import Faults, Reader
from onefold.record.contracts.texts import plain

DISTINCT_MOST = 2_000_000
"""Values whose repetition is watched in one file; a rule beyond that is left unmeasured, and says so."""

_ENTRIES = (
    "name", "id", "description", "metric", "arguments", "unit", "severity", "dimension", "type", "method",
    "schedule", "scheduler", "businessImpact", "tags", "customProperties", "authoritativeDefinitions",
)  # fmt: skip
_ARGUMENTS = {
    "nullValues": (),
    "missingValues": ("missingValues",),
    "invalidValues": ("validValues", "pattern"),
    "duplicateValues": ("properties",),
    "rowCount": (),
}
_BY_ROW = frozenset({"nullValues", "missingValues", "invalidValues"})
_HOLDS: dict[str, Callable[[float, tuple[float, ...]], bool]] = {
    "mustBe": lambda value, limits: value == limits[0],
    "mustNotBe": lambda value, limits: value != limits[0],
    "mustBeGreaterThan": lambda value, limits: value > limits[0],
    "mustBeGreaterOrEqualTo": lambda value, limits: value >= limits[0],
    "mustBeLessThan": lambda value, limits: value < limits[0],
    "mustBeLessOrEqualTo": lambda value, limits: value <= limits[0],
    "mustBeBetween": lambda value, limits: limits[0] <= value <= limits[1],
    "mustNotBeBetween": lambda value, limits: not limits[0] <= value <= limits[1],
}
_SAID = {
    "mustBe": "",
    "mustNotBe": "other than ",
    "mustBeGreaterThan": "more than ",
    "mustBeGreaterOrEqualTo": "at least ",
    "mustBeLessThan": "less than ",
    "mustBeLessOrEqualTo": "at most ",
    "mustBeBetween": "between ",
    "mustNotBeBetween": "not between ",
}


class Measured(msgspec.Struct, frozen=True):
    """A rule over one delivery: `value` of `rows`, and whether it holds; None where it was not measured."""

    rule: str
    severity: str
    expected: str
    value: float
    rows: int
    holds: bool | None


# ------------------------------------------------------------------ reading


def read_quality(reader: Reader) -> tuple[QualityRule, ...]:
    """The library rules of an object and of its properties."""
    found = _rules(reader, "")
    _of_properties(reader, "", found)
    return tuple(found)


def _of_properties(reader: Reader, before: str, found: list[QualityRule]) -> None:
    for item in reader.readers("properties"):
        path = before + item.text("name")
        found += _rules(item, path)
        if item.raw("properties"):
            _of_properties(item, path + ".", found)


def _rules(reader: Reader, path: str) -> list[QualityRule]:
    rules = []
    for item in reader.readers("quality"):
        if item.text("type", "library") != "library":
            continue
        rule = _rule(item, path)
        if rule is not None:
            rules.append(rule)
    return rules


def _rule(item: Reader, path: str) -> QualityRule | None:
    metric, faults = item.text("metric"), item.faults
    if not faults.known(item.at("metric"), metric, _ARGUMENTS, "metric"):
        return None
    arguments = item.reader("arguments")
    arguments.only(_ARGUMENTS[metric])
    item.only((*_ENTRIES, *_HOLDS))
    operators = [it for it in _HOLDS if it in item]
    limits = _limits(item.raw(operators[0])) if len(operators) == 1 else ()
    if not limits:
        faults.add(item.place, f"must have one operator with a number: {', '.join(_HOLDS)}")
        return None
    unit = item.text("unit", "rows")
    faults.known(item.at("unit"), unit, ("rows", "percent"), "unit")
    paths = (path,) if path else arguments.texts("properties")
    if metric == "rowCount":
        paths = ()
    elif not paths:
        faults.add(item.place, f"{metric} needs a property; state it there, or in arguments.properties")
        return None
    valid, missing = arguments.raw("validValues"), arguments.raw("missingValues", [None, ""])
    rule = QualityRule(
        name=item.text("name") or item.text("id") or f"{metric} of {', '.join(paths) or 'the rows'}",
        metric=metric,
        paths=paths,
        operator=operators[0],
        limits=limits,
        percent=unit == "percent",
        severity=item.word("severity", Severity, Severity.WARNING) or Severity.WARNING,
        valid=tuple(plain(it) for it in valid if not isinstance(it, dict | list | None))
        if isinstance(valid, list)
        else (),
        pattern=arguments.text("pattern"),
        missing=tuple(None if it is None else str(it) for it in missing) if isinstance(missing, list) else (),
        about=item.text("description"),
    )
    return rule if _is_usable(rule, item.place, faults) else None


def _is_usable(rule: QualityRule, place: str, faults: Faults) -> bool:
    if rule.metric == "invalidValues" and not rule.valid and not rule.pattern:
        faults.add(place, "says not what is valid; write arguments.validValues or arguments.pattern")
        return False
    try:
        matcher(rule.pattern)
    except BadOption as error:
        faults.add(f"{place}.arguments.pattern", f"cannot be held against values: {error}; mend it")
        return False
    return True


def _limits(value: Any) -> tuple[float, ...]:
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(it, int | float) and not isinstance(it, bool) for it in values):
        return ()
    return tuple(float(it) for it in values)


def is_of_row(rule: QualityRule) -> bool:
    """Whether one row alone can break it, so that the row is kept out and not the file."""
    none_may = (rule.operator, rule.limits) in (
        ("mustBe", (0.0,)),
        ("mustBeLessOrEqualTo", (0.0,)),
        ("mustBeLessThan", (1.0,)),
    )
    return rule.severity is Severity.ERROR and rule.metric in _BY_ROW and none_may


def halts(rule: QualityRule) -> bool:
    """Whether a delivery that breaks it is refused whole."""
    return rule.severity is Severity.ERROR and not is_of_row(rule)


# ------------------------------------------------------------------ measuring


def breaker(rule: QualityRule, *, flat: bool) -> Callable[[dict[str, Any]], bool]:
    """A function that tells whether a row breaks a rule about single values."""
    gets = tuple(getter(path, flat=flat) for path in rule.paths)
    bad = _bad_value(rule)
    return lambda row: any(bad(get(row)) for get in gets)


def _bad_value(rule: QualityRule) -> Callable[[Any], bool]:
    if rule.metric == "nullValues":
        return lambda raw: raw is None or raw is MISSING or raw == ""
    if rule.metric == "missingValues":
        absent = None in rule.missing
        words = frozenset(it for it in rule.missing if it is not None)
        return lambda raw: absent if raw is None or raw is MISSING else _text(raw) in words
    valid = frozenset(rule.valid)
    fits = matcher(rule.pattern) if rule.pattern else None

    def is_invalid(raw: Any) -> bool:
        if raw is None or raw is MISSING or raw == "":
            return False
        text = _text(raw)
        return bool(valid and text not in valid) or (fits is not None and not fits(text))

    return is_invalid


def _text(raw: Any) -> str:
    return repr(raw) if isinstance(raw, dict | list) else plain(raw)


class Measuring:
    """Measures the rules of one object over the rows of one delivery; holds digests of values, no values."""

    def __init__(self, item: ObjectContract) -> None:
        self._rules = item.quality
        self._rows = 0
        self._bad = [0] * len(item.quality)
        self._tests: list[tuple[int, Callable[[dict[str, Any]], bool]]] = []
        self._seen: list[tuple[int, tuple[Callable[[dict[str, Any]], Any], ...], set[int]]] = []
        for at, rule in enumerate(item.quality):
            if rule.metric in _BY_ROW:
                self._tests.append((at, breaker(rule, flat=item.flat)))
            elif rule.metric == "duplicateValues":
                self._seen.append((at, tuple(getter(it, flat=item.flat) for it in rule.paths), set()))

    def add(self, row: dict[str, Any]) -> None:
        """Takes one row as it was offered."""
        self._rows += 1
        for at, breaks in self._tests:
            if breaks(row):
                self._bad[at] += 1
        for at, gets, seen in self._seen:
            values = tuple(get(row) for get in gets)
            if all(it is None or it is MISSING or it == "" for it in values) or len(seen) >= DISTINCT_MOST:
                continue
            digest = hash(tuple(_text(it) for it in values if it is not None and it is not MISSING))
            if digest in seen:
                self._bad[at] += 1
            seen.add(digest)

    @property
    def has_rules(self) -> bool:
        """Whether there is anything to measure."""
        return bool(self._rules)

    @property
    def rows(self) -> int:
        """How many rows were added."""
        return self._rows

    def results(self) -> tuple[Measured, ...]:
        """Each rule of the object and whether it holds for what was added."""
        full = {at for at, _, seen in self._seen if len(seen) >= DISTINCT_MOST}
        return tuple(self._result(at, rule, at not in full) for at, rule in enumerate(self._rules))

    def _result(self, at: int, rule: QualityRule, is_measured: bool) -> Measured:
        count = float(self._rows if rule.metric == "rowCount" else self._bad[at])
        value = 100.0 * count / self._rows if rule.percent and self._rows else count
        holds = _HOLDS[rule.operator](value, rule.limits) if is_measured else None
        return Measured(rule.name, rule.severity.value, expected(rule), value, self._rows, holds)


def expected(rule: QualityRule) -> str:
    """What the rule wants, in words: `at most 5 % invalid values`."""
    numbers = " and ".join(f"{it:g}" for it in rule.limits)
    unit = " %" if rule.percent else ""
    what = {"rowCount": "rows"}.get(rule.metric, rule.metric.replace("Values", " values"))
    return f"{_SAID[rule.operator]}{numbers}{unit} {what}"


def stopping(item: ObjectContract) -> bool:
    """Whether a delivery of the object must be measured before anything of it is let in."""
    return any(halts(rule) for rule in item.quality)


def broken(results: Iterable[Measured]) -> tuple[Measured, ...]:
    """Those that do not hold."""
    return tuple(it for it in results if it.holds is False)
