"""Full snapshots: what is noted of each row, and when a delivery is believed."""

from __future__ import annotations

import pytest

from onefold.adapters.sqlite.present import SqlitePresent
from onefold.record.contracts.errors import Reason
from onefold.record.intake.model import Offered
from onefold.record.intake.snapshot import Doubt, Findings, RollCall, doubt
from tests.unit.record.contracts.sample import compiled, customers

FINE = Findings(missing=1, known=10, unread=0, is_whole=True, is_history=False)


@pytest.fixture
def present():
    """An empty note."""
    found = SqlitePresent()
    yield found
    found.close()


def test_every_row_with_a_key_is_there_however_faulty(present):
    found = compiled(customers())
    roll = RollCall(found, present)
    offered = [
        Offered({"id": "1", "born": "31.02.1990"}, 2),
        Offered({"id": ""}, 3),
        Offered({"id": ["x"]}, 4),
        Offered(None, 5, fault=Reason.RAGGED_ROW),
        Offered({"id": " 2 "}, 6),
    ]
    assert list(roll.hear(offered)) == offered
    assert roll.unread == 3
    ids = [found.fragment_id(key) for key in ("1", "2", "3")]
    assert list(roll.missing([ids[:2], ids[2:]])) == [ids[2:]]


def test_more_than_a_page_is_noted(present):
    ids = [number.to_bytes(16, "big") for number in range(20_000)]
    present.add(ids[::2])
    present.add(ids[::4])
    assert present.absent(ids) == ids[1::2]


@pytest.mark.parametrize(
    ("found", "accepted", "why"),
    [
        (FINE, False, None),
        (FINE._replace(missing=2), False, None),
        (FINE._replace(missing=3), False, Doubt.TOO_MANY),
        (FINE._replace(missing=3), True, None),
        (FINE._replace(unread=1), False, Doubt.UNREAD),
        (FINE._replace(unread=1), True, None),
        (FINE._replace(is_whole=False), False, Doubt.CUT_OFF),
        (FINE._replace(is_whole=False), True, None),
        (FINE._replace(is_whole=False, missing=0), False, None),
        (FINE._replace(is_history=True), True, Doubt.HISTORY),
    ],
)
def test_a_delivery_is_believed_when_nothing_speaks_against_it(found, accepted, why):
    assert doubt(found, 0.2, accepted=accepted) is why
