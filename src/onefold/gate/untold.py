"""Why somebody is left alone, as far as who asks is told. Pure.

Theory. That a bank suspects somebody, or is at law with them, is nothing that a marketer has to know, of one
customer or of a number of them. Which roles are told, the policies say (`see_reason`); to all others
these reasons, and that somebody is vulnerable, are one: UNTOLD. It is counted like any other, so a breakdown
still adds up to whom it was asked about.

One word for three reasons would still tell much of a small number: of a segment of one customer it would be
that customer's. So whoever is not told reads no suppression and no state of consent of fewer than the least
group of the house; such parts are counted under UNTOLD as well. A small UNTOLD may then be any of these, most
of them a customer's wish or silence. All else is told as it is, since whoever is left out for an address, an
hour, a cap or a policy is not counted as suppressed. What is left: a large UNTOLD is mostly of the hidden
reasons, about how many; and who can have a segment made in which each of the other reasons has a least group,
and then adds one customer, sees which part grows. Segments are made by the house, not by who counts.
"""

from __future__ import annotations

from collections.abc import Mapping

from onefold.customer.consent.rules import obstacle_of
from onefold.gate.model import Permit
from onefold.gate.words import REASONS

UNTOLD = "for a reason that is not for this role"
_OF_SOMEBODY = ("suppressed", "consent ")
"""How the reasons begin that say something of whoever is left out, and not of the moment or the channel."""


def is_untold(permit: Permit, reason: str) -> bool:
    """Whether a reason is not told to who asks; that of the vulnerable follows from what is special."""
    return reason in REASONS and reason not in permit.tells


def tells_all(permit: Permit) -> bool:
    """Whether who asks is told every reason there is."""
    return not any(is_untold(permit, it) for it in REASONS)


def words_untold(permit: Permit) -> dict[str, str]:
    """Obstacle → what is told instead of it."""
    return {obstacle_of(it): UNTOLD for it in REASONS if is_untold(permit, it)}


def parts_told(permit: Permit, parts: Mapping[str, int], least: int) -> dict[str, int]:
    """A breakdown, in order of its reasons, without what `least` hides from who is not told every reason."""
    if tells_all(permit):
        return dict(parts)
    told = {
        reason: count
        for reason, count in parts.items()
        if reason != UNTOLD and (count >= least or not reason.startswith(_OF_SOMEBODY))
    }
    if left := sum(parts.values()) - sum(told.values()):
        told[UNTOLD] = left
    return dict(sorted(told.items()))
