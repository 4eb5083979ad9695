"""Who of many customers may be contacted now, and why not the others: the set-based side of the gate.

Every one of a customer's records has to permit the use of contact data for the purpose on the channel, no
suppression may stand, some source's contract must allow the purpose, no policy may protect the customer from
it (shields.py), and there has to be an address. Whoever was chosen by other data has to permit the use of
that as well. The state answers that for all at once from what it keeps of each (`customer/consent/reach.py`);
whoever is released is then asked about again, one by one, with everything that was said read anew. So what is
kept lets nobody out: it can only leave somebody out. Nothing is remembered from an earlier evaluation. For
another controller than ourselves the state knows suppressions alone, and everybody else is asked about one by
one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from onefold.customer.consent.model import OURSELVES
from onefold.customer.consent.rules import NO_REASON, obstacle_of
from onefold.customer.profile.groups import births_at
from onefold.customer.profile.model import Survivorship
from onefold.customer.profile.ports import CLOSED, NO_ADDRESS, SHIELDED, Reachable, ReachQuestion
from onefold.customer.profile.rules import combine
from onefold.gate.dossier import read_dossier
from onefold.gate.scope import Scope
from onefold.gate.shields import PROTECTED_BY_POLICY, Shielded
from onefold.gate.untold import UNTOLD, tells_all, words_untold
from onefold.kernel.errors import NotFound
from onefold.record.canon.groups import Group

ADDRESS_FIELD = {"email": "email", "sms": "phone", "call": "phone", "post": "address"}
"""What a channel needs to reach somebody. The others reach a customer id inside our own product."""

_VULNERABLE = obstacle_of(Group.VULNERABLE)
"""The obstacle that names a group, which is for those alone who may see special data."""


class Released(NamedTuple):
    """One customer as handed to a destination: the id, where to reach them, in which language.

    `said_by` is the record that says the address. For whoever sees tokens alone, `address` becomes one.
    `members` are the fragments that were held to be this customer, each of which permitted it.
    """

    customer: bytes
    address: str
    language: str
    members: tuple[bytes, ...] = ()
    said_by: bytes = b""


class Audience(NamedTuple):
    """Who may be contacted, and how many may not, by reason; as of which log sequence and instant."""

    released: tuple[Released, ...]
    left_out: dict[str, int]
    sequence: int = 0
    at: int = 0


class AudienceCount(NamedTuple):
    """How many may be contacted, and how many may not, by reason."""

    reachable: int
    left_out: dict[str, int]


def audience_of(
    scope: Scope,
    policy: Sequence[Survivorship],
    members: Iterable[bytes],
    now: int,
) -> Audience:
    """Splits the members into those who may be contacted over the channel, and the rest by reason."""
    found = sifted(scope, members, now)
    left_out = Counter(found.left_out)
    released: list[Released] = []
    for member in sorted((*found.free, *found.undecided)):
        decided = decide(scope, policy, member, now)
        if isinstance(decided, Released):
            released.append(decided)
        else:
            left_out[decided] += 1
    return Audience(tuple(released), dict(sorted(left_out.items())), scope.reader.offset, now)


def decide(scope: Scope, policy: Sequence[Survivorship], member: bytes, now: int) -> Released | str:
    """The release of one customer, or the reason why not; everything is read anew."""
    scope = replace(scope, reader=scope.reader.fresh())
    permit = scope.permit
    words = _words(scope)
    try:
        dossier = read_dossier(scope, member, now)
    except Shielded:
        return words[SHIELDED]
    except NotFound:
        return words[CLOSED]
    obstacle = dossier.consents.obstacle(permit.purpose, permit.channel, permit.actor.controller)
    if obstacle is not None:
        return words.get(obstacle, obstacle)
    golden = combine((it.fragment for it in dossier.permitting.values()), policy)
    address = ""
    field = ADDRESS_FIELD.get(permit.channel)
    if field is not None:
        address = str(golden.value(field) or "")
        if not address or hides_addresses(scope):
            return no_address(scope)
    for data_class in sorted(scope.chosen_by):
        use = permit.purpose, permit.channel, permit.actor.controller, data_class
        if refusal := dossier.consents.refusal(*use):
            return f"{refusal} for {data_class} data"
    language = str(golden.value("language") or "")
    said_by = golden.fields[field].winner.fragment_id if field else b""
    return Released(dossier.customer, address, language, tuple(dossier.members), said_by)


def under_tokens(scope: Scope, audience: Audience) -> Audience:
    """The audience with tokens for addresses, where that is all its permit sees; ask every rule before."""
    field, minting = ADDRESS_FIELD.get(scope.permit.channel), scope.minting
    if field is None or minting is None or scope.permit.fields.get("pii") != "token":
        return audience
    return audience._replace(
        released=tuple(
            it._replace(address=minting.token(field, it.address, it.said_by)) for it in audience.released
        )
    )


def sifted(
    scope: Scope,
    members: Iterable[bytes] | None,
    now: int,
    *,
    preferring: bool = False,
    clocks: bool = False,
) -> Reachable:
    """What the state says of the members (None: of all customers), in the words of `decide`.

    Each is counted once, under the customer that it is now. `preferring`: who named another channel is left
    out as ELSEWHERE. `clocks`: with the clues to where the clocks of the free stand.
    """
    words = _words(scope)
    found = _asked(scope, members, now, preferring, clocks)
    told: Counter[str] = Counter()
    for word, count in found.left_out.items():
        told[words.get(word, word)] += count
    return found._replace(left_out=dict(told))


def _asked(
    scope: Scope, members: Iterable[bytes] | None, now: int, preferring: bool, clocks: bool
) -> Reachable:
    permit = scope.permit
    sources = frozenset(it for it in scope.sources.sources() if scope.allows(it))
    address = ADDRESS_FIELD.get(permit.channel, "")
    is_ours = permit.actor.controller == OURSELVES
    question = ReachQuestion(
        permit.purpose,
        permit.channel,
        now,
        sources,
        address,
        preferring,
        clocks,
        frozenset(it.groups for it in permit.shields),
        births_at(scope.ages, now),
        is_ours,
        by_data=bool(scope.chosen_by),
    )
    if members is None:
        return scope.reader.reachable(question, None)
    asked = set(members)
    found = scope.reader.reachable(question, list(asked))
    if len(found.free) + len(found.undecided) + sum(found.left_out.values()) == len(asked):
        return found
    # Some ids are of customers that have another one by now, or of nobody any more.
    present = scope.reader.customers_of(list(asked))
    found = scope.reader.reachable(question, list(set(present.values())))
    if gone := len(asked - present.keys()):
        found.left_out[CLOSED] = found.left_out.get(CLOSED, 0) + gone
    return found


def hides_addresses(scope: Scope) -> bool:
    """Whether the channel needs an address of which this permit sees neither all nor a token."""
    right = scope.permit.fields.get("pii")
    shows = right == "full" or (right == "token" and scope.minting is not None)
    return scope.permit.channel in ADDRESS_FIELD and not shows


def _words(scope: Scope) -> dict[str, str]:
    """What people read for a word of the state."""
    words = {
        CLOSED: f"no source allows {scope.permit.purpose}",
        SHIELDED: PROTECTED_BY_POLICY,
        NO_ADDRESS: no_address(scope),
    }
    if scope.permit.fields.get("special") != "full":
        words[_VULNERABLE] = obstacle_of(NO_REASON) if tells_all(scope.permit) else UNTOLD
    return words | words_untold(scope.permit)


def no_address(scope: Scope) -> str:
    """The reason of whoever has no address that the channel needs, or none that may be seen."""
    return f"no {ADDRESS_FIELD.get(scope.permit.channel, 'address')}"
