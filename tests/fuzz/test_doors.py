"""Named hostile inputs at every door: accepted, held or turned away with a reason; never a 500, never long.

A table for each kind of door, so that what becomes of an input is a decision and not what happens to happen.
"""

from __future__ import annotations

import base64
import gzip
import hmac
import io
import json
import resource
import time
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.adapters.files.tables import open_table
from onefold.app.house import LocalHouse
from onefold.kernel.errors import OnefoldError
from onefold.record.contracts.errors import Reason
from onefold.record.intake.model import Tally
from onefold.testing.intake import MemoryIntake
from tests.fuzz.hostile import CANARY, bomb, nested
from tests.fuzz.targets.requests import Answered, Served, judge
from tests.unit.record.contracts.sample import compiled, contract, customers, prop, table

SECONDS_MAX = 10.0
GROWTH_BYTES_MAX = 256 << 20


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """An application over a cell of its own."""
    folder = tmp_path_factory.mktemp("doors") / "data"
    found = Served(folder)
    found.keys["secret"] = LocalHouse().new_webhook_secret(folder, "bank", "", alone=True)
    yield found
    found.close()


@pytest.fixture(autouse=True)
def within_bounds():
    """No input takes long, or more memory than a request may."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    yield
    assert time.process_time() - began < SECONDS_MAX
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) * 1024 < GROWTH_BYTES_MAX


def basic(key: str) -> bytes:
    return b"Basic " + base64.b64encode(f"{key}:".encode())


def _signed(served: Served, body: bytes) -> dict[str, bytes]:
    at = str(served.rooms.clock.now_ms() // 1000)
    key = base64.b64decode(served.keys["secret"].removeprefix("whsec_"))
    made = hmac.digest(key, f"m.{at}.".encode() + body, "sha256")
    return {
        "webhook-id": b"m",
        "webhook-timestamp": at.encode(),
        "webhook-signature": b"v1," + base64.b64encode(made),
    }


JSON, EVENTS = b"application/json", b"application/cloudevents+json"
DOORS = {
    "batch": ("/v1/batch", "digital", JSON),
    "call": ("/v1/identify", "digital", JSON),
    "short call": ("/v1/t", "digital", JSON),
    "cloudevents": ("/v1/events", "bank", EVENTS),
    "cloudevents batch": ("/v1/events", "bank", b"application/cloudevents-batch+json"),
    "cloudevents binary": ("/v1/events", "bank", JSON),
    "debezium": ("/v1/changes", "bank", JSON),
    "webhook": ("/v1/webhooks/bank", "bank", JSON),
    "registry": ("/registry/subjects/bank.visit-value/versions", "bank", JSON),
}


def ask(served: Served, door: str, body: bytes, encoding: bytes = b"") -> Answered:
    path, source, kind = DOORS[door]
    headers = {"content-type": kind, "authorization": basic(served.keys[source])}
    if door == "cloudevents binary":
        headers |= {
            "ce-id": b"1",
            "ce-source": b"/a",
            "ce-type": b"uz.sardoba.visited",
            "ce-specversion": b"1.0",
        }
        headers |= {"ce-subject": b"C-1"}
    if door == "webhook":
        headers = {"content-type": kind, **_signed(served, body)}
    if encoding:
        headers["content-encoding"] = encoding
    answer = served.ask("POST", path, b"", headers, body)
    judge(answer)
    assert CANARY.encode() not in answer.body
    return answer


BODIES: dict[str, tuple[bytes, bytes]] = {
    "nothing": (b"", b""),
    "a NUL": (b"\0", b""),
    "UTF-16 with its mark": ('{"batch": []}'.encode("utf-16"), b""),
    "no UTF-8": (b'{"batch": "\xff"}', b""),
    "deep lists": (nested(100_000, True), b""),
    "deep objects": (nested(50_000, False), b""),
    "open brackets": (b"[" * 100_000, b""),
    "open braces": (b'{"a":' * 60_000, b""),
    "a bomb": (bomb(300_000_000), b"gzip"),
    "packed twice": (gzip.compress(gzip.compress(b'{"batch": []}', mtime=0)), b"gzip"),
    "packed and cut": (gzip.compress(b'{"batch": []}' * 99, mtime=0)[:40], b"gzip"),
    "not packed": (b'{"batch": []}', b"gzip"),
    "a packing nobody knows": (b"x", b"zstd"),
    "a million numbers": (b"[" + b"1," * 200_000 + b"1]", b""),
    "somebody": (CANARY.encode(), b""),
    "a huge number": (b"1" + b"0" * 100_000, b""),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_none_is_turned_away_or_held(served, door, name):
    answer = ask(served, door, *BODIES[name])
    if answer.status == 200:
        counts = msgspec.json.decode(answer.body)["counts"]
        held = counts["quarantined"] + counts["refused"]
        # An event of CloudEvents may hold anything, and does here: its data is what was sent.
        assert held == counts["offered"] or door == "cloudevents binary"
    else:
        assert answer.status in {400, 413, 415, 422}
        said = msgspec.json.decode(answer.body)
        assert said.get("code") or said.get("error_code")


VALUES: dict[str, tuple[bytes, str]] = {
    "1e400": (b"1e400", "bad_json"),
    "ten to the 5000th": (b"1" + b"0" * 5000, "bad_json"),
    "ten to the 4000th": (b"1" + b"0" * 4000, ""),
    "beyond 64 bits": (b"18446744073709551616", ""),
    "minus nothing": (b"-0", ""),
    "NaN": (b"NaN", "bad_json"),
    "Infinity": (b"-Infinity", "bad_json"),
    "a NUL": (b'"a\\u0000b"', ""),
    "a bare NUL": (b'"a\x00b"', "bad_json"),
    "half a character": (b'"\\ud800"', "bad_json"),
    "no UTF-8": (b'"\xff"', "bad_json"),
    "an overlong character": (b'"\xc0\x80"', "bad_json"),
    "a half character in UTF-8": (b'"\xed\xa0\x80"', "bad_json"),
    "year 0": (b'"0000-01-01"', ""),
    "year 9999": (b'"9999-12-31"', ""),
    "year -1": (b'"-0001-01-01"', ""),
    "a formula": (b"\"=cmd|' /C calc'!A0\"", ""),
    "a link": (b'"=HYPERLINK(\\"http://x\\")"', ""),
    "the other direction": ('"\u202egnp.exe"'.encode(), ""),
    "deep": (nested(150, False), "too_deep"),
    "deeper": (nested(5000, True), "bad_json"),
    "a long text": (b'"' + b"x" * 20_000 + b'"', "too_long"),
    "many keys": (b"{" + b",".join(b'"k%d":1' % it for it in range(2_000)) + b"}", "bad_type"),
    "a long key": (b'{"' + b"k" * 20_000 + b'":1}', "bad_type"),
}
NO_JSON = ("NaN", "Infinity", "a bare NUL", "half a character", "deeper")
FREE = ("deep", "deeper", "many keys", "a long key")
"""Of a property that a contract does not declare nothing is kept, so nothing about it is a fault."""


@pytest.mark.parametrize("name", VALUES)
def test_a_hostile_value_in_a_call_is_taken_or_held_and_costs_no_other(served, name):
    value, reason = VALUES[name]
    ident = b"v-" + name.encode().hex().encode()
    call = b'{"type":"identify","messageId":"' + ident + b'","userId":"u-1","traits":{"name":' + value + b"}}"
    good = b'{"type":"identify","messageId":"good-' + ident + b'","userId":"u-2","traits":{"name":"Bo"}}'
    answer = ask(served, "batch", b'{"batch":[' + good + b"," + call + b"]}")
    if name in NO_JSON:
        assert answer.status == 400, (
            "the body is no JSON: where its items end cannot be told, and none is taken"
        )
        return
    assert answer.status == 200
    said = msgspec.json.decode(answer.body)
    assert said["counts"]["accepted"] == (1 if reason else 2)
    assert [it["reason"] for it in said["faults"]] == ([reason] if reason else [])


@pytest.mark.parametrize("name", [it for it in VALUES if it not in FREE])
def test_a_hostile_value_in_an_event_or_a_change_is_taken_or_held(served, name):
    value = VALUES[name][0]
    event = (
        b'{"specversion":"1.0","id":"'
        + name.encode()
        + b'","source":"/a","type":"uz.sardoba.visited","subject":"C",'
    )
    event += b'"data":{"channel":"app","topic":' + value + b"}}"
    change = b'{"op":"c","before":null,"after":{"id":' + str(len(name)).encode() + b',"full_name":' + value
    change += (
        b'},"source":{"table":"customers","schema":"public","ts_ms":1746093600000},"ts_ms":1746093600000}'
    )
    for door, body in (
        ("cloudevents", event),
        ("cloudevents batch", b"[" + event + b"]"),
        ("debezium", change),
    ):
        answer = ask(served, door, body)
        if answer.status == 200:
            counts = msgspec.json.decode(answer.body)["counts"]
            assert counts["offered"] == 1
        else:
            assert answer.status == 400


def test_the_last_of_two_equal_keys_counts_as_json_parsers_have_it(served):
    call = b'{"userId":"u-9","messageId":"twice","traits":{"name":"A"},"traits":{"name":"B"}}'
    assert msgspec.json.decode(ask(served, "call", call).body)["counts"]["accepted"] == 1


# ------------------------------------------------------------------ files

HEAD = "id;name;born;mobile\n"
CSV: dict[str, tuple[bytes, dict[str, int]]] = {
    "a line break within quotes": (
        b'1;"An\nna";;\n2;Bo;;\n',
        {"accepted": 1, "open_quote": 1, "ragged_row": 1},
    ),
    "a line break of Windows": (
        b'1;"An\r\nna";;\r\n2;Bo;;\r\n',
        {"accepted": 1, "open_quote": 1, "ragged_row": 1},
    ),
    "quotes in quotes": (b'1;"An ""x"" na";;\n', {"accepted": 1}),
    "a quote left open": (b'1;"Anna;;\n2;Bo;;\n', {"accepted": 1, "open_quote": 1}),
    "returns alone": (b"1;Anna;;\r2;Bo;;\r", {"bad_text": 1}),
    "two encodings": (b"1;\xd0\x90;;\n2;\xc0\xed\xed\xe0;;\n3;Bo;;\n", {"accepted": 2, "bad_text": 1}),
    "a NUL": (b"1;An\x00na;;\n2;Bo;;\n", {"accepted": 2}),
    "a NUL for a key": (b"\x00;Anna;;\n", {"accepted": 1}),
    "year 0": (b"1;Anna;0000-01-01;\n", {"bad_date": 1}),
    "year 9999": (b"1;Anna;9999-12-30;\n", {"bad_date": 1}),
    "the last day there is": (b"1;Anna;9999-12-31;\n", {"accepted": 1}),
    "year -1": (b"1;Anna;-0001-01-01;\n", {"bad_date": 1}),
    "a formula": (b"1;=1+1;;\n2;@SUM(1);;\n3;+1;;\n", {"accepted": 3}),
    "a million columns": (b"1" + b";" * 900_000 + b"\n", {"ragged_row": 1}),
    "a long field": (b"1;" + b"x" * 200_000 + b";;\n", {"too_long": 1}),
    "a very long line": (b"1;" + b"x" * 3_000_000 + b";;\n2;Bo;;\n", {"accepted": 1, "line_too_long": 1}),
    "spaces that are none": ("1;\u00a0\u2028;;\n".encode(), {"accepted": 1}),
}


def _offered(content: bytes, name: str, folder: Path, item: dict[str, Any]) -> Tally:
    path = folder / name
    path.write_bytes(content)
    intake = MemoryIntake(contract(item))
    tally = intake.door.offer("core", item["name"], open_table(path, compiled(item))).tally
    tally.check()
    return tally


def _account(tally: Tally) -> dict[str, int]:
    return ({"accepted": tally.accepted} if tally.accepted else {}) | tally.reasons


@pytest.mark.parametrize("name", CSV)
def test_a_hostile_line_is_taken_or_held_and_costs_no_other(tmp_path, name):
    lines, expected = CSV[name]
    assert _account(_offered(HEAD.encode() + lines, "customers.csv", tmp_path, customers())) == expected


NOTES = table(
    "note",
    [
        prop("id", required=True),
        prop("text"),
        prop("amount", logicalType="number"),
        prop("more", logicalType="object"),
    ],
    entity="case",
    delivers="event",
    key="id",
    subject={"entity": "party", "key": "id"},
    file={"name": "notes*.jsonl", "format": "jsonl"},
    map={"topic": "text"},
)
LINES: dict[str, tuple[bytes, dict[str, int]]] = {
    name: (b'{"id":"1","text":' + value + b"}\n", {reason: 1} if reason else {"accepted": 1})
    for name, (value, reason) in VALUES.items()
} | {
    "no UTF-8": (b'{"id":"1","text":"\xff"}\n', {"bad_text": 1}),
    "an overlong character": (b'{"id":"1","text":"\xc0\x80"}\n', {"bad_text": 1}),
    "a half character in UTF-8": (b'{"id":"1","text":"\xed\xa0\x80"}\n', {"bad_text": 1}),
    "keys twice": (b'{"id":"1","id":"2"}\n', {"accepted": 1}),
    "no end": (b'{"id":"1"', {"bad_json": 1}),
    "an object and more": (b'{"id":"1"} {"id":"2"}\n', {"bad_json": 1}),
    "in UTF-16": ('{"id":"1"}\n'.encode("utf-16"), {"bad_json": 1}),
    "a list": (b'[{"id":"1"}]\n', {"bad_json": 1}),
    "a line of a bomb": (b'{"id":"1","text":"' + b"x" * 3_000_000 + b'"}\n', {"line_too_long": 1}),
}


@pytest.mark.parametrize("name", LINES)
def test_a_hostile_line_of_json_is_taken_or_held(tmp_path, name):
    line, expected = LINES[name]
    tally = _offered(b'{"id":"0"}\n' + line, "notes.jsonl", tmp_path, NOTES)
    found = _account(tally)
    found["accepted"] -= 1
    held = {reason: count for reason, count in found.items() if count}
    if name == "in UTF-16":
        assert set(held) == {"bad_json"}
    else:
        assert held == expected


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        ("csv", b""),
        ("csv", bytes(10_000)),
        ("csv", HEAD.encode("utf-16")),
        ("csv", gzip.compress(HEAD.encode(), mtime=0)),
        ("csv", b"x" * 3_000_000),
        ("jsonl", b"[" * 100_000),
        ("jsonl", bomb(50_000_000)),
        ("parquet", b"PAR1" + bytes(100) + b"PAR1"),
        ("parquet", b"PAR1\xff\xff\xff\x7fPAR1"),
        ("xlsx", b"PK\x03\x04" + bytes(100)),
        ("xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)),
        ("xlsx", b"PK\x05\x06" + bytes(18)),
    ],
    ids=lambda it: it if isinstance(it, str) else f"{len(it)} bytes",
)
def test_what_is_no_file_of_its_kind_is_told_before_anything_is_logged(tmp_path, suffix, content):
    file = {"name": f"customers*.{suffix}", "format": suffix} | (
        {"delimiter": ";"} if suffix == "csv" else {}
    )
    item = NOTES if suffix == "jsonl" else customers(file=file)
    with pytest.raises(OnefoldError) as caught:
        _offered(content, f"customers.{suffix}", tmp_path, item)
    assert caught.value.code == "wrong_file"
    assert caught.value.hint


def test_formulas_and_strange_cells_of_a_workbook_are_texts_or_faults(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["id", "name", "born", "mobile"],
        [1, "=1+1", None, "@x"],
        [2, "#REF!", None, ""],
        [3, "Bo", "0000-01-01", ""],
    ):
        book.active.append(row)
    sink = io.BytesIO()
    book.save(sink)
    item = customers(file={"name": "customers*.xlsx", "format": "xlsx"})
    assert _account(_offered(sink.getvalue(), "customers.xlsx", tmp_path, item)) == {
        "accepted": 1,
        "bad_type": 1,
        "bad_date": 1,
    }


def test_strange_numbers_and_times_of_parquet_are_values_or_faults(tmp_path):
    columns = {
        "id": pa.array([1, 2, 3]),
        "name": pa.array([float("nan"), 1e308, float("-inf")]),
        "born": pa.array([0, -(2**63) + 1, 1], pa.timestamp("ns")),
        "mobile": pa.array(["=1+1", "\x00", None]),
    }
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    item = customers(file={"name": "customers*.parquet", "format": "parquet"})
    tally = _offered(sink.getvalue(), "customers.parquet", tmp_path, item)
    assert tally.offered == 3
    assert set(tally.reasons) <= {"bad_date", "bad_type"}
    assert tally.accepted >= 1


def test_every_expected_reason_is_one():
    told = {reason for _, reason in VALUES.values()} | {key for _, it in CSV.values() for key in it}
    assert told - {"", "accepted"} <= {*Reason}
    assert json.dumps(sorted(told))
