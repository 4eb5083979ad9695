"""Telling customers by their body over HTTP: enrol, verify, revoke. Samples are let go of once answered."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from onefold.channels.api.endpoint import Call, endpoint
from onefold.channels.api.parameters import Channel, Query
from onefold.usecases.biometrics import (
    PROBE_BYTES_MAX,
    EnrolledBiometric,
    RevokedBiometric,
    VerifiedBiometric,
    enrol_biometric,
    revoke_biometric,
    verify_biometric,
)

_TAG = "customers"
_PURPOSE = "servicing"
_PATH = "/api/customers/{customer}/biometrics"
_AWAY = ((429, "Too many samples did not agree; try again after `Retry-After`"),)
Modality = Literal["face", "voice", "finger", "iris"]
Probe = Annotated[bytes, Meta(min_length=1, max_length=PROBE_BYTES_MAX, description="as the engine takes it")]


class ProbeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sample in base64, of what it is, and the channel over which the customer is there."""

    modality: Modality
    over: Channel
    probe: Probe

    def __repr__(self) -> str:
        """Without the sample, wherever it may be written by mistake."""
        return f"ProbeBody({self.modality}, {self.over})"


class BodyRevocation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is revoked."""

    modality: Modality


class RevocationQuery(Query, frozen=True):
    """For whom it is revoked: who serves the customer, or who answers for what is held."""

    purpose: Literal["servicing", "compliance"] = "servicing"


@endpoint(
    "POST",
    _PATH,
    "Enrols a face, voice, finger or iris that the customer agreed to be told by; an earlier one ends",
    tag=_TAG,
    action="enrol_biometric",
    purpose=_PURPOSE,
    body=ProbeBody,
    result=EnrolledBiometric,
    status=201,
)
def enrolling(call: Call) -> EnrolledBiometric:
    """Refused where no consent stands that names biometric data, for authentication, over that channel."""
    said = call.body
    asked = call.permitted, call.rooms, call.path["customer"], said.modality, said.over, said.probe
    return enrol_biometric(*asked)


@endpoint(
    "POST",
    f"{_PATH}/verifications",
    "Says whether who is there is the customer: yes, no or unknown, and never how alike they are",
    tag=_TAG,
    action="verify_biometric",
    purpose=_PURPOSE,
    body=ProbeBody,
    result=VerifiedBiometric,
    also=_AWAY,
)
def verifying(call: Call) -> VerifiedBiometric:
    """Unknown where nothing may be compared, whatever the reason: the audit has it."""
    said = call.body
    asked = call.permitted, call.rooms, call.path["customer"], said.modality, said.over, said.probe
    return verify_biometric(*asked)


@endpoint(
    "POST",
    f"{_PATH}/revocations",
    "Revokes what was enrolled of one kind; it never agrees with anybody again",
    tag=_TAG,
    action="revoke_biometric",
    query=RevocationQuery,
    body=BodyRevocation,
    result=RevokedBiometric,
)
def revoking(call: Call) -> RevokedBiometric:
    """Asks for no consent."""
    return revoke_biometric(call.permitted, call.rooms, call.path["customer"], call.body.modality)


ENDPOINTS = (enrolling, verifying, revoking)
