"""Consents given to third parties, in the shapes they are published in, become facts of the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from onefold.adapters.files.tables import open_table
from onefold.app.creating import create
from onefold.app.folder import read_folder
from onefold.app.rooms import open_rooms
from onefold.customer.consent.model import ConsentFact
from onefold.customer.consent.rules import Consents
from onefold.customer.fragments.model import Fragment
from onefold.customer.fragments.permissions import facts_of
from onefold.kernel.ids import Cell
from onefold.record.intake.model import Mode, Tally
from onefold.usecases.load_file import load_file, plan_load
from onefold.usecases.rooms import Rooms
from onefold.usecases.show_consents import instant_of
from tests.flow.server import ROOT

CONTRACTS = sorted((ROOT / "contracts" / "open-banking").glob("*.yaml"))
NOW = instant_of("2026-10-01", 0)


class Bank:
    """A folder with the contracts of open banking, and what their files said."""

    def __init__(self, rooms: Rooms, base: Path) -> None:
        self.rooms, self.base = rooms, base

    def load(self, source: str, name: str, *documents: dict[str, Any] | str) -> Tally:
        """Takes in a file: of JSON documents, or as it stands."""
        path = self.base / name
        texts = [it if isinstance(it, str) else json.dumps(it) for it in documents]
        path.write_text(texts[0] if len(texts) == 1 else f"[{','.join(texts)}]", encoding="utf-8")
        total = Tally()
        for file in plan_load(self.rooms.contracts, source, [path]).files:
            permit = self.rooms.gate.admit(source, "cli")
            taken = load_file(
                permit,
                self.rooms,
                open_table,
                file,
                progress=lambda done, of: None,
                mode=Mode.CURRENT,
                as_of=None,
            )
            total.add(taken)
        self.rooms.barrier.wait_for(self.rooms.log.last_sequence, 30)
        return total

    def may(self, firm: str = "", purpose: str = "account_information", now: int = NOW) -> set[str]:
        """Which classes of the only customer's data a firm may have."""
        found = self.facts()
        (party,) = {fact.party for fact in found}
        consents = Consents([party], found, (), (), now)
        classes = ("identity", "contact", "account", "balance", "transaction", "payee", "any")
        return {it for it in classes if consents.permits(party, purpose, "partner", it, firm)}

    def facts(self) -> list[ConsentFact]:
        """Every fact of the state."""
        with self.rooms.reader.snapshot() as seen:
            rows = [row for table, row in seen.walk() if table == "fragments"]
        fragments = [msgspec.msgpack.decode(row, type=Fragment) for row in rows]
        return [fact for it in fragments if it.entity == "consent" for fact in facts_of(it)]


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    create(tmp_path / "data", Cell("demo", "uz"), CONTRACTS, None)
    with open_rooms(read_folder(tmp_path / "data")) as opened:
        yield Bank(opened.rooms, tmp_path)


def obie(status: str, changed: str, *permissions: str, firm: str = "tpp-1", **more: str) -> dict[str, Any]:
    data = {
        "ConsentId": f"aac-{firm}",
        "CreationDateTime": "2026-09-01T09:00:00+00:00",
        "Status": status,
        "StatusUpdateDateTime": changed,
        "Permissions": list(permissions),
    }
    return {"customer": "C-1", "firm": firm, "Data": data | more, "Risk": {}}


GIVEN = ("ReadBalances", "ReadTransactionsBasic", "ReadTransactionsCredits")


def test_an_authorised_consent_of_the_uk_allows_its_permissions_to_its_firm_alone(bank):
    tally = bank.load("uk-obie", "aisp-1.json", obie("Authorised", "2026-09-01T09:05:00+00:00", *GIVEN))
    assert (tally.offered, tally.accepted) == (3, 3)
    assert bank.may("tpp-1") == {"balance", "transaction"}
    assert bank.may("tpp-2") == bank.may() == set()
    assert bank.may("tpp-1", "partner") == bank.may("tpp-1", "payment_initiation") == set()


def test_a_consent_that_waits_or_was_refused_allows_nothing_and_takes_nothing_back(bank):
    bank.load("uk-obie", "aisp-1.json", obie("Authorised", "2026-09-01T09:05:00+00:00", *GIVEN))
    other = obie("AwaitingAuthorisation", "2026-09-02T09:00:00+00:00", "ReadBeneficiariesBasic")
    other["Data"]["ConsentId"] = "aac-second"
    bank.load("uk-obie", "aisp-2.json", other)
    assert bank.may("tpp-1") == {"balance", "transaction"}


@pytest.mark.parametrize("status", ["Revoked", "CANC", "Expired", "EXPD"])
def test_a_consent_that_was_taken_back_or_is_over_allows_nothing(bank, status):
    for firm in ("tpp-1", "tpp-2"):
        given = obie("AUTH", "2026-09-01T09:05:00+00:00", *GIVEN, firm=firm)
        bank.load("uk-obie", f"aisp-{firm}.json", given)
    bank.load("uk-obie", "aisp-3.json", obie(status, "2026-09-20T00:00:00+00:00", *GIVEN))
    assert bank.may("tpp-1") == set()
    assert bank.may("tpp-2") == {"balance", "transaction"}


def test_a_consent_ends_with_the_day_it_names_without_anybody_saying_so(bank):
    ends = {"ExpirationDateTime": "2026-12-01T00:00:00+00:00"}
    bank.load("uk-obie", "aisp-1.json", obie("Authorised", "2026-09-01T09:05:00+00:00", *GIVEN, **ends))
    assert bank.may("tpp-1", now=instant_of("2026-11-30", 0)) == {"balance", "transaction"}
    assert bank.may("tpp-1", now=instant_of("2026-12-01", 0)) == set()


def test_a_consent_without_permissions_or_with_one_that_nobody_knows_is_held(bank):
    without = obie("Authorised", "2026-09-01T09:05:00+00:00")
    strange = obie("Authorised", "2026-09-01T09:05:00+00:00", "ReadEverything", firm="tpp-2")
    tally = bank.load("uk-obie", "aisp-1.json", without, strange)
    assert (tally.accepted, tally.quarantined) == (0, 2)


def test_a_consent_of_the_berlin_group_is_one_for_the_accesses_it_names(bank):
    consent = {
        "customer": "C-1",
        "firm": "PSDDE-BAFIN-000001",
        "consentId": "1234-wertiq",
        "consentStatus": "valid",
        "changed_at": "2026-09-01T10:00:00Z",
        "validUntil": "2026-11-01",
        "recurringIndicator": True,
        "frequencyPerDay": 4,
        "access": {"accounts": [], "balances": [{"iban": "DE40100100103307118608"}], "transactions": None},
    }
    tally = bank.load("berlin-group", "xs2a-1.json", consent)
    assert (tally.offered, tally.accepted) == (1, 1)
    assert bank.may("PSDDE-BAFIN-000001") == {"balance"}
    assert bank.may("PSDDE-BAFIN-000001", now=instant_of("2026-11-01", 0)) == set()
    later = consent | {"consentStatus": "revokedByPsu", "changed_at": "2026-09-15T10:00:00Z"}
    bank.load("berlin-group", "xs2a-2.json", later)
    assert bank.may("PSDDE-BAFIN-000001") == set()


def test_a_grant_of_fdx_is_one_for_the_clusters_of_each_resource(bank):
    grant = {
        "customer": "C-1",
        "firm": "recipient-7",
        "id": "9585694d-1029",
        "status": "ACTIVE",
        "createdTime": "2026-09-01T10:00:00Z",
        "updatedTime": "2026-09-01T10:00:00Z",
        "expirationTime": "2027-09-01T10:00:00Z",
        "resources": [
            {
                "resourceType": "ACCOUNT",
                "resourceId": "a-1",
                "dataClusters": ["ACCOUNT_BASIC", "TRANSACTIONS"],
            },
            {"resourceType": "CUSTOMER", "resourceId": "c-1", "dataClusters": ["CUSTOMER_CONTACT"]},
        ],
    }
    tally = bank.load("fdx", "fdx-1.json", grant)
    assert (tally.offered, tally.accepted) == (3, 3)
    assert bank.may("recipient-7") == {"account", "transaction", "contact"}
    bank.load("fdx", "fdx-2.json", grant | {"status": "REVOKED", "updatedTime": "2026-09-10T10:00:00Z"})
    assert bank.may("recipient-7") == set()


def test_a_register_in_columns_says_all_that_a_consent_record_holds(bank):
    head = "id,customer,purpose,parts,channel,data,firm,fact,said_at,from,until,basis,jurisdiction"
    head += ",notice,notice_version,language,how,evidence"
    lines = [
        head,
        "1,C-1,marketing,yes,any,contact,,granted,2026-09-01T09:00:00Z,,,consent,UZ,N-7,3,uz,signed,form 12",
        "2,C-1,personalised_offers,,any,,,objected,2026-09-02T09:00:00Z,,,,,,,,spoken,call 88",
        "3,C-1,marketing,,any,everything,,granted,2026-09-02T09:00:00Z,,,,,,,,signed,form 13",
    ]
    tally = bank.load("consent-register", "consents.csv", "\n".join(lines) + "\n")
    assert (tally.accepted, tally.quarantined) == (2, 1)
    assert bank.may(purpose="direct_marketing") == {"contact"}
    assert bank.may(purpose="personalised_offers") == set()
    (grant,) = (it for it in bank.facts() if it.kind == "granted")
    told = grant.notice
    assert (told.id, told.version, told.language, told.mechanism) == ("N-7", "3", "uz", "signed")
    assert (told.jurisdiction, grant.basis, grant.evidence) == ("UZ", "consent", "form 12")
