"""A bank with a CRM, a mailbox and a telephone, and what is told of its customers."""

from __future__ import annotations

import json

from onefold.app.creating import create
from onefold.app.folder import read_folder
from onefold.app.loading import load as load_source
from onefold.app.rooms import open_rooms
from onefold.gate.model import Actor
from onefold.kernel.ids import Cell
from onefold.pipeline.fingerprint import state_hash
from tests.letters import calls, mails, transcript
from tests.unit.record.contracts.sample import document, prop, table

CELL = Cell("demo", "uz")
CRM = document(
    table(
        "person",
        [prop(it, classification="pii") for it in ("number", "name", "email")],
        entity="party",
        delivers="record",
        key="number",
        file={"name": "people*.csv", "format": "csv"},
        map={"full_name": "name", "email": {"from": "email", "as": "email"}, "customer_number": "number"},
    ),
    id="crm",
)
PEOPLE = "number,name,email\nC-1,Anna Karimova,anna@karimova.uz\nC-2,Bo Larsen,bo@larsen.uz\n"
LAST = "Wed, 03 Sep 2025 10:00:00 +0500"
CALL = transcript((1, "Anna", "My card is gone"), (4, "Agent", "It is blocked now"), title="Lost card")


class Bank:
    """A data folder with a CRM, a mailbox and a telephone."""

    def __init__(self, root) -> None:
        self.root = root
        contracts = {
            "crm": CRM,
            "mailbox": document(*mails(), id="mailbox"),
            "telephone": document(calls_of_crm(), id="telephone"),
        }
        for name, said in contracts.items():
            (root / f"{name}.yaml").write_text(json.dumps(said), encoding="utf-8")
        create(root / "data", CELL, [root / f"{name}.yaml" for name in contracts], None)
        self.folder = read_folder(root / "data")
        (root / "people.csv").write_text(PEOPLE)
        self.load("crm", root / "people.csv")

    def load(self, source: str, *paths):
        """The account of the one object of a load, with the reasons."""
        loaded = load_source(
            self.folder, source, list(paths), as_of="", backfill=False, watch=lambda *_: None
        )
        (it,) = loaded.objects
        return it.counts, it.reasons, it.files

    def hash(self) -> str:
        """The hash of the state."""
        with open_rooms(self.folder, follow=False) as opened:
            return state_hash(opened.rooms.reader)

    def told(self, name: str):
        """The contacts with the customer of that name, newest first."""
        actor = Actor("somebody", ("relationship_manager",), CELL)
        with open_rooms(self.folder, follow=False) as opened:
            gate = opened.rooms.gate
            found = gate.search(gate.permit(actor, "search_customers", "servicing", "api"), name)
            (customer,) = {it.customer for it in found.items}
            permit = gate.permit(actor, "show_timeline", "servicing", "api")
            page = gate.timeline(permit, bytes.fromhex(customer), kind="interaction", cursor="", limit=50)
            return [(it.source, it.title) for it in page.items]


def calls_of_crm():
    """Transcripts whose customers are those of the CRM."""
    item = calls(subject={"entity": "party", "key": "customer", "source": "crm"})
    words = {it["property"]: it["value"] for it in item["customProperties"]}
    words["map"] = words["map"] | {"party": {"from": "customer", "as": "ref", "source": "crm"}}
    return calls(**words)
