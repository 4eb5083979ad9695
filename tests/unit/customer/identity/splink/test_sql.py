"""Conditions as trees: what binds how strongly, and what is refused."""

from __future__ import annotations

import pytest

from onefold.customer.identity.splink.sql import (
    DEPTH_MOST,
    Call,
    Column,
    Lambda,
    Literal,
    SqlError,
    columns_of,
    flattened,
    parse,
    sided,
)

A, B, C = Column("", "a"), Column("", "b"), Column("", "c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a OR b AND c", Call("or", (A, Call("and", (B, C))))),
        ("NOT a = b", Call("not", (Call("=", (A, B)),))),
        ("a - b - c", Call("-", (Call("-", (A, B)), C))),
        ("a + b * c", Call("+", (A, Call("*", (B, C))))),
        ("(a + b) * c", Call("*", (Call("+", (A, B)), C))),
        ("-a * b", Call("*", (Call("negative", (A,)), B))),
        ("a || b = c", Call("=", (Call("||", (A, B)), C))),
        ("a is not null", Call("not", (Call("is null", (A,)),))),
        ("a NOT IN (b, 'x')", Call("not", (Call("in", (A, B, Literal("x"))),))),
        ("a between b and c", Call("and", (Call(">=", (A, B)), Call("<=", (A, C))))),
        ("a is distinct from b", Call("not", (Call("is the same", (A, B)),))),
        ("a[1]", Call("index", (A, Literal(1)))),
        ("a::double precision", Call("cast", (A, Literal("double")))),
        ("cast(a as decimal(10, 2))", Call("cast", (A, Literal("decimal")))),
        ("extract(epoch from a)", Call("epoch", (A,))),
        ("date '2020-01-05'", Call("cast", (Literal("2020-01-05"), Literal("date")))),
        ("'it''s' = NULL", Call("=", (Literal("it's"), Literal(None)))),
        ('L."First Name"', Column("l", "first name")),
        ("case when a then b end", Call("case", (A, B, Literal(None)))),
        ("f(x -> x)", Call("f", (Lambda("x", Column("", "x")),))),
        ("f(lambda x: x)", Call("f", (Lambda("x", Column("", "x")),))),
        ("1.5e2 -- of what", Literal(150.0)),
    ],
)
def test_operators_bind_as_in_sql(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a =",
        "(a",
        "a b",
        "a = b;",
        "case a",
        "f(a b)",
        "a is b",
        "a not b",
        "select 1 from x",
        "1 = 'x",
        "l.",
    ],
)
def test_what_is_no_expression_is_refused(text):
    with pytest.raises(SqlError):
        parse(text)


def test_depth_has_a_limit():
    with pytest.raises(SqlError, match="nested"):
        parse("(" * DEPTH_MOST + "a" + ")" * DEPTH_MOST)


def test_a_suffix_says_whose_column_it_is():
    tree = sided(parse('"first name_L" = list_filter(city_r, x -> x <> r.b)'))
    assert {(it.table, it.name) for it in columns_of(tree)} == {
        ("l", "first name"),
        ("r", "city"),
        ("r", "b"),
    }
    for text in ("name = 1", "m.name_l = 1", "_l = 1"):
        with pytest.raises(SqlError, match="neither record"):
            sided(parse(text))


def test_what_is_joined_at_the_top_is_taken_apart():
    assert flattened(parse("a and (b and c)"), "and") == [A, B, C]
    assert flattened(parse("a or b"), "and") == [parse("a or b")]
