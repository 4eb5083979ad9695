"""Who is held, told from fragments: only an explicit end of a later instant ends a hold."""

from __future__ import annotations

import pytest

from onefold.customer.erasure.holds import hold_of, others_named, parties_held_by
from onefold.customer.fragments.model import Fragment, Statement
from onefold.customer.fragments.state import fold

ANNA, BORIS = b"a" * 16, b"b" * 16
HOLD = b"h" * 16


def said(at: int, values: dict | None, *, entity: str = "hold", partial=False, erases=False, key=HOLD):
    event = at.to_bytes(2, "big")
    return Statement(key, entity, "onefold", "key", ANNA, (at, event), values, partial, erases)


def folded(*statements: Statement) -> Fragment:
    fragment = None
    for it in statements:
        fragment = fold(fragment, it)
    assert fragment is not None
    return fragment


ON = {"party": ANNA, "hold": "7", "matter": "Case 7", "state": "on", "since_at": 1}
OFF = ON | {"state": "off", "lifted_at": 5}


def test_a_hold_stands_until_it_is_lifted_in_so_many_words():
    placed = folded(said(1, ON))
    assert parties_held_by(placed) == {ANNA}
    assert parties_held_by(folded(said(1, ON), said(5, OFF))) == frozenset()
    lifted = hold_of(folded(said(5, OFF), said(1, ON)))
    assert lifted is not None
    assert (lifted.stands, lifted.matter, lifted.lifted_at) == (False, "Case 7", 5)


@pytest.mark.parametrize(
    "after",
    [
        said(5, None),
        said(5, {"party": BORIS}, partial=True),
        said(5, ON | {"party": BORIS}),
        said(1, OFF),
        said(0, OFF),
    ],
    ids=["deleted", "patched", "moved to another", "lifted at once", "lifted before"],
)
def test_nothing_else_ends_it(after):
    assert ANNA in parties_held_by(folded(said(1, ON), after))
    assert ANNA in parties_held_by(folded(after, said(1, ON)))


def test_one_that_was_erased_holds_nobody_and_is_none():
    erased = folded(said(1, ON), said(5, None, erases=True))
    assert parties_held_by(erased) == frozenset()
    assert hold_of(erased) is None


def test_a_row_without_a_word_of_its_state_holds():
    assert parties_held_by(folded(said(1, {"party": ANNA}))) == {ANNA}


def test_a_suppression_for_litigation_holds_and_no_other():
    for reason, held in (("litigation", {ANNA}), ("wish", set())):
        stop = {"party": ANNA, "channel": "any", "reason": reason, "state": "on"}
        assert parties_held_by(folded(said(1, stop, entity="suppression"))) == held


def test_whose_records_go_along_are_named_but_for_who_is_only_mentioned():
    holder = folded(said(1, {"party": BORIS, "account": b"c" * 16, "role": "authorised"}, entity="holder"))
    child = folded(said(1, {"guardian": BORIS}, entity="party", key=ANNA))
    judged = folded(said(1, {"left": ANNA, "right": BORIS, "verdict": "same"}, entity="judgement"))
    assert others_named([holder, child, judged], [ANNA]) == {BORIS}
    assert others_named([child, judged], [ANNA]) == frozenset()
    assert others_named([holder], [ANNA, BORIS]) == frozenset()
