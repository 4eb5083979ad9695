"""Law L7: a segment's two compilers agree, on any rule and any state, exactly."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.store import SqliteState
from onefold.customer.fragments.model import Fragment
from onefold.insight.segments.model import (
    ACCOUNT_MEASURES,
    CUSTOMER_MEASURES,
    All,
    Any,
    AnyAccount,
    Arithmetic,
    Comparison,
    Condition,
    Not,
    Number,
    Quantity,
    Segment,
    Sum,
    Window,
)
from onefold.insight.segments.service import is_member, members
from onefold.pipeline.model import Writes

TODAY = 20_000
AMOUNTS = st.one_of(
    st.integers(-5, 5), st.sampled_from([(1 << 53) - 1, -(1 << 53), 3_037_000_500, 1 << 31, 1 << 32])
)
WINDOWS = st.builds(
    lambda after, length: Window(after, 2 if after is None else after + length),
    st.one_of(st.none(), st.integers(-4, 1)),
    st.integers(1, 4),
)


def quantities(measures: frozenset[str]) -> st.SearchStrategy[Quantity]:
    leaves: st.SearchStrategy[Quantity] = st.one_of(
        st.builds(Number, AMOUNTS), st.builds(Sum, st.sampled_from(sorted(measures)), WINDOWS)
    )
    return st.recursive(
        leaves,
        lambda inner: st.builds(Arithmetic, st.sampled_from(["plus", "minus", "times"]), inner, inner),
        max_leaves=4,
    )


def conditions(leaf: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(All, st.lists(inner, max_size=3).map(tuple)),
            st.builds(Any, st.lists(inner, max_size=3).map(tuple)),
        ),
        max_leaves=4,
    )


def comparisons(measures: frozenset[str]) -> st.SearchStrategy[Condition]:
    numbers = quantities(measures)
    return st.builds(Comparison, st.sampled_from(["less", "at_most", "equal"]), numbers, numbers)


RULES = conditions(
    st.one_of(
        comparisons(CUSTOMER_MEASURES), st.builds(AnyAccount, conditions(comparisons(ACCOUNT_MEASURES)))
    )
)


def name(kind: str, number: int) -> bytes:
    return f"{kind}{number}".encode().ljust(16, b".")


@st.composite
def states(draw: st.DrawFn) -> Writes:
    """Parties in customers, accounts held alone or shared, and buckets for all of them."""
    writes = Writes()
    parties, accounts = range(draw(st.integers(1, 4))), range(draw(st.integers(0, 3)))
    for it in parties:
        customer = name("party", draw(st.integers(0, it)))
        writes.members[name("party", it)] = customer
        writes.customers[customer] = writes.customers.get(customer, 0) + 1
    for at, (account, party, direct) in enumerate(
        draw(st.lists(st.tuples(st.sampled_from([*accounts, 9]), st.sampled_from(parties), st.booleans())))
    ):
        holder = name("holder", at)
        if direct:
            writes.links_added.add((name("party", party), "account.party", 0, name("account", account)))
            continue
        writes.links_added.add((name("party", party), "holder.party", 0, holder))
        writes.links_added.add((name("account", account), "holder.account", 0, holder))
        values = {"account": name("account", account), "party": name("party", party)}
        writes.fragments[holder] = Fragment(holder, "holder", "s", "k", holder, (0, b""), values, {})
    keys = st.tuples(
        st.just("party"), st.integers(0, 3), st.sampled_from(sorted(CUSTOMER_MEASURES))
    ) | st.tuples(st.just("account"), st.integers(0, 3), st.sampled_from(sorted(ACCOUNT_MEASURES)))
    for (kind, number, measure), day, amount in draw(
        st.lists(st.tuples(keys, st.integers(TODAY - 5, TODAY + 2), AMOUNTS), max_size=12)
    ):
        writes.buckets[name(kind, number), measure, day] = amount
    return writes


@given(state=states(), rules=st.lists(RULES, min_size=1, max_size=4))
def test_a_segment_evaluated_live_has_the_members_of_the_bulk_query(
    state: Writes, rules: list[Condition]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteState(Path(folder) / "state.db")
        store.commit(state, 0, 1)
        reader = SqliteCustomerReader(Path(folder) / "state.db")
        for rule in rules:
            segment = Segment("s", 1, "S", "s", "o", rule)
            live = [it for it in sorted(state.customers) if is_member(segment, reader, it, TODAY)]
            assert members(segment, reader, TODAY) == live
        reader.close()
        store.close()
