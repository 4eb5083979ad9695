"""Changes of Debezium: every operation of every converter is a row, in the order of the database's log."""

from __future__ import annotations

import json
from typing import Any

import pytest

from onefold.kernel.errors import CallerError
from onefold.record.contracts.errors import Reason
from onefold.record.intake.envelopes.debezium import (
    CHANGE_BYTES_MAX,
    order_of,
    parse_change,
    parse_changes,
)
from onefold.record.intake.model import ORDER_BYTES, Tally
from onefold.record.log.model import EventKind
from onefold.testing.intake import NOW_MS, MemoryIntake
from tests.unit.record.contracts.sample import contract, prop, table

AT = NOW_MS - 60_000
POSTGRES = {"connector": "postgresql", "db": "core", "schema": "public", "table": "customers", "ts_ms": AT}
MYSQL = {"connector": "mysql", "db": "core", "table": "customers", "file": "bin.000003", "pos": 154, "row": 0}
CUSTOMERS = table(
    "customers",
    [prop("id", logicalType="integer", required=True), prop("name", required=True, classification="pii")],
    entity="party",
    delivers="event",
    key="id",
    envelope={"as": "debezium", "names": ["public.customers"]},
    map={"full_name": "name"},
)


def change(
    op: str = "c", lsn: int = 100, *, identity: int = 1, name: str = "Anna", **more: Any
) -> dict[str, Any]:
    """One envelope as PostgreSQL's connector writes it."""
    row = {"id": identity, "name": name}
    before, after = (row, None) if op == "d" else (None, row)
    return {"op": op, "before": before, "after": after, "source": POSTGRES | {"lsn": lsn}, "ts_ms": AT} | more


def line(message: Any) -> bytes:
    return json.dumps(message).encode()


@pytest.mark.parametrize("op", ["c", "r", "u", "d"])
@pytest.mark.parametrize("wrap", [False, True], ids=["bare", "with schema"])
def test_a_change_is_its_row_with_or_without_a_schema_around_it(op, wrap):
    message = {"schema": {"type": "struct"}, "payload": change(op)} if wrap else change(op)
    found = parse_change(line(message), 1)
    assert found.names == ("core.public.customers", "public.customers", "customers")
    assert found.offered.row == {"id": 1, "name": "Anna", "__op": op, "__ts_ms": AT}
    assert found.offered.fault is None


def test_a_redelivery_has_the_id_of_the_first_whatever_connect_adds():
    first = parse_change(line(change()), 1).offered
    again = parse_change(line({"schema": {}, "payload": change(ts_ms=AT + 99, transaction=None)}), 7).offered
    assert first.message_id == again.message_id
    assert first.order == again.order
    others = [change("u"), change(lsn=101), change(identity=2), change(name="Bo")]
    ids = {parse_change(line(it), 1).offered.message_id for it in others} | {first.message_id}
    assert len(ids) == len(others) + 1


@pytest.mark.parametrize(
    ("message", "what"),
    [
        (None, "tombstone"),
        ({"schema": None, "payload": None}, "tombstone"),
        ({"databaseName": "core", "ddl": "ALTER TABLE customers …", "tableChanges": []}, "schema_change"),
        ({"schema": {}, "payload": {"ddl": "CREATE TABLE x", "source": MYSQL}}, "schema_change"),
        ({"ts_ms": AT}, "heartbeat"),
        ({"status": "BEGIN", "id": "571", "event_count": None}, "transaction"),
        ({"status": "END", "id": "571", "event_count": 2}, "transaction"),
        (change("t") | {"after": None}, "truncate"),
        ({"op": "m", "source": POSTGRES, "message": {"prefix": "x"}}, "message"),
    ],
)
def test_what_holds_no_row_is_named_and_passed_over(message, what):
    found = parse_change(line(message), 1)
    assert found.offered is None
    assert found.ignored == what
    assert parse_change(None, 1).ignored == "tombstone"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", Reason.BAD_JSON),
        (b"[]", Reason.BAD_JSON),
        (b"\xff", Reason.BAD_JSON),
        (line({"hello": "world"}), Reason.BAD_ENVELOPE),
        (line({"schema": {}, "payload": 7}), Reason.BAD_ENVELOPE),
        (line(change("c") | {"after": None}), Reason.BAD_ENVELOPE),
        (line(change("x")), Reason.BAD_ENVELOPE),
        (line(change() | {"op": ["c"]}), Reason.BAD_ENVELOPE),
        (line({"status": ["BEGIN"], "id": 1}), Reason.BAD_ENVELOPE),
        (line(change() | {"source": {"table": "customers"}, "ts_ms": None}), Reason.BAD_ENVELOPE),
        (line(change() | {"source": {"ts_ms": AT}}), Reason.BAD_ENVELOPE),
        (line(change(name="x" * CHANGE_BYTES_MAX)), Reason.MESSAGE_TOO_LARGE),
    ],
)
def test_what_is_no_envelope_is_a_fault_with_its_digest_alone(raw, reason):
    offered = parse_change(raw, 3).offered
    assert (offered.row, offered.fault, offered.line, len(offered.digest)) == (None, reason, 3, 32)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"lsn": 99}, {"lsn": 100}),
        ({"lsn": (1 << 40) - 1}, {"lsn": 1 << 40}),
        (MYSQL, MYSQL | {"row": 1}),
        (MYSQL | {"row": 9}, MYSQL | {"pos": 155}),
        (MYSQL | {"pos": 9_999_999}, MYSQL | {"file": "bin.000004", "pos": 4}),
        (
            {"change_lsn": "00000027:00000ac0:0002", "event_serial_no": 1},
            {"change_lsn": "00000027:00000ac0:0002", "event_serial_no": 2},
        ),
        ({"change_lsn": "00000027:00000ac0:0002"}, {"change_lsn": "00000027:00000ac1:0001"}),
        ({"change_lsn": "00000027:00000ac0:0002"}, {"change_lsn": "00000028:00000001:0001"}),
        ({"scn": "2868546"}, {"scn": "12868546"}),
        ({"ord": 1}, {"ord": 2}),
        ({"ts_us": 1_700_000_000_000_001}, {"ts_us": 1_700_000_000_000_002}),
    ],
)
def test_order_follows_the_log_of_the_database(earlier, later):
    first, second = order_of(earlier), order_of(later)
    assert first < second
    assert len(first) == len(second) == ORDER_BYTES


def test_without_a_place_there_is_no_order():
    assert order_of({}) == order_of({"lsn": None, "pos": True, "scn": "x", "change_lsn": "NULL"}) == b""
    assert len(order_of({"lsn": 1 << 90})) == ORDER_BYTES


def test_a_body_is_one_envelope_an_array_or_lines():
    one, two = change(), change("u", 101)
    assert len(parse_changes(line(one))) == 1
    assert len(parse_changes(line([one, None, two]))) == 3
    assert len(parse_changes(line(one) + b"\n\nnull\n" + line(two) + b"\n")) == 3
    for body in (b"", b"7", b'"x"', b"[", b"\xff"):
        with pytest.raises(CallerError):
            parse_changes(body)


# ------------------------------------------------------------------ through the door


@pytest.fixture
def intake():
    """A source whose one table comes as changes."""
    return MemoryIntake(contract(CUSTOMERS))


def offer(intake: MemoryIntake, *messages: dict[str, Any]) -> Tally:
    found = [parse_change(line(it), number) for number, it in enumerate(messages, 1)]
    calls = [("debezium", "public.customers", it.offered) for it in found if it.offered]
    return intake.door.offer_calls("core", calls).tally


def events(intake: MemoryIntake):
    return [event for _, header, _ in intake.frames() for event in header.events]


def test_changes_of_one_transaction_fold_in_the_order_of_the_log(intake):
    changes = [change("c", 100, name="A"), change("u", 101, name="B"), change("d", 102)]
    assert offer(intake, *reversed(changes)) == Tally(offered=3, accepted=3)
    found = sorted(events(intake), key=lambda it: (it.occurred_at, it.event_id))
    assert [it.kind for it in found] == [EventKind.UPSERT, EventKind.UPSERT, EventKind.DELETE]
    assert {it.occurred_at for it in found} == {AT}
    assert offer(intake, *changes) == Tally(offered=3, duplicate=3)


def test_a_delete_needs_no_more_than_the_key(intake):
    gone = change("d") | {"before": {"id": 1, "name": None}}
    assert offer(intake, gone) == Tally(offered=1, accepted=1)
    assert [it.kind for it in events(intake)] == [EventKind.DELETE]
    lost = change("d", 103) | {"before": {"id": None, "name": None}}
    assert offer(intake, lost).reasons == {"key_missing": 1}


def test_what_the_contract_does_not_declare_is_not_kept(intake):
    offer(intake, change() | {"after": {"id": 1, "name": "Anna", "card": "8600 1234"}})
    assert json.loads(intake.bodies()[0]) == {"id": 1, "name": "Anna", "__op": "c", "__ts_ms": AT}
