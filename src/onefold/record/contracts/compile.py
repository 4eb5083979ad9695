"""A contract's object made fast: rows are checked, minimised and mapped by closures built once.

`check` runs at the door, `values` both at the door (a trial, so that nothing unmappable is logged) and
after the log, on the minimised row. Both are pure functions of the contract, the cell key and the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any

import msgspec

from onefold.record.canon.entities import ENTITIES
from onefold.record.canon.identifiers import PROOFS
from onefold.record.canon.restrictions import RESTRICTING, waives
from onefold.record.canon.vocabulary import MANDATORY, VOCABULARY
from onefold.record.contracts.access import MISSING, Getter, getter
from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.contracts.keys import BirthIds, key_text
from onefold.record.contracts.model import Contract, ObjectContract, Rule, Subject
from onefold.record.contracts.rows import RowCheck
from onefold.record.contracts.texts import Transform, plain
from onefold.record.contracts.transforms import TRANSFORMS
from onefold.record.log.model import EventKind

Row = dict[str, Any]
Values = dict[str, Any]
_DECODE = msgspec.json.Decoder(Row).decode


class CompiledObject:
    """One object of one contract version in one cell."""

    def __init__(self, contract: Contract, item: ObjectContract, ids: BirthIds) -> None:
        self.contract = contract
        self.item = item
        self.source = contract.source
        self.name = item.name
        self.address = f"{contract.source}/{item.name}"
        self.entity = item.entity
        self.kind = item.kind
        self.also: tuple[CompiledObject, ...] = ()
        self._flat = item.flat
        self._ids = ids
        self._birth_id = ids.fresh(contract.source, item.entity)
        self._birth_ids = ids.of_many(contract.source, item.entity)
        self._rows = RowCheck(item, contract.source, ids.cell_key)
        self._key = tuple(getter(path, flat=self._flat) for path in item.key)
        self._single_key = item.key[0] if len(item.key) == 1 and self._flat else ""
        self._parts = itemgetter(*item.key) if len(item.key) > 1 and self._flat else None
        self._subjects = tuple(self._subject(subject) for subject in item.subjects)
        self._occurred = self._get(item.occurred, "") if item.occurred else None
        self._deleted = getter(item.deleted.path, flat=self._flat) if item.deleted else None
        fetched = item.fetched_fields
        rules = {
            field: rule
            for field, rule in item.rules.items()
            if field not in fetched and not _claims(contract, item, field)
        }
        self.constants = {field: rule.const for field, rule in rules.items() if _is_constant(rule)}
        self.constants |= _proofs(contract, item)
        self._simple: list[tuple[str, str, Transform]] = []
        self._general: list[tuple[str, Getter]] = []
        self.event_times: list[str] = []
        for field, rule in rules.items():
            self._place(field, rule)
        whole = item.kind is EventKind.UPSERT
        self.mandatory = tuple(sorted(MANDATORY.get(item.entity, ()))) if whole else ()
        self._grants = item.entity == "consent"

    # ------------------------------------------------------------------ at the door

    def check(self, row: Row) -> Row:
        """The row as it may be kept, properties in declared order; `RowFault` when it breaks the contract."""
        return self._rows.check(row)

    @property
    def takes_columns(self) -> bool:
        """Whether rows of it may be taken together (`columns.py`): whole rows that can take nothing away."""
        whole = self.kind is EventKind.UPSERT and self._deleted is None and not self.also
        return whole and self._rows.takes_columns and self.entity not in RESTRICTING

    def odd_in(self, columns: dict[str, list[Any]]) -> set[int]:
        """The numbers of rows that `check` finds fault with, in columns of scalars."""
        return self._rows.odd_in(columns)

    def redact(self, row: Row) -> Row:
        """The same minimising without any check, for rows that go to quarantine."""
        return self._rows.redact(row)

    @property
    def keeps_lines(self) -> bool:
        """Whether an unreadable line may be kept whole: nothing in it would have been dropped or hidden."""
        return self._rows.keeps_all

    @property
    def is_documents(self) -> bool:
        """Whether each of its files is one document, and many of them are one delivery."""
        return self.item.file is not None and self.item.file.documents is not None

    @property
    def manifest_name(self) -> str:
        """What the file beside its documents is called that says what they are about; empty for none."""
        documents = self.item.file.documents if self.item.file else None
        return documents.manifest.name if documents and documents.manifest else ""

    def key(self, row: Row) -> str | None:
        """The source's key, None when a part of it is empty."""
        if self._single_key:
            raw = row.get(self._single_key)
            if type(raw) is str and len(raw) < 128:
                raw = raw.strip()
                return self.item.key_prefix + raw if raw else None
        try:
            parts = self._parts(row) if self._parts is not None else tuple(get(row) for get in self._key)
        except KeyError:
            # One of them is not spoken of.
            parts = tuple(get(row) for get in self._key)
        return key_text(parts, self.item.key_prefix)

    def fragment_id(self, key: str) -> bytes:
        """The birth id of the thing under that key."""
        return self._birth_id(key)

    def fragment_ids(self, keys: Iterable[str]) -> list[bytes]:
        """The same of many."""
        return self._birth_ids(keys)

    def subject_id(self, row: Row) -> bytes:
        """Whose data key encrypts the row: the first subject of the contract that the row names."""
        for subject in self._subjects:
            found = subject(row)
            if found is not None:
                return found
        raise RowFault(Reason.SUBJECT_MISSING, ", ".join(self.item.subjects[0].sources))

    def occurred_at(self, row: Row) -> int | None:
        """When it happened as the row says; None when the contract or the row does not say."""
        if self._occurred is None:
            return None
        try:
            found: Any = self._occurred(row)
        except RowFault as fault:
            raise RowFault(fault.reason, self._source_of("occurredAt")) from None
        return None if found is MISSING else found

    def is_deleted(self, row: Row) -> bool:
        """Whether the row says that the thing is gone."""
        if self._deleted is None or self.item.deleted is None:
            return False
        raw = self._deleted(row)
        return raw is not None and raw is not MISSING and plain(raw) in self.item.deleted.values

    # ------------------------------------------------------------------ after the log

    def values(self, row: Row, occurred_at: int, *, whole: bool = True) -> Values:
        """Canonical field → value of a minimised row; in a patch None clears a field.

        Without `whole` a restriction may lack what would only narrow it.
        """
        out = dict(self.constants)
        for field in self.event_times:
            out[field] = occurred_at
        field = ""
        try:
            for field, path, transform in self._simple:
                raw = row.get(path)
                if raw is not None and raw != "" and (value := transform(raw)) is not None:
                    out[field] = value
            for field, get in self._general:
                # None here comes from patches alone and clears the field.
                if (value := get(row)) is not MISSING:
                    out[field] = value
        except RowFault as fault:
            raise RowFault(self._reason(fault.reason, field), self._source_of(field)) from None
        for field in self.mandatory:
            if field not in out and (whole or not waives(self.entity, field, out)):
                raise RowFault(Reason.REQUIRED_MISSING, self._source_of(field))
        if self._grants and out.get("fact") == "granted" and not ("evidence" in out and "given_at" in out):
            raise RowFault(Reason.UNPROVEN_GRANT, "evidence")
        return out

    @property
    def mapped(self) -> dict[str, Getter | tuple[tuple[str, ...], Transform]]:
        """What `values` makes of a row of columns, apart from constants and times of the event.

        By field: a function of the row, or columns and the transform of them where the first is not empty.
        """
        found: dict[str, Getter | tuple[tuple[str, ...], Transform]] = dict(self._general)
        found |= {field: ((path,), transform) for field, path, transform in self._simple}
        for field in dict(self._general):
            rule = self.item.rules[field]
            if rule.otherwise is None and rule.transform not in {"", "join"}:
                found[field] = (rule.sources, self._transform(rule, field))
        return found

    def read(self, body: bytes, occurred_at: int) -> tuple[str, Values]:
        """Key and canonical values of a logged body: what the pipeline calls."""
        row = _DECODE(body)
        return self.key(row) or "", self.values(row, occurred_at, whole=False)

    def legible(self, row: Row, occurred_at: int) -> tuple[Values, set[str]]:
        """What can be read of a row that breaks its contract, and the properties that cannot."""
        out = self.constants | dict.fromkeys(self.event_times, occurred_at)
        unread: set[str] = set()
        gets = [(field, self._get(self.item.rules[field], field)) for field, _, _ in self._simple]
        for field, get in (*gets, *self._general):
            try:
                if (value := get(row)) is not MISSING and value is not None:
                    out[field] = value
            except RowFault:
                rule: Rule | None = self.item.rules[field]
                while rule is not None:
                    unread.update(rule.sources)
                    rule = rule.otherwise
        return out, unread

    # ------------------------------------------------------------------ building

    def _place(self, field: str, rule: Rule) -> None:
        if _is_constant(rule):
            return
        if rule.event_time:
            self.event_times.append(field)
            return
        single = len(rule.sources) == 1 and rule.otherwise is None
        if single and self._flat and self.kind is EventKind.UPSERT:
            self._simple.append((field, rule.sources[0], self._transform(rule, field)))
        else:
            self._general.append((field, self._get(rule, field)))

    def _get(self, rule: Rule, field: str) -> Getter:
        """A function from row to value, or to MISSING where the row does not speak of it."""
        if rule.otherwise is not None:
            first, second = self._get_one(rule, field), self._get(rule.otherwise, field)

            def either(row: Row) -> Any:
                value = first(row)
                if value is not None and value is not MISSING:
                    return value
                instead = second(row)
                return instead if instead is not MISSING else value

            return either
        return self._get_one(rule, field)

    def _get_one(self, rule: Rule, field: str) -> Getter:
        if not rule.transform:
            return lambda _: rule.const
        transform = self._transform(rule, field)
        gets = tuple(getter(path, flat=self._flat) for path in rule.sources)
        clears = self.kind is EventKind.PATCH
        if len(gets) == 1:
            get = gets[0]

            def one(row: Row) -> Any:
                raw = get(row)
                if raw is None or raw == "":
                    return None if clears else MISSING
                if raw is MISSING:
                    return MISSING
                value = transform(raw)
                return MISSING if value is None else value

            return one

        def many(row: Row) -> Any:
            raws = [None if (raw := get(row)) is MISSING else raw for get in gets]
            if raws[0] in (None, "") and rule.transform != "join":
                return MISSING
            value = transform(*raws)
            return MISSING if value is None else value

        return many

    def _transform(self, rule: Rule, field: str) -> Transform:
        if rule.transform == "ref":
            built = self._reference(rule, field)
        elif rule.transform == "fragment":
            built = _fragment
        else:
            build = TRANSFORMS[rule.transform].build
            assert build is not None, rule.transform
            built = build(rule.options)
        words = VOCABULARY.get((self.entity, field))
        if words is not None and rule.transform not in {"values", "sign"}:
            built = _within(built, words)
        return _unless_absent(built, frozenset(self.item.absent)) if self.item.absent else built

    def _reference(self, rule: Rule, field: str) -> Transform:
        entity = ENTITIES[self.entity].fields[field].to
        prefix = rule.options.get("prefix", "")
        if other := rule.options.get("object"):
            prefix = self.contract.objects[other].key_prefix
        birth_id = self._ids.of(rule.options.get("source") or self.source, entity)

        def apply(*parts: Any) -> bytes | None:
            key = key_text(parts, prefix)
            return birth_id(key) if key else None

        return apply

    def _subject(self, subject: Subject) -> Callable[[Row], bytes | None]:
        gets = tuple(getter(path, flat=self._flat) for path in subject.sources)
        if subject.by_id:
            return lambda row: _fragment(raw) if (raw := gets[0](row)) and raw is not MISSING else None
        prefix = self.contract.objects[subject.object].key_prefix if subject.object else subject.prefix
        birth_id = self._ids.of(subject.source or self.source, subject.entity)
        if len(subject.sources) == 1:
            get = gets[0]

            def find_one(row: Row) -> bytes | None:
                raw = get(row)
                key = None if raw is MISSING else key_text((raw,), prefix)
                return birth_id(key) if key else None

            return find_one

        def find(row: Row) -> bytes | None:
            raws = tuple(get(row) for get in gets)
            if MISSING in raws:
                return None
            key = key_text(raws, prefix)
            return birth_id(key) if key else None

        return find

    def _source_of(self, field: str) -> str:
        """The property a field is made of: what the people at the source know it as."""
        rule = self.item.occurred if field == "occurredAt" else self.item.rules.get(field)
        return ", ".join(rule.sources) if rule and rule.sources else field

    def _reason(self, reason: Reason, field: str) -> Reason:
        if reason is Reason.UNKNOWN_VALUE and (self.entity, field) == ("consent", "purpose"):
            return Reason.UNKNOWN_PURPOSE
        return reason


def _claims(contract: Contract, item: ObjectContract, field: str) -> bool:
    """Whether a rule would let rows call something proven that only a trusted source can prove."""
    proof = item.entity == "party" and field in PROOFS
    return proof and (field == "identifiers_verified" or not contract.trusted)


def _proofs(contract: Contract, item: ObjectContract) -> Values:
    """What the contract's `trusted` says of every party; a patch takes back what an older version said."""
    if item.entity != "party":
        return {}
    if contract.trusted:
        return {"identifiers_verified": True}
    return dict.fromkeys(PROOFS) if item.kind is EventKind.PATCH else {}


def _is_constant(rule: Rule) -> bool:
    return not rule.transform and not rule.event_time


def _fragment(raw: Any) -> bytes:
    """The id of a fragment as 32 hex digits, in rows that Onefold itself writes."""
    try:
        found = bytes.fromhex(raw)
    except (TypeError, ValueError):
        found = b""
    if len(found) != 16:
        raise RowFault(Reason.BAD_REFERENCE)
    return found


def _within(transform: Transform, words: frozenset[str]) -> Transform:
    def apply(*raws: Any) -> Any:
        value = transform(*raws)
        if value is not None and value not in words:
            raise RowFault(Reason.UNKNOWN_VALUE)
        return value

    return apply


def _unless_absent(transform: Transform, absent: frozenset[str]) -> Transform:
    def apply(*raws: Any) -> Any:
        if type(raws[0]) is str and raws[0].strip() in absent:
            return None
        return transform(*raws)

    return apply
