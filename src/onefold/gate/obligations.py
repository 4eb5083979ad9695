"""Obligations: what a decision allows only if something is done as well, and which exits can do it. Pure.

Theory. A decision is more than yes or no: a policy may allow an action *if* what leaves is made less, or is
marked. Whoever acts under the permit has to do it, so an exit that does not know how must not act at all.

- `mask`, `token`, `redact` follow from the classes of fields that the policies show so (masks.py); redacted
  is what is hidden.
- `aggregate` and `watermark` are said by the policy that allows the action: `@obliges("aggregate")`. Where
  several policies allow it, what any of them asks for has to be done.

`FULFILS` says of each action what its exit does. A decision whose obligations are not among these is a
refusal: a new exit fulfils nothing until somebody has written down that it does, and a word that is on no
list is fulfilled by nobody.

Aggregating. Of a group so small that its count says something about somebody, no count is told: counts are
told in steps of the least size of a group, `least`, rounded down, so that what is told as 0 is "fewer than
`least`". One count cannot be told from another by who is added or taken away, but where a step is crossed;
nor can what is left of a sum: the whole and each part are rounded on their own, so the part that is not told
may be anything below `least`. The same question has the same answer, so asking again averages nothing out.
Small parts of a breakdown are put together, since even a name beside "fewer than 10" says that there is
somebody. Who can bring in records of their own making can still watch a count cross a step: that is why who
sees counts is a question of roles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from onefold.gate.words import ACTIONS


class Obligation(StrEnum):
    """What may be asked of whoever acts."""

    MASK = "mask"
    TOKEN = "token"
    REDACT = "redact"
    AGGREGATE = "aggregate"
    WATERMARK = "watermark"
    FOUR_EYES = "four_eyes"


ANNOTATION = "obliges"
"""What a policy says its obligations with, in words with a comma between them."""
SAID = (Obligation.AGGREGATE, Obligation.WATERMARK, Obligation.FOUR_EYES)
"""Those that a policy says; the others follow from what it shows."""
LEAST_GROUP = 10
"""The least size of a group that is told, where a house says no other."""
REST = "other reasons"
_OF_RIGHTS = {"masked": Obligation.MASK, "token": Obligation.TOKEN, "hidden": Obligation.REDACT}
_FIELDS = frozenset(_OF_RIGHTS.values())
_BESIDES: Mapping[str, frozenset[Obligation]] = {
    "list_segments": frozenset({Obligation.AGGREGATE}),
    "evaluate_segment": frozenset({Obligation.AGGREGATE}),
    "count_audience": frozenset({Obligation.AGGREGATE}),
    "activate_segment": frozenset({Obligation.WATERMARK}),
    "answer_request": frozenset({Obligation.WATERMARK}),
    "decide_review": frozenset({Obligation.FOUR_EYES}),
}
FULFILS: Mapping[str, frozenset[Obligation]] = {
    action: _FIELDS | _BESIDES.get(action, frozenset()) for action in ACTIONS
}
"""Action → the obligations that its exit fulfils. All cut fields by the permit, or show none."""


def of_fields(fields: Mapping[str, str]) -> set[str]:
    """The obligations that follow from how classes of fields are shown."""
    return {_OF_RIGHTS[right].value for right in fields.values() if right in _OF_RIGHTS}


def said_in(text: str) -> tuple[str, ...]:
    """The words of an annotation."""
    return tuple(word.strip() for word in text.split(","))


def unfulfilled(action: str, obligations: Iterable[str]) -> tuple[str, ...]:
    """A sentence for each obligation that the exit of an action does not fulfil."""
    fulfilled: Collection[str] = FULFILS.get(action, frozenset())
    what = action.replace("_", " ")
    return tuple(f"it obliges to {it}, which {what} cannot" for it in obligations if it not in fulfilled)


def in_steps(count: int, least: int) -> int:
    """A count as it is told; 0 stands for fewer than `least`."""
    return count - count % least


def parts_in_steps(parts: Mapping[str, int], least: int) -> dict[str, int]:
    """A breakdown as it is told: small parts are put together as `REST`, which is always there."""
    told = {name: in_steps(count, least) for name, count in parts.items() if count >= least}
    return told | {REST: in_steps(sum(count for count in parts.values() if count < least), least)}
