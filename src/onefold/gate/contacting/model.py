"""The rules of contacting and the contacts that were made. All frozen."""

from __future__ import annotations

import msgspec


class QuietHours(msgspec.Struct, frozen=True):
    """A span of minutes of the local day without its last; over midnight where it ends before it begins.

    `channels` empty: all of them.
    """

    channels: frozenset[str]
    from_minute: int
    to_minute: int


class Cap(msgspec.Struct, frozen=True):
    """So many releases in so many days; of any of the channels and purposes, empty: of all."""

    channels: frozenset[str]
    purposes: frozenset[str]
    most: int
    days: int


class Campaign(msgspec.Struct, frozen=True):
    """What holds for one campaign on top of what holds for all."""

    quiet_hours: tuple[QuietHours, ...] = ()
    caps: tuple[Cap, ...] = ()


class ContactingRules(msgspec.Struct, frozen=True):
    """The whole of the file. `preferring`: purposes for which a preferred channel is kept to."""

    version: int
    preferring: frozenset[str]
    quiet_hours: tuple[QuietHours, ...]
    unknown_zone: tuple[str, ...]
    caps: tuple[Cap, ...]
    campaigns: dict[str, Campaign]

    def of(self, campaign: str) -> Campaign:
        """What holds for a campaign, with what holds for all."""
        own = self.campaigns.get(campaign, Campaign())
        return Campaign((*self.quiet_hours, *own.quiet_hours), (*self.caps, *own.caps))

    @property
    def days_most(self) -> int:
        """How far back contacts count."""
        caps = (*self.caps, *(cap for it in self.campaigns.values() for cap in it.caps))
        return max((it.days for it in caps), default=0)


class Contact(msgspec.Struct, frozen=True):
    """One release that was made; its id tells it from others."""

    release: str
    at: int
    purpose: str
    channel: str
    campaign: str


class Contacting(msgspec.Struct, frozen=True):
    """All that decides, at one instant, whether somebody who may be contacted is.

    `made`: id of a record, or any id a customer had → the releases that reached it.
    """

    rules: ContactingRules
    campaign: str
    made: dict[bytes, tuple[Contact, ...]]
