"""Why records are one customer or are not, and undoing what was wrong, over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from onefold.channels.api.endpoint import Answer, Call, endpoint
from onefold.channels.api.parameters import Id, Query
from onefold.gate.explaining import Explanation
from onefold.kernel.ids import id_from_text, id_text
from onefold.usecases.explain_customer import explain_customer
from onefold.usecases.unmerge_customer import REASON_MAX, Undone, revoke_judgement, unmerge_customer
from onefold.usecases.waterfall import draw

_TAG = "stewardship"
_ONE = "/api/customers/{customer}"
_PICTURE = "default-src 'none'; style-src 'unsafe-inline'"
MaybeId = Annotated[str, Meta(pattern="^([0-9a-f]{32})?$", description="32 hexadecimal digits, or empty")]

Words = Annotated[str, Meta(min_length=1, max_length=REASON_MAX)]


class ExplanationQuery(Query, frozen=True):
    """Why, and the other customer or record (empty: what holds this one together)."""

    purpose: Literal["stewardship", "compliance"] = "stewardship"
    other: MaybeId = msgspec.field(name="with", default="")


class UnmergeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The records to take out, why, and whether only to tell what would come of it."""

    fragments: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=1000)]
    reason: Words
    dry_run: bool = False


class RevokeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The two records whose judgement is taken back, why, and whether only to tell what would come of it."""

    left: Id
    right: Id
    reason: Words
    dry_run: bool = False


@endpoint(
    "GET",
    f"{_ONE}/explanation",
    "Tells why records are one customer, or why two customers are two",
    tag=_TAG,
    action="explain_customer",
    query=ExplanationQuery,
    result=Explanation,
)
def explanation(call: Call) -> Explanation:
    """Every comparison, reason and conflict, and the chain that joins two records. Ids of records do, too."""
    return explain_customer(call.permitted, call.rooms, _customer(call), call.query.other)


@endpoint(
    "GET",
    f"{_ONE}/explanation/picture",
    "Draws the explanation as a waterfall: one SVG file that needs nothing else",
    tag=_TAG,
    action="explain_customer",
    query=ExplanationQuery,
    gives="image/svg+xml",
    named="draw_explanation",
)
def picture(call: Call) -> Answer:
    """Of the same cut, on a record of its own."""
    found = explain_customer(call.permitted, call.rooms, _customer(call), call.query.other)
    return Answer(draw(found), {"Content-Security-Policy": _PICTURE})


@endpoint(
    "POST",
    f"{_ONE}/unmerge",
    "Takes records out of a customer for good, or tells what would come of it",
    tag=_TAG,
    action="unmerge_customer",
    purpose="stewardship",
    body=UnmergeBody,
    result=Undone,
)
def unmerging(call: Call) -> Undone:
    """Answers once it is in force: profile, consents and timeline of each part are its own records' again."""
    said = call.body
    return unmerge_customer(
        call.permitted, call.rooms, _customer(call), said.fragments, said.reason, dry_run=said.dry_run
    )


@endpoint(
    "POST",
    "/api/judgements/revoke",
    "Takes back a steward's word on two records, or tells what would come of it",
    tag=_TAG,
    action="decide_judgement",
    purpose="stewardship",
    body=RevokeBody,
    result=Undone,
    also=((404, "There are no such two records"), (410, "One of them was erased")),
    named="revoke_judgement",
)
def revoking(call: Call) -> Undone:
    """From then on the evidence decides again."""
    said = call.body
    return revoke_judgement(
        call.permitted, call.rooms, said.left, said.right, said.reason, dry_run=said.dry_run
    )


def _customer(call: Call) -> str:
    """The id in the address; `CallerError` where it is none: addresses are logged, so they hold no keys."""
    return id_text(id_from_text(call.path["customer"]))


ENDPOINTS = (explanation, picture, unmerging, revoking)
