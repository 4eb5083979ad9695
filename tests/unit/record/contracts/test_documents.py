"""What a contract says of documents: their kind, what their names say, and what lies beside them."""

from __future__ import annotations

import json

import pytest

from onefold.record.contracts.documents import Manifest
from onefold.record.contracts.errors import BrokenContract
from onefold.record.contracts.parse import parse_contract
from tests.letters import calls, mails
from tests.unit.record.contracts.sample import contract, customers, document, prop


def told(*tables) -> str:
    with pytest.raises(BrokenContract) as caught:
        parse_contract(json.dumps(document(*tables)).encode(), "test.yaml")
    return str(caught.value.detail)


def call_file(**file) -> dict:
    return calls(
        file={"name": "*.vtt", "format": "vtt", "pattern": r"^(?P<customer>C-\d+)_(?P<day>\d+)"} | file
    )


def test_contracts_of_documents_are_read():
    shape = contract(*mails(), call_file(documentLimit=5, manifest="m.csv")).objects["call"].file
    assert shape.documents.limit_bytes == 5
    assert shape.documents.manifest == Manifest("m.csv")
    assert contract(*mails()).objects["mail"].file.documents.own == ("bank.uz",)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ({"pattern": "("}, "pattern: is not a regular expression"),
        ({"pattern": "C-1"}, "pattern: names no group"),
        ({"pattern": "(?P<customer>.)(?P<day>.)(?P<title>.)"}, "title is a column of every vtt"),
        ({"pattern": r"(?P<day>\d+)"}, "there is no column of vtt customer"),
        ({"own": ["bank.uz"]}, "own: is for e-mails"),
        ({"documentLimit": 0}, "documentLimit: must be 1 to"),
        ({"manifest": "a/b.csv"}, "manifest.name: must be the name of a file"),
        ({"manifest": {"name": "m.csv", "delimiter": "ab"}}, "manifest.delimiter: must be one character"),
        ({"manifest": {"name": "m.csv", "files": "x"}}, "did you mean file"),
    ],
)
def test_faults_are_told_with_their_place(file, said):
    assert said in told(call_file(**file))


def test_an_own_domain_is_one():
    bad = mails(file={"name": "*.eml", "format": "eml", "own": ["bank"]})
    assert "bank is neither a domain nor an address" in told(*bad)


def test_words_of_documents_are_for_documents():
    assert "manifest: is for documents alone" in told(
        customers(file={"name": "*.csv", "format": "csv", "delimiter": ";", "manifest": "m.csv"})
    )


def test_a_column_that_no_mail_has_is_offered_the_nearest():
    mail, correspondent = mails()
    mail["properties"].append(prop("subjekt"))
    assert "there is no column of eml subjekt; did you mean subject?" in told(mail, correspondent)


def test_what_dates_a_document_must_be_there():
    mail, correspondent = mails()
    mail["properties"] = [it | {"required": it["name"] != "at"} for it in mail["properties"]]
    assert "set required: true, or one without it would be dated by its load" in told(mail, correspondent)


def test_with_a_manifest_any_column_may_be_named():
    assert contract(call_file(pattern="", manifest="m.csv"))
