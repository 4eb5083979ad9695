"""Undoing merges: what comes of it is told beforehand, is exact, and lasts whatever arrives."""

from __future__ import annotations

import re

import msgspec
import pytest
from typer.testing import CliRunner

from onefold.app.house import LocalHouse
from onefold.channels.cli.main import create_app, create_console
from onefold.gate.model import Actor
from onefold.kernel.errors import CallerError, NotFound, Refused, Unavailable
from onefold.record.audit.model import AuditFilter
from onefold.record.intake.model import EVENT_IDS_MAX, Offered
from onefold.usecases.decide_judgement import decide_judgement
from onefold.usecases.explain_customer import explain_customer
from onefold.usecases.record_consent import ConsentFact, record_consent
from onefold.usecases.show_consents import show_consents
from onefold.usecases.show_customer import show_customer
from onefold.usecases.show_timeline import show_timeline
from onefold.usecases.unmerge_customer import revoke_judgement, unmerge_customer
from tests.canaries import CELL, CONTRACT, canary, client, permit, record_id, rooms_of

ANNA, TWIN, BORIS = 1, 2, 3


def row(n: int, **more: str) -> dict[str, str]:
    """The row of somebody as the bank has it."""
    return {**(client(n).row or {}), **more}


LIKE_ANNA = row(ANNA, id="twin", remark="is another")
ALONE = row(TWIN, id="twin", remark="is another")


def house(folder):
    (folder / "contracts").mkdir(parents=True)
    (folder / "contracts" / "bank.yaml").write_text(CONTRACT)
    LocalHouse().create(folder / "data", CELL, [folder / "contracts"], None)
    return folder / "data"


@pytest.fixture
def data(tmp_path):
    return house(tmp_path)


@pytest.fixture
def rooms(data):
    with rooms_of(data) as rooms:
        yield rooms


def steward(rooms, action="unmerge_customer", login="anna"):
    return rooms.gate.permit(Actor(login, ("steward",), CELL), action, "stewardship", "cli")


def arrive(rooms, *rows, name="client"):
    receipt = rooms.door.offer("bank", name, [Offered(it) for it in rows])
    rooms.barrier.wait_for(receipt.sequence, 60)


def note(who: str, key: str) -> dict[str, str]:
    return {"id": key, "client": who, "at": "2026-01-05T10:00:00Z", "said": f"{key} said"}


def same(rooms, one, other):
    return rooms.reader.customer_of(bytes.fromhex(one)) == rooms.reader.customer_of(bytes.fromhex(other))


@pytest.fixture
def merged(rooms):
    """Anna and a twin whom the evidence takes for her, and what was written about either."""
    anna_key = f"client-{canary(ANNA)}"
    arrive(rooms, row(ANNA), LIKE_ANNA, row(BORIS))
    arrive(rooms, note(anna_key, "n1"), note("twin", "n2"), name="note")
    anna, twin = record_id(rooms, f"bank:{anna_key}"), record_id(rooms, "bank:twin")
    assert same(rooms, anna, twin)
    return anna, twin


def shown(rooms, record):
    """All that a page says of a customer, without what tells two answers apart."""
    view = show_customer(permit(rooms, "show_customer"), rooms, record)
    moments = show_timeline(permit(rooms, "show_timeline"), rooms, record).items
    ledger = show_consents(permit(rooms, "show_consents"), rooms, record)
    return (
        {name: (it.value, it.source) for name, it in view.profile.items()},
        sorted(it.key for it in view.fragments),
        sorted(it.title for it in moments),
        [(it.purpose, it.channel, it.state) for it in view.consents],
        len(ledger.items),
    )


def test_a_dry_run_tells_what_comes_and_changes_nothing(rooms, merged):
    anna, twin = merged
    before = rooms.log.last_sequence
    foreseen = unmerge_customer(steward(rooms), rooms, anna, ["bank:twin"], "two people", dry_run=True)
    assert rooms.log.last_sequence == before
    assert same(rooms, anna, twin)
    done = unmerge_customer(steward(rooms), rooms, anna, [twin], "two people")
    assert foreseen.parts == done.parts
    assert sorted(it.records for it in done.parts) == sorted([(anna,), (twin,)])
    assert (foreseen.dry_run, foreseen.event, done.dry_run) == (True, "", False)


def test_after_it_everything_is_as_if_they_had_never_met(rooms, merged, tmp_path):
    anna, twin = merged
    fact = ConsentFact("marketing", "sms", "withdrawn", "said so at the desk")
    unmerge_customer(steward(rooms), rooms, anna, [twin], "two people")
    record_consent(permit(rooms, "record_consent"), rooms, anna, fact)
    arrive(rooms, note("twin", "n3"), name="note")
    with rooms_of(house(tmp_path / "never")) as never:
        key = f"client-{canary(ANNA)}"
        arrive(never, row(ANNA), row(BORIS))
        arrive(never, note(key, "n1"), name="note")
        record_consent(permit(never, "record_consent"), never, record_id(never, f"bank:{key}"), fact)
        assert shown(rooms, anna) == shown(never, record_id(never, f"bank:{key}"))
    with rooms_of(house(tmp_path / "alone")) as alone:
        arrive(alone, LIKE_ANNA)
        arrive(alone, note("twin", "n2"), note("twin", "n3"), name="note")
        assert shown(rooms, twin) == shown(alone, record_id(alone, "bank:twin"))


def test_never_again_outlives_reloads_deletion_and_return(rooms, merged):
    anna, twin = merged
    unmerge_customer(steward(rooms), rooms, anna, [twin], "two people")
    arrive(rooms, row(ANNA, remark="again"), row(ANNA, id="twin", remark="again"))
    assert not same(rooms, anna, twin)
    arrive(rooms, ALONE)
    arrive(rooms, LIKE_ANNA)
    assert not same(rooms, anna, twin)


def test_a_third_record_that_resembles_both_joins_one_of_them_and_never_brings_them_together(rooms, merged):
    anna, twin = merged
    unmerge_customer(steward(rooms), rooms, anna, [twin], "two people")
    arrive(rooms, row(ANNA, id="third"))
    assert not same(rooms, anna, twin)


def test_a_group_is_split_off_together(rooms, merged):
    anna, twin = merged
    arrive(rooms, row(ANNA, id="third"))
    third = record_id(rooms, "bank:third")
    done = unmerge_customer(steward(rooms), rooms, anna, [twin, third], "two people")
    assert same(rooms, twin, third)
    assert not same(rooms, anna, twin)
    assert done.judgements == 2


def test_a_judgement_is_taken_back_and_the_evidence_decides_again(rooms, merged):
    anna, twin = merged
    unmerge_customer(steward(rooms), rooms, anna, [twin], "two people")
    asked = steward(rooms, "decide_judgement")
    assert len(revoke_judgement(asked, rooms, anna, twin, "was wrong", dry_run=True).parts) == 1
    assert not same(rooms, anna, twin)
    back = revoke_judgement(asked, rooms, anna, "bank:twin", "was wrong")
    assert same(rooms, anna, twin)
    assert [it.unseen for it in back.parts] == [0]
    with pytest.raises(CallerError, match="No steward's word"):
        revoke_judgement(asked, rooms, anna, twin, "again")


def test_a_word_of_same_is_undone_too(rooms, merged):
    anna, _ = merged
    boris = record_id(rooms, f"bank:client-{canary(BORIS)}")
    decide_judgement(steward(rooms, "decide_judgement"), rooms, anna, boris, verdict="same", reason="met")
    assert same(rooms, anna, boris)
    unmerge_customer(steward(rooms), rooms, anna, [boris], "a mistake")
    assert not same(rooms, anna, boris)
    found = explain_customer(steward(rooms, "explain_customer"), rooms, anna, boris)
    assert "in conflict: steward: different" in found.apart


def test_what_would_change_nothing_is_refused_with_the_reason(rooms, merged):
    anna, twin = merged
    boris = record_id(rooms, f"bank:client-{canary(BORIS)}")
    asked = steward(rooms)
    for customer, fragments, message in (
        (boris, [boris], "one record"),
        (anna, [boris], "none of this customer's"),
        (anna, [anna, twin], "All records"),
        (anna, [], "No record was named"),
    ):
        before = rooms.log.last_sequence
        with pytest.raises(CallerError, match=message):
            unmerge_customer(asked, rooms, customer, fragments, "why")
        assert rooms.log.last_sequence == before
    with pytest.raises(CallerError, match="reason"):
        unmerge_customer(asked, rooms, anna, [twin], "  ")
    with pytest.raises(NotFound):
        unmerge_customer(asked, rooms, anna, ["bank:nobody"], "why")
    with pytest.raises(Refused):
        unmerge_customer(steward(rooms, "show_customer"), rooms, anna, [twin], "why")


def test_it_is_on_record_who_undid_what_and_why_is_a_digest(rooms, merged):
    anna, twin = merged
    done = unmerge_customer(steward(rooms), rooms, anna, [twin], "kanarelreason")
    record, begun = rooms.audit.page(AuditFilter(kind="unmerge"), limit=5).items
    assert (record.id, record.actor, record.details["state"]) == (done.decision, "anna", "done")
    assert (begun.details["state"], begun.fragments) == ("begun", record.fragments)
    assert set(record.fragments) == {anna, twin}
    assert "kanarelreason" not in msgspec.json.encode(record).decode()


def test_what_takes_effect_is_on_record_even_where_it_is_not_seen_to_its_end(rooms, merged, monkeypatch):
    def interrupted(*_):
        raise Unavailable("no state")

    anna, twin = merged
    monkeypatch.setattr("onefold.usecases.statements.in_force", interrupted)
    with pytest.raises(Unavailable):
        unmerge_customer(steward(rooms), rooms, anna, [twin], "two people")
    (begun,) = rooms.audit.page(AuditFilter(kind="unmerge"), limit=5).items
    assert (begun.details["state"], set(begun.fragments)) == ("begun", {anna, twin})


def test_more_pairs_than_one_receipt_tells_are_undone_and_told(rooms):
    def group(n, size):
        return [
            row(ANNA, id=f"{n}-{i}", email=f"m{n}@bank.uz", phone=f"+99890000000{n}") for i in range(size)
        ]

    bridge = row(ANNA, id="bridge", email="m1@bank.uz", phone="+998900000000")
    out = group(0, 33)
    arrive(rooms, *out, *group(1, 32), bridge)
    whole = record_id(rooms, "bank:bridge")
    assert same(rooms, whole, record_id(rooms, "bank:0-0"))
    assert same(rooms, whole, record_id(rooms, "bank:1-0"))
    done = unmerge_customer(steward(rooms), rooms, whole, [f"bank:{it['id']}" for it in out], "two people")
    assert done.judgements == 33 * 33 > EVENT_IDS_MAX
    assert [len(it.records) for it in done.parts] == [33, 33]
    assert re.fullmatch("[0-9a-f]{32}", done.event)


def test_the_commands_do_it(data):
    with rooms_of(data) as rooms:
        arrive(rooms, row(ANNA), LIKE_ANNA)
        anna = record_id(rooms, f"bank:client-{canary(ANNA)}")
    LocalHouse().users(data).add("stew", "a-long-password-1", ("steward",))
    app = create_app(LocalHouse(), create_console())
    options = ["--login", "stew", "--data", str(data)]
    asked = ["unmerge", anna, "--fragment", "bank:twin", "--reason", "two people", *options]
    told = CliRunner().invoke(app, [*asked, "--dry-run"])
    assert "1 customer would become 2 customers" in told.output
    told = CliRunner().invoke(app, asked)
    assert "1 customer became 2 customers" in told.output
    told = CliRunner().invoke(
        app, ["judgement", "revoke", anna, "bank:twin", "--reason", "wrong", "--json", *options]
    )
    assert len(msgspec.json.decode(told.output)["parts"]) == 1
