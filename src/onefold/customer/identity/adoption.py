"""Which model decides who is who: the adoptions that stand in the log, and what follows from them. Pure.

Theory. Who is who is a function of the evidence, and evidence of the records and of the engine that weighs
them. So a state is a function of the log *and* of the model that is in force, and that has to stand in the
log as well, or nobody could make the same state again. An adoption is numbered from 1. The last in the log
is in force, and decides for all records, those from before it too: half of the customers found by one model
and half by another would be no function of anything. Before the first, and where one says so, it is the
deterministic rules (`rules.py`).

To go back is an adoption as well: of what was in force before the one that it takes back. Adopt A, adopt B,
go back (A), go back (the rules).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from onefold.kernel.errors import CallerError
from onefold.kernel.time import iso_instant

ENTITY = "adoption"
"""Of the events that say it; they change no row of a state."""
RULES = "rules"
"""The name of the deterministic rules where a version of a model could stand."""
ADOPT, ROLLBACK = "adopt", "rollback"


class Adoption(msgspec.Struct, frozen=True):
    """That a model is in force, from its place in the log on, for all there is in it.

    `digest` is the SHA-256 of the file of the model, `frequencies` that of the term frequencies in it; both
    are empty for the rules. `at` is in milliseconds.
    """

    number: int = 0
    version: str = RULES
    digest: str = ""
    frequencies: str = ""
    step: str = ADOPT
    actor: str = ""
    at: int = 0

    @property
    def is_of_rules(self) -> bool:
        """Whether it is the deterministic rules that decide."""
        return self.version == RULES

    def next(self, digests: tuple[str, str, str], step: str, actor: str, at: int) -> Adoption:
        """The one after it: of a version with its two digests."""
        version, digest, frequencies = digests
        return Adoption(self.number + 1, version, digest, frequencies, step, actor, max(at, self.at + 1))


FIRST = Adoption()
"""What is in force where nothing was ever adopted."""


class _Row(msgspec.Struct, frozen=True):
    number: str
    version: str
    digest: str
    frequencies: str
    step: str
    actor: str
    adopted_at: str


_ROWS = msgspec.json.Decoder(_Row)


def row_of(adoption: Adoption) -> dict[str, Any]:
    """The row of object `adoption` of source `onefold` that says it."""
    it = adoption
    row = _Row(str(it.number), it.version, it.digest, it.frequencies, it.step, it.actor, iso_instant(it.at))
    return msgspec.structs.asdict(row)


def adoption_in(body: bytes, at: int) -> Adoption:
    """The adoption that a logged row says, which occurred at an instant."""
    it = _ROWS.decode(body)
    return Adoption(int(it.number), it.version, it.digest, it.frequencies, it.step, it.actor, at)


def last_of(history: Iterable[Adoption]) -> Adoption:
    """The one in force."""
    return max(history, key=lambda it: it.number, default=FIRST)


def before_last(history: Iterable[Adoption]) -> Adoption:
    """The one that going back puts in force; `CallerError` where there was none before."""
    standing = [FIRST]
    for it in sorted(history, key=lambda it: it.number):
        if it.step == ROLLBACK:
            standing.pop()
        else:
            standing.append(it)
    if len(standing) == 1:
        raise CallerError(
            "There is nothing to go back to.", detail="The deterministic rules decide, as at the beginning."
        )
    return standing[-2]
