"""Where one person alone does not decide who is who: of which records, for which words, and who counts."""

from __future__ import annotations

from collections.abc import Iterable

from onefold.customer.fragments.model import Fragment
from onefold.customer.identity.judgements import LEFT, standing_judgements
from onefold.customer.identity.model import Judgement, Pair, Verdict
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.profile.groups import signs_of
from onefold.customer.profile.ports import CustomerReader
from onefold.gate.dossier import Dossier
from onefold.gate.model import Actor
from onefold.kernel.errors import CallerError

_JUDGEMENTS_MAX = 100_000


def needs_four_eyes(dossiers: Iterable[Dossier]) -> bool:
    """Whether any of the customers is said to be of a sensitive group, or has a guardian.

    As when records are joined, an age makes no difference (ADR 0025).
    """
    return any(
        _is_careful(it.members.values()) or signs_of((), it.consents.suppressions).said for it in dossiers
    )


def standing_words(ids: Iterable[bytes], reader: CustomerReader) -> dict[Pair, Judgement]:
    """What stewards said of the pairs of which one of these records is the first, the newest of each."""
    linked = reader.linked(list(ids), LEFT, most=_JUDGEMENTS_MAX)
    return standing_judgements(reader.fragments([it for _, it, _ in linked]).values())


def takes_two(said: Verdict, before: Judgement | None) -> bool:
    """Whether a word joins or parts: same and different do, and `unsure` where it takes such a word back."""
    return said is not Verdict.UNSURE or (before is not None and before.verdict is not Verdict.UNSURE)


def ask_for_queue(what: str) -> CallerError:
    """The error of whoever does alone what two have to."""
    return CallerError(
        f"One person alone may not {what}.", hint="Decide it in the queue: `onefold review decide`."
    )


def ask_for_person(actor: Actor) -> None:
    """`CallerError` for a program: its token may be in the hands of somebody who is the other person."""
    if actor.bounds is not None:
        raise CallerError("Of these two people decide, and a program is nobody.")


def are_two(one: str, other: str) -> bool:
    """Whether two actors are two persons: neither the same login, nor the same person at a keyboard."""
    return {*one.split(" as ")}.isdisjoint(other.split(" as "))


def _is_careful(members: Iterable[Fragment]) -> bool:
    standing = ((it.fragment_id, it.values) for it in members)
    return any(portrait_of(key, values).careful for key, values in standing if values is not None)
