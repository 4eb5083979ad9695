"""What stands between a customer and being contacted, at every instant at once. Pure.

Theory. `Consents.obstacle` answers for one instant. Between the instants that a customer's grants name (when
each begins and ends) its answer cannot change, because restrictions count from the moment they are known. So
asking once for each such interval gives the whole function of time, and that can be a row of the state: it
depends on what was said and not on now. A million customers are then a question to the state instead of a
million readings, and law L7 holds that both answer alike.

To reach somebody is to use an address and nothing else, so facts about other classes of data have no say, and
those about `contact` have (`CONTACTING`). All of it is about ourselves; for another controller each customer
is asked about by itself. So is one who told classes apart, where somebody is chosen by other data than an
address: that there is such a fact is kept, and not what comes of it for each class.

Only what differs from silence is kept: a customer of whom nothing was said has no row, and `silence` is what
stands for him. Suppressions are kept under the purpose "" because they hold for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from onefold.customer.consent.model import (
    ANY_CHANNEL,
    OURSELVES,
    ConsentFact,
    FactKind,
    Suppression,
    Use,
)
from onefold.customer.consent.rules import Consents
from onefold.customer.consent.scope import speaks_of
from onefold.record.canon.data_classes import ANY_DATA, CONTACTING
from onefold.record.canon.purposes import LINEAGE, PURPOSES, Basis
from onefold.record.canon.vocabulary import CHANNELS

ALL_PURPOSES = ""
TOLD_APART = "told apart"
"""Stands in place of a purpose: some fact to ourselves names a class of data."""
ALWAYS, FOR_EVER = -(1 << 62), 1 << 62
INSTANTS_MAX = 64
"""A use about which more instants are named is not laid out: whoever asks decides the customer by himself."""
UNDECIDED = "undecided"
"""The obstacle of such a customer."""


class Spell(NamedTuple):
    """What stands in the way of one purpose on one channel while from_at ≤ now < until_at; "" is nothing."""

    purpose: str
    channel: str
    from_at: int
    until_at: int
    obstacle: str


@cache
def silence(purpose: str, channel: str) -> str:
    """What stands in the way where nothing was ever said."""
    nobody = b""
    return Consents((nobody,), (), (), (), 0).refusal(purpose, channel) or ""


def spells_of(
    members: Sequence[bytes],
    facts: Sequence[ConsentFact],
    suppressions: Iterable[Suppression],
    verified: Iterable[tuple[bytes, bytes]],
) -> tuple[Spell, ...]:
    """The spells of one customer, in order; none where silence stands on every channel."""
    suppressed = Consents(members, (), suppressions, (), 0)
    spells = [
        Spell(ALL_PURPOSES, channel, ALWAYS, FOR_EVER, word)
        for channel in sorted(CHANNELS)
        if (word := suppressed.suppression_word(channel))
    ]
    if any(it.data_class != ANY_DATA and it.controller == OURSELVES for it in facts):
        spells.append(Spell(TOLD_APART, ANY_CHANNEL, ALWAYS, FOR_EVER, UNDECIDED))
    pairs = list(verified)
    # Channels that nobody named are all alike: one of them is asked about.
    named = {it.channel for it in facts} & CHANNELS
    alike = sorted(CHANNELS - named)
    # What facts come to depends on which of them speak of a use, and on the basis of its purpose.
    worked_out: dict[tuple[Basis, tuple[int, ...]], list[_Stretch]] = {}
    for purpose in sorted({part for it in facts for part in _PARTS.get(it.purpose, PURPOSES)}):
        basis = PURPOSES[purpose].basis
        for channel, others in [*((it, (it,)) for it in named), *((it, alike) for it in alike[:1])]:
            use = Use(purpose, channel, CONTACTING)
            speaking = tuple(place for place, it in enumerate(facts) if speaks_of(it, use))
            if not speaking:
                continue
            stretches = worked_out.get((basis, speaking))
            if stretches is None:
                stretches = _stretches(members, [facts[it] for it in speaking], pairs, purpose, channel)
                worked_out[basis, speaking] = stretches
            spells += [Spell(purpose, other, *it) for it in stretches for other in others]
    return tuple(sorted(spells))


_PARTS = {whole: [it for it in PURPOSES if whole in LINEAGE[it]] for whole in PURPOSES}
"""Purpose → itself and its parts: of what else a fact about it may speak."""


class _Stretch(NamedTuple):
    """What stands in the way while from_at ≤ now < until_at."""

    from_at: int
    until_at: int
    obstacle: str


def _stretches(
    members: Sequence[bytes],
    speaking: Sequence[ConsentFact],
    verified: Sequence[tuple[bytes, bytes]],
    purpose: str,
    channel: str,
) -> list[_Stretch]:
    """Of one use, by the facts that speak of it; those that say what silence says are left out."""
    instants = {
        at
        for it in speaking
        if it.kind is FactKind.GRANTED
        for at in (it.at, it.from_at, it.until_at)
        if at is not None and ALWAYS < at < FOR_EVER
    }
    if len(instants) > INSTANTS_MAX:
        return [_Stretch(ALWAYS, FOR_EVER, UNDECIDED)]
    found: list[_Stretch] = []
    for first, behind in pairwise(sorted({ALWAYS, *instants, FOR_EVER})):
        word = Consents(members, speaking, (), verified, first).refusal(purpose, channel) or ""
        if found and found[-1].obstacle == word:
            found[-1] = found[-1]._replace(until_at=behind)
        else:
            found.append(_Stretch(first, behind, word))
    quiet = silence(purpose, channel)
    return [it for it in found if it.obstacle != quiet]
