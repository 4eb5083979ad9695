"""The life of a contract version: draft, active, deprecated, retired; forward only.

A draft (or proposal) is there to be read and tried: no data comes under it, so it may still change. What is
active takes data and never changes again, because the log is mapped by it. A deprecated version takes data
and says that it will end. A retired one takes none, and still maps what was logged under it. The one way
back is from deprecated to active, when what was to replace it is not good enough.
"""

from __future__ import annotations

from onefold.kernel.errors import CallerError

STATUSES = ("proposed", "draft", "active", "deprecated", "retired")
IN_FORCE = frozenset({"active", "deprecated"})
UNBORN = frozenset({"proposed", "draft"})


class WrongStatus(CallerError):
    """A version cannot become that: its life goes forward only."""

    code = "wrong_status"
    status = 409


def takes_data(status: str) -> bool:
    """Whether rows may come under a version of that status."""
    return status in IN_FORCE


def may_become(old: str, new: str) -> bool:
    """Whether a version may go from one status to another; standing still is allowed."""
    if (old, new) == ("deprecated", "active"):
        return True
    return STATUSES.index(old) <= STATUSES.index(new)


def check_step(name: str, old: str, new: str) -> None:
    """`WrongStatus` where it may not."""
    if new not in STATUSES:
        raise WrongStatus(f"There is no status {new}.", hint=f"It is one of {', '.join(STATUSES)}.")
    if not may_become(old, new):
        raise WrongStatus(
            f"{name} is {old} and cannot become {new}.",
            hint="A version goes from draft to active, deprecated and retired; publish a new version.",
        )
