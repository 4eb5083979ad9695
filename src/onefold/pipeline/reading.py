"""Answers a generator of needs from a reader: for looking ahead and for looking closer, never to commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator
from typing import Any, TypeVar

from onefold.customer.identity.portraits import kept, portrait_of
from onefold.customer.profile.ports import CustomerReader
from onefold.pipeline.model import (
    Need,
    NeedFragments,
    NeedFragmentsOf,
    NeedHoldersOfKeys,
    NeedLinks,
    NeedMembers,
    NeedPortraits,
)

LINKS_MAX = 100_000
Made = TypeVar("Made")


def read_for(work: Generator[Need, Any, Made], reader: CustomerReader) -> Made:
    """Runs a generator to its end on what a reader says; within a snapshot all answers are of one state."""
    answer: Any = None
    try:
        while True:
            answer = answer_of(reader, work.send(answer))
    except StopIteration as end:
        made: Made = end.value
        return made


def answer_of(reader: CustomerReader, need: Need) -> Any:
    """The answer documented on each Need."""
    match need:
        case NeedFragments(ids):
            return reader.fragments(ids)
        case NeedPortraits(ids):
            # As they were said: who looks at a few reads them anew.
            return {
                key: kept(portrait_of(key, it.values))
                for key, it in reader.fragments(ids).items()
                if it.entity == "party" and it.values is not None
            }
        case NeedHoldersOfKeys(keys, most):
            return reader.holders(keys, most)
        case NeedMembers(fragment_ids):
            return reader.customers_of(fragment_ids)
        case NeedFragmentsOf(customer_ids):
            found = {it: reader.fragments_of(it) for it in customer_ids}
            return {it: ids for it, ids in found.items() if ids}
        case NeedLinks(to_ids, relation):
            linked: defaultdict[bytes, list[bytes]] = defaultdict(list)
            for _, from_id, to_id in reversed(reader.linked(to_ids, relation, most=LINKS_MAX)):
                linked[to_id].append(from_id)
            return dict(linked)
