"""Why somebody who agreed is left alone now. Pure: facts and an instant in, one reason of a closed list out.

Theory. Each rule is asked of all records of the customer together, and each can only add reasons as records
join: a preference has to be that of every record which has one, an hour has to be no quiet one in any zone
that any record leaves possible, and a release counts if it reached any of the records. So merging two
customers never lets out somebody whom either of them, alone, would have kept back; and since a release counts
for every record that it was made of, unmerging gives nobody their number back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from onefold.customer.fragments.model import Values
from onefold.gate.contacting.model import Cap, Contact, Contacting, QuietHours
from onefold.gate.contacting.zones import EVERYWHERE, local_minute, zones_of
from onefold.kernel.time import MS_PER_DAY
from onefold.record.canon.purposes import may_serve

PREFERS = "prefers another channel"
QUIET = "quiet hours"
QUIET_UNKNOWN = "quiet hours, time zone unknown"


def reason_to_wait(
    contacting: Contacting,
    members: Mapping[bytes, Values],
    purpose: str,
    channel: str,
    now: int,
) -> str | None:
    """Why a customer of these records is not contacted now; None where nothing stands in the way."""
    rules = contacting.rules.of(contacting.campaign)
    if is_preferring(contacting, purpose) and prefers_another(members.values(), channel):
        return PREFERS
    quiet = is_quiet(contacting, map(zones_of, members.values()), channel, now)
    if quiet is not None:
        return quiet
    made = {it for member in members for it in contacting.made.get(member, ())}
    own = contacting.rules.campaigns.get(contacting.campaign)
    for cap in rules.caps:
        of_campaign = contacting.campaign if own is not None and cap in own.caps else ""
        if is_reached(cap, made, purpose, channel, of_campaign, now):
            return f"contacted often enough: {cap.most} in {cap.days} days"
    return None


def is_preferring(contacting: Contacting, purpose: str) -> bool:
    """Whether a preferred channel is kept to for this purpose."""
    return may_serve((purpose,), contacting.rules.preferring)


def has_quiet_hours(contacting: Contacting, channel: str) -> bool:
    """Whether there is any hour at which somebody is not reached by the channel."""
    spans = contacting.rules.of(contacting.campaign).quiet_hours
    return any(not it.channels or channel in it.channels for it in spans)


def caps_of(contacting: Contacting, purpose: str, channel: str) -> list[Cap]:
    """The caps that a release of this purpose over this channel may reach."""
    caps = contacting.rules.of(contacting.campaign).caps
    return [it for it in caps if (not it.channels or channel in it.channels) and _of_purposes(it, purpose)]


def prefers_another(members: Iterable[Values], channel: str) -> bool:
    """Whether any record names a channel, and not this one."""
    named = (it.get("preferred_channel") for it in members)
    return any(it not in (None, "", channel) for it in named)


def is_quiet(contacting: Contacting, records: Iterable[frozenset[str]], channel: str, now: int) -> str | None:
    """The reason, where it is a quiet hour for the channel in any zone the customer may be in.

    `records`: the zones that each record leaves possible, none where it says none.
    """
    hours = contacting.rules.of(contacting.campaign).quiet_hours
    spans = tuple(it for it in hours if not it.channels or channel in it.channels)
    if not spans:
        return None
    zones: set[str] = set()
    unknown = False
    for found in records:
        unknown = unknown or not found
        zones.update(found or contacting.rules.unknown_zone or EVERYWHERE)
    if not _is_quiet_in(frozenset(zones), spans, now):
        return None
    return QUIET_UNKNOWN if unknown or zones >= EVERYWHERE else QUIET


@lru_cache(maxsize=4096)
def _is_quiet_in(zones: frozenset[str], spans: tuple[QuietHours, ...], now: int) -> bool:
    """Whether it is a quiet hour in any of the zones; most customers share theirs with others."""
    minutes = {local_minute(zone, now) for zone in zones}
    return any(_within(span, minute) for span in spans for minute in minutes)


def is_reached(
    cap: Cap, made: Iterable[Contact], purpose: str, channel: str, of_campaign: str, now: int
) -> bool:
    """Whether one more release of this purpose over this channel would be more than a cap allows."""
    if (cap.channels and channel not in cap.channels) or not _of_purposes(cap, purpose):
        return False
    since = now - cap.days * MS_PER_DAY
    counted = sum(
        it.at > since
        and (not cap.channels or it.channel in cap.channels)
        and _of_purposes(cap, it.purpose)
        and of_campaign in ("", it.campaign)
        for it in made
    )
    return counted >= cap.most


def _of_purposes(cap: Cap, purpose: str) -> bool:
    return not cap.purposes or may_serve((purpose,), cap.purposes)


def _within(span: QuietHours, minute: int) -> bool:
    if span.from_minute <= span.to_minute:
        return span.from_minute <= minute < span.to_minute
    return minute >= span.from_minute or minute < span.to_minute
