"""Why records are one customer: through the gate, under its masks, on record, of nothing else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from onefold.app.house import LocalHouse
from onefold.channels.api.matching import ExplanationQuery, UnmergeBody, explanation, picture, unmerging
from onefold.channels.cli.main import create_app, create_console
from onefold.gate.model import Actor
from onefold.gate.portfolios import Glass, Relation
from onefold.kernel.errors import CallerError, NotFound, Refused
from onefold.kernel.ids import Cell
from onefold.record.audit.model import AuditFilter
from onefold.usecases.decide_judgement import decide_judgement
from onefold.usecases.explain_customer import explain_customer
from onefold.usecases.review_matches import claim_review
from onefold.usecases.unmerge_customer import revoke_judgement, unmerge_customer
from onefold.usecases.waterfall import draw
from tests.canaries import CELL, CONTRACT, canary, client, permit, record_id, rooms_of

ANNA, BORIS = 1, 2
FRAUD = CONTRACT.replace("id: bank", "id: fraud").replace(
    "[servicing, stewardship, compliance, marketing]", "[fraud]"
)


@pytest.fixture
def data(tmp_path):
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "bank.yaml").write_text(CONTRACT)
    (tmp_path / "contracts" / "fraud.yaml").write_text(FRAUD)
    folder = tmp_path / "data"
    LocalHouse().create(folder, CELL, [tmp_path / "contracts"], None)
    return folder


@pytest.fixture
def rooms(data):
    with rooms_of(data) as rooms:
        yield rooms


def steward(rooms, action="explain_customer", login="anna"):
    actor = Actor(login, ("steward",), CELL)
    return rooms.gate.permit(actor, action, "stewardship", "cli")


def arrive(rooms, *rows, source="bank"):
    """Rows of clients; the ids of their records."""
    receipt = rooms.door.offer(source, "client", list(rows))
    rooms.barrier.wait_for(receipt.sequence, 60)
    return [record_id(rooms, f"{source}:{it.row['id']}") for it in rows]


def twice(rooms):
    """Anna, whom the bank has under two keys, and Boris."""
    return arrive(rooms, client(ANNA), client(ANNA, id="old"), client(BORIS))


def test_why_two_records_are_one_is_told_with_values_reasons_and_the_chain(rooms):
    anna, old, _ = twice(rooms)
    found = explain_customer(steward(rooms), rooms, anna, old)
    assert found.is_one
    assert set(found.path) == {anna, old}
    (pair,) = found.pairs
    assert pair.fate == "joined"
    assert pair.weight == max(it.weight for it in pair.reasons) > 0
    email = next(it for it in pair.compared if it.field == "email")
    assert (email.outcome, email.left) == ("same", f"{canary(ANNA)}@bank.uz")


def test_why_two_customers_are_two(rooms):
    anna, old, boris = twice(rooms)
    found = explain_customer(steward(rooms), rooms, anna, boris)
    assert not found.is_one
    assert "nothing that they have in common says that they are one" in found.apart
    whole = explain_customer(steward(rooms), rooms, found.customer, found.other)
    pairs = {frozenset((it.left, it.right)) for it in whole.pairs}
    assert pairs == {frozenset((it, boris)) for it in (anna, old)}


def test_of_very_many_pairs_those_are_told_that_something_speaks_of(rooms, monkeypatch):
    monkeypatch.setattr("onefold.gate.explaining.LOOKED_AT_MAX", 1)
    anna, old, boris = twice(rooms)
    asked = rooms.reader.customer_of(bytes.fromhex(anna)).hex(), boris
    found = explain_customer(steward(rooms), rooms, *asked)
    assert found.pairs == ()
    assert "pairs that nothing speaks of" in {it.what for it in found.withheld}
    judging = steward(rooms, "decide_judgement")
    decide_judgement(judging, rooms, old, boris, verdict="different", reason="met both")
    found = explain_customer(steward(rooms), rooms, *asked)
    assert [{it.left, it.right} for it in found.pairs] == [{old, boris}]
    assert "in conflict: steward: different" in found.apart


def test_a_judgement_is_told_with_its_reason_and_as_what_keeps_them_apart(rooms):
    anna, old, _ = twice(rooms)
    permitted = steward(rooms, "decide_judgement")
    decide_judgement(permitted, rooms, anna, old, verdict="different", reason="met both")
    found = explain_customer(steward(rooms), rooms, anna, old)
    (pair,) = found.pairs
    assert not found.is_one
    assert found.apart == ("in conflict: steward: different",)
    assert (pair.judgement.verdict, pair.judgement.by, pair.judgement.reason) == (
        "different",
        "anna",
        "met both",
    )


def test_a_chain_is_the_way_through_the_joins(rooms):
    bridge = {"name": "Bridge Person", "email": "b@bank.uz", "born": "1950-01-01", "remark": ""}
    first = client(5, **bridge | {"phone": "", "street": ""})
    second = client(6, **bridge | {"phone": "+998900000077", "street": ""})
    third = client(7, **bridge | {"email": "other@bank.uz", "phone": "+998900000077", "street": ""})
    one, two, three = arrive(rooms, first, second, third)
    found = explain_customer(steward(rooms), rooms, one, three)
    assert found.is_one
    assert len(found.path) >= 2
    assert (found.path[0], found.path[-1]) == (one, three)
    assert set(found.path) <= {one, two, three}
    steps = {frozenset(it) for it in zip(found.path, found.path[1:], strict=False)}
    joined = {frozenset((it.left, it.right)) for it in found.pairs if it.fate == "joined"}
    assert steps <= joined


def test_records_of_a_source_that_is_closed_to_the_purpose_are_not_told_of(rooms):
    anna, old, _ = twice(rooms)
    (hidden,) = arrive(rooms, client(ANNA, remark="kanarelsecret"), source="fraud")
    whole = explain_customer(steward(rooms), rooms, anna)
    for found in (whole, explain_customer(steward(rooms), rooms, anna, old)):
        assert {it.id for it in found.records} == {anna, old}
        assert {frozenset((it.left, it.right)) for it in found.pairs} == {frozenset((anna, old))}
        assert hidden not in found.path


def test_of_somebody_only_a_closed_source_knows_there_is_nothing(rooms):
    anna, _, _ = twice(rooms)
    (hidden,) = arrive(rooms, client(9), source="fraud")
    for pair in ((hidden, anna), (anna, hidden)):
        with pytest.raises(NotFound):
            explain_customer(steward(rooms), rooms, *pair)


def test_a_key_tells_nobody_whom_a_closed_source_knows(rooms):
    """Neither of somebody the asker knows otherwise, nor of somebody they do not."""
    anna, _, _ = twice(rooms)
    beside, alone = arrive(rooms, client(ANNA, id="beside"), client(9, id="alone"), source="fraud")
    assert rooms.reader.customer_of(bytes.fromhex(beside)) == rooms.reader.customer_of(bytes.fromhex(anna))
    assert rooms.reader.customer_of(bytes.fromhex(alone))
    judging, undoing = steward(rooms, "decide_judgement"), steward(rooms, "unmerge_customer")
    reviewing = steward(rooms, "decide_review")
    for ask in (
        lambda name: explain_customer(steward(rooms), rooms, name),
        lambda name: explain_customer(steward(rooms), rooms, anna, name),
        lambda name: unmerge_customer(undoing, rooms, name, [anna], "why", dry_run=True),
        lambda name: unmerge_customer(undoing, rooms, anna, [name], "why", dry_run=True),
        lambda name: revoke_judgement(judging, rooms, anna, name, "why", dry_run=True),
        lambda name: claim_review(reviewing, rooms, anna, name),
    ):
        told = set()
        for key in ("beside", "alone", "nobody"):
            with pytest.raises(NotFound) as it:
                ask(f"fraud:{key}")
            told.add((it.value.message, it.value.hint, it.value.detail))
        assert len(told) == 1, told


def test_over_http_a_customer_is_named_by_an_id_alone(rooms):
    twice(rooms)
    asked: Any = SimpleNamespace(
        permitted=steward(rooms), rooms=rooms, path={"customer": "bank:old"}, query=ExplanationQuery()
    )
    for it in (explanation, picture):
        with pytest.raises(CallerError, match="not an id"):
            it.handler(asked)
    said = UnmergeBody(fragments=("1" * 32,), reason="why")
    undoing: Any = SimpleNamespace(**vars(asked), body=said)
    with pytest.raises(CallerError, match="not an id"):
        unmerging.handler(undoing)


def test_whoever_sees_masks_sees_masks_here(rooms):
    anna, old, _ = twice(rooms)
    asked = msgspec.structs.replace(
        steward(rooms), fields={"open": "full", "internal": "full", "pii": "masked"}
    )
    told = msgspec.json.encode(explain_customer(asked, rooms, anna, old)).decode()
    assert canary(ANNA) not in told.lower()
    assert "•••" in told


def test_it_is_on_record_with_both_customers_and_refused_to_others(rooms):
    anna, _, boris = twice(rooms)
    found = explain_customer(steward(rooms), rooms, anna, boris)
    (record,) = rooms.audit.page(AuditFilter(kind="explanation"), limit=5).items
    assert record.id == found.decision
    assert set(record.customers) == {found.customer, found.other}
    with pytest.raises(Refused):
        explain_customer(permit(rooms, "show_customer"), rooms, anna)
    with pytest.raises(Refused):
        rooms.gate.permit(Actor("e", ("engineer",), CELL), "explain_customer", "stewardship", "cli")


def test_a_glass_that_was_broken_for_the_second_of_two_is_on_record_too(rooms, monkeypatch):
    anna, _, boris = twice(rooms)

    def related(_portfolios, _standing, members):
        return Relation.OTHER if any(it.key.endswith(canary(BORIS)) for it in members) else Relation.NOBODY

    def through(permit, customer, relation, _now):
        return msgspec.structs.replace(permit, glass=Glass(customer, relation, f"glass-{relation}"))

    monkeypatch.setattr("onefold.gate.dossier.relation_to", related)
    monkeypatch.setattr(rooms.gate, "_through_glass", through)
    for held, glasses in (((Relation.NOBODY,), {"glass-other"}), ((), {"glass-other", "glass-nobody"})):
        asked = msgspec.structs.replace(steward(rooms), relations=(Relation.OWN, *held))
        for pair in ((anna, boris), (boris, anna)):
            explain_customer(asked, rooms, *pair)
            record = rooms.audit.page(AuditFilter(kind="explanation"), limit=1).items[0]
            assert set(record.details["break_glass"].split(", ")) == glasses


def test_ids_of_another_cell_are_nobodys(rooms, tmp_path):
    anna, _, _ = twice(rooms)
    other = tmp_path / "other"
    LocalHouse().create(other, Cell("demo", "kz"), [tmp_path / "contracts"], None)
    with rooms_of(other) as elsewhere:
        actor = Actor("anna", ("steward",), elsewhere.cell)
        asked = elsewhere.gate.permit(actor, "explain_customer", "stewardship", "cli")
        arrive(elsewhere, client(BORIS))
        with pytest.raises(NotFound):
            explain_customer(asked, elsewhere, anna)


def test_the_picture_is_one_file_that_needs_nothing_and_holds_no_markup_of_a_source(rooms):
    evil = "<script>alert(1)</script> & 'Kanarel'\x07"
    one, _ = arrive(rooms, client(ANNA, name=evil), client(ANNA, id="old", name=evil))
    drawn = draw(explain_customer(steward(rooms), rooms, one)).decode()
    root = ET.fromstring(drawn)
    assert {it.tag.split("}")[1] for it in root.iter()} <= {
        "svg",
        "title",
        "style",
        "rect",
        "text",
        "line",
        "g",
    }
    assert "=" in "".join(root.itertext())
    outside = drawn.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"href|url\(|@import|http|onload", outside)


def test_the_command_says_it_in_words_as_json_and_as_a_picture(data, tmp_path):
    with rooms_of(data) as rooms:
        anna, _, boris = twice(rooms)
    LocalHouse().users(data).add("stew", "a-long-password-1", ("steward",))
    app = create_app(LocalHouse(), create_console())
    options = ["--login", "stew", "--data", str(data)]
    key = f"bank:client-{canary(ANNA)}"
    told = CliRunner().invoke(app, ["explain", anna, "bank:old", *options])
    assert told.exit_code == 0, told.output
    assert "one customer" in told.output
    drawn = tmp_path / "why.svg"
    told = CliRunner().invoke(app, ["explain", key, boris, "--json", "--svg", str(drawn), *options])
    assert not msgspec.json.decode(told.output)["is_one"]
    assert ET.fromstring(drawn.read_bytes()).tag.endswith("svg")
    lost = CliRunner().invoke(app, ["explain", f"bank:nobody-{canary(ANNA)}", *options])
    assert isinstance(lost.exception, NotFound)
    assert canary(ANNA) not in str(lost.exception)
