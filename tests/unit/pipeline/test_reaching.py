"""What is kept of a customer for an audience follows every change that bears on it."""

from __future__ import annotations

import pytest

from onefold.customer.identity.rules import DeterministicRules
from onefold.customer.profile.groups import NO_ELDEST, NO_YOUNGEST
from onefold.record.log.model import EventKind
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import Saying
from tests.properties.folding import folded
from tests.properties.strategies import numbered

PARTY = Saying("core", "party", "p", EventKind.UPSERT, 0, 0, {})


def told(*values: dict[str, object], said: dict[str, object] | None = None):
    """The signs that are kept after a record said one thing after the other, each in its own batch."""
    history = [
        Saying("core", "party", "p", EventKind.UPSERT, number, 0, it) for number, it in enumerate(values)
    ]
    if said is not None:
        about = {"party": PARTY.fragment_id, "channel": "call", "state": "on", "since_at": 1}
        history.append(Saying("crm", "suppression", "s", EventKind.UPSERT, 9, 0, about | said))
    state = folded([[it] for it in numbered(history)], DeterministicRules(), MemoryState())
    [kept] = state._contacts.values()
    return kept.groups, kept.youngest, kept.eldest


@pytest.mark.parametrize(
    ("before", "now", "groups"),
    [
        ({}, {"vulnerable": True}, ",vulnerable,"),
        ({"vulnerable": True}, {"vulnerable": False}, ""),
        ({"vulnerable": True}, {"protected": True}, ",protected,"),
        ({"vulnerable": True}, {"vulnerable": True, "protected": True}, ",protected,vulnerable,"),
    ],
)
def test_what_a_record_says_now_is_what_is_kept(before, now, groups):
    assert told(before, now) == (groups, NO_YOUNGEST, NO_ELDEST)


def test_the_days_of_birth_are_kept_and_not_an_age():
    assert told({"birth_date": 7000}, {"birth_date": 9000}) == ("", 9000, 9000)


def test_what_the_desk_says_is_kept_beside_it():
    assert told({}, said={"reason": "vulnerable"}) == (",vulnerable,", NO_YOUNGEST, NO_ELDEST)
    assert told({}, said={"reason": "wish"}) == ("", NO_YOUNGEST, NO_ELDEST)
