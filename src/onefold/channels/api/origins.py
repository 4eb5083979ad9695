"""Pages of other origins that may send events (CORS): those the folder's config names, to tracking alone.

Nothing with a session or a permit answers to another origin. Credentials are never allowed: a write key comes
in a header or the body, and no cookie is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

ANY_ORIGIN = "*"
_AGE_SECONDS = "600"
_REQUEST_HEADERS = ", ".join(
    (
        *("Authorization", "Content-Type", "Content-Encoding", "X-Retry-Count"),
        # RudderStack's library: who sends, when, and which try it is.
        *("AnonymousId", "SentAt", "Rsa-Recovered", "Rsa-Retry-Attempt", "Rsa-Retry-Reason"),
        *("Rsa-Since-First-Attempt", "Rsa-Since-Last-Attempt"),
    )
)


class Origins:
    """What a page of some origin is told."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = frozenset(allowed)

    def headers(self, origin: str) -> dict[str, str]:
        """Headers of an answer to a page of that origin; none where it may not read it."""
        if ANY_ORIGIN in self._allowed and origin:
            return {"Access-Control-Allow-Origin": ANY_ORIGIN, "Access-Control-Expose-Headers": "Retry-After"}
        if origin not in self._allowed:
            return {}
        return {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "Retry-After",
            "Vary": "Origin",
        }

    def preflight(self, origin: str, methods: Sequence[str]) -> Response | None:
        """The answer to a page that asks before it sends; None where it may not."""
        headers = self.headers(origin)
        if not headers:
            return None
        return Response(
            status_code=204,
            headers=headers
            | {
                "Access-Control-Allow-Methods": ", ".join(methods),
                "Access-Control-Allow-Headers": _REQUEST_HEADERS,
                "Access-Control-Max-Age": _AGE_SECONDS,
            },
        )
