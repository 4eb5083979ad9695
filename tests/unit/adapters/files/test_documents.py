"""Folders of documents as rows: numbered in the order of their paths, and what lies beside them."""

from __future__ import annotations

import pytest

from onefold.adapters.files.tables import open_table
from onefold.record.contracts.errors import Reason
from onefold.record.intake.documents.model import Folder
from onefold.record.intake.errors import WrongFile
from tests.letters import calls, folder, letter, mails, transcript
from tests.unit.record.contracts.sample import compiled

ONE, TWO = transcript((1, "Anna", "one")), transcript((1, "Anna", "two"))


def opened(path, found=None):
    files = tuple(sorted(it for it in path.rglob("*") if it.is_file() and it.suffix != ".csv"))
    return open_table(Folder(path, files), found or compiled(calls()))


def with_manifest(**manifest):
    said = {"name": "index.csv", "file": "recording"} | manifest
    return compiled(calls(file={"name": "*.vtt", "format": "vtt", "manifest": said}))


def read(table):
    return [(it.line, it.row and it.row.get("customer"), it.fault) for it in table]


def test_documents_are_rows_in_the_order_of_their_paths(tmp_path):
    made = folder(
        tmp_path, **{"C-2_20250901T100000__vtt": TWO, "C-1_20250901T100000__vtt": ONE, "x__vtt": ONE}
    )
    table = opened(made)
    assert not table.is_whole
    assert read(table) == [(1, "C-1", None), (2, "C-2", None), (3, None, None)]
    assert table.is_whole
    assert table.read_bytes == table.size_bytes


def test_a_bad_document_spoils_itself_alone_and_leaves_its_digest(tmp_path):
    made = folder(tmp_path, a__vtt="none", b__vtt="", c__vtt=ONE)
    first, second, third = opened(made)
    assert (first.fault, second.fault, third.fault) == (Reason.BAD_DOCUMENT, Reason.DOCUMENT_EMPTY, None)
    assert first.digest
    assert first.raw == b""


def test_one_file_is_a_folder_of_one(tmp_path):
    path = folder(tmp_path, a__eml=letter()) / "a.eml"
    (row,) = open_table(path, compiled(*mails()))
    assert row.row["file"] == "a.eml"


def test_a_manifest_says_what_documents_are_about(tmp_path):
    made = folder(tmp_path / "in", a__vtt=ONE)
    folder(made / "more", b__vtt=TWO, c__vtt=TWO)
    folder(made, index__csv="recording,customer,day\na.vtt,C-1,20250901T100000\nmore/b.vtt,C-2,\n")
    assert read(opened(made, with_manifest())) == [(1, "C-1", None), (2, "C-2", None), (3, None, None)]


def test_a_manifest_beside_a_document_goes_before_one_above(tmp_path):
    made = folder(tmp_path / "in", index__csv="recording;customer\nb.vtt;C-0\n")
    folder(made / "more", b__vtt=ONE, index__csv="recording;customer\nb.vtt;C-9\n")
    assert read(opened(made, with_manifest(delimiter=";"))) == [(1, "C-9", None)]


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (None, "There is no manifest index.csv beside the documents"),
        ("a,b\n1,2\n", "index.csv names no document"),
        (b"recording,customer\n\xff,1\n", "is not delimited text in utf-8"),
        ("recording,customer\na.vtt,C-1\na.vtt,C-2\n", "speaks of one document twice"),
    ],
)
def test_a_manifest_that_is_none_is_told_before_anything_is_read(tmp_path, manifest, said):
    made = folder(tmp_path, a__vtt=ONE, **({"index__csv": manifest} if manifest else {}))
    with pytest.raises(WrongFile, match=said):
        opened(made, with_manifest())


def test_where_two_say_different_things_of_a_document_neither_is_believed(tmp_path):
    file = {"name": "*.vtt", "format": "vtt", "pattern": r"^(?P<customer>C-\d+)", "manifest": "index.csv"}
    made = folder(
        tmp_path, **{"C-1__vtt": ONE, "C-2__vtt": ONE}, index__csv="file,title\nC-1.vtt,other\nC-2.vtt,\n"
    )
    folder(made, **{"C-1__vtt": ONE.replace("WEBVTT", "WEBVTT mine")})
    assert read(opened(made, compiled(calls(file=file)))) == [
        (1, None, Reason.BAD_DOCUMENT),
        (2, "C-2", None),
    ]


def test_reading_goes_on_behind_a_line(tmp_path):
    made = folder(tmp_path, a__vtt=ONE, b__vtt=TWO, c__vtt=ONE)
    table = opened(made)
    rows = iter(table)
    next(rows), next(rows)
    end = table.end_of(2)
    assert end == len(ONE) + len(TWO)
    again = opened(made)
    assert again.digest_of(end) == table.digest_of(end)
    again.begin_behind(2, end)
    assert [it.line for it in again] == [3]
    assert again.is_whole


def test_the_digest_tells_other_documents_names_and_manifests(tmp_path):
    made = folder(tmp_path, a__vtt=ONE, b__vtt=TWO, index__csv="recording,customer\na.vtt,C-1\n")
    seen = {opened(made, with_manifest()).digest_of(len(ONE) + len(TWO))}
    folder(made, index__csv="recording,customer\na.vtt,C-2\n")
    seen.add(opened(made, with_manifest()).digest_of(len(ONE) + len(TWO)))
    folder(made, a__vtt=ONE.replace("one", "eno"))
    seen.add(opened(made, with_manifest()).digest_of(len(ONE) + len(TWO)))
    (made / "a.vtt").rename(made / "aa.vtt")
    seen.add(opened(made, with_manifest()).digest_of(len(ONE) + len(TWO)))
    assert len(seen) == 4
    table = opened(made, with_manifest())
    assert table.digest_of(len(ONE)) != table.digest_of(len(ONE) + len(TWO))
    assert table.digest_of(len(ONE)) == opened(made, with_manifest()).digest_of(len(ONE))


def test_lists_of_objects_are_counted_through(tmp_path):
    chats = {"name": "*.json", "format": "json"}
    item = calls(file=chats, key="id", map=calls_map())
    item["properties"] = [it for it in item["properties"] if it["name"] != "file"] + [
        {"name": "id", "logicalType": "string", "required": True}
    ]
    made = folder(tmp_path, a__json='[{"id": "1"}, {"id": "2"}]', b__json='{"id": "3"}')
    table = opened(made, compiled(item))
    assert [(it.line, it.row["id"]) for it in table] == [(1, "1"), (2, "2"), (3, "3")]
    again = opened(made, compiled(item))
    again.begin_behind(1, 0)
    assert [it.line for it in again] == [2, 3]


def calls_map():
    return {
        "channel": {"value": "app"},
        "action": {"value": "chat"},
        "happened_at": {"from": "day", "as": "instant"},
        "text": {"from": "messages", "as": "talk"},
    }


def test_a_document_that_goes_away_is_told_by_its_number(tmp_path):
    made = folder(tmp_path, **{"Anna Karimova__vtt": ONE})
    table = opened(made)
    (made / "Anna Karimova.vtt").unlink()
    with pytest.raises(WrongFile) as caught:
        list(table)
    assert "Document 1 of" in str(caught.value)
    assert "Karimova" not in str(caught.value)
