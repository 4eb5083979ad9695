"""The steward's queue: pairs of records worth a look, claimed, decided, skipped, confirmed by another person.

How far a pair is stands in the log beside the judgements, as a record of its own that joins and parts nobody:
so a claim outlives the server, and a proposal is no judgement until somebody else confirms it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from onefold.customer.fragments.model import Fragment
from onefold.customer.identity.model import Pair, Verdict, pair_of
from onefold.customer.identity.review import Finding, Kind, Worth
from onefold.customer.profile.ports import CustomerReader
from onefold.gate.dossier import Dossier
from onefold.gate.looking import Looking, permit_for
from onefold.gate.model import Permit
from onefold.gate.obligations import Obligation
from onefold.kernel.errors import CallerError, NotFound
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_instant
from onefold.usecases.four_eyes import are_two, ask_for_person, needs_four_eyes, standing_words, takes_two
from onefold.usecases.record_names import find_named
from onefold.usecases.review_sweep import ReviewPass, ranked, sight_of
from onefold.usecases.rooms import Rooms
from onefold.usecases.statements import BEGUN, state
from onefold.usecases.unmerge_customer import state_words

LEASE_MS = 15 * 60_000
"""A claim ends by itself after so long."""
REASON_MAX = 500
LOOKED_AT_MAX = 1_000
"""Pairs looked at again for one answer, at most, in portions until the answer is full; and so many proposals
apart from them. What the asker skipped does not count."""
PORTION = 100
STEPS_MAX = 2_000
"""The pairs lately stepped on, among which what awaits a second person is looked for."""
WINDOWS_MAX = 100_000
_LEFT = "review.left"
_LINKS_MAX = 100_000
_PROPOSED = Finding(Kind.PROPOSED, 0, (), (), careful=False), Worth(sensitive=False, stake=0, weight=0)
"""Of a pair that is in the queue for nothing but what somebody proposed."""


class Match(msgspec.Struct, frozen=True):
    """One pair of the queue. `kind`: competing, held_back, conflict, weak_join, or proposed alone.

    `worth` orders the queue. `four_eyes`: a second person has to confirm. `standing`: open, claimed,
    proposed or skipped, `by` whom; a claim ends at `until_at`. `verdict` is what was proposed.
    """

    left: str
    right: str
    kind: str
    worth: int
    weight: int
    reasons: tuple[str, ...]
    conflicts: tuple[str, ...]
    customers: tuple[str, ...]
    four_eyes: bool
    standing: str
    by: str = ""
    until_at: str = ""
    verdict: str = ""


class MatchQueue(msgspec.Struct, frozen=True):
    """The worthiest pairs first. `covered_percent`: how much of what is held was looked at so far.

    `hubs`: keys that too many hold, so that they bring nobody together.
    """

    items: tuple[Match, ...]
    covered_percent: int
    hubs: int
    decision: str


class MatchStep(msgspec.Struct, frozen=True):
    """What became of a step: where the pair stands now, and the event of a judgement that counts."""

    left: str
    right: str
    standing: str
    by: str
    until_at: str
    verdict: str
    event: str
    decision: str


class _Review(msgspec.Struct, frozen=True):
    """How far a pair is, as its newest record says, and who skipped it when (a record for each person)."""

    step: str = "open"
    by: str = ""
    verdict: str = ""
    until_at: int = 0
    at: int = 0
    skips: dict[str, int] = {}

    def is_skipped_by(self, actor: str) -> bool:
        """Whether somebody skipped it, and has not come back to it since."""
        at = self.skips.get(actor)
        return at is not None and not (self.by == actor and self.at > at)


_NEW = _Review()


def list_reviews(permit: Permit, rooms: Rooms, *, limit: int = 20, whole: bool = False) -> MatchQueue:
    """The pairs most worth a look of those found so far; each call moves the search on by one window.

    With `whole` the search is brought to its end first. What the asker skipped is left out.
    """
    permit.needs("list_reviews")
    search_on(permit, rooms, whole=whole)
    found = rooms.reviews.of(sight_of(permit))
    with rooms.gate.looking(permit) as look:
        told: dict[bytes, Dossier] = {}
        items = _queue(permit, look, found, limit, told)
        record = rooms.gate.released(
            permit,
            "reviews",
            customers=tuple(told),
            counts={"pairs": len(items)},
            rests=look.rests_on(list(told.values())),
        )
    return MatchQueue(items, found.covered_percent, rooms.reviews.hubs, record)


def claim_review(permit: Permit, rooms: Rooms, left: str, right: str) -> MatchStep:
    """Keeps a pair for who asks, for a quarter of an hour; claiming again begins it anew."""
    permit.needs("decide_review")
    with rooms.reviews.one_at_a_time():
        work = _Work(permit, rooms, left, right)
        if work.review.step == "proposed":
            raise CallerError("Somebody proposed this one: confirm it, or say otherwise.")
        return work.take("claimed", until_at=rooms.clock.now_ms() + LEASE_MS)


def release_review(permit: Permit, rooms: Rooms, left: str, right: str) -> MatchStep:
    """Gives a claimed pair back to the queue."""
    permit.needs("decide_review")
    with rooms.reviews.one_at_a_time():
        work = _Work(permit, rooms, left, right)
        if work.review.step != "claimed":
            raise CallerError("This pair is not claimed, so there is nothing to give back.")
        return work.take("released")


def skip_review(permit: Permit, rooms: Rooms, left: str, right: str, reason: str) -> MatchStep:
    """Leaves a pair out of the queue of who asks; it stays in that of others."""
    permit.needs("decide_review")
    with rooms.reviews.one_at_a_time():
        work = _Work(permit, rooms, left, right)
        if work.review.step == "proposed":
            raise CallerError("Somebody proposed this one: confirm it, or say otherwise.")
        why = _why(reason)
        if work.review.step == "claimed" and work.review.by == permit.actor.id:
            work.take("released")
        step = work.take("skipped", reason=why)
        rooms.reviews.skipped(work.pair)
        return step


def decide_review(
    permit: Permit, rooms: Rooms, left: str, right: str, *, verdict: str, reason: str
) -> MatchStep:
    """Says same, different or unsure of a pair.

    Where four eyes are asked for, the first person's word is a proposal, and it counts once another person
    says the same; saying otherwise proposes that instead. `unsure` needs nobody else, unless it takes back a
    word of same or different. A program is no person: there it neither proposes nor confirms.
    """
    permit.needs("decide_review")
    why = _why(reason)
    with rooms.reviews.one_at_a_time():
        work = _Work(permit, rooms, left, right)
        said = Verdict(verdict)
        if work.four_eyes and takes_two(said, work.judged.get(work.pair)):
            ask_for_person(permit.actor)
            before = work.review
            if before.step != "proposed" or before.verdict != said.value:
                return work.take("proposed", verdict=said.value, reason=why)
            if not are_two(before.by, permit.actor.id):
                raise CallerError("You proposed this yourself: another person has to confirm it.")
        work.write_down({"step": "decided", "verdict": said.value, "stage": BEGUN}, why)
        event = state_words(rooms, work.permit, {work.pair: said}, work.judged, why)
        return work.take("decided", verdict=said.value, reason=why, event=event)


class _Work:
    """One pair that somebody works on: read, checked, and moved on by one step."""

    def __init__(self, permit: Permit, rooms: Rooms, left: str, right: str) -> None:
        self._rooms = rooms
        with rooms.gate.looking(permit) as look:
            found = dict(find_named(look, permit, rooms, it) for it in (left, right))
            if len(found) == 1:
                raise CallerError("A review is about two different records.")
            self.pair = pair_of(*found)
            dossiers = [found[it][1] for it in self.pair]
            if any(key not in it.permitting for key, it in zip(self.pair, dossiers, strict=True)):
                raise NotFound("There are no such two records.")
            self.review = _reviews([self.pair], look.reader).get(self.pair, _Review())
            self.judged = standing_words(self.pair, look.reader)
        self.permit = permit_for(dossiers)
        self._customers = tuple(dict.fromkeys(it.customer for it in dossiers))
        obliged = any(it.permit.obliges(Obligation.FOUR_EYES) for it in dossiers)
        self.four_eyes = obliged or needs_four_eyes(dossiers)
        held = self.review.step == "claimed" and self.review.until_at > rooms.clock.now_ms()
        if held and self.review.by != permit.actor.id:
            raise CallerError(
                "Somebody else is at this one.",
                hint="Their claim ends by itself within a quarter of an hour.",
            )

    def take(
        self, step: str, *, verdict: str = "", reason: str = "", until_at: int = 0, event: str = ""
    ) -> MatchStep:
        """States the step, and writes it down."""
        rooms, (left, right) = self._rooms, self.pair
        before = max(self.review.at, *self.review.skips.values(), 0)
        row = {
            "left": id_text(left),
            "right": id_text(right),
            "step": step,
            "actor": self.permit.actor.id,
            "made_at": iso_instant(max(rooms.clock.now_ms(), before + 1)),
        }
        more = {"verdict": verdict, "reason": reason, "until_at": iso_instant(until_at) if until_at else ""}
        named = "skip" if step == "skipped" else "review"
        state(rooms, named, [row | {name: it for name, it in more.items() if it}])
        record = self.write_down({"step": step} | ({"verdict": verdict} if verdict else {}), reason)
        return MatchStep(
            row["left"], row["right"], step, row["actor"], more["until_at"], verdict, event, record
        )

    def write_down(self, details: dict[str, str], said: str) -> str:
        """The record of a step; its id."""
        of = {"customers": self._customers, "fragments": self.pair, "said": said}
        return self._rooms.gate.released(self.permit, "review", details=details, **of)


def search_on(permit: Permit, rooms: Rooms, *, whole: bool) -> None:
    """Moves the pass over keys on, while no release is under way that a withdrawal would have to wait for."""
    sight = sight_of(permit)
    with rooms.gate.looking(permit) as look:
        provider = look.provider
    for _ in range(WINDOWS_MAX if whole else 1):
        with rooms.reader.snapshot() as reader:
            ended = rooms.reviews.advance(sight, reader, provider)
        _take_in(permit, rooms, rooms.reviews.of(sight))
        if ended:
            break


def _take_in(permit: Permit, rooms: Rooms, found: ReviewPass) -> None:
    """Has a pass remember what it found and who asks may see, some at a time: a withdrawal waits for few."""
    waiting = found.waiting()
    for start in range(0, len(waiting), PORTION):
        some = waiting[start : start + PORTION]
        with rooms.gate.looking(permit) as look:
            seen = [it for it in some if _seen(look, it)]
            skipped = [it for it, review in _reviews(seen, look.reader).items() if review.skips]
        found.take_in(some, seen, skipped)


def _queue(
    permit: Permit, look: Looking, found: ReviewPass, limit: int, told: dict[bytes, Dossier]
) -> tuple[Match, ...]:
    """What awaits a second person, and then the worthiest pairs that are still worth a look.

    Proposals that were not to be seen at the last look come behind the others. `told` takes the customers
    that are named.
    """
    proposed = _proposed(look.reader)
    unseen = found.unseen & proposed.keys()
    first = sorted(proposed, key=lambda it: it in unseen)
    others = [it for it in found.best() if it not in proposed]
    items: list[Match] = []
    for pairs in (first, others):
        looked_at = 0
        for start in range(0, len(pairs), PORTION):
            if len(items) == limit or looked_at >= LOOKED_AT_MAX:
                break
            some = pairs[start : start + PORTION]
            reviews = _reviews(some, look.reader)
            mine = [it for it in some if not reviews.get(it, _NEW).is_skipped_by(permit.actor.id)]
            looked_at += len(mine)
            more, hidden, gone = _portion(permit, look, mine, reviews, limit - len(items), told)
            items += more
            found.forget([*hidden, *gone])
            unseen |= set(hidden) & proposed.keys()
            unseen -= {pair for it in more if (pair := _pair_of(it)) in unseen}
    found.unseen = frozenset(unseen)
    return tuple(items)


def _pair_of(match: Match) -> Pair:
    return pair_of(bytes.fromhex(match.left), bytes.fromhex(match.right))


def _proposed(reader: CustomerReader) -> dict[Pair, _Review]:
    """The pairs that somebody proposed a word for, the newest first."""
    newest = sorted(reader.every_link(_LEFT, _LINKS_MAX), reverse=True)[:STEPS_MAX]
    rows = reader.fragments([it for _, it, _ in newest]).values()
    found = {
        pair_of(said["left"], said["right"]): _review(it)
        for it in rows
        if (said := it.values) and said.get("step") == "proposed"
    }
    return dict(sorted(found.items(), key=lambda it: (-it[1].at, it[0])))


def _portion(
    permit: Permit,
    look: Looking,
    pairs: Sequence[Pair],
    reviews: Mapping[Pair, _Review],
    limit: int,
    told: dict[bytes, Dossier],
) -> tuple[list[Match], list[Pair], list[Pair]]:
    """Those of some pairs that are still worth a look, those that may not be seen, and those worth none."""
    found = {pair: (finding, worth) for pair, finding, worth in ranked(pairs, look.reader, look.provider)}
    items: list[Match] = []
    hidden: list[Pair] = []
    for pair in pairs:
        review = reviews.get(pair, _NEW)
        shown = found.get(pair) or (_PROPOSED if review.step == "proposed" else None)
        if shown is None or len(items) == limit:
            continue
        dossiers = _seen(look, pair)
        if dossiers:
            told |= {it.customer: it for it in dossiers}
            obliged = permit.obliges(Obligation.FOUR_EYES) or needs_four_eyes(dossiers)
            items.append(_match(pair, *shown, review, dossiers, look.now_ms, obliged=obliged))
        else:
            hidden.append(pair)
    return items, hidden, [it for it in pairs if it not in found]


def _seen(look: Looking, pair: Pair) -> list[Dossier]:
    """The customers of a pair, where both records may be seen; else none."""
    dossiers = [it for key in pair if (it := look.seen(key)) is not None]
    if len(dossiers) < len(pair):
        return []
    told = all(key in it.permitting for key, it in zip(pair, dossiers, strict=True))
    return dossiers if told else []


def _match(
    pair: Pair,
    found: Finding,
    worth: Worth,
    review: _Review,
    dossiers: Sequence[Dossier],
    now_ms: int,
    *,
    obliged: bool,
) -> Match:
    over = review.step == "claimed" and review.until_at <= now_ms
    step, by = review.step, review.by
    if over or step in ("released", "decided"):
        step, by = "open", ""
    if step == "open" and review.skips:
        by, at = max(review.skips.items(), key=lambda it: (it[1], it[0]))
        step, by = ("skipped", by) if at > review.at else ("open", "")
    return Match(
        left=id_text(pair[0]),
        right=id_text(pair[1]),
        kind=found.kind.value,
        worth=worth.stake,
        weight=found.weight,
        reasons=found.reasons,
        conflicts=found.conflicts,
        customers=tuple(dict.fromkeys(id_text(it.customer) for it in dossiers)),
        four_eyes=obliged,
        standing=step,
        by=by,
        until_at=iso_instant(review.until_at) if step == "claimed" else "",
        verdict=review.verdict if step == "proposed" else "",
    )


def _reviews(pairs: Iterable[Pair], reader: CustomerReader) -> dict[Pair, _Review]:
    """How far pairs are."""
    wanted = set(pairs)
    linked = reader.linked(list({left for left, _ in wanted}), _LEFT, most=_LINKS_MAX)
    found: dict[Pair, _Review] = {}
    skips: dict[Pair, dict[str, int]] = {}
    for fragment in reader.fragments([it for _, it, _ in linked]).values():
        said = fragment.values or {}
        pair = pair_of(said.get("left") or b"", said.get("right") or b"")
        if pair in wanted:
            review = _review(fragment)
            if review.step == "skipped":
                skips.setdefault(pair, {})[review.by] = review.at
            else:
                found[pair] = review
    return found | {
        pair: msgspec.structs.replace(found.get(pair, _NEW), skips=of) for pair, of in skips.items()
    }


def _review(fragment: Fragment) -> _Review:
    said = fragment.values or {}
    names = said.get("step", "open"), said.get("actor", ""), said.get("verdict", "")
    return _Review(*names, said.get("until_at", 0), fragment.stamp[0])


def _why(reason: str) -> str:
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= REASON_MAX:
        raise CallerError(f"A decision says its reason, in no more than {REASON_MAX} letters.")
    return reason
