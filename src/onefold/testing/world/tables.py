"""The people and companies of a world as tables for linking, one a source, with the truth beside them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from onefold.testing.world.measure import read_truth

WHO = "who"
KINDS = {
    "given_name": "given_name", "middle_name": "middle_name", "family_name": "family_name",
    "full_name": "full_name", "organisation": "organisation", "birth_date": "birth_date", "gender": "gender",
    "national_id": "identifier", "tax_number": "identifier", "phone": "phone", "email": "email",
    "street": "street", "city": "city", "postcode": "postcode",
}  # fmt: skip
"""What each column of the tables is; beside them stand `record_id` and `who`."""

_CORE = {
    "CUST_NO": "record_id", "SURNAME": "family_name", "NAME": "given_name", "PATRONYMIC": "middle_name",
    "ORG_NAME": "organisation", "BIRTH_DATE": "birth_date", "SEX": "gender", "PINFL": "national_id",
    "TIN": "tax_number", "PHONE": "phone", "EMAIL": "email", "ADDRESS": "street", "CITY": "city",
    "POSTCODE": "postcode",
}  # fmt: skip
_TELECOM = {
    "subscriber_id": "record_id", "full_name": "full_name", "birth_date": "birth_date",
    "document_no": "national_id", "tax_no": "tax_number", "contact_phone": "phone", "email": "email",
    "address": "street", "city": "city", "postcode": "postcode",
}  # fmt: skip
_CRM = {
    "contactId": "record_id", "name.first": "given_name", "name.last": "family_name",
    "name.middle": "middle_name", "company": "organisation", "birthDate": "birth_date",
    "idNumber": "national_id", "taxNumber": "tax_number", "email": "email", "phone": "phone",
    "address.street": "street", "address.city": "city", "address.postcode": "postcode",
}  # fmt: skip


def tables(folder: Path) -> dict[str, pa.Table]:
    """The tables of core banking, CRM and telecom billing of the world in a folder, by source."""
    truth = read_truth(folder)
    with (folder / "core-banking" / "CUSTOMERS.csv").open(encoding="cp1251", newline="") as file:
        core = [it for it in csv.DictReader(file, delimiter=";") if None not in it.values()]
    with (folder / "telecom" / "subscribers.csv").open(encoding="utf-8", newline="") as file:
        telecom = list(csv.DictReader(file))
    crm = map(json.loads, (folder / "crm" / "contacts.jsonl").read_text(encoding="utf-8").splitlines())
    return {
        "core-banking": _table("core-banking", core, _CORE, truth),
        "crm": _table("crm", crm, _CRM, truth),
        "telecom": _table("telecom", telecom, _TELECOM, truth),
    }


def _table(
    source: str, rows: Iterable[Mapping[str, Any]], names: Mapping[str, str], truth: Mapping[Any, str]
) -> pa.Table:
    """The records that somebody is behind; the rows that are spoiled on purpose are left out."""
    columns: dict[str, list[str]] = {name: [] for name in (*names.values(), WHO)}
    for row in rows:
        said = {name: _said(row, path) for path, name in names.items()}
        who = truth.get((source, said["record_id"]))
        if who is not None:
            for name, value in (*said.items(), (WHO, who)):
                columns[name].append(value)
    return pa.table(columns)


def _said(row: Mapping[str, Any], path: str) -> str:
    value: Any = row
    for step in path.split("."):
        value = (value or {}).get(step)
    return value or ""
