"""One call, chat, mail or ticket of a customer, whole."""

from __future__ import annotations

from onefold.gate.model import Conversation, Permit
from onefold.kernel.ids import id_from_text
from onefold.usecases.rooms import Rooms


def open_conversation(
    permit: Permit, rooms: Rooms, customer: str, moment: str, *, text: str = ""
) -> Conversation:
    """Who said what; words of a text that was searched for are marked."""
    permit.needs("open_conversation")
    return rooms.gate.conversation(permit, id_from_text(customer), id_from_text(moment), text=text)
