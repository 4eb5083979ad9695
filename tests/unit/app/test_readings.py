"""By what a state is read, and whether one may take the place of another."""

from __future__ import annotations

import pytest

from onefold.app.readings import Reading
from onefold.customer.identity.adoption import ADOPT, FIRST

ONE = FIRST.next(("a", "x", "y"), ADOPT, "anna", 1)
OTHER = FIRST.next(("b", "x", "y"), ADOPT, "anna", 1)
TWO = ONE.next(("b", "x", "y"), ADOPT, "anna", 2)
PLAIN, MENDED = {("bank", "1.0.0"): "1.0.0+1"}, {("bank", "1.0.0"): "1.0.0+2"}


@pytest.mark.parametrize(
    ("coming", "present", "may"),
    [
        (Reading(PLAIN, ONE), Reading(PLAIN, ONE), True),
        (Reading(PLAIN, TWO), Reading(PLAIN, ONE), True),
        (Reading(MENDED, ONE), Reading(PLAIN, ONE), True),
        (Reading(MENDED, ONE), Reading({}, FIRST), True),
        # Something else was adopted while it was built.
        (Reading(PLAIN, ONE), Reading(PLAIN, OTHER), False),
        (Reading(PLAIN, ONE), Reading(PLAIN, TWO), False),
        (Reading(PLAIN, TWO), Reading(PLAIN, FIRST), False),
        (Reading(PLAIN, ONE), Reading(MENDED, ONE), False),
        (Reading({}, ONE), Reading(PLAIN, FIRST), False),
    ],
)
def test_a_state_takes_the_place_of_the_one_it_was_built_beside(coming, present, may):
    assert coming.may_follow(present) is may
