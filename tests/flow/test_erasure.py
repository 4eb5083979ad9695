"""Erasing people: nothing of them is left anywhere on the disk, and nothing brings them back.

`ONEFOLD_ERASURE=long` erases a thousand people, as the promise says; a default run erases fifty.
"""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest

from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.gate.contacting.model import Contacting
from onefold.gate.contacting.parse import read_rules
from onefold.gate.model import Actor
from onefold.kernel.errors import Forgotten, NotFound
from onefold.kernel.ids import CellKey
from onefold.record.erasure.model import Because
from onefold.record.intake.model import Offered
from onefold.record.tokens.model import Minted
from onefold.record.tokens.rules import token_of
from onefold.usecases.erase_customer import erase_customer
from onefold.usecases.record_consent import ConsentFact, record_consent
from onefold.usecases.rooms import Rooms
from onefold.usecases.search_customers import search_customers
from onefold.usecases.show_customer import show_customer
from onefold.usecases.show_relations import show_relations
from onefold.usecases.statements import state
from tests.canaries import CELL, CONTRACT, canary, client, customer_of, deliver, left_of, permit, rooms_of

ERASED = 1000 if os.environ.get("ONEFOLD_ERASURE") == "long" else 50
ONE_BY_ONE = 5
"""The rest is erased in one go, as a retention rule does."""
OTHERS = 20
SHARED = 3
"""Accounts that one who is erased shares with one who stays."""
EVERYBODY = Contacting(read_rules("version: 1", "none"), "", {})
"""No rules of contacting at all."""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A bank in a folder; an older backup of it; then fifty people erased. What was known before."""
    base = tmp_path_factory.mktemp("erasure")
    data = base / "data"
    (base / "bank.yaml").write_text(CONTRACT, encoding="utf-8")
    house = LocalHouse()
    house.create(data, CELL, [base / "bank.yaml"], None)
    numbers = list(range(ERASED + OTHERS))
    shared = [(n, ERASED + n) for n in range(SHARED)]
    with rooms_of(data) as rooms:
        deliver(rooms.door, numbers, shared)
        rooms.barrier.wait_for(rooms.log.last_sequence, 120)
        (read_folder(data).exports).mkdir(exist_ok=True)
        ids = {n: customer_of(rooms, n) for n in numbers}
        married = show_relations(permit(rooms, "show_relations"), rooms, ids[shared[0][1]]).items
        assert {it.kind for it in married} == {"spouse", "guardian", "account_owner"}
        tokens = {n: kept_token(rooms, ids[n], n) for n in numbers}
        rows = "".join(f"{ids[n]},{canary(n)}@bank.uz,uz\r\n" for n in numbers)
        (read_folder(data).exports / "release.csv").write_text("customer,email,language\r\n" + rows)
    before = left_of(base, numbers[:ERASED])
    backup = base.with_name(base.name + "-backup")
    shutil.copytree(data, backup / "data")
    shutil.copytree(data.with_name("data-checkpoints"), backup / "data-checkpoints")
    with rooms_of(data) as rooms:
        allowed = permit(rooms, "erase_customer")
        done = [erase_customer(allowed, rooms, ids[n]) for n in numbers[:ONE_BY_ONE]]
        rooms.eraser.erase(
            [bytes.fromhex(ids[n]) for n in numbers[ONE_BY_ONE:ERASED]], Because.ORDER, "officer"
        )
        after = left_of(base, numbers[:ERASED])
    return {
        "base": base,
        "data": data,
        "backup": backup,
        "ids": ids,
        "tokens": tokens,
        "done": done,
        "before": before,
        "while": after,
    }


def kept_token(rooms: Rooms, customer: str, n: int) -> str:
    """The token of their e-mail, as the vault keeps it before it is shown."""
    party, email = bytes.fromhex(customer), f"{canary(n)}@bank.uz"
    token = token_of(CellKey(rooms.tokens.key), "email", email)
    rooms.tokens.keep([Minted(token, party, party, "email", email)])
    return token


def turned_back(rooms: Rooms, told: dict[str, Any]) -> set[int]:
    """Those whose token still says what it stood for."""
    return {n for n, token in told["tokens"].items() if rooms.tokens.rows(token)}


def test_the_words_stood_in_files_before(told):
    """The grep can find something: else nothing below means anything."""
    assert any("state.db" in name for name in told["before"])
    assert "data/exports/release.csv" in told["before"]


def test_nothing_of_them_stands_in_any_file_while_the_house_works_and_after(told):
    assert told["while"] == {}
    assert left_of(told["base"], range(ERASED)) == {}


def test_of_those_who_stay_everything_stands(told):
    with rooms_of(told["data"]) as rooms:
        for n in range(ERASED, ERASED + OTHERS):
            view = show_customer(permit(rooms, "show_customer"), rooms, told["ids"][n])
            assert view.name == f"{canary(n).title()} {canary(n)[::-1].title()}"
            joint = n - ERASED < SHARED
            assert len(view.accounts) == 1 + joint
            assert {it.transactions for it in view.accounts} == {3}
            assert {it.holders for it in view.accounts} == {1}
            found = show_relations(permit(rooms, "show_relations"), rooms, told["ids"][n])
            assert (found.items, found.withheld) == ((), ()), "nor that there was somebody"


def test_tokens_of_the_erased_are_turned_back_no_more_not_even_by_an_older_vault(told):
    stay = set(range(ERASED, ERASED + OTHERS))
    with rooms_of(told["data"]) as rooms:
        assert turned_back(rooms, told) == stay
    vault = read_folder(told["data"]).tokens
    older = read_folder(told["backup"] / "data").tokens
    for suffix in ("", "-wal", "-shm"):
        vault.with_name(vault.name + suffix).unlink(missing_ok=True)
        if older.with_name(older.name + suffix).exists():
            shutil.copy(older.with_name(older.name + suffix), vault.with_name(vault.name + suffix))
    with rooms_of(told["data"]) as rooms:
        assert turned_back(rooms, told) == stay
        assert not any(rooms.tokens._store.of(told["tokens"][n]) for n in range(ERASED))


def test_an_erased_id_is_gone_and_an_unknown_one_is_not_found(told):
    with rooms_of(told["data"]) as rooms:
        with pytest.raises(Forgotten):
            show_customer(permit(rooms, "show_customer"), rooms, told["ids"][0])
        with pytest.raises(NotFound):
            show_customer(permit(rooms, "show_customer"), rooms, "0" * 32)
        assert not search_customers(permit(rooms, "search_customers"), rooms, canary(0)).items


def test_their_keys_cannot_be_had_again(told):
    subjects = [bytes.fromhex(told["ids"][n]) for n in range(ERASED)]
    with rooms_of(told["data"]) as rooms:
        assert rooms.eraser.keys.obtain(subjects) == {}


def test_the_log_is_proved_and_a_replay_is_the_live_state(told, tmp_path):
    house = LocalHouse()
    verified = house.verify(told["data"])
    assert verified.sound, [it.findings for it in verified.logs]
    replayed = house.replay(told["data"], tmp_path / "replayed", lambda *_: None)
    assert replayed.rebuilt == replayed.in_use


def test_tomorrows_file_does_not_bring_them_back_and_is_accounted(told):
    with rooms_of(told["data"]) as rooms:
        receipt = rooms.door.offer("bank", "client", [client(n, remark="new") for n in range(ERASED)])
        assert receipt.tally.refused == receipt.tally.offered == ERASED
        assert receipt.tally.reasons == {"subject_erased": ERASED}
        joint = {
            "id": f"{canary(0)}/joint-0",
            "client": f"client-{canary(0)}",
            "account": "joint-0",
        }
        held = rooms.door.offer("bank", "holder", [Offered(joint)])
        assert held.tally.refused == 1
        moved = {
            "id": "j9",
            "account": "joint-0",
            "at": "2026-02-01T10:00:00Z",
            "amount": "1.00",
            "text": "x",
        }
        assert rooms.door.offer("bank", "movement", [Offered(moved)]).tally.accepted == 1
        rooms.barrier.wait_for(rooms.log.last_sequence, 60)
    assert left_of(told["base"], range(ERASED)) == {}


def test_a_backup_that_is_restored_meets_the_ledger(told):
    """The folder of before with the ledger of today: opened, it forgets them again."""
    restored = told["backup"] / "data"
    shutil.copytree(told["base"] / "data-erasures", told["backup"] / "data-erasures")
    assert left_of(restored, range(ERASED))
    with rooms_of(restored) as rooms:
        with pytest.raises(Forgotten):
            show_customer(permit(rooms, "show_customer"), rooms, told["ids"][1])
        assert rooms.eraser.keys.obtain([bytes.fromhex(told["ids"][1])]) == {}
        assert customer_of(rooms, ERASED) == told["ids"][ERASED]
        assert turned_back(rooms, told) == set(range(ERASED, ERASED + OTHERS))
    assert left_of(told["backup"], range(ERASED)) == {}
    verified = LocalHouse().verify(restored)
    assert verified.sound, [it.findings for it in verified.logs]


def test_who_was_not_to_be_contacted_is_not_after_an_erasure_either(tmp_path):
    """The same address, a new customer who agrees to everything: still nobody writes to it."""
    (tmp_path / "bank.yaml").write_text(CONTRACT, encoding="utf-8")
    LocalHouse().create(tmp_path / "data", CELL, [tmp_path / "bank.yaml"], None)
    with rooms_of(tmp_path / "data") as rooms:
        rooms.door.offer("bank", "client", [client(1), client(2)])
        rooms.barrier.wait_for(rooms.log.last_sequence, 60)
        quiet, other = customer_of(rooms, 1), customer_of(rooms, 2)
        wish = {"party": quiet, "channel": "any", "reason": "wish", "state": "on"}
        state(rooms, "suppression", [wish | {"since_at": "2026-01-01T00:00:00Z"}])
        erase_customer(permit(rooms, "erase_customer"), rooms, quiet)
        rooms.door.offer("bank", "client", [client(1, id="client-anew")])
        rooms.barrier.wait_for(rooms.log.last_sequence, 60)
        anew = customer_of(rooms, 1)
        yes = ConsentFact(purpose="marketing", channel="email", fact="granted", evidence="form 7")
        for customer in (anew, other):
            record_consent(permit(rooms, "record_consent"), rooms, customer, yes)
        actor = Actor("anna", ("marketer",), CELL)
        allowed = rooms.gate.permit(actor, "activate_segment", "marketing", "email")
        asked = [bytes.fromhex(it) for it in (anew, other)]
        with rooms.gate.audience(allowed, asked, EVERYBODY) as audience:
            assert [it.customer.hex() for it in audience.released] == [other]
            assert audience.left_out == {"suppressed before an erasure": 1}
        counted = rooms.gate.audience_count(allowed, asked, EVERYBODY)
        assert (counted.reachable, counted.left_out) == (1, audience.left_out)
