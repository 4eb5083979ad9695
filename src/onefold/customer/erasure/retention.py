"""How long things are kept: a rule a kind of thing, and what is over by it. A hold keeps what it covers.

A rule is about records that have an instant of their own and hang on somebody (a conversation, a movement, a
case). Parties, accounts and holdings are not for a rule: they go with their customer. Consents and
suppressions never are: letting go of a restriction would widen what is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet

from onefold.customer.erasure.holds import parties_held_by
from onefold.customer.fragments.links import at_of
from onefold.customer.fragments.model import Fragment
from onefold.kernel.errors import CallerError
from onefold.kernel.time import MS_PER_DAY

KINDS = ("balance", "case", "interaction", "order", "risk", "transaction")


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


class Retention:
    """What is over, found in one walk over all fragments and asked when that has ended."""

    def __init__(self, rules: Mapping[str, int], now: int) -> None:
        self._ends = {kind: now - days * MS_PER_DAY for kind, days in rules.items()}
        self._over: dict[bytes, tuple[str, tuple[bytes, ...]]] = {}
        self._holders: dict[bytes, set[bytes]] = {}
        self._held: set[bytes] = set()

    def see(self, fragments: Iterable[Fragment]) -> None:
        """Takes in fragments, in any order."""
        for it in fragments:
            values = it.values
            if it.entity in ("suppression", "hold"):
                self._held.update(parties_held_by(it))
            if values is None:
                continue
            if it.entity in ("holder", "account") and values.get("party"):
                account = values.get("account") if it.entity == "holder" else it.fragment_id
                if account:
                    self._holders.setdefault(account, set()).add(values["party"])
            end = self._ends.get(it.entity)
            if end is not None and at_of(it, values) < end:
                about = tuple(values[name] for name in ("party", "account") if values.get(name))
                self._over[it.fragment_id] = it.entity, about

    def hold(self, widened: Callable[[Collection[bytes]], AbstractSet[bytes]]) -> None:
        """Has all be held that a hold on what was seen covers: asked once, after everything was seen."""
        self._held.update(widened(self._held))

    def over(self) -> dict[bytes, str]:
        """Fragment → its kind, of what may go."""
        return {key: kind for key, (kind, about) in self._over.items() if not self._is_held(about)}

    def held(self) -> int:
        """How much would be over, and stays for a hold."""
        return sum(self._is_held(about) for _, about in self._over.values())

    def _is_held(self, about: tuple[bytes, ...]) -> bool:
        return any(it in self._held or self._holders.get(it, set()) & self._held for it in about)
