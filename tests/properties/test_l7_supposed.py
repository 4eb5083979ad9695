"""Law L7 over customers that there are not: counted so, a segment has who it will have once they are."""

from __future__ import annotations

import copy
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.store import SqliteState
from onefold.insight.segments.model import Segment
from onefold.insight.segments.service import is_member, members
from onefold.pipeline.fingerprint import state_hash
from onefold.pipeline.model import Writes
from tests.properties.test_l7_one_definition import RULES, TODAY, states


@contextmanager
def stored(writes: Writes):
    """A reader of a state on disk."""
    with tempfile.TemporaryDirectory() as folder, closing(SqliteState(Path(folder) / "state.db")) as store:
        store.commit(writes, 0, 1)
        with closing(SqliteCustomerReader(Path(folder) / "state.db")) as reader:
            yield reader


def regrouped(state: Writes, heads: list[int]) -> Writes:
    """The same state with its records in other customers."""
    other = copy.deepcopy(state)
    records = sorted(state.members)
    other.members = {
        it: records[min(head, at)] for at, (it, head) in enumerate(zip(records, heads, strict=False))
    }
    other.customers = {}
    for it in other.members.values():
        assert it is not None
        other.customers[it] = other.customers.get(it, 0) + 1
    return other


@given(
    state=states(),
    heads=st.lists(st.integers(0, 3), min_size=4, max_size=4),
    rules=st.lists(RULES, min_size=1, max_size=4),
)
def test_a_segment_of_supposed_customers_is_the_segment_of_a_state_that_has_them(state, heads, rules):
    segments = [Segment("s", 1, "S", "s", "o", rule) for rule in rules]
    other = regrouped(state, heads)
    with stored(state) as reader, stored(other) as truly:
        before = state_hash(reader), [members(it, reader, TODAY) for it in segments]
        with reader.supposing(other.members) as supposed:
            for segment in segments:
                found = members(segment, supposed, TODAY)
                assert found == members(segment, truly, TODAY)
                assert found == [
                    it for it in sorted(other.customers) if is_member(segment, reader, it, TODAY)
                ]
        assert (state_hash(reader), [members(it, reader, TODAY) for it in segments]) == before


def test_a_thread_that_supposes_nothing_sees_the_customers_there_are_and_a_failure_ends_the_supposing():
    writes = Writes()
    one, other = b"1".ljust(16, b"."), b"2".ljust(16, b".")
    writes.members = {one: one, other: other}
    writes.customers = {one: 1, other: 1}
    with stored(writes) as reader:
        try:
            with reader.supposing({one: one, other: one}):
                assert reader.customers(b"", 9) == [one]
                assert reader.customer_of(other) == one
                with closing(SqliteCustomerReader(reader._path)) as elsewhere:
                    assert elsewhere.customers(b"", 9) == [one, other]
                raise InterruptedError
        except InterruptedError:
            pass
        assert reader.customers(b"", 9) == [one, other]
        assert reader.customer_of(other) == other
