"""What is wrong with a segment definition, said to the person who wrote it."""

from __future__ import annotations

from onefold.kernel.errors import CallerError


class BadSegment(CallerError):
    """The definition cannot be read; `detail` names the place in it."""

    code = "bad_segment"
    status = 422
