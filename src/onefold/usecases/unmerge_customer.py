"""Undo a merge: take records out of a customer, or take a steward's word back. By judgements alone.

Nothing was ever mixed, so nothing has to be put back: each part is combined of its own records, with what was
written about them meanwhile. The judgements stay with the records whatever their sources send again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import msgspec

from onefold.customer.identity.model import Judgement, Pair, Verdict, pair_of
from onefold.gate.dossier import Dossier
from onefold.gate.looking import Looking, permit_for
from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_instant
from onefold.pipeline.foresight import foresee
from onefold.pipeline.reading import read_for
from onefold.usecases.four_eyes import ask_for_queue, needs_four_eyes, standing_words
from onefold.usecases.record_names import find_member, find_named
from onefold.usecases.rooms import Rooms
from onefold.usecases.statements import state

REASON_MAX = 500
PAIRS_MAX = 10_000


class Part(msgspec.Struct, frozen=True):
    """One customer of those that come of it: its records that may be seen, and how many others it has."""

    customer: str
    records: tuple[str, ...]
    unseen: int


class Undone(msgspec.Struct, frozen=True):
    """What an undo comes to. `parts` are the customers there are afterwards; `judgements` the pairs judged.

    Of a dry run it is what would be, and nothing was said.
    """

    dry_run: bool
    before: tuple[Part, ...]
    parts: tuple[Part, ...]
    judgements: int
    event: str
    decision: str


def unmerge_customer(
    permit: Permit,
    rooms: Rooms,
    customer: str,
    fragments: Sequence[str],
    reason: str,
    *,
    dry_run: bool = False,
) -> Undone:
    """Puts these records of a customer apart from all its others, for good: in one group, or one alone.

    Records are named by id or as `SOURCE:KEY`. `CallerError` where it would change nothing, and where it
    would take back a word of `same` on records of a sensitive group: of that two people decide.
    """
    permit.needs("unmerge_customer")
    why = _why(reason)
    with rooms.gate.looking(permit) as look:
        _, (_, dossier) = find_named(look, permit, rooms, customer)
        out = {find_member(look, permit, rooms, dossier, it) for it in fragments}
        rest = set(dossier.members) - out
        _check(dossier, out, rest)
        words = {pair_of(one, other): Verdict.DIFFERENT for one, other in product(out, rest)}
        told = _Telling(look, [dossier])
        foreseen = told.foreseen(words)
        standing = standing_words(dossier.members, look.reader)
        joined = any(standing[it].verdict is Verdict.SAME for it in words if it in standing)
        if joined and needs_four_eyes([dossier]):
            raise ask_for_queue("take back what was said of two of these records")
    return _undo(rooms, dossier.permit, told, words, standing, why, foreseen, dry_run)


def revoke_judgement(
    permit: Permit, rooms: Rooms, left: str, right: str, reason: str, *, dry_run: bool = False
) -> Undone:
    """Takes back what a steward said of two records: from now on the evidence decides.

    `CallerError` where no word of same or different stands, and where two people have to take it back.
    """
    permit.needs("decide_judgement")
    why = _why(reason)
    with rooms.gate.looking(permit) as look:
        (one, (_, first)), (other, (_, second)) = (
            find_named(look, permit, rooms, it) for it in (left, right)
        )
        pair = pair_of(one, other)
        dossiers = {it.customer: it for it in (first, second)}
        told = _Telling(look, list(dossiers.values()))
        standing = standing_words(pair, look.reader)
        word = standing.get(pair)
        if word is None or word.verdict is Verdict.UNSURE:
            raise CallerError("No steward's word stands for these two, so there is nothing to take back.")
        if needs_four_eyes(dossiers.values()):
            raise ask_for_queue("take this word back")
        words = {pair: Verdict.UNSURE}
        foreseen = told.foreseen(words)
    return _undo(rooms, permit_for(list(dossiers.values())), told, words, standing, why, foreseen, dry_run)


class _Telling:
    """Customers as far as who asks may see them: only records of the dossiers are named."""

    def __init__(self, look: Looking, dossiers: Sequence[Dossier]) -> None:
        self._look = look
        self.members = {key for it in dossiers for key in it.members}
        self._seen = {key for it in dossiers for key in it.permitting}
        self.customers = {it.customer for it in dossiers}
        self.before = self.parts({key: it.customer for it in dossiers for key in it.members})

    def foreseen(self, words: Mapping[Pair, Verdict]) -> tuple[Part, ...]:
        """The customers that the members would be of."""
        look = self._look
        moved = read_for(foresee({it: word.value for it, word in words.items()}, look.provider), look.reader)
        now: dict[bytes, bytes | None] = {**look.reader.customers_of(list(self.members)), **moved}
        return self.parts({key: of for key in self.members if (of := now.get(key)) is not None})

    def parts(self, now: Mapping[bytes, bytes]) -> tuple[Part, ...]:
        """The members by customer, the largest first."""
        groups: defaultdict[bytes, list[bytes]] = defaultdict(list)
        for key in sorted(now):
            groups[now[key]].append(key)
        found = []
        for customer, group in sorted(groups.items(), key=lambda it: (-len(it[1]), it[0])):
            seen = tuple(id_text(it) for it in group if it in self._seen)
            found.append(Part(id_text(customer), seen, len(group) - len(seen)))
        return tuple(found)


def _undo(
    rooms: Rooms,
    permit: Permit,
    told: _Telling,
    words: Mapping[Pair, Verdict],
    standing: Mapping[Pair, Judgement],
    why: str,
    foreseen: tuple[Part, ...],
    dry_run: bool,
) -> Undone:
    """Says the words, unless it is a dry run, and writes down what came of it.

    That it was begun is written down first: nothing is ever in force of which nobody could tell.
    """
    event, verdicts = "", ", ".join(sorted({it.value for it in words.values()}))

    def written(state: str, **counts: int) -> str:
        return rooms.gate.released(
            permit,
            "unmerge",
            customers=tuple(told.customers),
            fragments=tuple(sorted({key for pair in words for key in pair})),
            counts={**counts, "judgements": len(words)},
            details={"verdict": verdicts, "state": state},
            said=why,
        )

    if not dry_run:
        written("begun")
        event = state_words(rooms, permit, words, standing, why)
        foreseen = told.parts(rooms.reader.customers_of(list(told.members)))
    record = written("foreseen" if dry_run else "done", parts=len(foreseen))
    return Undone(dry_run, told.before, foreseen, len(words), event, record)


def state_words(
    rooms: Rooms, permit: Permit, words: Mapping[Pair, Verdict], standing: Mapping[Pair, Judgement], why: str
) -> str:
    """States judgements, each newer than what stands for its pair; the id of the first event."""
    latest = max((standing[pair].at for pair in words if pair in standing), default=0)
    made_at = iso_instant(max(rooms.clock.now_ms(), latest + 1))
    rows = [
        {
            "left": id_text(left),
            "right": id_text(right),
            "verdict": verdict.value,
            "actor": permit.actor.id,
            "reason": why,
            "made_at": made_at,
        }
        for (left, right), verdict in sorted(words.items())
    ]
    return state(rooms, "judgement", rows)


def _check(dossier: Dossier, out: set[bytes], rest: Iterable[bytes]) -> None:
    """`CallerError` where there is nothing to undo, or not that."""
    if len(dossier.members) == 1:
        raise CallerError("This customer is one record: there is nothing to take apart.")
    if not out:
        raise CallerError("No record was named.", hint="Name those to take out: --fragment SOURCE:KEY.")
    if not out <= dossier.permitting.keys():
        raise CallerError(
            "A record that was named is none of this customer's, so nothing would change.",
            hint="`onefold explain` lists the customer's records.",
        )
    left = len(list(rest))
    if not left:
        raise CallerError(
            "All records of the customer were named, so nothing would change.",
            hint="Leave out those that stay.",
        )
    if len(out) * left > PAIRS_MAX:
        raise CallerError(f"That takes more than {PAIRS_MAX:,} judgements.", hint="Take fewer out at a time.")


def _why(reason: str) -> str:
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= REASON_MAX:
        raise CallerError(f"An undo says its reason, in no more than {REASON_MAX} letters.")
    return reason
