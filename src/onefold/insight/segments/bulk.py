"""Compiles a segment's rule to one SQL statement over the whole state: the bulk compiler of law L7. Pure.

The statement reads the state's relations by name: `members`, `linked` and `measured`. Each distinct sum is a
column of one of two tables, `of_accounts` and `of_persons`, asked owner by owner, so that the days of its
window are read and no other history; each `any_account` is one pass over the accounts of all customers.
Truths are SQL's own, which are Kleene's. Whole numbers that leave 64 bits become REAL in SQLite; those are
made NULL, unknown. The text is put together from words of this file alone; every number of a definition is a
parameter.
"""

from __future__ import annotations

import msgspec

from onefold.insight.segments.model import (
    ACCOUNT_MEASURES,
    CUSTOMER_MEASURES,
    All,
    AnyAccount,
    Arithmetic,
    Comparison,
    Condition,
    Not,
    Number,
    Quantity,
    Sum,
)

# A holder names one party and one account. Two tables of links joined by it are compared row by row: SQLite
# makes no index for them (measured: four of five seconds at 10,000 people, and it grows with their square).
_ACCOUNTS = """holders(party_id, owner_id) AS MATERIALIZED (
  SELECT max(CASE relation WHEN 'holder.party' THEN to_id END),
         max(CASE relation WHEN 'holder.account' THEN to_id END)
    FROM linked WHERE relation IN ('holder.party', 'holder.account') GROUP BY from_id),
accounts(customer_id, owner_id) AS MATERIALIZED (
  SELECT m.customer_id, a.from_id FROM linked a JOIN members m ON m.fragment_id = a.to_id
   WHERE a.relation = 'account.party'
  UNION
  SELECT m.customer_id, h.owner_id FROM holders h JOIN members m ON m.fragment_id = h.party_id
   WHERE h.owner_id IS NOT NULL),
owned(owner_id) AS MATERIALIZED (SELECT DISTINCT owner_id FROM accounts)"""

_PERSONS = """persons(customer_id, owner_id) AS MATERIALIZED (
  SELECT customer_id, fragment_id FROM members)"""

_OPERATORS = {"plus": "+", "minus": "-", "times": "*", "less": "<", "at_most": "<=", "equal": "="}


class Query(msgspec.Struct, frozen=True):
    """SQL with named parameters; it answers with the customer ids of the members, in order."""

    text: str
    parameters: dict[str, int]


class _Compiler:
    """Collects the common table expressions and parameters of one statement."""

    def __init__(self, as_of: int) -> None:
        self.as_of = as_of
        self.parameters: dict[str, int] = {}
        self.sums: dict[Sum, str] = {}
        self.asked: dict[Sum, str] = {}
        self.passes: list[str] = []

    def tables(self) -> list[str]:
        """All that the statement reads from, each after those that it reads itself."""
        accounts = [it for it in self.sums if it.measure in ACCOUNT_MEASURES]
        persons = [it for it in self.sums if it.measure in CUSTOMER_MEASURES]
        of_accounts = "".join(f", (SELECT {self.asked[it]}) AS {self.sums[it]}" for it in accounts)
        of_persons = "".join(f", sum((SELECT {self.asked[it]})) AS {self.sums[it]}" for it in persons)
        accounts_read = f"owner_id{of_accounts} FROM owned AS o"
        persons_read = f"customer_id{of_persons} FROM persons AS o GROUP BY 1"
        return [
            _ACCOUNTS,
            _PERSONS,
            f"of_accounts AS MATERIALIZED (SELECT {accounts_read})",
            f"of_persons AS MATERIALIZED (SELECT {persons_read})",
            *self.passes,
        ]

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
            return f"coalesce({self.sum(quantity)}, 0)"
        assert isinstance(quantity, Arithmetic)
        text = f"({self.number(quantity.left)} {_OPERATORS[quantity.operator]} {self.number(quantity.right)})"
        return f"(CASE WHEN typeof{text} = 'integer' THEN {text} END)"

    def sum(self, quantity: Sum) -> str:
        """The name of the column with this sum: by account, or by customer for what customers do."""
        assert quantity.measure in ACCOUNT_MEASURES | CUSTOMER_MEASURES
        if quantity not in self.sums:
            first, behind = quantity.window.days(self.as_of)
            self.sums[quantity] = f"sum{len(self.sums)}"
            wanted = f"measure = '{quantity.measure}' AND measured.owner_id = o.owner_id"
            window = f"day >= {self.parameter(first)} AND day < {self.parameter(behind)}"
            self.asked[quantity] = f"sum(amount) FROM measured WHERE {wanted} AND {window}"
        return self.sums[quantity]

    def any_account(self, rule: AnyAccount) -> str:
        """One pass over all accounts; the greatest of false 0, unknown 1, true 2 is the answer."""
        text = self.condition(rule.condition)
        name = f"pass{len(self.passes)}"
        truth = f"max(CASE WHEN {text} THEN 2 WHEN {text} IS NULL THEN 1 ELSE 0 END)"
        read = f"customer_id, {truth} AS truth FROM accounts LEFT JOIN of_accounts USING (owner_id)"
        self.passes.append(f"{name} AS MATERIALIZED (SELECT {read} GROUP BY customer_id)")
        return f"(CASE coalesce({name}.truth, 0) WHEN 2 THEN 1 WHEN 0 THEN 0 END)"

    def parameter(self, value: int) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"


def members_query(rule: Condition, as_of: int) -> Query:
    """The statement that answers who is a member on the day `as_of`."""
    compiler = _Compiler(as_of)
    where = compiler.condition(rule)
    read = ["of_persons", *(f"pass{number}" for number in range(len(compiler.passes)))]
    joins = "".join(f" LEFT JOIN {it} ON {it}.customer_id = customers.customer_id" for it in read)
    tables = ",\n".join(compiler.tables())
    text = f"WITH {tables}\nSELECT customers.customer_id FROM customers{joins}\nWHERE {where} ORDER BY 1"
    return Query(text, compiler.parameters)
