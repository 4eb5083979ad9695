"""The Czech bank of PKDD'99, eight files as they are, to one customer's page; each figure against the files.

What the product says is compared with what plain Python makes of the same lines: nothing here is taken from
the contract but its name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise, permutations
from pathlib import Path

import pytest

from onefold.adapters.files.keys import KeyFiles
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.gate.model import Actor, TransactionFilter
from onefold.kernel.ids import Cell, id_text
from onefold.kernel.time import iso_day
from onefold.pipeline.fingerprint import state_hash
from onefold.record.intake.held import Wanted
from onefold.usecases.balance_history import balance_history
from onefold.usecases.list_transactions import list_transactions
from onefold.usecases.search_customers import search_customers
from onefold.usecases.show_customer import show_customer
from tests.shared_data import ROOT, shared_data

pytestmark = pytest.mark.xdist_group("berka")

CELL = Cell("demo", "cz")
FILES = ("account", "card", "client", "disp", "district", "loan", "order", "trans")
OWNER, DISPONENT, ACCOUNT = "2", "3", "2"
"""Client 2 owns account 2, client 3 may dispose of it; it has 76 movements in the file."""


class Bank:
    """The raw files, and the product after it has loaded them."""

    def __init__(self, raw: Path, data: Path) -> None:
        self.raw = raw
        self.data = data
        self.house = LocalHouse()
        self.house.create(data, CELL, [ROOT / "contracts" / "berka.yaml"], None)
        self.first = self.load()

    def load(self):
        """Takes the eight files; the account of each object."""
        paths = [self.raw / f"{name}.asc" for name in FILES]
        loaded = self.house.load(
            self.data, "berka", paths, as_of="", backfill=False, watch=lambda task, done, total: None
        )
        return {it.name: it for it in loaded.objects}

    def lines(self, name: str) -> list[dict[str, str]]:
        """The whole lines of a raw file, split by hand."""
        text = (self.raw / f"{name}.asc").read_bytes().decode("ascii")
        header, *rows = [line.split(";") for line in text.split("\r\n") if line]
        named = [field.strip('"') for field in header]
        return [
            dict(zip(named, (field.strip('"') for field in row), strict=True))
            for row in rows
            if len(row) == len(named)
        ]


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    """Loaded once for all."""
    return Bank(shared_data("berka"), tmp_path_factory.mktemp("berka") / "data")


@pytest.fixture(scope="module")
def rooms(bank):
    """The rooms over the loaded state."""
    with bank.house.working(bank.data) as rooms:
        yield rooms


@pytest.fixture(scope="module")
def cell_key(bank):
    """Makes the ids of source keys."""
    return KeyFiles(read_folder(bank.data).keys).cell_key(CELL)


@pytest.fixture(scope="module")
def fragments(bank, rooms, cell_key):
    """(entity, keys) → canonical values of those that are there, by key."""

    def find(entity: str, keys: list[str]) -> dict[str, dict]:
        ids = {cell_key.birth_id("berka", entity, key): key for key in keys}
        found = rooms.reader.fragments(list(ids))
        return {ids[it]: fragment.values for it, fragment in found.items() if fragment.values is not None}

    return find


def permit(rooms, action: str):
    """What a relationship manager gets for servicing."""
    actor = Actor("rm", ("relationship_manager",), CELL)
    return rooms.gate.permit(actor, action, "servicing", "console")


def customer_of(rooms, cell_key, client: str) -> str:
    """The customer behind a client."""
    found = rooms.reader.customer_of(cell_key.birth_id("berka", "party", client))
    assert found is not None
    return id_text(found)


def movements(bank) -> list[dict[str, str]]:
    """The raw movements of the account, in the order of the file."""
    return [line for line in bank.lines("trans") if line["account_id"] == ACCOUNT]


def signed(line: dict[str, str]) -> Decimal:
    """The amount of a raw movement, negative when money went out."""
    return Decimal(line["amount"]) * (1 if line["type"] == "PRIJEM" else -1)


def day_of(line: dict[str, str]) -> str:
    """The day of a raw movement."""
    text = line["date"]
    return f"19{text[:2]}-{text[2:4]}-{text[4:]}"


def end_of_days(bank) -> dict[str, Decimal]:
    """Balance at the end of each day with movements, as the file states it.

    The file does not say which movement of a day came last, and the bank's amounts are rounded, its balances
    not. So of all orders of a day's movements the one counts in which the balances follow best.
    """
    by_day: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line in movements(bank):
        by_day[day_of(line)].append(line)
    ends: dict[str, Decimal] = {}
    balance = Decimal(0)
    for day in sorted(by_day):
        best = min(permutations(by_day[day]), key=lambda order: strain(balance, order))
        balance = ends[day] = Decimal(best[-1]["balance"])
    return ends


def strain(balance: Decimal, order: Sequence[dict[str, str]]) -> Decimal:
    """How far the stated balances are from following each other in this order."""
    off = Decimal(0)
    for line in order:
        off += abs(balance + signed(line) - Decimal(line["balance"]))
        balance = Decimal(line["balance"])
    return off


def test_every_line_is_accounted_for(bank):
    accepted = {name: it.counts.accepted for name, it in bank.first.items()}
    assert accepted == {
        "district": 77,
        "client": 5369,
        "account": 4500,
        "disposition": 5369,
        "order": 6471,
        "transaction": 49_102,
        "loan": 682,
        "card": 892,
    }
    for it in bank.first.values():
        told = it.counts.accepted + it.counts.duplicate + it.counts.unchanged
        assert it.counts.offered == told + it.counts.quarantined + it.counts.refused


def test_the_one_broken_line_is_in_quarantine_and_nothing_else(bank, rooms):
    ((held, _),) = rooms.held.page(Wanted()).items
    assert (held.object, held.reason, held.line) == ("transaction", "open_quote", 49_104)
    raw = (bank.raw / "trans.asc").read_bytes()
    assert rooms.door.quarantine.read(held.sequence)[1] == raw.rsplit(b"\n", 1)[1]


def test_everything_can_be_mapped_back(rooms):
    assert rooms.reader.set_aside(10) == []


def test_every_client_is_a_customer_of_their_own(bank, rooms, cell_key):
    clients = [line["client_id"] for line in bank.lines("client")]
    customers = {customer_of(rooms, cell_key, client) for client in clients}
    assert len(clients) == len(customers) == 5369
    assert len(rooms.reader.customers(b"", 10_000)) == 5369


def test_birth_numbers_give_birth_date_and_gender(bank, fragments):
    lines = bank.lines("client")
    parties = fragments("party", [line["client_id"] for line in lines])
    for line in lines:
        number = line["birth_number"]
        female = int(number[2:4]) > 50
        month = int(number[2:4]) - (50 if female else 0)
        born = date(1900 + int(number[:2]), month, int(number[4:])).isoformat()
        party = parties[line["client_id"]]
        assert (iso_day(party["birth_date"]), party["gender"]) == (born, "female" if female else "male")


def test_owners_and_disponents_are_told_apart(bank, fragments):
    lines = bank.lines("disp")
    roles = {key: it["role"] for key, it in fragments("holder", [it["disp_id"] for it in lines]).items()}
    said = {it["disp_id"]: {"OWNER": "owner", "DISPONENT": "authorised"}[it["type"]] for it in lines}
    assert roles == said
    assert sorted(roles.values()) == ["authorised"] * 869 + ["owner"] * 4500


def test_joint_holders_both_see_the_account(rooms, cell_key):
    number = None
    for client, role in ((OWNER, "owner"), (DISPONENT, "authorised")):
        view = show_customer(permit(rooms, "show_customer"), rooms, customer_of(rooms, cell_key, client))
        (account,) = [it for it in view.accounts if it.product == "deposit"]
        assert (account.role, account.holders, account.transactions) == (role, 2, 76)
        number = number or account.id
        assert account.id == number


def test_every_movement_says_what_the_file_says(bank, fragments, cell_key):
    lines = {line["trans_id"]: line for line in bank.lines("trans")}
    found = fragments("transaction", list(lines))
    assert len(found) == 49_102
    for key, line in lines.items():
        values = found[key]
        assert values["account"] == cell_key.birth_id("berka", "account", line["account_id"])
        assert values["direction"] == ("credit" if line["type"] == "PRIJEM" else "debit")
        assert values["amount"] == Decimal(line["amount"]) * 100
        assert values["balance"] == Decimal(line["balance"]) * 100
        assert iso_day(values["booked_at"] // 86_400_000) == day_of(line)


def test_orders_loans_cards_and_districts_say_what_their_files_say(bank, fragments, cell_key):
    orders = {line["order_id"]: line for line in bank.lines("order")}
    found = fragments("order", list(orders))
    assert {key: it["amount"] for key, it in found.items()} == {
        key: Decimal(line["amount"]) * 100 for key, line in orders.items()
    }
    loans = {f"loan-{line['loan_id']}": line for line in bank.lines("loan")}
    found = fragments("account", list(loans))
    assert len(found) == 682
    for key, line in loans.items():
        said = (Decimal(line["amount"]) * 100, Decimal(line["payments"]) * 100, int(line["duration"]))
        assert tuple(found[key][name] for name in ("amount", "payment", "months")) == said
    cards = {f"card-{line['card_id']}": line for line in bank.lines("card")}
    found = fragments("account", list(cards))
    assert len(found) == 892
    for key, line in cards.items():
        assert found[key]["holder"] == cell_key.birth_id("berka", "holder", line["disp_id"])
    districts = {line["A1"]: line for line in bank.lines("district")}
    found = fragments("place", list(districts))
    assert {key: it["name"] for key, it in found.items()} == {key: it["A2"] for key, it in districts.items()}


def test_the_named_client_is_found_by_account_number(rooms, cell_key):
    page = search_customers(permit(rooms, "search_customers"), rooms, ACCOUNT)
    assert customer_of(rooms, cell_key, OWNER) in {it.customer for it in page.items}


def test_the_named_clients_movements_are_those_of_the_file(bank, rooms, cell_key):
    customer = customer_of(rooms, cell_key, OWNER)
    allowed = permit(rooms, "list_transactions")
    page = list_transactions(allowed, rooms, customer, TransactionFilter(limit=50))
    rest = list_transactions(allowed, rooms, customer, TransactionFilter(limit=50, cursor=page.next or ""))
    assert (page.next is not None, rest.next) == (True, None)
    shown = [(it.at[:10], Decimal(it.amount), Decimal(it.balance or 0)) for it in page.items + rest.items]
    raw = [(day_of(line), signed(line), Decimal(line["balance"])) for line in movements(bank)]
    assert [at for at, _, _ in shown] == sorted((day for day, _, _ in raw), reverse=True)
    assert sorted(shown) == sorted(raw)


def series(rooms, cell_key) -> dict[str, Decimal]:
    """The balance the product shows for each day."""
    account = id_text(cell_key.birth_id("berka", "account", ACCOUNT))
    found = balance_history(
        permit(rooms, "balance_history"), rooms, customer_of(rooms, cell_key, OWNER), account
    )
    assert found.currency == "CZK"
    return {point.day: Decimal(point.balance) for point in found.points}


def test_the_named_clients_balance_is_the_one_the_file_states(bank, rooms, cell_key):
    expected = end_of_days(bank)
    assert series(rooms, cell_key) == expected
    view = show_customer(permit(rooms, "show_customer"), rooms, customer_of(rooms, cell_key, OWNER))
    (account,) = [it for it in view.accounts if it.product == "deposit"]
    last = max(expected)
    assert (account.balance_at, Decimal(account.balance or 0)) == (last, expected[last])


def month_ends(points: dict[str, Decimal]) -> dict[str, Decimal]:
    """The balance at the end of each month."""
    return {day[:7]: points[day] for day in sorted(points)}


def test_the_named_clients_trend_is_that_of_the_file(bank, rooms, cell_key):
    """From one month's end to the next, and within a rounding of what came in less what went out."""
    shown, stated = month_ends(series(rooms, cell_key)), month_ends(end_of_days(bank))
    months = sorted(stated)
    trend = {after: shown[after] - shown[before] for before, after in pairwise(months)}
    assert trend == {after: stated[after] - stated[before] for before, after in pairwise(months)}
    moved: dict[str, Decimal] = defaultdict(Decimal)
    for line in movements(bank):
        moved[day_of(line)[:7]] += signed(line)
    assert len(trend) >= 12
    assert all(abs(trend[month] - moved[month]) <= Decimal("0.20") for month in trend)


def test_the_days_measured_are_the_days_of_the_file(bank, rooms, cell_key):
    account = cell_key.birth_id("berka", "account", ACCOUNT)
    credits = rooms.reader.buckets([account], "credit", 0, 1 << 31)
    shown = {iso_day(day): amount for _, day, amount in credits}
    raw: dict[str, int] = defaultdict(int)
    for line in movements(bank):
        if line["type"] == "PRIJEM":
            raw[day_of(line)] += int(Decimal(line["amount"]) * 100)
    assert shown == raw
    assert len(shown) >= 12


def test_a_second_load_of_the_same_files_changes_nothing(tmp_path):
    bank = Bank(shared_data("berka"), tmp_path / "data")
    with bank.house.working(bank.data) as rooms:
        before = (state_hash(rooms.reader), rooms.log.last_sequence, rooms.door.quarantine.last_sequence)
    again = bank.load()
    for name, it in again.items():
        assert it.counts.offered == bank.first[name].counts.offered
        assert it.counts.accepted == it.counts.refused == 0
        assert it.counts.duplicate + it.counts.unchanged == bank.first[name].counts.accepted
        assert it.counts.quarantined == (1 if name == "transaction" else 0)
    with bank.house.working(bank.data) as rooms:
        after = (state_hash(rooms.reader), rooms.log.last_sequence, rooms.door.quarantine.last_sequence)
    assert after == before
