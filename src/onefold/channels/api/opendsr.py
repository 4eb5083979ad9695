"""Requests of data subjects as OpenDSR has them, for programs of controllers; ours are in requests.py.

Of OpenDSR (github.com/opengdpr/OpenDSR) these are its requests, status, cancellation, discovery and
callbacks. Answers are signed where the house has a certificate, over the bytes that are sent, and discovery
says where it is. A caller says where this server is to go, so `status_callback_urls` have to stand on the
house's list; a request with another is turned away, not half done. Errors are problem details, as everywhere,
and not signed.
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
from onefold.usecases.processor import CERTIFICATE, PATH, REQUESTS
from onefold.usecases.request_views import CALLBACKS_MAX, URL_LETTERS_MAX, Asker, Kind, Proof, status_word
from onefold.usecases.sign_answer import certificate_address, show_certificate, signature_headers
from onefold.usecases.tell_controllers import end_of, results_address

VERSION = "1.0"
_TAG = "requests"
_PURPOSE = "compliance"
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
    status_callback_urls: Annotated[
        tuple[Annotated[str, Meta(max_length=URL_LETTERS_MAX)], ...], Meta(max_length=CALLBACKS_MAX)
    ] = ()
    extensions: dict[str, Any] = {}


class OpenDsrReceipt(msgspec.Struct, frozen=True):
    """That a request was taken in (section 7.3)."""

    controller_id: str
    expected_completion_time: str
    received_time: str
    encoded_request: str
    subject_request_id: str


class OpenDsrStatus(msgspec.Struct, frozen=True):
    """Where a request stands (section 8.3), which has no word for a hold: what waits stands where it stood.

    Nor has it one for a refusal: it reads `cancelled`, and `refusal`, which is our own, says why.
    """

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
    """What of OpenDSR is there (section 6.3). Where no certificate is named, nothing is signed."""

    api_version: str
    supported_identities: tuple[SupportedIdentity, ...]
    supported_subject_request_types: tuple[str, ...]
    processor_certificate: str


@endpoint(
    "GET",
    f"{PATH}/discovery",
    "Says what of OpenDSR is there",
    tag=_TAG,
    access=Access.OPEN,
    result=OpenDsrDiscovery,
    named="discover_opendsr",
)
def discovery(call: Call) -> Answer:
    """Nothing about anybody."""
    identities = tuple(SupportedIdentity(it, "raw") for it in _IDENTITIES)
    kinds = tuple(it.value for it in Kind)
    return _answered(call, OpenDsrDiscovery(VERSION, identities, kinds, certificate_address(call.rooms)))


@endpoint(
    "GET",
    CERTIFICATE,
    "Gives out the certificate that answers and callbacks are signed with",
    tag=_TAG,
    access=Access.OPEN,
    gives="application/pem-certificate-chain",
    named="opendsr_certificate",
    also=((404, "Answers are not signed here"),),
)
def certificate(call: Call) -> bytes:
    """PEM, our own first; it can change, so ask again for a signature that does not fit."""
    return show_certificate(call.rooms)


@endpoint(
    "POST",
    REQUESTS,
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
        callbacks=said.status_callback_urls,
    )
    taken = open_request(call.permitted, call.rooms, asked)
    receipt = OpenDsrReceipt(
        controller_id=taken.steps[0].actor,
        expected_completion_time=end_of(taken.due_on),
        received_time=taken.steps[0].at,
        encoded_request=base64.b64encode(call.raw).decode(),
        subject_request_id=taken.id,
    )
    return _answered(call, receipt)


@endpoint(
    "GET",
    f"{REQUESTS}/{{request}}",
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
    told = OpenDsrStatus(
        controller_id=found.steps[0].actor,
        expected_completion_time=end_of(found.due_on),
        subject_request_id=found.id,
        request_status=status_word(found),
        api_version=VERSION,
        results_url=results_address(
            call.rooms, found.id, found.outcome, completed=found.status == "completed"
        ),
        refusal=found.because,
    )
    return _answered(call, told)


@endpoint(
    "DELETE",
    f"{REQUESTS}/{{request}}",
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
    f"{REQUESTS}/{{request}}/package",
    "Gives out the package that answers a request for access or portability",
    tag=_TAG,
    action="fetch_package",
    purpose=_PURPOSE,
    gives="application/zip",
)
def package(call: Call) -> Answer:
    """One zip; its manifest has the SHA-256 of every file in it."""
    data = fetch_package(call.permitted, call.rooms, call.path["request"])
    return _answered(call, data, {"Content-Disposition": 'attachment; filename="package.zip"'})


def _answered(call: Call, result: msgspec.Struct | bytes, headers: dict[str, str] | None = None) -> Answer:
    """Signed over the bytes that are sent."""
    host = call.headers.get("host", "").partition(":")[0]
    return Answer(result, headers or {}, sealed=lambda body: signature_headers(call.rooms, body, host))


ENDPOINTS = (submit, status, cancel, package, discovery, certificate)
