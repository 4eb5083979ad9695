"""What the command line tells of relations is what the API tells."""

from __future__ import annotations

import io

import msgspec
from rich.console import Console

from onefold.channels.cli.customers import print_relations
from onefold.gate.model import Withheld
from onefold.gate.relations import ENDS_MAX, Relations, RelationView


def line(kind: str, name: str = "Boris", **said: object) -> RelationView:
    """A line of which nothing is known but what is said."""
    empty: dict[str, object] = dict.fromkeys(RelationView.__struct_fields__, "")
    rest = {"ended": False, "is_themselves": False, "sources": ("core",)}
    return msgspec.convert(
        empty | rest | {"kind": kind, "name": name, "customer": "c" * 32} | said, RelationView
    )


def printed(*items: RelationView, more: bool = False, withheld: tuple[Withheld, ...] = ()) -> list[str]:
    """The lines of a terminal, spaces closed up."""
    out = io.StringIO()
    found = Relations("a" * 32, "servicing", items, more, withheld, "audit-1")
    print_relations(Console(file=out, width=200), found, ())
    return [" ".join(it.split()) for it in out.getvalue().splitlines()]


def test_a_line_tells_all_that_is_known_of_it():
    found = printed(
        line("beneficial_owner", title="founder", share="25,5", since="2019-04-14", until="2030-01-01"),
        line("household", household="Karimovs"),
        line("joint_holder", product="Savings"),
    )
    who = f"Boris {'c' * 32}"
    assert found[1] == f"beneficial owner {who} founder, 25,5 % 2019-04-14 2030-01-01 core"
    assert found[2] == f"household {who} household Karimovs core"
    assert found[3] == f"joint holder {who} Savings core"


def test_what_is_over_says_so_though_nobody_says_since_when():
    assert printed(line("account_user", ended=True))[1].startswith("account user (over) Boris")


def test_the_word_for_the_customer_is_not_told_as_one_for_the_other():
    assert " mother " in printed(line("parent", title="mother"))[1]
    assert " as mother " in printed(line("child", title="mother"))[1]


def test_that_there_are_more_and_who_is_not_told_of_is_said():
    withheld = (Withheld("1 relation", "who is at the other end may not be shown for servicing"),)
    found = "\n".join(printed(more=True, withheld=withheld))
    assert f"more than these {ENDS_MAX}" in found
    assert "1 relation: who is at the other end" in found
