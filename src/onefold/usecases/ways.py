"""How people sign in: with a password of ours, over the company's directory, or over its provider.

Who comes from outside is called after where: `directory:anna` is never the local `anna`, so nobody gets a
local login's rights by choosing its name elsewhere. Their roles come from a table of the settings, by group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from onefold.usecases.ports import Directory, Provider

DIRECTORY, PROVIDER = "directory:", "provider:"
PROVIDER_SECONDS = 3600
"""A provider is not asked again while a session lasts, so its sessions are shorter: sign in there again."""
EVERY = "*"
"""Stands for no limit, where groups give portfolios."""
NO_PORTFOLIO = "none of the groups"
"""A name that no source has for anybody."""
_AROUND = re.compile(r"\s*([,=])\s*")

Roles = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Ways:
    """What the settings allow. `local`: the only logins that may use a password of ours; None: every one.

    Portfolios are given by groups as roles are; None: they are given here, login by login.
    """

    local: frozenset[str] | None = None
    directory: Directory | None = None
    directory_roles: Roles = field(default_factory=dict)
    directory_portfolios: Roles | None = None
    provider: Provider | None = None
    provider_roles: Roles = field(default_factory=dict)
    provider_portfolios: Roles | None = None

    def takes_password_of(self, login: str) -> bool:
        """Whether a password of ours is looked at."""
        return self.local is None or login in self.local


def roles_of(groups: Iterable[str], roles: Roles) -> tuple[str, ...]:
    """What the groups give, in the table's order; neither case nor space around , and = count."""
    held = {_plain(it) for it in groups}
    found = (role for group, given in roles.items() if _plain(group) in held for role in given)
    return tuple(dict.fromkeys(found))


def portfolios_of(groups: Iterable[str], portfolios: Roles | None) -> tuple[str, ...] | None:
    """The portfolios that the groups give; none where one gives `EVERY`, None where groups give nobody any.

    Whoever is in none of the groups then keeps one that no customer is in: left out is not set free.
    """
    if portfolios is None:
        return None
    kept = roles_of(groups, portfolios)
    return () if EVERY in kept else kept or (NO_PORTFOLIO,)


def _plain(group: str) -> str:
    return _AROUND.sub(r"\1", group).casefold()
