"""The vault turns back what was kept, for nobody who is erased, and under nobody else's key."""

from __future__ import annotations

import os
import threading
from itertools import count

import msgspec
import pytest

from onefold.kernel.errors import Damaged, Forgotten, Unavailable
from onefold.record.erasure.model import Erased
from onefold.record.tokens.model import Minted, Sealed
from onefold.record.tokens.rules import token_of
from onefold.record.tokens.service import NoTokens, TokenVault
from onefold.testing.segments import MemorySubjectKeys
from onefold.testing.tokens import MemoryTokens
from tests.unit.record.tokens.test_rules import KEY

PHONE = "+998901234567"
TOKEN = token_of(KEY, "phone", PHONE)
ANNA, BORIS = b"a" * 16, b"b" * 16


class Ledger:
    """Ids that are refused, set by hand."""

    def __init__(self) -> None:
        self.refused: set[bytes] = set()


class House:
    """A vault over memory, whose parts a test may reach."""

    def __init__(self) -> None:
        self.keys, self.store, self.ledger = MemorySubjectKeys(), MemoryTokens(), Ledger()
        self.vault = TokenVault(bytes(32), self.keys, self.store, self.ledger, os.urandom)

    def values(self, token: str = TOKEN) -> list[str]:
        return [it.value for it in self.vault.rows(token)]


@pytest.fixture
def house() -> House:
    return House()


def minted(fragment: bytes, subject: bytes = b"", value: str = PHONE) -> Minted:
    return Minted(TOKEN, fragment, subject or fragment, "phone", value)


def erased(*ids: bytes) -> Erased:
    return Erased(frozenset(ids), frozenset(ids), frozenset(ids))


def test_what_was_kept_is_told_again_with_the_record_it_came_from(house):
    house.vault.keep([minted(ANNA)])
    assert house.vault.rows(TOKEN) == [minted(ANNA)]


def test_keeping_twice_keeps_one_row_and_the_value_as_it_was_first_shown(house):
    house.vault.keep([minted(ANNA)])
    house.vault.keep([minted(ANNA, value="+998 90 123 45 67"), minted(ANNA)])
    assert house.values() == [PHONE]


def test_nothing_of_the_value_lies_in_a_row(house):
    house.vault.keep([minted(ANNA)])
    [row] = house.store.of(TOKEN)
    assert PHONE.encode() not in msgspec.msgpack.encode(row)


def test_two_people_of_one_value_have_a_row_each_and_erasing_one_leaves_the_other(house):
    house.vault.keep([minted(ANNA), minted(BORIS)])
    assert house.values() == [PHONE, PHONE]
    assert house.vault.erase(erased(ANNA)) == 1
    assert [it.fragment_id for it in house.vault.rows(TOKEN)] == [BORIS]


def test_whose_key_is_destroyed_is_told_of_by_no_copy_of_the_row(house):
    house.vault.keep([minted(ANNA)])
    rows = house.store.of(TOKEN)
    house.keys.destroy([ANNA])
    house.store.add(rows)
    assert house.values() == []


def test_a_restored_vault_says_nothing_of_who_was_erased_since_even_where_the_key_is_shared(house):
    house.vault.keep([minted(ANNA, subject=BORIS)])
    house.ledger.refused.add(ANNA)
    assert house.values() == []
    assert house.vault.resume() == 1
    assert house.store.of(TOKEN) == []


def test_nobody_who_shows_a_token_waits_for_pages_to_be_swept(house, monkeypatch):
    kept: list[str] = []

    def sweep() -> None:
        other = threading.Thread(target=house.vault.keep, args=([minted(BORIS)],), daemon=True)
        other.start()
        other.join(20)
        kept.extend(house.values())

    monkeypatch.setattr(house.store, "sweep", sweep)
    house.vault.keep([minted(ANNA)])
    assert house.vault.erase(erased(ANNA)) == 1
    assert kept == [PHONE]


def test_an_erasure_is_not_done_until_pages_are_swept_and_the_next_start_finishes_it(house, monkeypatch):
    def busy() -> None:
        raise Unavailable("Readers keep old pages in use.")

    house.vault.keep([minted(ANNA)])
    with monkeypatch.context() as failing:
        failing.setattr(house.store, "sweep", busy)
        with pytest.raises(Unavailable):
            house.vault.erase(erased(ANNA))
    assert house.store.of(TOKEN) == []
    swept: list[int] = []
    monkeypatch.setattr(house.store, "sweep", lambda: swept.append(1))
    assert house.vault.resume() == 0
    assert swept == [1]


def test_a_start_asks_for_no_more_than_the_vault_holds(house, monkeypatch):
    asked: list[set[bytes]] = []
    forget = house.store.forget

    def counting(ids: set[bytes]) -> int:
        asked.append(ids)
        return forget(ids)

    monkeypatch.setattr(house.store, "forget", counting)
    house.vault.keep([minted(ANNA), minted(BORIS)])
    house.ledger.refused |= {ANNA, *(it.to_bytes(16, "big") for it in range(1_000))}
    assert (house.vault.resume(), house.vault.resume()) == (1, 0)
    assert asked == [{ANNA}, set()]
    assert house.values() == [PHONE]


@pytest.mark.parametrize("refused", [ANNA, BORIS])
def test_of_who_is_erased_nothing_is_kept_and_nothing_may_be_shown(house, refused):
    house.ledger.refused.add(refused)
    with pytest.raises(Forgotten):
        house.vault.keep([minted(b"c" * 16), minted(ANNA, subject=BORIS)])
    assert house.store.of(TOKEN) == []


def test_who_lost_their_key_meanwhile_is_not_kept_either(house):
    house.keys.obtain([ANNA])
    house.keys.destroy([ANNA])
    with pytest.raises(Forgotten):
        house.vault.keep([minted(ANNA)])
    assert house.store.of(TOKEN) == []


def test_where_nothing_can_be_written_the_token_is_not_kept_and_the_caller_knows(house, monkeypatch):
    def full(_: object) -> None:
        raise Unavailable("The disk is full.")

    monkeypatch.setattr(house.store, "add", full)
    with pytest.raises(Unavailable):
        house.vault.keep([minted(ANNA)])


@pytest.mark.parametrize("field", ["token", "fragment_id", "field"])
def test_a_row_whose_words_were_exchanged_does_not_open(house, field, monkeypatch):
    house.vault.keep([minted(ANNA)])
    [row] = house.store.of(TOKEN)
    changed = {"token": "tok_phone_" + "a" * 26, "fragment_id": BORIS, "field": "email"}
    monkeypatch.setattr(
        house.store, "of", lambda _: [msgspec.structs.replace(row, **{field: changed[field]})]
    )
    with pytest.raises(Damaged):
        house.vault.rows(TOKEN)


def test_a_text_that_is_no_token_is_looked_for_like_one_and_not_found(house, monkeypatch):
    asked: list[str] = []

    def nothing(token: str) -> list[Sealed]:
        asked.append(token)
        return []

    monkeypatch.setattr(house.store, "of", nothing)
    assert house.vault.rows(TOKEN) == house.vault.rows("+998901234567") == []
    assert asked == [TOKEN, ""]


def test_nonces_are_never_used_twice(house):
    numbers = count(1)
    house.vault = TokenVault(
        bytes(32), house.keys, house.store, house.ledger, lambda n: next(numbers).to_bytes(n, "big")
    )
    house.vault.keep([minted(ANNA), minted(BORIS)])
    assert len({it.sealed[:12] for it in house.store.of(TOKEN)}) == 2


def test_a_gate_without_a_vault_makes_no_tokens():
    assert NoTokens().key == b""
    NoTokens().keep([])
    with pytest.raises(AssertionError):
        NoTokens().keep([minted(ANNA)])
