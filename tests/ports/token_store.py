"""What every store of the token vault must keep: the suite of TokenStore.

A store's test subclasses `TokenStoreSuite` and says in `store` how an empty one is made.
"""

from __future__ import annotations

import threading

import pytest

from onefold.record.tokens.model import Sealed

ONE, TWO, THREE = (bytes([it]) * 16 for it in (1, 2, 3))


def row(token: str = "tok_phone_x", fragment: bytes = ONE, subject: bytes = b"", sealed: bytes = b"s"):
    """A row whose subject is its record where no other is named."""
    return Sealed(token, fragment, subject or fragment, "phone", sealed)


class TokenStoreSuite:
    """The promises of the port."""

    @pytest.fixture
    def store(self):
        """Overridden by each store."""
        raise NotImplementedError

    def test_what_was_added_is_there_by_its_token_and_record(self, store):
        store.add([row(), row("tok_phone_y")])
        assert store.of("tok_phone_x") == [row()]
        assert store.known([("tok_phone_x", ONE), ("tok_phone_x", TWO), ("tok_phone_z", ONE)]) == {
            ("tok_phone_x", ONE)
        }

    def test_of_a_token_nobody_added_there_is_nothing(self, store):
        store.add([row()])
        assert store.of("tok_phone_z") == store.of("") == []
        assert store.known([]) == set()

    def test_a_token_has_a_row_for_each_record_in_their_order(self, store):
        store.add([row(fragment=TWO), row(fragment=ONE)])
        assert store.of("tok_phone_x") == [row(fragment=ONE), row(fragment=TWO)]

    def test_the_first_row_of_a_place_stays(self, store):
        store.add([row(sealed=b"first")])
        store.add([row(sealed=b"second"), row(fragment=TWO)])
        assert [it.sealed for it in store.of("tok_phone_x")] == [b"first", b"s"]

    def test_many_are_known_at_once(self, store):
        rows = [row(f"tok_phone_{it}") for it in range(1_000)]
        store.add(rows)
        places = [(it.token, it.fragment_id) for it in rows]
        assert store.known([*places, ("tok_phone_none", ONE)]) == set(places)

    def test_forgetting_takes_the_rows_of_records_and_of_subjects_and_no_others(self, store):
        store.add([row(fragment=ONE, subject=THREE), row(fragment=TWO), row("tok_phone_y", TWO, ONE)])
        assert store.forget([THREE, ONE]) == 2
        assert store.of("tok_phone_x") == [row(fragment=TWO)]
        assert store.of("tok_phone_y") == []

    def test_forgetting_again_or_nobody_takes_nothing(self, store):
        store.add([row()])
        assert store.forget([]) == store.forget([TWO]) == 0
        assert (store.forget([ONE]), store.forget([ONE])) == (1, 0)

    def test_of_many_ids_those_are_held_that_a_row_is_about(self, store):
        assert store.held({ONE, TWO}) == set()
        store.add([row(fragment=ONE, subject=THREE), row("tok_phone_y", ONE, THREE)])
        assert store.held({ONE, TWO, THREE}) == {ONE, THREE}
        assert store.held({TWO}) == store.held(frozenset()) == set()
        store.forget([THREE])
        assert store.held({ONE, THREE}) == set()

    def test_a_sweep_leaves_what_was_not_forgotten_and_may_find_nothing_to_do(self, store):
        store.sweep()
        store.add([row(fragment=ONE), row(fragment=TWO)])
        store.forget([ONE])
        for _ in range(2):
            store.sweep()
            assert store.of("tok_phone_x") == [row(fragment=TWO)]

    def test_many_are_forgotten_at_once(self, store):
        store.add([row("tok_phone_x", it.to_bytes(16, "big")) for it in range(1, 1_001)])
        assert store.forget([it.to_bytes(16, "big") for it in range(1, 1_000)]) == 999
        assert [it.fragment_id for it in store.of("tok_phone_x")] == [(1_000).to_bytes(16, "big")]

    def test_threads_that_add_the_same_at_once_leave_one_row(self, store):
        threads = [threading.Thread(target=store.add, args=([row(sealed=bytes([it]))],)) for it in range(8)]
        for it in threads:
            it.start()
        for it in threads:
            it.join()
        assert len(store.of("tok_phone_x")) == 1
