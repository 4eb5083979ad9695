"""Errors on the command line: one line, and a code that says whose move is next."""

from __future__ import annotations

import pytest

from onefold.channels.cli.failures import exit_code, line
from onefold.kernel.errors import CallerError, Damaged, NotFound, Refused, SourceError, Unavailable


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CallerError("a"), 1),
        (NotFound("a"), 1),
        (SourceError("a"), 1),
        (Refused("a", reasons=("b",)), 3),
        (Unavailable("a"), 4),
        (Damaged("a"), 5),
    ],
)
def test_the_code_says_whose_move_is_next(error, code):
    assert exit_code(error) == code


def test_the_line_says_what_happened_what_is_known_and_what_to_do():
    assert (
        line(CallerError("It broke.", detail="Line 3.", hint="Mend it."))
        == "onefold: It broke. Line 3. Mend it."
    )
