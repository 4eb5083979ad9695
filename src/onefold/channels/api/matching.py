"""Why records are one customer or are not, over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from onefold.channels.api.endpoint import Answer, Call, endpoint
from onefold.channels.api.parameters import Query
from onefold.gate.explaining import Explanation
from onefold.usecases.explain_customer import explain_customer
from onefold.usecases.waterfall import draw

_TAG = "stewardship"
_ONE = "/api/customers/{customer}"
_PICTURE = "default-src 'none'; style-src 'unsafe-inline'"
MaybeId = Annotated[str, Meta(pattern="^([0-9a-f]{32})?$", description="32 hexadecimal digits, or empty")]


class ExplanationQuery(Query, frozen=True):
    """Why, and the other customer or record (empty: what holds this one together)."""

    purpose: Literal["stewardship", "compliance"] = "stewardship"
    other: MaybeId = msgspec.field(name="with", default="")


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
    return explain_customer(call.permitted, call.rooms, call.path["customer"], call.query.other)


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
    found = explain_customer(call.permitted, call.rooms, call.path["customer"], call.query.other)
    return Answer(draw(found), {"Content-Security-Policy": _PICTURE})


ENDPOINTS = (explanation, picture)
