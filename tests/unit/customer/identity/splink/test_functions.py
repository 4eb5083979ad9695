"""Functions say what DuckDB says, which was asked when the fixture was made; and what they refuse."""

from __future__ import annotations

import pytest

from onefold.customer.identity.splink.evaluating import compiled
from onefold.customer.identity.splink.sql import SqlError, parse
from tests.splink import answers


@pytest.mark.parametrize(("expression", "answer"), answers())
def test_duckdb_says_the_same(expression, answer):
    found = compiled(parse(expression))({})
    assert (found, type(found) is bool) == (answer, type(answer) is bool)


@pytest.mark.parametrize(
    "expression",
    [
        "'a' = 1", "lower(1)", "1 - 'a'", "levenshtein(1, 2)", "[1] < 'a'", "cast('x' as int)",
        "cast('x' as date)", "cast(1 as geometry)", "epoch('2020')", "regexp_extract('a', '(')",
        "regexp_extract('a', 'a', 3)", "substring('abc', 2, -1)",
        "date_diff('week', date '2020-01-01', date '2020-01-02')",
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_an_error_and_never_a_guess(expression):
    with pytest.raises(SqlError):
        compiled(parse(expression))({})


def test_an_empty_text_has_no_jaccard_index():
    """DuckDB stops there, and with it all of Splink's work."""
    assert compiled(parse("jaccard('', 'a')"))({}) is None
