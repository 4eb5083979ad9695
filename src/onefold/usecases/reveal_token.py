"""Turn tokens back: show what they stood for, one by one, to who may see that of the customer behind each.

A token nobody was shown, one of another cell, one of somebody who is erased, one whose customer may not be
shown and a text that is no token have the same answer; the audit knows why. Every token has a record of its
own, and a record holds the token as a keyed digest alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from onefold.gate.cutting import OneValue
from onefold.gate.model import Permit
from onefold.gate.revealing import BECAUSE, parties_behind
from onefold.kernel.errors import CallerError, Forgotten, NotFound, Refused
from onefold.kernel.ids import id_text
from onefold.record.tokens.model import Minted
from onefold.record.tokens.rules import kind_in
from onefold.usecases.limits import TooManyRequests
from onefold.usecases.model import RevealedToken, RevealedTokens
from onefold.usecases.reveals import AT_ONCE_MAX
from onefold.usecases.rooms import Rooms

UNKNOWN = "no value that may be shown for this stands behind the token"


def reveal_token(permit: Permit, rooms: Rooms, tokens: Sequence[str], because: str) -> RevealedTokens:
    """Each token with its value, or without one.

    `CallerError` for a reason that is on no list and for too many at once, `TooManyRequests` for too many in
    an hour.
    """
    permit.needs("reveal_token")
    if because not in BECAUSE:
        raise CallerError("The reason is not one we know.", hint=f"Known: {', '.join(BECAUSE)}.")
    asked = list(dict.fromkeys(tokens))
    if not 0 < len(asked) <= AT_ONCE_MAX:
        raise CallerError(f"Name from 1 to {AT_ONCE_MAX} tokens.")
    try:
        rooms.reveals.take(permit.actor.id, len(asked), rooms.clock.now_ms())
    except TooManyRequests:
        rooms.gate.refused(permit, ("too many tokens within an hour",), {"because": because})
        raise
    return RevealedTokens(because, tuple(_revealed(permit, rooms, it, because) for it in asked))


def _revealed(permit: Permit, rooms: Rooms, token: str, because: str) -> RevealedToken:
    for row in rooms.tokens.rows(token):
        found = _shown(permit, rooms, row, because)
        if found is not None:
            return found
    record = rooms.gate.refused(permit, (UNKNOWN,), {"because": because}, said=token)
    return RevealedToken(token, kind_in(token), None, "", "", record)


def _shown(permit: Permit, rooms: Rooms, row: Minted, because: str) -> RevealedToken | None:
    """The value under the rules of the first customer behind it who may be shown; None where nobody may."""
    with rooms.reader.snapshot() as reader:
        customers = reader.customers_of(parties_behind(reader, row.fragment_id))
    for customer in dict.fromkeys(customers.values()):
        asked = OneValue(customer, row.fragment_id, row.field)
        try:
            looked = rooms.gate.value_behind(permit, asked, row.token, because)
        except (Refused, NotFound, Forgotten):
            continue
        kind, of = kind_in(row.token), id_text(looked.customer)
        return RevealedToken(row.token, kind, row.value, of, row.field, looked.record)
    return None
