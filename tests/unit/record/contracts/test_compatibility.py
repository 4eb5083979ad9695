"""Compatibility: each kind of change, whom it breaks, and which mode lets it go live."""

from __future__ import annotations

import copy

import pytest

from onefold.record.contracts.changes import Breaks
from onefold.record.contracts.compatibility import compare, refused, with_consumers
from onefold.record.contracts.model import Compatibility, Consumer
from tests.unit.record.contracts.sample import contract, customers, movements, prop

P, R, H, PEOPLE = Breaks.PRODUCERS, Breaks.READERS, Breaks.HISTORY, Breaks.PEOPLE
ROWS = Breaks.ROW_READERS
JSONL = {"name": "customers*.jsonl", "format": "jsonl"}


def people(**words) -> dict:
    """The customers as JSON Lines, whose rows may leave out anything."""
    return customers(**{"file": JSONL, **words})


def word(table: dict, name: str, value: object) -> dict:
    """The table with one custom property changed; None takes it out."""
    found = copy.deepcopy(table)
    found["customProperties"] = [it for it in found["customProperties"] if it["property"] != name]
    if value is not None:
        found["customProperties"].append({"property": name, "value": value})
    return found


def entry(table: dict, at: int, **entries) -> dict:
    """The table with one property changed."""
    found = copy.deepcopy(table)
    found["properties"][at] |= entries
    return found


def stored(table: dict, at: int, store: str) -> dict:
    return entry(table, at, customProperties=[{"property": "store", "value": store}])


def without(table: dict, at: int) -> dict:
    found = copy.deepcopy(table)
    del found["properties"][at]
    return found


def plus(table: dict, item: dict) -> dict:
    return table | {"properties": [*table["properties"], item]}


def mapped(table: dict, **rules) -> dict:
    """The table with rules changed; None takes one out."""
    found = copy.deepcopy(table)
    (item,) = (it for it in found["customProperties"] if it["property"] == "map")
    item["value"] = {field: rule for field, rule in (item["value"] | rules).items() if rule is not None}
    return found


def change(old: dict, new: dict, **top) -> tuple[str, set]:
    """The one change between two tables, and whom it breaks."""
    (found,) = compare(contract(old), contract(new, **top))
    return str(found), set(found.breaks)


BASE = mapped(people(), phone=None)
SIDE = {"C": "credit", "D": "debit"}


@pytest.mark.parametrize(
    ("old", "new", "breaks", "said"),
    [
        (BASE, plus(BASE, prop("x")), set(), "new and optional"),
        (BASE, plus(BASE, prop("x", required=True)), {P}, "new and required"),
        (BASE, plus(BASE, prop("x", store="refuse")), {P}, "refuses rows"),
        (customers(), plus(customers(), prop("x")), {P}, "files without it are not taken"),
        (customers(), plus(customers(), prop("x", store="drop")), set(), "new and optional"),
        (BASE, without(BASE, 3), {ROWS}, "no longer kept"),
        (entry(BASE, 3, required=True), without(BASE, 3), {ROWS}, "was always there"),
        (BASE, entry(BASE, 3, required=True), {P}, "must now be there"),
        (entry(BASE, 3, required=True), BASE, {ROWS}, "may now be empty"),
        (entry(BASE, 3, logicalType="integer"), entry(BASE, 3, logicalType="number"), {ROWS}, "wider"),
        (entry(BASE, 3, logicalType="number"), entry(BASE, 3, logicalType="integer"), {P}, "narrower"),
        (
            entry(BASE, 3, logicalType="date"),
            entry(BASE, 3, logicalType="boolean"),
            {P, ROWS},
            "another type",
        ),
        (BASE, entry(BASE, 3, enum=[{"value": "A"}]), {P}, "no longer allows other values"),
        (entry(BASE, 3, enum=[{"value": "A"}]), BASE, {ROWS}, "now allows any value"),
        (
            entry(BASE, 3, enum=[{"value": "A"}, {"value": "B"}]),
            entry(BASE, 3, enum=[{"value": "A"}]),
            {P},
            "no longer allows B",
        ),
        (
            entry(BASE, 3, enum=[{"value": "A"}]),
            entry(BASE, 3, enum=[{"value": "A"}, {"value": "B"}]),
            {ROWS},
            "now allows B",
        ),
        (BASE, entry(BASE, 3, classification="open"), {PEOPLE}, "less strict"),
        (BASE, entry(BASE, 3, classification="secret"), {ROWS}, "stricter"),
        (BASE, entry(BASE, 3, classification="pci"), set(), "as strict"),
        (BASE, stored(BASE, 3, "reference"), {ROWS}, "no longer there"),
        (BASE, stored(BASE, 3, "drop"), {ROWS}, "no longer there"),
        (BASE, stored(BASE, 3, "refuse"), {P, ROWS}, "refused whole"),
        (stored(BASE, 3, "drop"), stored(BASE, 3, "refuse"), {P}, "refused whole"),
        (stored(BASE, 3, "refuse"), stored(BASE, 3, "drop"), set(), "no longer there"),
        (stored(BASE, 3, "reference"), BASE, {PEOPLE}, "more is kept"),
        (BASE, word(BASE, "keyPrefix", "p-"), {H}, "known again"),
        (BASE, word(BASE, "key", ["id", "name"]), {H}, "known again"),
        (BASE, word(BASE, "delivers", "event"), {H}, "count otherwise"),
        (BASE, word(BASE, "kind", "patch"), {R}, "may leave out"),
        (word(BASE, "kind", "patch"), BASE, {P}, "now blanked"),
        (word(BASE, "absent", ["-"]), BASE, {P}, "no longer means empty"),
        (word(BASE, "deletedWhen", {"from": "name", "values": ["X"]}), BASE, {P}, "would come back"),
        (BASE, word(BASE, "subject", [{"entity": "account", "key": "id"}]), {H}, "erased with whom"),
        (BASE, word(BASE, "file", None), {P}, "no longer taken"),
        (customers(), word(customers(), "file", {"name": "customers*.csv"}), {P}, "; became ,"),
        (BASE, mapped(BASE, birth_date=None), {R}, "party.birth_date is no longer made"),
        (BASE, mapped(BASE, city="name"), set(), "is new"),
        (BASE, mapped(BASE, full_name="mobile"), {R}, "instead of name"),
        (
            BASE,
            mapped(BASE, birth_date={"from": "born", "format": "DD.MM.YYYY"}),
            {P},
            "format changed",
        ),
        (BASE, mapped(BASE, full_name={"from": "name", "as": "upper"}), {P}, "text → upper"),
        (mapped(BASE, kind={"value": "person"}), mapped(BASE, kind={"value": "organisation"}), {R}, "const"),
    ],
)
def test_each_kind_of_change_breaks_whom_the_theory_says(old, new, breaks, said):
    text, broken = change(old, new)
    assert said in text
    assert broken == breaks


MOVES = movements(file=JSONL)


def sided(values: dict, **options) -> dict:
    return mapped(MOVES, direction={"from": "side", "as": "values", "values": values} | options)


@pytest.mark.parametrize(
    ("old", "new", "breaks", "said"),
    [
        (MOVES, sided({"C": "credit"}), {P}, "no longer knows D"),
        (MOVES, sided({**SIDE, "K": "credit"}), set(), None),
        (MOVES, sided({"C": "debit", "D": "debit"}), {R}, "C now means something else"),
        (sided(SIDE, default="debit"), MOVES, {P}, "has no default any more"),
        (
            MOVES,
            mapped(MOVES, amount={"from": "amount", "as": "money", "currency": "EUR"}),
            {R},
            "currency changed",
        ),
        (
            MOVES,
            mapped(MOVES, account={"from": "account", "as": "ref", "prefix": "a-"}),
            {H},
            "under other keys",
        ),
        (
            MOVES,
            word(MOVES, "occurredAt", {"from": "day", "as": "instant", "zone": "Asia/Tashkent"}),
            {H},
            "another zone",
        ),
        (MOVES, word(mapped(MOVES, booked_at="day"), "occurredAt", None), {H}, "rows sent again"),
    ],
)
def test_codes_amounts_and_times_break_whom_the_theory_says(old, new, breaks, said):
    found = compare(contract(old), contract(new))
    assert set().union(*(it.breaks for it in found)) >= breaks
    if said is None:
        assert found == ()
    else:
        assert any(said in str(it) and set(it.breaks) == breaks for it in found), found


def test_a_new_word_of_an_open_field_is_told_to_readers():
    old = mapped(BASE, status={"from": "name", "as": "values", "values": {"A": "active"}})
    new = mapped(BASE, status={"from": "name", "as": "values", "values": {"A": "active", "B": "asleep"}})
    text, breaks = change(old, new)
    assert "can now give asleep" in text
    assert breaks == {R}


@pytest.mark.parametrize(
    ("old", "new", "breaks"),
    [
        (["servicing"], ["servicing", "marketing"], {PEOPLE}),
        (["servicing", "marketing"], ["servicing"], {R}),
    ],
)
def test_purposes_are_promised_to_people_and_to_readers(old, new, breaks):
    (found,) = compare(contract(BASE, purposes=old), contract(BASE, purposes=new))
    assert set(found.breaks) == breaks


def test_an_object_that_is_gone_breaks_both_sides_and_a_new_one_nobody():
    whole, half = contract(BASE, MOVES), contract(BASE)
    (gone,) = compare(whole, half)
    (new,) = compare(half, whole)
    assert (set(gone.breaks), set(new.breaks)) == ({P, R}, set())


def test_equal_contracts_have_no_change_and_words_for_people_are_none():
    assert compare(contract(BASE, MOVES), contract(BASE, MOVES)) == ()
    assert compare(contract(BASE), contract(entry(BASE, 1, description="the name"), domain="x")) == ()


# ------------------------------------------------------------------ modes


def barred(old: dict, new: dict, *consumers: Consumer) -> set[str]:
    """The modes under which a change is refused."""
    changes = with_consumers(compare(contract(old), contract(new)), consumers)
    return {mode.value for mode in Compatibility if refused(changes, mode)}


BACKWARD = {"backward", "backward_transitive", "full", "full_transitive"}
FORWARD = {"forward", "forward_transitive", "full", "full_transitive"}


def test_backward_protects_producers_and_forward_readers():
    assert barred(BASE, entry(BASE, 3, required=True)) == BACKWARD
    assert barred(BASE, mapped(BASE, birth_date=None)) == FORWARD
    assert barred(BASE, plus(BASE, prop("x"))) == set()


def test_history_and_people_are_protected_by_every_mode_but_none():
    assert barred(BASE, word(BASE, "keyPrefix", "p-")) == BACKWARD | FORWARD
    assert barred(BASE, entry(BASE, 3, classification="open")) == BACKWARD | FORWARD


@pytest.mark.parametrize("read", ["party.birth_date", "party", "customer.birth_date"])
def test_a_reader_who_is_known_by_name_is_protected_by_backward_too(read):
    risk = Consumer("Risk scoring", (read,))
    broken = mapped(BASE, birth_date=None)
    expected = FORWARD if read.startswith("customer.") else BACKWARD | FORWARD
    assert barred(BASE, broken, risk) == expected


def test_a_breaking_change_names_who_reads_what_it_touches():
    consumers = (Consumer("Risk", ("party.birth_date",)), Consumer("Mail", ("party.full_name",)))
    changes = compare(contract(BASE), contract(mapped(BASE, birth_date=None)))
    assert [it.consumers for it in with_consumers(changes, consumers)] == [("Risk",)]
    raw = compare(contract(BASE), contract(without(BASE, 3)))
    reports = Consumer("Reports", ("customer.mobile",))
    assert [it.consumers for it in with_consumers(raw, (reports,))] == [("Reports",)]


def test_another_system_with_the_same_meaning_may_come_under_forward():
    """Other files, other columns, other codes and formats; the same things under the same keys."""
    new = {
        "name": "KUNDE",
        "properties": [
            prop("kunde_id", required=True),
            prop("ganzer_name", classification="pii"),
            prop("geboren", classification="pii"),
        ],
        "customProperties": [
            {"property": "entity", "value": "party"},
            {"property": "delivers", "value": "record"},
            {"property": "key", "value": "kunde_id"},
            {"property": "file", "value": {"name": "kunden.jsonl", "format": "jsonl"}},
            {
                "property": "map",
                "value": {
                    "full_name": "ganzer_name",
                    "birth_date": {"from": "geboren", "format": "DD.MM.YYYY"},
                },
            },
        ],
    }
    changes = compare(contract(BASE), contract(new))
    assert not refused(changes, Compatibility.FORWARD)
    assert refused(changes, Compatibility.BACKWARD)
    reports = (Consumer("Reports", ("customer.born",)),)
    assert [it.consumers for it in refused(with_consumers(changes, reports), Compatibility.FORWARD)] == [
        ("Reports",)
    ]
