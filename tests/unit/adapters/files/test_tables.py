"""Tables in files: rows as offered, each bad line on its own, a wrong file told before anything is logged."""

from __future__ import annotations

import datetime as dt
import decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.adapters.files import lines
from onefold.adapters.files.tables import open_table
from onefold.record.contracts.errors import Reason
from onefold.record.intake.errors import WrongFile
from tests.unit.record.contracts.sample import compiled, customers, prop, table

HEADER = b"id;name;born;mobile\n"
ANNA = {"id": "1", "name": "Anna", "born": "1990-01-02", "mobile": ""}


def customer(**file):
    """The customer table, written another way."""
    shape = {"name": "customers*.csv", "format": "csv", "delimiter": ";", **file}
    return compiled(customers(file=shape))


def read(tmp_path, content: bytes, found=None, name="customers.csv"):
    """Every offered row of a file as (line, row or fault, raw)."""
    path = tmp_path / name
    path.write_bytes(content)
    return [(it.line, it.row or it.fault, it.raw) for it in open_table(path, found or customer())]


def wrong(tmp_path, content: bytes, found=None) -> str:
    """What is said of a file that is not what its contract says."""
    with pytest.raises(WrongFile) as caught:
        read(tmp_path, content, found)
    return str(caught.value)


def test_rows_are_offered_as_they_are_written(tmp_path):
    content = HEADER + b'1;Anna;1990-01-02;\n2;"Bo; ""B""";;+998\n'
    assert read(tmp_path, content) == [
        (2, ANNA, b""),
        (3, {"id": "2", "name": 'Bo; "B"', "born": "", "mobile": "+998"}, b""),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + HEADER + b"1;Anna;1990-01-02;\n",
        HEADER.replace(b"\n", b"\r\n") + b"1;Anna;1990-01-02;\r\n",
        b"\n" + HEADER + b"1;Anna;1990-01-02;",
        b'"mobile";"born";"name";"id"\n;1990-01-02;Anna;1\n',
        b"id;salary;name;born;mobile\n1;900;Anna;1990-01-02;\n",
    ],
)
def test_marks_line_ends_order_and_unknown_columns_do_not_matter(tmp_path, content):
    ((_, row, _),) = read(tmp_path, content)
    assert row == ANNA
    assert list(row) == list(ANNA)


def test_other_encodings_and_quotes_are_the_contracts(tmp_path):
    found = customer(encoding="cp1251", quote="'", delimiter="|")
    content = "id|name|born|mobile\n1|'Анна|А'||\n".encode("cp1251")
    ((_, row, _),) = read(tmp_path, content, found)
    assert row["name"] == "Анна|А"


def test_a_file_without_a_header_has_the_columns_in_order(tmp_path):
    assert read(tmp_path, b"1;Anna;1990-01-02;\n", customer(header=False)) == [(1, ANNA, b"")]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"2;Bo;;;", Reason.RAGGED_ROW),
        (b"2;Bo", Reason.RAGGED_ROW),
        (b'2;"Bo;;', Reason.OPEN_QUOTE),
        (b'2;5";"Bo;x', Reason.OPEN_QUOTE),
        (b"2;B\xff;;", Reason.BAD_TEXT),
        (b"2;B\rb;;", Reason.BAD_TEXT),
        (b"2;" + b"x" * 200_000 + b";;", Reason.TOO_LONG),
    ],
)
@pytest.mark.parametrize("last", [True, False])
def test_a_bad_line_spoils_no_other(tmp_path, line, fault, last):
    good = b"1;Anna;1990-01-02;\n"
    content = HEADER + good + line + (b"" if last else b"\n" + good)
    told = [(2, ANNA, b""), (3, fault, line)] + ([] if last else [(4, ANNA, b"")])
    assert read(tmp_path, content) == told


def test_a_line_beyond_the_limit_is_told_without_its_bytes(tmp_path):
    content = HEADER + b"1;Anna;1990-01-02;\n2;" + b"x" * 5000 + b";;\n3;Bo;;\n"
    rows = read(tmp_path, content, customer(lineLimit=1000))
    assert [(line, fault) for line, fault, _ in rows if isinstance(fault, Reason)] == [
        (3, Reason.LINE_TOO_LONG)
    ]
    assert len(rows) == 3


def test_a_long_line_that_fills_its_blocks_alone_is_told_too(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "BLOCK_BYTES", 100)
    content = HEADER + b"x" * 1000 + b"\n1;Anna;1990-01-02;\n" + b"y" * 1000
    told = [(line, it) for line, it, _ in read(tmp_path, content, customer(lineLimit=50))]
    assert told == [(2, Reason.LINE_TOO_LONG), (3, ANNA), (4, Reason.LINE_TOO_LONG)]


def test_text_behind_a_quote_is_read_in_the_only_way_it_can_be(tmp_path):
    ((_, row, _),) = read(tmp_path, HEADER + b'1;"An"na;1990-01-02;\n')
    assert row == ANNA


def test_blank_lines_are_no_rows(tmp_path):
    assert len(read(tmp_path, HEADER + b"\n1;Anna;1990-01-02;\n\n\n")) == 1


def test_a_line_of_a_file_with_unknown_columns_is_not_kept_whole(tmp_path):
    ((_, fault, raw),) = read(tmp_path, b"id;salary;name;born;mobile\n1;900\n")
    assert (fault, raw) == (Reason.RAGGED_ROW, b"")


def test_an_empty_file_is_told(tmp_path):
    assert "is empty" in wrong(tmp_path, b"")
    assert "no first line" in wrong(tmp_path, b"\n\n \n")
    assert read(tmp_path, HEADER) == []


def test_the_delimiter_is_guessed_for_the_message_alone(tmp_path):
    said = wrong(tmp_path, HEADER.replace(b";", b","))
    assert "Is the delimiter ','? The contract says ';'." in said
    assert "Missing: id, name, born, mobile" in said


def test_a_missing_column_is_named(tmp_path):
    said = wrong(tmp_path, b"id;name;born;phone\n1;Anna;;\n")
    assert "Missing: mobile. Found: id, name, born and 1 that the contract does not know." in said


def test_a_file_without_its_header_shows_nobodys_data(tmp_path):
    said = wrong(tmp_path, b"1;Anna Karimova;1990-01-02;+998901234568\n")
    assert "Anna" not in said
    assert "998" not in said


def test_other_columns_that_cannot_be_meant_are_told(tmp_path):
    assert "case-sensitive" in wrong(tmp_path, b"ID;name;born;mobile\n")
    assert "has the column id twice" in wrong(tmp_path, b"id;id;name;born;mobile\n")


def test_a_file_in_another_encoding_is_told(tmp_path):
    assert "is not text in utf-8" in wrong(tmp_path, "id;имя\n".encode("cp1251"))


def visits():
    """A nested object in JSON Lines."""
    paths = [prop("messageId", required=True), prop("userId"), prop("traits.city", classification="pii")]
    return compiled(
        table(
            "track",
            paths,
            entity="party",
            delivers="event",
            kind="patch",
            key="userId",
            file={"name": "*.jsonl", "format": "jsonl"},
            map={"city": "traits.city"},
        )
    )


def test_json_lines_are_objects_and_bad_ones_stand_alone(tmp_path):
    bad = b'\n\n[1]\n{"messageId": \n{"a": "\xff"}\n'
    content = b'{"messageId": "1", "traits": {"city": "X"}}' + bad + b'{"messageId": "2"}'
    assert [(line, it) for line, it, _ in read(tmp_path, content, visits())] == [
        (1, {"messageId": "1", "traits": {"city": "X"}}),
        (3, Reason.BAD_JSON),
        (4, Reason.BAD_JSON),
        (5, Reason.BAD_TEXT),
        (6, {"messageId": "2"}),
    ]


def test_a_mark_before_the_first_object_does_not_matter(tmp_path):
    assert read(tmp_path, b'\xef\xbb\xbf{"messageId": "1"}\n', visits()) == [(1, {"messageId": "1"}, b"")]


def test_how_far_a_file_was_read_is_told(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_bytes(HEADER + b"1;Anna;1990-01-02;\n")
    opened = open_table(path, customer())
    assert len(list(opened)) == 1
    assert opened.read_bytes == opened.size_bytes == path.stat().st_size


def test_json_nested_beyond_reason_is_a_bad_line(tmp_path):
    deep = b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    rows = read(tmp_path, b'{"messageId": "1"}\n' + deep, visits())
    assert rows[1][1] is Reason.BAD_JSON


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"id;name\n", "is not a JSON object"), (b'{"some": 1}\n', "none of: messageId"), (b"", "is empty")],
)
def test_a_file_that_is_no_json_lines_of_ours_is_told(tmp_path, content, said):
    assert said in wrong(tmp_path, content, visits())


def parquet(tmp_path, columns: dict, name="customers.parquet"):
    """A Parquet file with these columns."""
    path = tmp_path / name
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet_values_become_what_json_can_hold(tmp_path):
    path = parquet(
        tmp_path,
        {
            "id": pa.array([1, 2], pa.int64()),
            "name": pa.array(["Anna", None]).dictionary_encode(),
            "born": pa.array([dt.date(1990, 1, 2), None]),
            "mobile": pa.array([decimal.Decimal("1.50"), None]),
            "salary": pa.array([1.5, float("nan")]),
        },
    )
    found = customer(name="*.parquet", format="parquet")
    assert [it.row for it in open_table(path, found)] == [
        {"id": 1, "name": "Anna", "born": "1990-01-02", "mobile": "1.50"},
        {"id": 2, "name": None, "born": None, "mobile": None},
    ]


def test_times_and_numbers_of_parquet_are_texts_a_contract_reads(tmp_path):
    moment = dt.datetime(2024, 5, 1, 10, tzinfo=dt.UTC)
    path = parquet(
        tmp_path,
        {
            "id": pa.array([float("inf"), 2.0]),
            "name": pa.array([moment, None], pa.timestamp("ms", "UTC")),
            "born": pa.array([b"\x01", None]),
            "mobile": pa.array([[1], None]),
        },
    )
    rows = [it.row for it in open_table(path, customer(name="*", format="parquet"))]
    assert rows[0] == {"id": None, "name": "2024-05-01T10:00:00+00:00", "born": "01", "mobile": [1]}
    assert rows[1]["id"] == 2.0


def test_a_wrong_parquet_file_is_told(tmp_path):
    found = customer(name="*.parquet", format="parquet")
    with pytest.raises(WrongFile, match="Missing: born, mobile"):
        open_table(parquet(tmp_path, {"id": [1], "name": ["A"]}), found)
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(WrongFile, match="is not a Parquet file"):
        open_table(tmp_path / "cut.parquet", found)
    (tmp_path / "empty.parquet").write_bytes(b"")
    with pytest.raises(WrongFile, match="is empty"):
        open_table(tmp_path / "empty.parquet", found)
    with pytest.raises(WrongFile, match="cannot be read"):
        open_table(tmp_path / "absent.parquet", found)


def test_how_far_a_parquet_file_was_read_is_told(tmp_path):
    path = parquet(tmp_path, {name: ["x"] * 7 for name in ANNA})
    opened = open_table(path, customer(name="*", format="parquet"))
    assert opened.read_bytes == 0
    assert len(list(opened)) == 7
    assert opened.read_bytes == opened.size_bytes


def test_an_object_that_comes_in_no_file_is_told(tmp_path):
    call = compiled(
        table("identify", ["userId"], entity="party", delivers="event", key="userId", map={"tier": "userId"})
    )
    with pytest.raises(WrongFile, match="does not come in files"):
        open_table(tmp_path / "x.csv", call)


def test_tabs_delimit_columns_and_quotes_are_letters(tmp_path):
    content = b'id\tname\tborn\tmobile\n1\t"Anna" B\t1990-01-02\t\n2\tBo "\t\t+998\n3\n'
    found = customer(name="customers*.tsv", format="tsv", delimiter="\t")
    assert read(tmp_path, content, found, "customers.tsv") == [
        (2, {**ANNA, "name": '"Anna" B'}, b""),
        (3, {"id": "2", "name": 'Bo "', "born": "", "mobile": "+998"}, b""),
        (4, Reason.RAGGED_ROW, b"3"),
    ]


def test_a_table_with_tabs_may_quote(tmp_path):
    found = customer(name="customers*.tsv", format="tsv", delimiter="\t", quote='"')
    content = b'id\tname\tborn\tmobile\n1\t"An\tna"\t1990-01-02\t\n'
    assert read(tmp_path, content, found, "customers.tsv") == [(2, {**ANNA, "name": "An\tna"}, b"")]
