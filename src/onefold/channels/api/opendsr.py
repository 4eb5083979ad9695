"""Requests of data subjects as OpenDSR has them, for programs of controllers; ours are in requests.py.

Of OpenDSR 1.0 (github.com/opengdpr/OpenDSR) these are its requests, status, cancellation and discovery.
Answers are not signed, so discovery names no certificate. No callbacks are made, since no caller says where
this server is to go: a request with `status_callback_urls` is turned away, not half done. Errors are problem
details, as everywhere.
"""

from __future__ import annotations

import base64
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from onefold.channels.api.endpoint import Access, Answer, Call, endpoint
from onefold.usecases.cancel_request import cancel_request
from onefold.usecases.fetch_package import fetch_package
from onefold.usecases.list_requests import show_request
from onefold.usecases.open_request import AskedRequest, find_subject, open_request
from onefold.usecases.request_views import Asker, Kind, Proof, RequestView

VERSION = "1.0"
_TAG = "requests"
_PURPOSE = "compliance"
_OPENDSR = "/v1/opendsr/requests"
_STATUS = {"received": "pending", "refused": "cancelled"}
"""Ours → OpenDSR's, where they differ; it has no word for a refusal, so `refusal` says why beside it."""
_IDENTITIES = ("controller_customer_id", "email")


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something by which the customer is found; formats other than `raw` are not taken."""

    identity_type: Literal["controller_customer_id", "email"]
    identity_value: Annotated[str, Meta(min_length=2, max_length=200)]
    identity_format: Literal["raw"]


class OpenDsrRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A request as OpenDSR writes it (section 7.1)."""

    subject_request_id: Annotated[str, Meta(max_length=36)]
    subject_request_type: Kind
    submitted_time: Annotated[str, Meta(min_length=10, max_length=40)]
    subject_identities: Annotated[tuple[Identity, ...], Meta(min_length=1, max_length=10)]
    regulation: Annotated[str, Meta(max_length=40)] = ""
    api_version: Annotated[str, Meta(max_length=10)] = VERSION
    extensions: dict[str, Any] = {}


class OpenDsrReceipt(msgspec.Struct, frozen=True):
    """That a request was taken in (section 7.3)."""

    controller_id: str
    expected_completion_time: str
    received_time: str
    encoded_request: str
    subject_request_id: str


class OpenDsrStatus(msgspec.Struct, frozen=True):
    """Where a request stands (section 8.3). `refusal` is our own: why, where it was refused."""

    controller_id: str
    expected_completion_time: str
    subject_request_id: str
    request_status: str
    api_version: str
    results_url: str
    refusal: str


class OpenDsrCancellation(msgspec.Struct, frozen=True):
    """That a request was cancelled (section 9.2)."""

    controller_id: str
    received_time: str
    subject_request_id: str
    api_version: str


class SupportedIdentity(msgspec.Struct, frozen=True):
    """A kind of identity that is taken."""

    identity_type: str
    identity_format: str


class OpenDsrDiscovery(msgspec.Struct, frozen=True):
    """What of OpenDSR is there (section 6.3), but for a certificate: answers are not signed."""

    api_version: str
    supported_identities: tuple[SupportedIdentity, ...]
    supported_subject_request_types: tuple[str, ...]


@endpoint(
    "GET",
    "/v1/opendsr/discovery",
    "Says what of OpenDSR is there",
    tag=_TAG,
    access=Access.OPEN,
    result=OpenDsrDiscovery,
    named="discover_opendsr",
)
def discovery(call: Call) -> Answer:
    """Nothing about anybody."""
    identities = tuple(SupportedIdentity(it, "raw") for it in _IDENTITIES)
    return _answered(call, OpenDsrDiscovery(VERSION, identities, tuple(it.value for it in Kind)))


@endpoint(
    "POST",
    _OPENDSR,
    "Takes in a request of a data subject that a controller has verified",
    tag=_TAG,
    action="open_request",
    purpose=_PURPOSE,
    body=OpenDsrRequest,
    result=OpenDsrReceipt,
    status=201,
    also=(
        (404, "There is no such customer"),
        (409, "There is another request of that id"),
        (410, "The customer was erased"),
    ),
)
def submit(call: Call) -> Answer:
    """The identities find the customer and are kept nowhere; whoever fits nobody is answered, too."""
    said = call.body
    given = [(it.identity_type, it.identity_value) for it in said.subject_identities]
    asked = AskedRequest(
        id=said.subject_request_id,
        kind=said.subject_request_type,
        customer=find_subject(call.permitted, call.rooms, given),
        asker=Asker.CONTROLLER,
        proof=Proof.CONTROLLER,
        law=said.regulation,
        asked_at=said.submitted_time,
    )
    taken = open_request(call.permitted, call.rooms, asked)
    receipt = OpenDsrReceipt(
        controller_id=taken.steps[0].actor,
        expected_completion_time=_end_of(taken),
        received_time=taken.steps[0].at,
        encoded_request=base64.b64encode(call.raw).decode(),
        subject_request_id=taken.id,
    )
    return _answered(call, receipt)


@endpoint(
    "GET",
    f"{_OPENDSR}/{{request}}",
    "Says where a request stands, as OpenDSR says it",
    tag=_TAG,
    action="list_requests",
    purpose=_PURPOSE,
    result=OpenDsrStatus,
    named="request_status",
)
def status(call: Call) -> Answer:
    """`results_url` is there once a package is."""
    found = show_request(call.permitted, call.rooms, call.path["request"])
    packed = found.status == "completed" and found.outcome.endswith(".zip")
    told = OpenDsrStatus(
        controller_id=found.steps[0].actor,
        expected_completion_time=_end_of(found),
        subject_request_id=found.id,
        request_status=_STATUS.get(found.status, found.status),
        api_version=VERSION,
        results_url=f"{_OPENDSR}/{found.id}/package" if packed else "",
        refusal=found.because,
    )
    return _answered(call, told)


@endpoint(
    "DELETE",
    f"{_OPENDSR}/{{request}}",
    "Cancels a request on which work has not begun",
    tag=_TAG,
    action="cancel_request",
    purpose=_PURPOSE,
    result=OpenDsrCancellation,
    status=202,
    also=((409, "Work on it has begun, or it is at its end"),),
)
def cancel(call: Call) -> Answer:
    """An end: ask anew with another id."""
    found = cancel_request(call.permitted, call.rooms, call.path["request"])
    last = found.steps[-1]
    return _answered(call, OpenDsrCancellation(found.steps[0].actor, last.at, found.id, VERSION))


@endpoint(
    "GET",
    f"{_OPENDSR}/{{request}}/package",
    "Gives out the package that answers a request for access or portability",
    tag=_TAG,
    action="fetch_package",
    purpose=_PURPOSE,
    gives="application/zip",
)
def package(call: Call) -> Answer:
    """One zip; its manifest has the SHA-256 of every file in it."""
    data = fetch_package(call.permitted, call.rooms, call.path["request"])
    return Answer(data, {"Content-Disposition": 'attachment; filename="package.zip"'})


def _end_of(request: RequestView) -> str:
    """The last moment to answer."""
    return f"{request.due_on}T23:59:59Z"


def _answered(call: Call, result: msgspec.Struct) -> Answer:
    host = call.headers.get("host", "").partition(":")[0]
    return Answer(result, {"X-OpenDSR-Processor-Domain": host})


ENDPOINTS = (submit, status, cancel, package, discovery)
