"""A segment as one expression: integers over day buckets, and truths over those.

Theory. Every number is a sum of day buckets in a window that ends a stated number of days before or at
`as_of`, or arithmetic on such sums; it is an exact 64-bit integer, or *unknown* where 64 bits do not hold it.
Truths are three-valued (Kleene): a comparison with an unknown is unknown, and only `true` makes a member.
Ratios are written without division: "less than half of b" is `2 × a < b`.

An account has one currency, so money is never summed over accounts: `credit`, `debit` and `balance` are asked
of one account, inside `AnyAccount`. What people do (`logins`, `interactions`) is asked of the customer.

This module is the only definition. `rules.py` evaluates it for one customer, `bulk.py` compiles it to one SQL
statement for all; law L7 holds that they agree.
"""

from __future__ import annotations

import msgspec

ACCOUNT_MEASURES = frozenset({"balance", "balances", "credit", "debit", "movements"})
CUSTOMER_MEASURES = frozenset({"interactions", "logins"})
DEPTH_MOST = 8
"""How deep arithmetic may nest: the SQL of a sum doubles with each level."""


class Window(msgspec.Struct, frozen=True):
    """Days d with as_of + after < d ≤ as_of + to; `after` None begins with the first day."""

    after: int | None
    to: int

    def days(self, as_of: int) -> tuple[int, int]:
        """First day and the day behind the last one."""
        first = -(1 << 40) if self.after is None else as_of + self.after + 1
        return first, as_of + self.to + 1


class Sum(msgspec.Struct, frozen=True, tag="sum"):
    """The sum of a measure's buckets in a window; 0 where there are none."""

    measure: str
    window: Window


class Number(msgspec.Struct, frozen=True, tag="number"):
    """A constant."""

    value: int


class Arithmetic(msgspec.Struct, frozen=True, tag="arithmetic"):
    """`plus`, `minus` or `times` of two numbers; unknown when the result leaves 64 bits."""

    operator: str
    left: Quantity
    right: Quantity


class Comparison(msgspec.Struct, frozen=True, tag="comparison"):
    """`less`, `at_most` or `equal`."""

    operator: str
    left: Quantity
    right: Quantity


class All(msgspec.Struct, frozen=True, tag="all"):
    """True when all are; an empty one is true."""

    of: tuple[Condition, ...]


class Any(msgspec.Struct, frozen=True, tag="any"):
    """True when one is; an empty one is false."""

    of: tuple[Condition, ...]


class Not(msgspec.Struct, frozen=True, tag="not"):
    """The opposite; unknown stays unknown."""

    of: Condition


class AnyAccount(msgspec.Struct, frozen=True, tag="any_account"):
    """True when the condition holds for one account that the customer holds or may use."""

    condition: Condition


Quantity = Sum | Number | Arithmetic
Condition = Comparison | All | Any | Not | AnyAccount


class Segment(msgspec.Struct, frozen=True):
    """One definition: whose it is, which version, and the rule. `about` is for people."""

    id: str
    version: int
    title: str
    about: str
    owner: str
    rule: Condition
