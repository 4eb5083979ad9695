"""Tokens: equal for equal values in a cell, unlinkable between cells, turned back never after an erasure."""

from __future__ import annotations

import os
import random
import string
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.kernel.ids import CellKey
from onefold.record.erasure.model import Erased
from onefold.record.erasure.ports import NobodyErased
from onefold.record.tokens.model import Minted
from onefold.record.tokens.rules import KINDS, kind_in, normalised, token_key, token_of
from onefold.record.tokens.service import TokenVault
from onefold.testing.segments import MemorySubjectKeys
from onefold.testing.tokens import MemoryTokens

WRONG = 10_000
KEYS = st.binary(min_size=32, max_size=32)
KIND = st.sampled_from(KINDS)
VALUES = st.text(max_size=60)
PEOPLE = [bytes([it]) * 16 for it in range(1, 6)]
PHONES = [f"+99890{it:07d}" for it in range(3)]


def key_of(cell: bytes) -> CellKey:
    return CellKey(token_key(CellKey(cell)))


@given(KEYS, KIND, VALUES, VALUES)
def test_tokens_are_equal_exactly_where_values_are(cell, kind, one, other):
    equal = normalised(kind, one) == normalised(kind, other)
    assert (token_of(key_of(cell), kind, one) == token_of(key_of(cell), kind, other)) is equal


@given(KEYS, KIND, VALUES)
def test_a_token_is_read_as_one_of_its_kind_and_shows_no_value(cell, kind, value):
    token = token_of(key_of(cell), kind, value)
    assert kind_in(token) == kind
    assert set(token[-26:]) <= set(string.ascii_lowercase + "234567")


@given(KEYS, KIND, VALUES)
def test_comparing_a_value_again_changes_nothing(cell, kind, value):
    plain = normalised(kind, value)
    assert normalised(kind, plain) == plain
    assert token_of(key_of(cell), kind, plain) == token_of(key_of(cell), kind, value)


@given(KEYS, KEYS, st.lists(VALUES, min_size=1, max_size=20))
def test_two_cells_share_no_token(one, other, values):
    if one != other:
        made = [{token_of(key_of(it), kind, v) for kind in KINDS for v in values} for it in (one, other)]
        assert not made[0] & made[1]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PHONES)), max_size=15),
    st.sets(st.sampled_from(PEOPLE)),
)
def test_after_an_erasure_a_token_is_turned_back_to_those_who_stay_and_to_nobody_else(told, going):
    vault = vault_of(MemoryTokens())
    key = CellKey(vault.key)
    for person, phone in told:
        vault.keep([Minted(token_of(key, "phone", phone), person, person, "phone", phone)])
    vault.erase(Erased(frozenset(going), frozenset(going), frozenset(going)))
    for phone in PHONES:
        found = {it.fragment_id for it in vault.rows(token_of(key, "phone", phone))}
        assert found == {person for person, said in told if said == phone} - going


def vault_of(store: MemoryTokens) -> TokenVault:
    return TokenVault(token_key(CellKey(bytes(32))), MemorySubjectKeys(), store, NobodyErased(), os.urandom)


def wrong_tokens(real: list[str], draws: random.Random) -> Iterator[str]:
    """Made up, changed in one letter, of another kind, of another cell, cut short and joined."""
    letters = string.ascii_lowercase + "234567"
    foreign = key_of(bytes([7]) * 32)
    while True:
        token = draws.choice(real)
        place = draws.randrange(len(token))
        yield f"tok_{draws.choice(KINDS)}_{''.join(draws.choices(letters, k=26))}"
        yield token[:place] + draws.choice(letters + "_0189A \n") + token[place + 1 :]
        yield f"tok_{draws.choice(KINDS)}_{token[-26:]}"
        yield token_of(foreign, "phone", f"+99890{draws.randrange(200):07d}")
        yield token[:place]
        yield token + draws.choice(real)
        yield token.upper()


def test_of_ten_thousand_wrong_tokens_none_is_accepted():
    vault = vault_of(MemoryTokens())
    key = CellKey(vault.key)
    phones = [f"+99890{it:07d}" for it in range(200)]
    real = [token_of(key, "phone", it) for it in phones]
    vault.keep(
        [Minted(token, PEOPLE[0], PEOPLE[0], "phone", it) for token, it in zip(real, phones, strict=True)]
    )
    tried = 0
    for token in wrong_tokens(real, random.Random(20260131)):
        if token not in real:
            assert vault.rows(token) == [], token
            tried += 1
        if tried == WRONG:
            break
    assert tried == WRONG
    assert [it.value for token in real for it in vault.rows(token)] == phones
