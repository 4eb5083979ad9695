"""What is over, and what stays because of who is held: what an erasure of them would reach, and more."""

from __future__ import annotations

import pytest

from onefold.customer.erasure.retention import KINDS, Retention
from onefold.kernel.time import MS_PER_DAY
from onefold.record.log.model import EventKind
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import Saying, fragment_id
from tests.properties.folding import folded

NOW = 100 * MS_PER_DAY


def named(entity: str, key: str) -> bytes:
    return fragment_id("core", entity, key)


ANNA, BORIS = named("party", "anna"), named("party", "boris")
A, B, CARD, LOAN = (named("account", it) for it in ("a", "b", "card", "loan"))
PHONE, TABLET = (named("device", it) for it in ("phone", "tablet"))


def row(entity: str, key: str, subject: bytes = b"", **values: object) -> Saying:
    return Saying("core", entity, key, EventKind.UPSERT, MS_PER_DAY, 0, values, subject)


def without(entity: str, key: str, subject: bytes = b"") -> Saying:
    return Saying("core", entity, key, EventKind.DELETE, 2 * MS_PER_DAY, 0, {}, subject)


PEOPLE = [row("party", "anna", full_name="Anna"), row("party", "boris", full_name="Boris")]
HELD = row("hold", "h", party=ANNA, state="on")
A_HOLDER = row("holder", "ha", A, account=A, party=ANNA, role="owner")
B_HOLDER = row("holder", "hb", B, account=B, party=BORIS, role="owner")
MOVED = row("transaction", "m", account=A, amount=1)
CLICK = row("interaction", "m", device=PHONE, action="page")


def lost_login(subject: bytes = b"", source: str = "core", **values: object) -> list[Saying]:
    """A login that was said and then deleted, and under whose key it was sealed."""
    said = row("interaction", "l", subject, **{"device": PHONE, "action": "login", **values})
    gone = without("interaction", "l", subject)
    return [Saying(source, it.entity, it.key, it.kind, it.at, 0, it.values, subject) for it in (said, gone)]


def found(*sayings: Saying) -> tuple[Retention, MemoryState]:
    numbered = [
        Saying(it.source, it.entity, it.key, it.kind, it.at, n, it.values, it.subject)
        for n, it in enumerate([*PEOPLE, *sayings])
    ]
    state = folded([numbered])
    retention = Retention(dict.fromkeys(KINDS, 30), NOW)
    retention.see(state._fragments.values())
    retention.hold(state)
    return retention, state


ANNAS = {
    "her own": [row("interaction", "m", party=ANNA, action="call")],
    "on her device": [row("device", "phone", party=ANNA), CLICK],
    "on a device whose row was deleted": [
        row("device", "phone", party=ANNA),
        CLICK,
        without("device", "phone"),
    ],
    "explained by a login of hers that was deleted": [CLICK, *lost_login(ANNA, party=ANNA)],
    "where another was seen as well": [
        row("device", "phone", party=BORIS),
        CLICK,
        *lost_login(ANNA, party=ANNA),
    ],
    "explained by a deleted login that is sealed under the device": [
        row("device", "phone"),
        CLICK,
        *lost_login(PHONE, party=ANNA),
    ],
    "explained by a deleted login that is sealed under nobody": [CLICK, *lost_login(party=ANNA)],
    "sealed under her key": [row("interaction", "m", ANNA, device=PHONE, action="page")],
    "on her account": [A_HOLDER, MOVED],
    "on an account she shares": [
        A_HOLDER,
        row("holder", "also", A, account=A, party=BORIS, role="owner"),
        MOVED,
    ],
    "on one she may use": [
        row("holder", "ha", A, account=A, party=ANNA, role="authorised"),
        row("holder", "also", A, account=A, party=BORIS, role="owner"),
        MOVED,
    ],
    "on a card of her account": [
        A_HOLDER,
        row("account", "card", account=A),
        row("transaction", "m", account=CARD, amount=1),
    ],
    "on a card of a card": [
        A_HOLDER,
        row("account", "loan", account=A),
        row("account", "card", account=LOAN),
        row("case", "m", account=CARD, topic="dispute"),
    ],
    "on a loan of her holding": [
        A_HOLDER,
        row("account", "loan", holder=named("holder", "ha")),
        row("risk", "m", account=LOAN, kind="alert"),
    ],
    "on a loan of a holding that was deleted": [
        A_HOLDER,
        row("account", "loan", holder=named("holder", "ha")),
        row("balance", "m", account=LOAN, day=1, amount=1),
        without("holder", "ha", A),
    ],
    "on an account whose holder was deleted": [A_HOLDER, MOVED, without("holder", "ha", A)],
    "on one that lost a holder and has another": [
        A_HOLDER,
        row("holder", "also", A, account=A, party=BORIS, role="owner"),
        MOVED,
        without("holder", "ha", A),
    ],
    "on an account nobody said anything of": [row("order", "m", account=named("account", "?"), amount=1)],
    "on products that hang on each other alone": [
        row("account", "a", account=CARD),
        row("account", "card", account=A),
        MOVED,
    ],
}


def the_one(sayings: list[Saying]) -> bytes:
    return next(it.fragment_id for it in sayings if it.key == "m")


@pytest.mark.parametrize("sayings", ANNAS.values(), ids=ANNAS.keys())
def test_what_is_or_may_be_of_who_is_held_is_never_over(sayings):
    retention, _ = found(*sayings)
    assert set(retention.over()) == {the_one(sayings)}, "nobody is held, and it is old"
    retention, _ = found(*sayings, HELD)
    assert retention.over() == {}
    assert retention.held() == {the_one(sayings)}


OTHERS = {
    "of somebody else": [row("interaction", "m", party=BORIS, action="call")],
    "of somebody else on a device that is now hers": [
        row("device", "phone", party=ANNA),
        row("interaction", "m", party=BORIS, device=PHONE, action="page"),
    ],
    "on a device nobody logged in on": [CLICK],
    "on a device that lost a login of somebody else": [CLICK, *lost_login(BORIS, party=BORIS)],
    "on a device that another login was on": [
        row("device", "tablet"),
        CLICK,
        *lost_login(TABLET, party=ANNA, device=TABLET),
    ],
    "on a device of another source than a deleted login": [CLICK, *lost_login(ANNA, "crm", party=ANNA)],
    "on an account of another": [B_HOLDER, row("transaction", "m", account=B, amount=1)],
    "on a card of it": [
        B_HOLDER,
        row("account", "card", account=B, holder=named("holder", "hb")),
        row("transaction", "m", account=CARD, amount=1),
    ],
}


@pytest.mark.parametrize("sayings", OTHERS.values(), ids=OTHERS.keys())
def test_what_is_traced_to_somebody_who_is_not_held_goes(sayings):
    retention, _ = found(*sayings, HELD)
    assert set(retention.over()) == {the_one(sayings)}
    assert retention.held() == frozenset()


def test_what_is_of_anybody_who_is_the_same_customer_stays():
    note = row("interaction", "m", party=BORIS, action="call")
    same = Saying(
        "onefold", "judgement", "j", EventKind.UPSERT, 0, 0, {"left": ANNA, "right": BORIS, "verdict": "same"}
    )
    retention, _ = found(note, same, HELD)
    assert retention.over() == {}


def test_a_hold_that_is_seen_later_counts_when_it_is_asked_again():
    retention, state = found(A_HOLDER, MOVED)
    _, later = found(A_HOLDER, MOVED, HELD)
    assert retention.over()
    retention.see(later.fragments([HELD.fragment_id]).values())
    retention.hold(state)
    assert retention.over() == {}


def test_what_is_not_old_enough_is_neither_over_nor_held():
    retention, _ = found(row("interaction", "m", party=ANNA, happened_at=NOW - 29 * MS_PER_DAY), HELD)
    assert (retention.over(), retention.held()) == ({}, frozenset())
