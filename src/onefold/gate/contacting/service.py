"""Holding back: of those who may be contacted, who is left alone now, by all that their records say."""

from __future__ import annotations

from collections import Counter

from onefold.gate.audience import Audience, Released
from onefold.gate.contacting.model import Contacting
from onefold.gate.contacting.rules import reason_to_wait
from onefold.gate.scope import Scope


def hold_back(scope: Scope, audience: Audience, contacting: Contacting, now: int) -> Audience:
    """The audience without those who are left alone now, who are counted by reason with the others.

    Every record of a customer counts, whatever its source may serve: what keeps somebody back does so
    wherever it was said.
    """
    released: list[Released] = []
    left_out = Counter(audience.left_out)
    for it in audience.released:
        found = scope.reader.fresh().fragments(it.members)
        values = {key: fragment.values or {} for key, fragment in found.items()}
        reason = reason_to_wait(contacting, values, scope.permit.purpose, scope.permit.channel, now)
        if reason is None:
            released.append(it)
        else:
            left_out[reason] += 1
    return audience._replace(released=tuple(released), left_out=dict(sorted(left_out.items())))
