"""An oracle of consent, and histories to try it on: what may be served from a record, by the words alone.

Written from the words of ADR 0016 and `docs/reference/model.md`. It shares no code with the rules: not their
tree, their order of facts, their memory of rows, nor their way of joining records.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

PARTIES = tuple(bytes([it]) * 16 for it in range(1, 6))
TREE = {
    "servicing": "", "marketing": "", "direct_marketing": "marketing", "personalised_offers": "marketing",
    "fraud": "", "compliance": "", "stewardship": "", "analytics": "", "service_improvement": "analytics",
    "partner": "", "account_information": "partner",
}  # fmt: skip
ALWAYS = {"servicing", "fraud", "compliance"}
UNLESS_REFUSED = {"stewardship", "service_improvement"}
SPOKEN_OF = (
    "marketing",
    "marketing",
    "direct_marketing",
    "analytics",
    "partner",
    "account_information",
    "stewardship",
)
CHANNELS = ("email", "sms")
CLASSES = ("contact", "balance", "any")
FIRMS = ("", "tpp")

Use = tuple[str, str, str, str]
Row = dict[str, Any]


def with_wholes(purpose: str) -> set[str]:
    """A purpose and all that it is part of."""
    return {purpose} | (with_wholes(TREE[purpose]) if TREE[purpose] else set())


@dataclass
class History:
    """What was said, row by row in the order of its instants, and who is held to be the same."""

    rows: dict[tuple[str, int], list[tuple[int, Row | None]]] = field(default_factory=dict)
    edges: dict[tuple[int, int], bool] = field(default_factory=dict)
    clock: int = 0

    def copy(self) -> History:
        """As it stands, for a comparison."""
        return History({key: [*said] for key, said in self.rows.items()}, {**self.edges}, self.clock)

    def say(self, entity: str, key: int, row: Row | None) -> None:
        self.clock += 1
        self.rows.setdefault((entity, key), []).append((self.clock, row))

    def customers(self) -> list[set[int]]:
        """Records joined by any edge."""
        return joined(range(len(PARTIES)), self.edges)

    def customer_of(self, record: int) -> set[int]:
        return next(it for it in self.customers() if record in it)


def joined(records: Iterable[int], edges: Iterable[tuple[int, int]]) -> list[set[int]]:
    """The parts that edges make of records."""
    left, parts = set(records), []
    edges = list(edges)
    while left:
        part, grows = {left.pop()}, True
        while grows:
            near = {it for pair in edges if part & set(pair) for it in pair if it in left}
            grows, part, left = bool(near), part | near, left - near
        parts.append(part)
    return parts


# ------------------------------------------------------------------ the oracle


@dataclass(frozen=True)
class Said:
    """One yes or no as the oracle sees it; `over`: it allows nothing, and stands before older ones."""

    yes: bool
    party: bytes
    purpose: str
    channel: str
    data: str
    firm: str
    parts: bool
    at: int
    starts: int
    ends: float


def is_told_in_part(row: Row) -> bool:
    return row.get("data_class", "any") != "any" or row.get("controller", "") != ""


def said_by(statements: list[tuple[int, Row | None]]) -> list[Said]:
    """All that one row of a consent has ever come to."""
    told = [row for _, row in statements if row]
    parties, purposes = {it["party"] for it in told}, {it["purpose"] for it in told}
    channels = {it["channel"] for it in told}
    narrow = [it for it in told if is_told_in_part(it)]
    data = {it.get("data_class", "any") for it in narrow}
    firms = {it.get("controller", "") for it in narrow}
    found: list[Said] = []
    for word, in_part, parts in product(("granted", "withdrawn", "objected"), (False, True), (False, True)):
        yes = word == "granted"
        dates = [
            it["given_at"]
            for it in told
            if it["fact"] == word
            and is_told_in_part(it) == in_part
            and (yes and it.get("includes_parts", False)) == parts
            and (not yes or it.get("basis", "consent") == "consent")
        ]
        if dates:
            scope = product(data, firms) if in_part else [("any", "")]
            at = max(dates)
            found += [
                Said(yes, who, why, how, what, whose, parts, at, at, at if yes else float("inf"))
                for (who, why, how), (what, whose) in product(product(parties, purposes, channels), scope)
            ]
    last = statements[-1][1]
    if last and last["fact"] == "granted" and last.get("basis", "consent") == "consent":
        found.append(
            Said(
                True,
                last["party"],
                last["purpose"],
                last["channel"],
                last.get("data_class", "any"),
                last.get("controller", ""),
                last.get("includes_parts", False),
                last["given_at"],
                max(last["given_at"], last.get("from_at", 0)),
                last.get("until_at", float("inf")),
            )
        )
        found = [it for it in found[:-1] if not is_place_of(it, found[-1])] + found[-1:]
    return found


def is_place_of(it: Said, standing: Said) -> bool:
    """Whether an old yes is the very one that stands."""
    return (it.yes, it.party, it.purpose, it.channel, it.data, it.firm, it.parts, it.at) == (
        True, standing.party, standing.purpose, standing.channel, standing.data, standing.firm,
        standing.parts, standing.at,
    )  # fmt: skip


def allows(it: Said, use: Use) -> bool:
    """Whether a yes covers a use."""
    purpose, channel, data, firm = use
    names = it.purpose == purpose or (it.parts and it.purpose in with_wholes(purpose))
    return names and it.channel in (channel, "any") and it.data in (data, "any") and it.firm == firm


def stops(it: Said, use: Use) -> bool:
    """Whether a no touches a use."""
    purpose, channel, data, firm = use
    touches = it.data == "any" or data == "any" or it.data == data
    return (
        it.purpose in with_wholes(purpose)
        and it.channel in (channel, "any")
        and touches
        and it.firm in ("", firm)
    )


@dataclass(frozen=True)
class Heard:
    """What bears on one record: all its customer said, and who of them is proven to be the same."""

    said: list[Said]
    everybody: set[bytes]
    near: set[bytes]


def heard(history: History) -> dict[int, Heard]:
    """What bears on each record."""
    said = [it for (entity, _), row in history.rows.items() if entity == "consent" for it in said_by(row)]
    found = {}
    for customer in history.customers():
        inside = [pair for pair, proven in history.edges.items() if proven and set(pair) <= customer]
        for part in joined(customer, inside):
            for record in part:
                found[record] = Heard(said, {PARTIES[it] for it in customer}, {PARTIES[it] for it in part})
    return found


def may(it: Heard, use: Use, now: int) -> bool:
    """Whether one record may serve a use."""
    if use[0] in ALWAYS:
        return True
    said, everybody, near = it.said, it.everybody, it.near
    no = [it.at for it in said if not it.yes and it.party in everybody and stops(it, use)]
    yes = [it for it in said if it.yes and it.party in near and it.at <= now and allows(it, use)]
    newest_no = max(no, default=-1)
    over = max((it.at for it in yes if it.ends <= now), default=-1)
    good = [it.at for it in yes if it.starts <= now < it.ends]
    granted = any(at > newest_no and at >= over for at in good)
    if use[0] in UNLESS_REFUSED:
        # A yes that is over or deleted brings an older no back, as it brings no older yes back.
        return newest_no < 0 or granted
    return granted


def is_stopped(history: History, customer: set[int], channel: str) -> bool:
    """Whether somebody said not to contact any record of a customer over a channel, and did not lift it."""
    parties = {PARTIES[it] for it in customer}
    for (entity, _), statements in history.rows.items():
        told = [(at, row) for at, row in statements if row] if entity == "suppression" else []
        on = max((at for at, row in told if row["state"] == "on"), default=0)
        lifted = max((at for at, row in told if row["state"] == "off"), default=0)
        named = {row["channel"] for _, row in told}
        if on > lifted and parties & {row["party"] for _, row in told} and named & {channel, "any"}:
            return True
    return False


def is_called_vulnerable(history: History, customer: set[int]) -> bool:
    """Whether such a word that is not lifted was said because somebody is vulnerable."""
    parties = {PARTIES[it] for it in customer}
    for (entity, _), statements in history.rows.items():
        told = [(at, row) for at, row in statements if row] if entity == "suppression" else []
        on = max((at for at, row in told if row["state"] == "on"), default=0)
        lifted = max((at for at, row in told if row["state"] == "off"), default=0)
        reasons = {row["reason"] for _, row in told}
        if on > lifted and parties & {row["party"] for _, row in told} and "vulnerable" in reasons:
            return True
    return False


# ------------------------------------------------------------------ what happens


def row_of(draw: random.Random, party: bytes, clock: int) -> Row:
    """A row of a consent: mostly plain, now and then narrower, later or for parts."""
    row: Row = {
        "party": party,
        "purpose": draw.choice(SPOKEN_OF),
        "channel": draw.choice((*CHANNELS, "any", "any")),
        "fact": draw.choice(("granted", "granted", "granted", "withdrawn", "objected")),
        "given_at": draw.randrange(clock + 4),
    }
    for name, words, share in (
        ("data_class", CLASSES, 0.25),
        ("controller", FIRMS, 0.25),
        ("basis", ("consent", "contract"), 0.15),
        ("until_at", range(clock + 8), 0.25),
        ("from_at", range(clock + 6), 0.15),
        ("includes_parts", (True, False), 0.3),
    ):
        if draw.random() < share:
            row[name] = draw.choice(words)
    return row


def happen(history: History, draw: random.Random) -> tuple[str, tuple[int, int] | None]:
    """One more event; its kind, and the edge that came or went."""
    kind = draw.choice(("say", "say", "say", "say", "delete", "stop", "write", "merge", "merge", "unmerge"))
    record = draw.randrange(len(PARTIES))
    if kind == "say":
        history.say("consent", draw.randrange(6), row_of(draw, PARTIES[record], history.clock))
    elif kind == "delete":
        history.say(draw.choice(("consent", "suppression")), draw.randrange(6), None)
    elif kind == "stop":
        row = {"party": PARTIES[record], "channel": draw.choice((*CHANNELS, "any"))}
        row |= {"reason": draw.choice(("wish", "wish", "vulnerable")), "state": draw.choice(("on", "off"))}
        history.say("suppression", draw.randrange(3), row)
    elif kind == "write":
        # On the page of a customer: a no is written for every record, a yes for one.
        row = row_of(draw, PARTIES[record], history.clock)
        shown = [record] if row["fact"] == "granted" else sorted(history.customer_of(record))
        for one in shown:
            history.say("consent", 100 + history.clock, row | {"party": PARTIES[one]})
    elif kind == "merge":
        one, other = sorted(draw.sample(range(len(PARTIES)), 2))
        history.edges[one, other] = draw.random() < 0.4
        return kind, (one, other)
    elif history.edges:
        edge = draw.choice(sorted(history.edges))
        del history.edges[edge]
        return kind, edge
    return kind, None
