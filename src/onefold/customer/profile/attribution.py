"""Whose is what was done on a device: sightings of people on it, and the stretches of time that follow.

Theory. A device (a phone, a cookie, an advertising id) is a thing and never a person, so it never joins two
parties, and it has no owner. What ties it to people are sightings: that somebody was there at an instant,
because a call named them, or that whoever was there left. Each sighting is implied by one fragment alone, so
the sightings of a device are a set; the time line is that set in order of (at, fragment id); and whose an
instant is, is a pure function of the line. No arrival order can matter (L1, L3), a late login attributes
anew, a deleted one gives back what it took, and as the line names party fragments, a merge or an unmerge
moves nothing but who these are (L4).

Between two neighbours of the line nobody was named. Let `before` be the last sighting at or before an instant
and `after` the next one. An instant is

1. of the party of `before`, for the length of a session, unless it left: somebody is logged in;
2. else of the party of `after`, as far back as the rules allow, if nobody was seen before, or the last one
   seen is the same person and did not leave: a cookie is known at login;
3. else nobody's.

So nothing reaches past another person's sighting, nor past a logout: who logs out says that what follows is
not theirs, and who comes next need not be who logs in next (ADR 0041). A device on which more people were
seen than the rules say is shared, and there rule 2 does not hold: at a branch kiosk or on a family tablet the
next login says nothing of who was there before it. People are counted as customers, not as records, so a
merge may make a device less shared and an unmerge gives that back.

What was stated is never attributed: a call that names its user is that user's, whatever the line says.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from onefold.customer.fragments.links import at_of
from onefold.customer.fragments.model import Fragment, Values
from onefold.kernel.time import MS_PER_DAY

LOGOUT = "logout"
"""The action of an interaction that says that whoever was there left."""
OURS = frozenset({"sent", "delivered", "bounced"})
"""Actions of the firm on somebody's device: nobody needs to be there for them."""
ALWAYS = 1 << 60
"""Milliseconds that are longer than any history."""
_MS_PER_MINUTE = 60_000


class DeviceRules(NamedTuple):
    """How far a login reaches, and of how many people a device may be that is not shared."""

    session_minutes: int
    before_login_days: int
    people_most: int


USUAL = DeviceRules(session_minutes=30, before_login_days=30, people_most=2)
"""Where a house says nothing else. Half an hour is what web analytics take for a visit."""


class Sighting(NamedTuple):
    """That a party was on a device; `party` is empty where only that somebody left is said."""

    device: bytes
    at: int
    fragment_id: bytes
    party: bytes
    leaves: bool


class Stretch(NamedTuple):
    """A time [from_at, until_at) in which a device is a party's; `seen` is the sighting that says so."""

    party: bytes
    from_at: int
    until_at: int
    seen: Sighting

    @property
    def is_before_login(self) -> bool:
        """Whether it lies before the sighting it rests on."""
        return self.from_at < self.seen.at


def sighting_of(fragment: Fragment, values: Values | None) -> Sighting | None:
    """The sighting that a fragment implies which stands with these values, if any.

    A device's own `party` is who was seen there last, as far as its source says: one sighting, the newest.
    """
    if values is None:
        return None
    party = values.get("party", b"")
    if fragment.entity == "device" and party:
        at = fragment.stamp_of("party")[0]
        return Sighting(fragment.fragment_id, at, fragment.fragment_id, party, leaves=False)
    device, action = values.get("device"), values.get("action")
    if fragment.entity != "interaction" or device is None or action in OURS:
        return None
    leaves = action == LOGOUT
    if not party and not leaves:
        return None
    return Sighting(device, at_of(fragment, values), fragment.fragment_id, party, leaves)


def people_on(line: Iterable[Sighting], person: Callable[[bytes], bytes]) -> int:
    """How many people were seen on a device."""
    return len({person(it.party) for it in line if it.party})


def stretches_of(
    sightings: Iterable[Sighting], person: Callable[[bytes], bytes], rules: DeviceRules
) -> list[Stretch]:
    """Whose one device was when, in order of time, without overlaps.

    `person` says who is behind a party; two parties of one customer are one person.
    """
    line = sorted(sightings, key=_place)
    is_shared = people_on(line, person) > rules.people_most
    session, reach = rules.session_minutes * _MS_PER_MINUTE, rules.before_login_days * MS_PER_DAY
    found: list[Stretch] = []
    for before, after in zip([None, *line], [*line, None], strict=True):
        end = after.at if after is not None else ALWAYS
        begin = -ALWAYS
        if before is not None:
            begin = before.at if before.leaves else min(before.at + session, end)
            if before.at < begin:
                found.append(Stretch(before.party, before.at, begin, before))
        if after is None or is_shared or not _is_known_at(before, after, person):
            continue
        begin = max(begin, end - reach)
        if begin < end:
            found.append(Stretch(after.party, begin, end, after))
    return found


def stretch_at(stretches: Sequence[Stretch], at: int) -> Stretch | None:
    """The one of a device's stretches, given in order of time, that an instant lies in."""
    place = bisect_right(stretches, at, key=_begin)
    found = stretches[place - 1] if place else None
    return found if found is not None and at < found.until_at else None


def _is_known_at(before: Sighting | None, after: Sighting, person: Callable[[bytes], bytes]) -> bool:
    """Whether a sighting says whose the time before it was."""
    if not after.party:
        return False
    return before is None or (not before.leaves and person(before.party) == person(after.party))


def _place(it: Sighting) -> tuple[int, bytes]:
    return it.at, it.fragment_id


def _begin(it: Stretch) -> int:
    return it.from_at
