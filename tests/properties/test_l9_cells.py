"""L9: nothing crosses a cell: the same things said in two cells share no id, no key and no row."""

from __future__ import annotations

import pytest
from hypothesis import given

from onefold.kernel.errors import CallerError
from onefold.kernel.ids import Cell, CellKey
from onefold.pipeline.step import drive, step
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import PlainMapping, opened
from tests.properties.strategies import histories

ONE, OTHER = CellKey(b"1" * 32), CellKey(b"2" * 32)


def ids_in(history, cell_key: CellKey) -> set[bytes]:
    """Every id that a cell's state gives to what was said to it."""
    state = MemoryState()
    frames = opened(history, 1, cell_key)
    state.commit(drive(step(frames, PlainMapping()), state), 0, len(frames))
    return state._fragments.keys() | state._customers.keys() | state._members.keys()


@given(histories("party", "account", "device"))
def test_the_same_words_in_two_cells_share_no_id(history):
    one, other = ids_in(history, ONE), ids_in(history, OTHER)
    assert len(one) == len(other)
    assert not one & other


@given(histories("party", most=10))
def test_an_id_of_one_cell_finds_nobody_in_another(history):
    state = MemoryState()
    frames = opened(history, 1, OTHER)
    state.commit(drive(step(frames, PlainMapping()), state), 0, len(frames))
    assert all(state.customer_of(it) is None for it in ids_in(history, ONE))


@pytest.mark.parametrize("text", ["", "/", "bank", "bank/", "/uz", "Bank/uz", "bank/uz/x"])
def test_an_unset_cell_is_an_error(text):
    with pytest.raises(CallerError):
        Cell.parse(text)
