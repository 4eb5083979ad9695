"""Requests of data subjects for our own people and programs: take one in, see what is due, answer it.

What a controller's program sends is in opendsr.py; both end in the same use cases.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from onefold.channels.api.endpoint import Answer, Call, endpoint
from onefold.channels.api.parameters import ConsentPurpose, Filter, Id, Query, When
from onefold.kernel.errors import CallerError
from onefold.usecases.answer_request import (
    complete_request,
    extend_request,
    refuse_request,
    verify_request,
)
from onefold.usecases.cancel_request import cancel_request
from onefold.usecases.fetch_package import fetch_package
from onefold.usecases.list_requests import list_requests, show_request
from onefold.usecases.open_request import AskedRequest, open_request
from onefold.usecases.request_views import (
    Asker,
    Delay,
    Kind,
    Proof,
    Refusal,
    RequestList,
    RequestView,
)

_TAG = "requests"
_PURPOSE = "compliance"
_PATH = "/api/requests"
_ENDED = (409, "The request is not where such a step is taken")
_ERASED = (410, "The customer was erased")
_Word = TypeVar("_Word", Delay, Refusal)


class RequestsQuery(Query, frozen=True):
    """Which requests: `open`, `overdue`, `ended`, or of one status; empty: all."""

    status: Filter = ""


class RequestBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is asked, for which customer, by whom; `id` is a UUID v4, so that the same sent twice is one.

    `law` is a name of laws.yaml; empty: that of the cell. `received` is when they asked; empty: now.
    `purposes` are what an objection or a restriction is against; empty: what the how-to says.
    """

    id: Annotated[str, Meta(max_length=36, description="UUID v4 in lower case")]
    kind: Kind
    customer: Id
    asked_by: Asker = Asker.SELF
    proof: Proof = Proof.NONE
    law: Annotated[str, Meta(max_length=40)] = ""
    received: When = ""
    purposes: Annotated[tuple[ConsentPurpose, ...], Meta(max_length=50)] = ()


class AnswerBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is done with a request; `proof` goes with `verify`, `because` with `extend` and `refuse`."""

    step: Literal["verify", "extend", "refuse", "complete"]
    proof: Proof = Proof.NONE
    because: Filter = ""


@endpoint(
    "GET",
    _PATH,
    "Lists the requests of data subjects, those that are due first",
    tag=_TAG,
    action="list_requests",
    purpose=_PURPOSE,
    query=RequestsQuery,
    result=RequestList,
)
def requests(call: Call) -> RequestList:
    """No more than 500."""
    return list_requests(call.permitted, call.rooms, call.query.status)


@endpoint(
    "POST",
    _PATH,
    "Takes in a request of a data subject for a customer who is known",
    tag=_TAG,
    action="open_request",
    purpose=_PURPOSE,
    body=RequestBody,
    result=RequestView,
    status=201,
    also=((404, "There is no such customer"), (409, "There is another request of that id"), _ERASED),
    named="take_in_request",
)
def take_in(call: Call) -> RequestView:
    """Until when it is to be answered stands in the answer."""
    said = call.body
    asked = AskedRequest(
        id=said.id,
        kind=said.kind,
        customer=said.customer,
        asker=said.asked_by,
        proof=said.proof,
        law=said.law,
        asked_at=said.received,
        purposes=said.purposes,
    )
    return open_request(call.permitted, call.rooms, asked)


@endpoint(
    "GET",
    f"{_PATH}/{{request}}",
    "Shows one request with its steps",
    tag=_TAG,
    action="list_requests",
    purpose=_PURPOSE,
    result=RequestView,
    named="show_request",
)
def one_request(call: Call) -> RequestView:
    """Ids and words of ours."""
    return show_request(call.permitted, call.rooms, call.path["request"])


@endpoint(
    "POST",
    f"{_PATH}/{{request}}/answer",
    "Proves who asks, takes more time, refuses or completes a request",
    tag=_TAG,
    action="answer_request",
    purpose=_PURPOSE,
    body=AnswerBody,
    result=RequestView,
    also=(_ENDED, _ERASED),
)
def answer(call: Call) -> RequestView:
    """Answers once what was asked is done: an erasure erases, access makes its package."""
    said, request = call.body, call.path["request"]
    if said.step == "verify":
        return verify_request(call.permitted, call.rooms, request, said.proof)
    if said.step == "extend":
        return extend_request(call.permitted, call.rooms, request, _word(Delay, said.because))
    if said.step == "refuse":
        return refuse_request(call.permitted, call.rooms, request, _word(Refusal, said.because))
    return complete_request(call.permitted, call.rooms, request)


@endpoint(
    "POST",
    f"{_PATH}/{{request}}/cancel",
    "Ends a request that is no longer wanted, before work on it has begun",
    tag=_TAG,
    action="cancel_request",
    purpose=_PURPOSE,
    result=RequestView,
    also=((409, "Work on it has begun, or it is at its end"),),
    named="withdraw_request",
)
def cancel(call: Call) -> RequestView:
    """An end: ask anew with another id."""
    return cancel_request(call.permitted, call.rooms, call.path["request"])


@endpoint(
    "GET",
    f"{_PATH}/{{request}}/package",
    "Gives out the package that answers a request, to save and hand over",
    tag=_TAG,
    action="fetch_package",
    purpose=_PURPOSE,
    gives="application/zip",
    named="save_package",
)
def package(call: Call) -> Answer:
    """Named by the request, never by the person."""
    request = call.path["request"]
    data = fetch_package(call.permitted, call.rooms, request)
    return Answer(data, {"Content-Disposition": f'attachment; filename="request-{request[:8]}.zip"'})


def _word(words: type[_Word], text: str) -> _Word:
    try:
        return words(text)
    except ValueError:
        raise CallerError("There is no such reason.", hint=f"Known: {', '.join(words)}.") from None


ENDPOINTS = (requests, take_in, one_request, answer, cancel, package)
