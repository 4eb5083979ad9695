"""Errors as one readable line and an exit code.

1 yours to mend, 2 usage, 3 policy, 4 try again, 5 damaged.
"""

from __future__ import annotations

from onefold.kernel.errors import Damaged, OnefoldError, Refused, Unavailable


def exit_code(error: OnefoldError) -> int:
    """The code a shell sees."""
    if isinstance(error, Refused):
        return 3
    if isinstance(error, Unavailable):
        return 4
    return 5 if isinstance(error, Damaged) else 1


def line(error: OnefoldError) -> str:
    """What happened, what is known, what to do: each only if there is something to say."""
    return f"onefold: {error}"
