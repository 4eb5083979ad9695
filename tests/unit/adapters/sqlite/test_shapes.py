"""Fragments as rows: every one comes back as it was, plain ones in few bytes, also under a later model."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.adapters.sqlite.shapes import WHOLE, Shapes
from onefold.customer.fragments.model import Fragment, Values
from onefold.kernel.canonical import canonical_bytes
from onefold.record.canon.entities import ENTITIES, Entity, Field, FieldClass, FieldType

ID, SUBJECT, EVENT = b"f" * 16, b"s" * 16, b"e" * 16
AT = 1_780_000_000_000
PAYMENT: Values = {
    "account": SUBJECT,
    "amount": 1200,
    "booked_at": AT,
    "currency": "UZS",
    "direction": "debit",
}


@pytest.fixture
def base() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE shapes (code INTEGER PRIMARY KEY, body BLOB NOT NULL UNIQUE)")
        yield connection


def fragment(row: Values | None, entity: str = "transaction", **others: Any) -> Fragment:
    said = {"patches": {}, "row_stamp": (AT, EVENT), **others}
    return Fragment(
        fragment_id=ID, entity=entity, source="core", key="T1", subject_id=SUBJECT, row=row, **said
    )


def written(base: sqlite3.Connection, it: Fragment) -> tuple[int, bytes]:
    writer = Shapes()
    writer.prepare(base, [it])
    return writer.encode(it)


def read(base: sqlite3.Connection, code: int, body: bytes) -> Fragment:
    return Shapes().decode(base, ID, SUBJECT, code, body)


_VALUES: dict[FieldType, st.SearchStrategy[Any]] = {
    FieldType.TEXT: st.text(max_size=5),
    FieldType.INTEGER: st.integers(-(2**63), 2**63 - 1),
    FieldType.FLAG: st.booleans(),
    FieldType.DAY: st.integers(-99_999, 99_999),
    FieldType.INSTANT: st.just(AT) | st.integers(-(2**40), 2**42),
    FieldType.MONEY: st.integers(-(2**63), 2**63 - 1),
    FieldType.REF: st.just(SUBJECT) | st.binary(min_size=16, max_size=16),
}


def rows_of(entity: Entity) -> st.SearchStrategy[tuple[str, Values]]:
    fields = {name: _VALUES[field.type] for name, field in entity.fields.items()}
    return st.tuples(st.just(entity.name), st.fixed_dictionaries({}, optional=fields))


@given(st.one_of([rows_of(it) for it in ENTITIES.values()]))
def test_every_row_of_the_model_comes_back_as_it_was(said: tuple[str, Values]) -> None:
    entity, row = said
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE shapes (code INTEGER PRIMARY KEY, body BLOB NOT NULL UNIQUE)")
        it = fragment(row, entity)
        code, body = written(connection, it)
        found = read(connection, code, body)
        assert found == it
        assert canonical_bytes(found) == canonical_bytes(it)
        assert (code == WHOLE) == (not row)


@pytest.mark.parametrize(
    "it",
    [
        fragment(None),
        fragment({}),
        fragment(None, row_stamp=None),
        fragment(PAYMENT, patches={"text": ((AT + 1, b"p" * 16), "rent")}),
        fragment({"fact": "granted"}, "consent", ever={"withdrawn": (AT,)}),
        fragment({**PAYMENT, "of_no_model": 1}),
        fragment({**PAYMENT, "balance": None}),
        fragment(PAYMENT, "of_no_model"),
    ],
    ids=["deleted", "empty", "erased", "patched", "ever", "unknown field", "no value", "unknown entity"],
)
def test_what_is_not_plain_is_written_whole(base: sqlite3.Connection, it: Fragment) -> None:
    code, body = written(base, it)
    assert (code, body) == (WHOLE, canonical_bytes(it))
    assert read(base, code, body) == it


def test_a_payment_takes_less_than_half(base: sqlite3.Connection) -> None:
    it = fragment(PAYMENT)
    _, body = written(base, it)
    assert len(body) < len(canonical_bytes(it)) / 2


def test_a_shape_is_written_once_and_found_again_by_the_next_process(base: sqlite3.Connection) -> None:
    codes = {written(base, fragment(PAYMENT))[0] for _ in range(3)}
    assert codes == {1}
    assert base.execute("SELECT count(*) FROM shapes").fetchone() == (1,)


def test_a_row_reads_the_same_when_the_model_has_got_another_field(
    base: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, body = written(base, fragment(PAYMENT))
    model = ENTITIES["transaction"]
    later = model.fields | {"a_first": Field(FieldType.INSTANT, FieldClass.INTERNAL, "new")}
    monkeypatch.setitem(ENTITIES, "transaction", model._replace(fields=later))
    assert read(base, code, body) == fragment(PAYMENT)
    after = fragment({**PAYMENT, "a_first": AT})
    newer, body = written(base, after)
    assert newer != code
    assert read(base, newer, body) == after


def test_nothing_a_field_may_hold_is_taken_for_the_mark(base: sqlite3.Connection) -> None:
    it = fragment({**PAYMENT, "text": "", "balance": 0})
    assert read(base, *written(base, it)) == it
