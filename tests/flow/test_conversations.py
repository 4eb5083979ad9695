"""Documents from a folder to profiles: whom each is about, what is turned away, and that nothing doubles."""

from __future__ import annotations

import json
import shutil

import pytest

from onefold.app.creating import create
from onefold.app.folder import read_folder
from onefold.app.loading import load as load_source
from onefold.kernel.errors import Unavailable
from onefold.record.intake import commit, door
from tests.flow.conversing import CALL, CELL, LAST, Bank, calls_of_crm
from tests.letters import ANNA, BANK, calls, folder, letter
from tests.unit.record.contracts.sample import document


@pytest.fixture
def bank(tmp_path):
    return Bank(tmp_path)


def test_a_transcript_hangs_on_the_customer_its_name_names(bank):
    made = folder(bank.root / "calls", **{"C-1_20250901T100000__vtt": CALL})
    counts, _, files = bank.load("telephone", made)
    assert (counts.offered, counts.accepted) == (1, 1)
    assert files == ("calls (1 document)",)
    assert bank.told("Karimova") == [("telephone", "Phone call: Lost card")]


def test_a_mail_joins_the_customer_by_evidence_and_a_stranger_stays_one(bank):
    made = folder(
        bank.root / "mails",
        a__eml=letter(),
        b__eml=letter("It is on its way.", sender=BANK, to=ANNA, at="Tue, 02 Sep 2025 10:00:00 +0500"),
        c__eml=letter("Another name.", sender="Elena Petrova <anna@karimova.uz>", at=LAST),
        d__eml=letter("Same name, another address.", sender="Bo Larsen <bo@elsewhere.uz>"),
    )
    counts, reasons, _ = bank.load("mailbox", made)
    assert (counts.accepted, reasons) == (4, {})
    assert bank.told("bo@larsen.uz") == []
    assert bank.told("bo@elsewhere.uz") == [("mailbox", "Received by e-mail: Card")]
    # Two names under one address: it is one correspondent, and the last name does not fit the customer.
    assert bank.told("C-1") == []


def test_mails_both_ways_are_told_on_one_page(bank):
    made = folder(
        bank.root / "mails",
        a__eml=letter(),
        b__eml=letter("It is on its way.", sender=BANK, to=ANNA, at="Tue, 02 Sep 2025 10:00:00 +0500"),
    )
    bank.load("mailbox", made)
    assert bank.told("C-1") == [
        ("mailbox", "Replied by e-mail: Card"),
        ("mailbox", "Received by e-mail: Card"),
    ]


def bad_mails(root):
    return folder(
        root / "mails",
        a__eml=letter("good"),
        b__eml=letter(at=""),
        c__eml=letter(sender=BANK, to=f"{ANNA}, bo@larsen.uz"),
        d__eml=b"",
        e__eml=b"Dear bank",
        f__eml=b"From: a@b.uz\nDate: Mon, 01 Sep 2025 10:00:00 +0500\n\n\xff\xfe",
        g__eml=letter(at="Mon, 01 Sep 2098 10:00:00 +0500"),
        h__eml=b"From: a@b.uz\n" + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 1100,
        i__eml=letter("", attached=("a.pdf",)),
        j__eml=letter("nul \x00 and more"),
    )


def test_every_document_is_accounted_for_and_the_bad_ones_have_a_reason(bank):
    counts, reasons, _ = bank.load("mailbox", bad_mails(bank.root))
    assert (counts.offered, counts.accepted, counts.quarantined) == (10, 3, 7)
    assert reasons == {
        "required_missing": 2,
        "document_empty": 1,
        "bad_document": 1,
        "bad_text": 1,
        "future_date": 1,
        "document_too_deep": 1,
    }


def test_documents_loaded_again_from_elsewhere_change_nothing(bank):
    made = bad_mails(bank.root)
    folder(bank.root / "calls", **{"C-1_20250901T100000__vtt": CALL})
    bank.load("mailbox", made)
    bank.load("telephone", bank.root / "calls")
    before = bank.hash()
    shutil.move(made, bank.root / "moved" / "deeper")
    counts, _, _ = bank.load("mailbox", bank.root / "moved")
    assert (counts.accepted, counts.duplicate, counts.quarantined) == (0, 3, 7)
    counts, _, _ = bank.load("telephone", bank.root / "calls" / "C-1_20250901T100000.vtt")
    assert (counts.accepted, counts.unchanged) == (0, 1)
    assert bank.hash() == before


def test_a_corrected_transcript_takes_the_place_of_the_first(bank):
    name = "C-1_20250901T100000__vtt"
    bank.load("telephone", folder(bank.root / "calls", **{name: CALL}))
    bank.load("telephone", folder(bank.root / "calls", **{name: CALL.replace("Lost", "Stolen")}))
    assert bank.told("C-1") == [("telephone", "Phone call: Stolen card")]


def test_an_interrupted_folder_goes_on_where_it_was(bank, monkeypatch):
    monkeypatch.setattr(door, "CHUNK_ROWS", 2)
    made = bad_mails(bank.root)
    submit, count = commit.Committer.submit, iter(range(1, 100))

    def failing(self, source, rows, *more, **others):
        if source == "mailbox" and next(count) == 3:
            raise Unavailable("The disk is full.")
        return submit(self, source, rows, *more, **others)

    with monkeypatch.context() as broken:
        broken.setattr(commit.Committer, "submit", failing)
        with pytest.raises(Unavailable):
            bank.load("mailbox", made)
    counts, _, _ = bank.load("mailbox", made)
    assert (counts.offered, counts.accepted, counts.duplicate, counts.quarantined) == (10, 3, 0, 7)


def test_a_manifest_is_no_file_that_is_passed_over(bank, tmp_path):
    said = calls_of_crm() | {}
    words = {it["property"]: it["value"] for it in said["customProperties"]}
    words["file"] = words["file"] | {"manifest": "index.csv"}
    path = tmp_path / "calls.yaml"
    path.write_text(json.dumps(document(calls(**words), id="calls")), encoding="utf-8")
    create(tmp_path / "other", CELL, [path], None)
    made = folder(tmp_path / "in", **{"C-1_20250901T100000__vtt": CALL}, index__csv="file,title\nx.vtt,y\n")
    folder(made, notes__txt="x")
    loaded = load_source(
        read_folder(tmp_path / "other"), "calls", [made], as_of="", backfill=False, watch=lambda *_: None
    )
    assert [it.name for it in loaded.skipped] == ["notes.txt"]
