"""Every reason comes with what to do next."""

from __future__ import annotations

import pytest

from onefold.record.contracts.advice import advice, is_mendable
from onefold.record.contracts.errors import REFUSALS, Reason


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_says_what_to_do_next(reason):
    assert advice(reason).endswith(".")


@pytest.mark.parametrize("reason", [it for it in Reason if not is_mendable(it)])
def test_nobody_is_told_to_hand_in_what_cannot_be(reason):
    assert "hand" not in advice(reason).replace("cannot be handed in", "")
    assert "Put " not in advice(reason)


def test_a_row_with_a_value_at_fault_can_be_handed_in_again():
    assert all(
        map(is_mendable, (Reason.BAD_DATE, Reason.UNKNOWN_VALUE, Reason.QUALITY_RULE, Reason.KEY_REPEATED))
    )
    assert not any(map(is_mendable, REFUSALS))


def test_a_reason_of_another_release_has_none():
    assert advice("moon_phase") == ""
