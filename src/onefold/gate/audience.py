"""Who of many customers may be contacted now, and why not the others: the set-based side of the gate.

Each member is asked of the present state, one by one: every one of the customer's records has to permit the
purpose on the channel, no suppression may stand, some source's contract must allow the purpose, and there has
to be an address. Nothing is remembered between members or from an earlier evaluation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from onefold.customer.identity.model import EvidenceProvider
from onefold.customer.profile.model import Survivorship
from onefold.customer.profile.rules import combine
from onefold.gate.dossier import read_dossier
from onefold.gate.scope import Scope
from onefold.kernel.errors import NotFound

ADDRESS_FIELD = {"email": "email", "sms": "phone", "call": "phone", "post": "address"}
"""What a channel needs to reach somebody. The others reach a customer id inside our own product."""


class Released(NamedTuple):
    """One customer as handed to a destination: the id, where to reach them, in which language."""

    customer: bytes
    address: str
    language: str


class Audience(NamedTuple):
    """Who may be contacted, and how many may not, by reason."""

    released: tuple[Released, ...]
    left_out: dict[str, int]


def audience_of(
    scope: Scope,
    provider: EvidenceProvider,
    policy: Sequence[Survivorship],
    members: Iterable[bytes],
    channel: str,
    now: int,
) -> Audience:
    """Splits the members into those who may be contacted over the channel, and the rest by reason."""
    released: list[Released] = []
    left_out: Counter[str] = Counter()
    for member in members:
        found = _member(scope, provider, policy, member, channel, now)
        if isinstance(found, Released):
            released.append(found)
        else:
            left_out[found] += 1
    return Audience(tuple(released), dict(sorted(left_out.items())))


def _member(
    scope: Scope,
    provider: EvidenceProvider,
    policy: Sequence[Survivorship],
    member: bytes,
    channel: str,
    now: int,
) -> Released | str:
    """The release of one customer, or the reason why not."""
    scope = replace(scope, reader=scope.reader.fresh())
    try:
        dossier = read_dossier(scope, member, provider, now)
    except NotFound:
        return f"no source allows {scope.permit.purpose}"
    obstacle = dossier.consents.obstacle(scope.permit.purpose, channel)
    if obstacle is not None:
        return obstacle
    golden = combine((it.fragment for it in dossier.permitting.values()), policy)
    address = ""
    field = ADDRESS_FIELD.get(channel)
    if field is not None:
        address = str(golden.value(field) or "")
        if not address or scope.permit.fields.get("pii") != "full":
            return f"no {field}"
    return Released(dossier.customer, address, str(golden.value("language") or ""))
