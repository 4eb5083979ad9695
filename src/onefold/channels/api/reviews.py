"""The steward's queue over HTTP: pairs of records worth a look, and the steps of working on one."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from onefold.channels.api.endpoint import Call, endpoint
from onefold.channels.api.parameters import Id, Query
from onefold.usecases.review_matches import (
    REASON_MAX,
    MatchQueue,
    MatchStep,
    claim_review,
    decide_review,
    list_reviews,
    release_review,
    skip_review,
)

_TAG = "stewardship"
_PURPOSE = "stewardship"
_ALSO = ((404, "There are no such two records"), (410, "One of them was erased"))
Words = Annotated[str, Meta(min_length=1, max_length=REASON_MAX)]


class ReviewsQuery(Query, frozen=True):
    """How many."""

    limit: Annotated[int, Meta(ge=1, le=50)] = 20


class MatchBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Two records."""

    left: Id
    right: Id


class SkipBody(MatchBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Two records, and why they are left to others."""

    reason: Words


class DecisionBody(MatchBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is said of two records, and why."""

    verdict: Literal["same", "different", "unsure"]
    reason: Words


@endpoint(
    "GET",
    "/api/reviews",
    "Lists the pairs of records most worth a steward's look, of those found so far",
    tag=_TAG,
    action="list_reviews",
    purpose=_PURPOSE,
    query=ReviewsQuery,
    result=MatchQueue,
)
def reviews(call: Call) -> MatchQueue:
    """Each call moves the search on by a window of bounded work; `covered_percent` says how far it is."""
    return list_reviews(call.permitted, call.rooms, limit=call.query.limit)


@endpoint(
    "POST",
    "/api/reviews/claim",
    "Keeps a pair for who asks, for a quarter of an hour",
    tag=_TAG,
    action="decide_review",
    purpose=_PURPOSE,
    body=MatchBody,
    result=MatchStep,
    also=_ALSO,
    named="claim_review",
)
def claiming(call: Call) -> MatchStep:
    """Claiming again begins it anew."""
    return claim_review(call.permitted, call.rooms, call.body.left, call.body.right)


@endpoint(
    "POST",
    "/api/reviews/release",
    "Gives a claimed pair back to the queue",
    tag=_TAG,
    action="decide_review",
    purpose=_PURPOSE,
    body=MatchBody,
    result=MatchStep,
    also=_ALSO,
    named="release_review",
)
def releasing(call: Call) -> MatchStep:
    """A claim ends by itself, too."""
    return release_review(call.permitted, call.rooms, call.body.left, call.body.right)


@endpoint(
    "POST",
    "/api/reviews/skip",
    "Leaves a pair out of the queue of who asks",
    tag=_TAG,
    action="decide_review",
    purpose=_PURPOSE,
    body=SkipBody,
    result=MatchStep,
    also=_ALSO,
    named="skip_review",
)
def skipping(call: Call) -> MatchStep:
    """It stays in that of others."""
    return skip_review(call.permitted, call.rooms, call.body.left, call.body.right, call.body.reason)


@endpoint(
    "POST",
    "/api/reviews/decide",
    "Says same, different or unsure of a pair; where four eyes are asked for, a second person confirms",
    tag=_TAG,
    action="decide_review",
    purpose=_PURPOSE,
    body=DecisionBody,
    result=MatchStep,
    also=_ALSO,
)
def deciding(call: Call) -> MatchStep:
    """Answers once identity has taken it in; `standing` is `proposed` while another person has to confirm."""
    said = call.body
    return decide_review(
        call.permitted, call.rooms, said.left, said.right, verdict=said.verdict, reason=said.reason
    )


ENDPOINTS = (reviews, claiming, releasing, skipping, deciding)
