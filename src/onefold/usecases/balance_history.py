"""The balance of one account through time."""

from __future__ import annotations

from onefold.gate.model import BalanceSeries, Permit
from onefold.kernel.ids import id_from_text
from onefold.usecases.rooms import Rooms


def balance_history(permit: Permit, rooms: Rooms, customer: str, account: str) -> BalanceSeries:
    """A point for each day it changed, oldest first; the account must be one of this customer's."""
    permit.needs("balance_history")
    return rooms.gate.balances(permit, id_from_text(customer), id_from_text(account))
