"""The errors of Onefold: four branches, by whose move is next.

`SourceError`: the source's data is wrong, the row goes to quarantine. `CallerError`: the caller is
wrong (4xx). `Refused`: policy says no. `Unavailable`: something we depend on is down, try again.
A bug is an assertion and crashes. Texts are written for the person who will read them and may hold
names of fields, sources, files and rules, never a value of a customer's data.
"""

from __future__ import annotations

from typing import ClassVar


class OnefoldError(Exception):
    """What happened (`message`), what is known about it (`detail`), what to do (`hint`).

    `code` is stable and documented; `status` is the HTTP status of RFC 9457 problem details.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500

    def __init__(self, message: str, *, detail: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.hint = hint

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.detail, self.hint) if part)


class SourceError(OnefoldError):
    """The source's data breaks its contract; `field` names where, `code` says how."""

    code = "source_data"
    status = 422

    def __init__(self, message: str, *, field: str = "", detail: str = "", hint: str = "") -> None:
        super().__init__(message, detail=detail, hint=hint)
        self.field = field


class CallerError(OnefoldError):
    """The request cannot be served as it was made."""

    code = "bad_request"
    status = 400


class NotFound(CallerError):
    """Nothing of that name for this caller; also the answer where the caller may not know."""

    code = "not_found"
    status = 404


class Forgotten(CallerError):
    """There was somebody of that id, and nothing is known of them any more: they were erased."""

    code = "gone"
    status = 410


class Unauthenticated(CallerError):
    """Nobody, or nobody we know, is asking."""

    code = "unauthenticated"
    status = 401


class Refused(OnefoldError):
    """Policy says no. `reasons` are sentences a person can read."""

    code = "refused"
    status = 403

    def __init__(
        self, message: str, *, reasons: tuple[str, ...] = (), detail: str = "", hint: str = ""
    ) -> None:
        super().__init__(message, detail=detail or "; ".join(reasons), hint=hint)
        self.reasons = reasons


class Unavailable(OnefoldError):
    """A dependency (disk, log, state, key custody) cannot serve now. Nothing was acknowledged."""

    code = "unavailable"
    status = 503

    def __init__(
        self, message: str, *, retry_after_seconds: int = 5, detail: str = "", hint: str = ""
    ) -> None:
        super().__init__(message, detail=detail, hint=hint)
        self.retry_after_seconds = retry_after_seconds


class Damaged(OnefoldError):
    """Stored bytes are not what was written; nothing is guessed or repaired silently."""

    code = "damaged"
    status = 500
