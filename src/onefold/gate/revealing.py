"""Turning a token back: which customers are behind a value, and what has to hold before it is shown. Pure.

The customer's rules are those of a view: consent, contracts, portfolios. Beyond them the record that said the
value must still stand and be the customer's own, and its field's class must be shown in full to who asks. So
a token tells nobody more than they could look up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from onefold.customer.profile.ports import CustomerReader
from onefold.gate.products import Holding
from onefold.gate.scope import Scope
from onefold.kernel.errors import NotFound

BECAUSE = ("investigation", "complaint", "request", "authority", "mistake")
"""Why somebody turns a token back: fraud is looked into, a customer complains or asks for what is theirs, an
authority orders it, or what was sent was wrong.
"""
_HOLDERS_MAX = 100


class Looked(NamedTuple):
    """Whose value was shown, and the audit record that says so."""

    customer: bytes
    record: str


def check_shows(
    scope: Scope,
    parties: Collection[bytes],
    held: Mapping[bytes, Holding],
    fragment_id: bytes,
    field: str,
) -> None:
    """`NotFound` unless the record is of these parties or their products, and the field shown in full."""
    it = scope.standing([fragment_id]).get(fragment_id)
    is_left_out = scope.consented is not None and it is not None and field not in it.values
    if it is None or is_left_out or scope.right(it, field) != "full":
        raise _no_such_token()
    named = {fragment_id, it.values.get("party"), it.values.get("account")}
    if not named & {*parties, *held}:
        raise _no_such_token()


def parties_behind(reader: CustomerReader, fragment_id: bytes) -> list[bytes]:
    """The parties that a record is of: itself, whom it names, or who holds the account it hangs on."""
    found = reader.fragments([fragment_id]).get(fragment_id)
    values = found.values if found else None
    if found is None or values is None:
        return []
    if found.entity == "party":
        return [fragment_id]
    if (party := values.get("party")) is not None:
        return [party]
    if found.entity != "account" and (account := values.get("account")) is not None:
        return parties_behind(reader, account)
    links = reader.linked([fragment_id], "holder.account", most=_HOLDERS_MAX)
    holders = [*(from_id for _, from_id, _ in links), *filter(None, [values.get("holder")])]
    named = ((it.values or {}).get("party") for it in reader.fragments(holders).values())
    return list(dict.fromkeys(it for it in named if it is not None))


def _no_such_token() -> NotFound:
    return NotFound("There is no such token.")
