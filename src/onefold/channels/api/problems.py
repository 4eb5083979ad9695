"""Errors as RFC 9457 problem details. What may be shown is an allow-list.

Our own errors' words, nothing else.
"""

from __future__ import annotations

import re

import msgspec
from starlette.responses import Response

from onefold.kernel.errors import CallerError, OnefoldError, Refused, Unavailable

MEDIA_TYPE = "application/problem+json"
_EXPECTED = re.compile(r"^Expected `[^`]*`(?:, got `[^`]*`)?|^Object missing required field `[^`]*`")
_AT = re.compile(r"`\$\.?([A-Za-z0-9_.\[\]]*)`$")


class Problem(msgspec.Struct, frozen=True):
    """What went wrong (`title`), what is known (`detail`), what to do (`hint`). `code` is stable."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    hint: str = ""
    reasons: tuple[str, ...] = ()


class Unprocessable(CallerError):
    """The request is well formed, and says something that cannot be."""

    code = "invalid"
    status = 422


def problem_of(error: OnefoldError) -> tuple[Problem, dict[str, str]]:
    """The problem of an error, and the headers that go with it."""
    headers: dict[str, str] = {}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(error.retry_after_seconds)
    problem = Problem(
        type=f"urn:onefold:problem:{error.code}",
        title=error.message,
        status=error.status,
        code=error.code,
        detail=error.detail,
        hint=error.hint,
        reasons=error.reasons if isinstance(error, Refused) else (),
    )
    return problem, headers


UNEXPECTED = Problem(
    type="urn:onefold:problem:bug",
    title="Something went wrong on our side.",
    status=500,
    code="bug",
    hint="Nothing was changed unless you were told so. The server's own log says more.",
)
"""The answer to a bug: it shows nothing of what was being worked on."""


def invalid(error: msgspec.DecodeError, what: str) -> CallerError:
    """The caller's mistake in words that never repeat what was sent, which may be somebody's data."""
    text = str(error)
    expected = _EXPECTED.match(text)
    at = _AT.search(text)
    words = expected.group(0) if expected else "A value is not one that is accepted"
    place = f" at {at.group(1)}" if at and at.group(1) else ""
    if not isinstance(error, msgspec.ValidationError):
        return unreadable(what)
    return Unprocessable(f"The {what} is not as expected.", detail=f"{words}{place}.")


def unreadable(what: str) -> CallerError:
    """The error for what is no JSON at all, or nests deeper than JSON is read."""
    return CallerError(f"The {what} is not readable JSON.")


_WORDS = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method."),
}


def of_status(status: int) -> Problem:
    """The problem of an error of the HTTP framework."""
    code, title = _WORDS.get(status, ("bad_request", "The request cannot be served."))
    return Problem(type=f"urn:onefold:problem:{code}", title=title, status=status, code=code)


def render(problem: Problem, headers: dict[str, str]) -> Response:
    """The response of a problem."""
    headers = {"Cache-Control": "no-store"} | headers
    return Response(msgspec.json.encode(problem), problem.status, headers, media_type=MEDIA_TYPE)
