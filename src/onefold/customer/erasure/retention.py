"""How long things are kept: a rule a kind of thing, and what is over by it. A hold keeps what it covers.

Whose a thing is, is the one idea of `reach.py`: what an erasure of who is held would come to is not over.

A rule is about records that have an instant of their own and hang on somebody (a conversation, a movement, a
case). Parties, accounts and holdings are not for a rule: they go with their customer. Consents and
suppressions never are: letting go of a restriction would widen what is allowed.

What a source deleted no longer says whose it was, and may have said that something is of who is held: the
holder of an account, and a login on a device. So an account that lost a holder stays whole, and of a login
that may have been of who is held, what was done on its device by nobody in particular: by its seal that of
one device, else all of its source, since nobody can say which it named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from onefold.customer.erasure.holds import HOLDING, parties_held_by, with_their_others
from onefold.customer.erasure.reach import reach_of, untraced
from onefold.customer.fragments.links import at_of
from onefold.customer.fragments.model import Fragment
from onefold.customer.profile.attribution import USUAL, DeviceRules
from onefold.customer.profile.ports import CustomerReader
from onefold.kernel.errors import CallerError
from onefold.kernel.time import MS_PER_DAY

KINDS = ("balance", "case", "interaction", "order", "risk", "transaction")
AT_ONCE = 500
"""Of so many people, accounts or devices it is asked at once what hangs on them."""


def checked(rules: object) -> dict[str, int]:
    """Kind → days, of what somebody wrote; `CallerError` for a kind that has no rule, or no whole days."""
    if not isinstance(rules, dict) or not rules:
        raise CallerError("A retention policy names kinds and days.", hint="keep: {interaction: 1095}")
    for kind, days in rules.items():
        if kind not in KINDS:
            raise CallerError("There is no retention rule for that kind.", hint=f"Kinds: {', '.join(KINDS)}.")
        if not isinstance(days, int) or isinstance(days, bool) or days < 1:
            raise CallerError(f"The days of {kind} are a whole number above 0.")
    return dict(rules)


class _About(NamedTuple):
    """Whose something is, as far as it says so itself, else empty. One stands for all that say the same."""

    kind: str
    party: bytes
    account: bytes
    device: bytes
    subject: bytes
    """Under whose key it is sealed."""
    source: str


class Retention:
    """What is over, found in one walk over all fragments and asked when that has ended.

    Of a fragment only its id is remembered, if it is over, and what it shares with others of the same owner.
    """

    def __init__(self, rules: Mapping[str, int], now: int, devices: DeviceRules = USUAL) -> None:
        self._devices = devices
        self._ends = {kind: now - days * MS_PER_DAY for kind, days in rules.items()}
        self._over: dict[bytes, _About] = {}
        self._abouts: dict[_About, _About] = {}
        self._holding: set[bytes] = set()
        self._bereft: set[bytes] = set()
        self._unsaid: set[tuple[str, bytes]] = set()
        self._stays: set[bytes] = set()

    def see(self, fragments: Iterable[Fragment]) -> None:
        """Takes in fragments, in any order."""
        for it in fragments:
            values = it.values
            if it.entity in HOLDING:
                self._holding.update(parties_held_by(it))
            if values is None:
                # It no longer says whose account it was of, but what it is sealed under may.
                if it.entity == "holder" and not it.is_erased:
                    self._bereft.add(it.subject_id)
                if it.entity == "interaction" and not it.is_erased:
                    told = it.subject_id if it.subject_id != it.fragment_id else b""
                    self._unsaid.add((it.source, told))
                continue
            end = self._ends.get(it.entity)
            if end is not None and at_of(it, values) < end:
                party, account, device = (values.get(name, b"") for name in ("party", "account", "device"))
                about = _About(it.entity, party, account, device, it.subject_id, it.source)
                self._over[it.fragment_id] = self._abouts.setdefault(about, about)

    def hold(self, seen: CustomerReader) -> None:
        """Has all stay that a hold on what was seen covers, asked within one snapshot after all was seen.

        That is all an erasure of who is held would reach or leave to others, and while anybody is held at
        all, whatever cannot be traced to somebody who is not. To be asked again when more was seen.
        """
        self._stays = set()
        if not self._holding:
            return
        people = with_their_others(seen, self._holding)
        for some in _in_parts(people):
            reach = reach_of(seen, some, self._devices)
            self._stays.update(it for it in (*reach.fragments, *reach.kept) if it in self._over)
        unnamed = [it for it in self._abouts if not it.party]
        lost: set[bytes] = {b""}
        for part in _in_parts({it.account for it in unnamed} - {b""}):
            lost |= untraced(seen, part, (), self._bereft)
        for part in _in_parts({it.device for it in unnamed} - {b""}):
            lost |= untraced(seen, (), part)
        kept = {it for it in unnamed if (it.account or it.device) in lost}
        kept.update(it for it in self._abouts if it.subject in people)
        devices, sources = self._lost_logins(seen, people)
        kept.update(it for it in unnamed if it.device and (it.device in devices or it.source in sources))
        self._stays.update(key for key, about in self._over.items() if about in kept)

    def _lost_logins(self, seen: CustomerReader, people: AbstractSet[bytes]) -> tuple[set[bytes], set[str]]:
        """Devices, and sources of devices, on which who is held may have logged in by what was deleted."""
        devices: set[bytes] = set()
        of_others: set[bytes] = set()
        for part in _in_parts({subject for _, subject in self._unsaid} - {b""}):
            found = seen.fragments(part)
            devices.update(it for it, was in found.items() if was.entity == "device")
            of_others.update(it for it in seen.customers_of(part) if it not in people)
        sources = {source for source, it in self._unsaid if it not in devices and it not in of_others}
        return devices, sources

    def over(self) -> dict[bytes, str]:
        """Fragment → its kind, of what may go."""
        return {key: about.kind for key, about in self._over.items() if key not in self._stays}

    def held(self) -> frozenset[bytes]:
        """What would be over, and stays for a hold."""
        return frozenset(self._stays)


def _in_parts(ids: AbstractSet[bytes]) -> Iterator[list[bytes]]:
    """The ids, few at once, so that no question is too large."""
    some = list(ids)
    return (some[at : at + AT_ONCE] for at in range(0, len(some), AT_ONCE))
