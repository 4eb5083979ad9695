"""Compiles a segment's rule to one SQL statement over the whole state: the bulk compiler of law L7. Pure.

The statement reads the state's relations by name: `members`, `linked` and `measured`. Each distinct sum is
grouped once by owner; each `any_account` is one pass over the accounts of all customers. Truths are SQL's
own, which are Kleene's. Whole numbers that leave 64 bits become REAL in SQLite; those are made NULL, unknown.
The text is put together from words of this file alone; every number of a definition is a parameter.
"""

from __future__ import annotations

import msgspec

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
    Sum,
)

_ACCOUNTS = """accounts(customer_id, owner_id) AS MATERIALIZED (
  SELECT m.customer_id, a.from_id FROM linked a JOIN members m ON m.fragment_id = a.to_id
   WHERE a.relation = 'account.party'
  UNION
  SELECT m.customer_id, h.to_id FROM linked h
    JOIN linked p ON p.relation = 'holder.party' AND p.from_id = h.from_id
    JOIN members m ON m.fragment_id = p.to_id
   WHERE h.relation = 'holder.account')"""

_PERSONS = """persons(customer_id, owner_id) AS MATERIALIZED (
  SELECT customer_id, fragment_id FROM members
  UNION
  SELECT m.customer_id, d.from_id FROM linked d JOIN members m ON m.fragment_id = d.to_id
   WHERE d.relation = 'device.party')"""

_OPERATORS = {"plus": "+", "minus": "-", "times": "*", "less": "<", "at_most": "<=", "equal": "="}


class Query(msgspec.Struct, frozen=True):
    """SQL with named parameters; it answers with the customer ids of the members, in order."""

    text: str
    parameters: dict[str, int]


class _Compiler:
    """Collects the common table expressions and parameters of one statement."""

    def __init__(self, as_of: int) -> None:
        self.as_of = as_of
        self.tables = [_ACCOUNTS, _PERSONS]
        self.parameters: dict[str, int] = {}
        self.sums: dict[Sum, str] = {}
        self.passes: list[str] = []

    def condition(self, rule: Condition) -> str:
        if isinstance(rule, Comparison):
            return f"({self.number(rule.left)} {_OPERATORS[rule.operator]} {self.number(rule.right)})"
        if isinstance(rule, Not):
            return f"(NOT {self.condition(rule.of)})"
        if isinstance(rule, AnyAccount):
            return self.any_account(rule)
        word = "AND" if isinstance(rule, All) else "OR"
        empty = "1" if isinstance(rule, All) else "0"
        return "(" + (f" {word} ".join(self.condition(part) for part in rule.of) or empty) + ")"

    def number(self, quantity: Quantity) -> str:
        if isinstance(quantity, Number):
            return self.parameter(quantity.value)
        if isinstance(quantity, Sum):
            return f"coalesce({self.sum(quantity)}.amount, 0)"
        assert isinstance(quantity, Arithmetic)
        text = f"({self.number(quantity.left)} {_OPERATORS[quantity.operator]} {self.number(quantity.right)})"
        return f"(CASE WHEN typeof{text} = 'integer' THEN {text} END)"

    def sum(self, quantity: Sum) -> str:
        """The name of the table with this sum: by account, or by customer for what customers do."""
        assert quantity.measure in ACCOUNT_MEASURES | CUSTOMER_MEASURES
        if quantity not in self.sums:
            name = f"sum{len(self.sums)}"
            first, behind = quantity.window.days(self.as_of)
            where = (
                f"measure = '{quantity.measure}' "
                f"AND day >= {self.parameter(first)} AND day < {self.parameter(behind)}"
            )
            if quantity.measure in ACCOUNT_MEASURES:
                source = "owner_id, sum(amount) AS amount FROM measured"
            else:
                joined = "measured JOIN persons USING (owner_id)"
                source = f"customer_id AS owner_id, sum(amount) AS amount FROM {joined}"
            self.tables.append(f"{name} AS MATERIALIZED (SELECT {source} WHERE {where} GROUP BY 1)")
            self.sums[quantity] = name
        return self.sums[quantity]

    def any_account(self, rule: AnyAccount) -> str:
        """One pass over all accounts; the greatest of false 0, unknown 1, true 2 is the answer."""
        text = self.condition(rule.condition)
        joins = self.joins("accounts.owner_id", rule.condition)
        name = f"pass{len(self.passes)}"
        truth = f"max(CASE WHEN {text} THEN 2 WHEN {text} IS NULL THEN 1 ELSE 0 END)"
        body = f"customer_id, {truth} AS truth FROM accounts{joins} GROUP BY customer_id"
        self.tables.append(f"{name} AS MATERIALIZED (SELECT {body})")
        self.passes.append(name)
        return f"(CASE coalesce({name}.truth, 0) WHEN 2 THEN 1 WHEN 0 THEN 0 END)"

    def joins(self, owner: str, rule: Condition) -> str:
        """Left joins of the sums that a condition asks outside of its own `any_account`s."""
        names = dict.fromkeys(self.sum(it) for it in sums_of(rule))
        return "".join(f" LEFT JOIN {name} ON {name}.owner_id = {owner}" for name in names)

    def parameter(self, value: int) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"


def sums_of(part: Condition | Quantity) -> list[Sum]:
    """Every sum of a condition or number, those inside an `any_account` left out."""
    if isinstance(part, Sum):
        return [part]
    if isinstance(part, Number | AnyAccount):
        return []
    if isinstance(part, Arithmetic | Comparison):
        return sums_of(part.left) + sums_of(part.right)
    if isinstance(part, Not):
        return sums_of(part.of)
    assert isinstance(part, All | Any)
    return [it for inner in part.of for it in sums_of(inner)]


def members_query(rule: Condition, as_of: int) -> Query:
    """The statement that answers who is a member on the day `as_of`."""
    compiler = _Compiler(as_of)
    where = compiler.condition(rule)
    joins = compiler.joins("customers.customer_id", rule)
    joins += "".join(f" LEFT JOIN {it} ON {it}.customer_id = customers.customer_id" for it in compiler.passes)
    tables = ",\n".join(compiler.tables)
    text = f"WITH {tables}\nSELECT customers.customer_id FROM customers{joins}\nWHERE {where} ORDER BY 1"
    return Query(text, compiler.parameters)
