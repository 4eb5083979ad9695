"""Errors of intake that concern a whole delivery. What is wrong with one row is a `RowFault`."""

from __future__ import annotations

from onefold.kernel.errors import CallerError


class WrongFile(CallerError):
    """The file is not what its contract says; nothing of it was logged."""

    code = "wrong_file"
    status = 422


class WrongEnvelope(CallerError):
    """The message is not in the envelope that its endpoint takes."""

    code = "wrong_envelope"


class TooLarge(CallerError):
    """The request is larger than what is taken at once."""

    code = "too_large"
    status = 413
