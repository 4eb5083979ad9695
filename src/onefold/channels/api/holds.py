"""Legal holds over HTTP: place one on a customer, list them, lift one."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from onefold.channels.api.endpoint import Call, endpoint
from onefold.channels.api.parameters import Day, Query
from onefold.usecases.hold_customer import TEXT_MAX, lift_hold, place_hold
from onefold.usecases.hold_views import HoldList, HoldView
from onefold.usecases.list_holds import list_holds

_TAG = "requests"
_PURPOSE = "compliance"
_PATH = "/api/holds"
Words = Annotated[str, Meta(min_length=1, max_length=TEXT_MAX)]
MaybeId = Annotated[str, Meta(pattern="^([0-9a-f]{32})?$", description="32 hexadecimal digits, or empty")]


class HoldsQuery(Query, frozen=True, kw_only=True):
    """Of which customer (empty: of all), and whether lifted ones are wanted, too."""

    customer: MaybeId = ""
    lifted: bool = False


class HoldBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The case or order it is for, why data is kept for it, and when that is looked at again (or never)."""

    matter: Words
    reason: Words
    review_on: Day = ""


class LiftBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is lifted."""

    because: Words


@endpoint(
    "POST",
    "/api/customers/{customer}/holds",
    "Places a legal hold: nothing of the customer is erased while it stands",
    tag=_TAG,
    action="place_hold",
    purpose=_PURPOSE,
    body=HoldBody,
    result=HoldView,
    status=201,
)
def placing(call: Call) -> HoldView:
    """Answers once it is in force, on every record of the customer."""
    said = call.body
    return place_hold(
        call.permitted, call.rooms, call.path["customer"], said.matter, said.reason, said.review_on
    )


@endpoint(
    "GET",
    _PATH,
    "Lists the legal holds that stand, those to be looked at again first",
    tag=_TAG,
    action="list_holds",
    purpose=_PURPOSE,
    query=HoldsQuery,
    result=HoldList,
    also=((404, "There is no such customer"), (410, "The customer was erased")),
)
def holds(call: Call) -> HoldList:
    """Of all customers or of one."""
    return list_holds(call.permitted, call.rooms, call.query.customer, lifted=call.query.lifted)


@endpoint(
    "POST",
    f"{_PATH}/{{hold}}/lift",
    "Lifts a legal hold that was placed here",
    tag=_TAG,
    action="lift_hold",
    purpose=_PURPOSE,
    body=LiftBody,
    result=HoldView,
)
def lifting(call: Call) -> HoldView:
    """Whole: on every record it is on, whoever they belong to now. What waited for it can go on."""
    return lift_hold(call.permitted, call.rooms, call.path["hold"], call.body.because)


ENDPOINTS = (placing, holds, lifting)
