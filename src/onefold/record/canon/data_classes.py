"""What a consent is about: the closed list of data classes, their names in DPV, and which fields hold which.

They say which of our data somebody allowed to be used, not how sensitive it is: that is a field's class.
"""

from __future__ import annotations

from collections.abc import Container

ANY_DATA = "any"
"""All there is, told and untold: what a fact means that names no class. A yes to it is none to `EXPLICIT`."""

DATA_CLASSES: dict[str, tuple[str, str]] = {
    "identity": ("pd:Identifying", "who they are: names, birth, documents"),
    "contact": ("pd:Contact", "how to reach them"),
    "account": ("pd:FinancialAccount", "what they have with us: products, numbers, terms"),
    "balance": ("pd:FinancialStatus", "how much is on it"),
    "transaction": ("pd:Transactional", "what moved"),
    "payee": ("pd:FinancialAccount", "whom they pay: beneficiaries, standing orders, debits"),
    "behaviour": ("pd:Behavioral", "what they do on our pages and in our app"),
    "conversation": ("pd:Communication", "what they said and wrote to us"),
    "location": ("pd:Location", "where they are"),
    "biometric": ("pd:Biometric", "what tells them by their body: face, voice, finger, iris"),
}
"""Class → (the nearest term of the DPV 2 extension for personal data, what it is)."""

CONTACTING = "contact"
"""The class that is used where somebody is reached over a channel: an address, and nothing else."""

BIOMETRIC = "biometric"
EXPLICIT = frozenset({BIOMETRIC})
"""Classes that a yes has to name (GDPR article 9(2)(a)); a no to all data is one to these, too.

No view holds any of them, so none asks for one.
"""
OF_VIEWS = tuple(it for it in DATA_CLASSES if it not in EXPLICIT)
"""Classes that a view can hold."""

UNASKED = ""
"""The class of what is no data of theirs to be used: what they said about its use, our words, places."""

_OF_ENTITY = {
    "party": "identity",
    # To whom somebody stands how is of who they are.
    "relation": "identity",
    # Found by a relation alone, which is asked for.
    "household": UNASKED,
    "account": "account",
    "holder": "account",
    "transaction": "transaction",
    "balance": "balance",
    "order": "payee",
    "device": "behaviour",
    "interaction": "behaviour",
    "case": "conversation",
    # Found by looking at all there is, so to use it is to use all there is.
    "risk": ANY_DATA,
    "biometric": BIOMETRIC,
    "consent": UNASKED,
    "suppression": UNASKED,
    "hold": UNASKED,
    "judgement": UNASKED,
    "review": UNASKED,
    "contract": UNASKED,
    "adoption": UNASKED,
    "place": UNASKED,
}
"""Entity → the class of its records, and of their fields unless it is told below."""

_OF_FIELD = {
    "party": {
        **dict.fromkeys(("email", "email_verified", "phone", "phone_verified"), "contact"),
        # An address is one thing, though a part of it alone would be a place.
        **dict.fromkeys(("address", "city", "region", "postcode", "country", "place"), "contact"),
        **dict.fromkeys(("language", "preferred_channel"), "contact"),
        **dict.fromkeys(("status", "tier", "manager", "since_on"), "account"),
        "time_zone": "location",
    },
    # What stands on a statement names the other side as often as not.
    "transaction": {
        **dict.fromkeys(("counterparty", "counterparty_account", "text"), "payee"),
        "balance": "balance",
    },
    "interaction": dict.fromkeys(("text", "participants", "attachments"), "conversation"),
}
_TALK = frozenset(_OF_FIELD["interaction"])


def class_of(entity: str, name: str) -> str:
    """The class of data that a canonical field holds."""
    return _OF_FIELD.get(entity, {}).get(name) or _OF_ENTITY[entity]


def class_of_record(entity: str, names: Container[str]) -> str:
    """The class that a record with these fields is of, whatever classes some of its fields are.

    An interaction in which something was said is a conversation, any other is behaviour.
    """
    if entity == "interaction" and any(it in names for it in _TALK):
        return "conversation"
    return _OF_ENTITY[entity]
