"""The closed lists of words: canonical text fields that may hold nothing else.

Sources have their own words; a contract translates them. A word outside the list would be read by no
rule, so it is refused where it enters. Fields that are not listed here are open text.
"""

from __future__ import annotations

from onefold.record.canon.data_classes import ANY_DATA, DATA_CLASSES
from onefold.record.canon.purposes import PURPOSES, Basis
from onefold.record.canon.relations import KINDS

CHANNELS = frozenset({"branch", "call", "app", "web", "email", "sms", "push", "post", "partner"})
MECHANISMS: dict[str, str] = {
    "signed": "a signature, on paper or electronic",
    "ticked": "a box on a form, ticked by the customer",
    "tapped": "a button or a switch in an app or on a page",
    "spoken": "said to one of our people, or to a machine that kept it",
    "written": "a letter, an e-mail or a message of their own words",
    "device": "a setting or a signal of their device",
    "implied": "something else they did, which the notice says to mean it",
}
"""How a consent was given."""
_ANY_CHANNEL = CHANNELS | {"any"}

VOCABULARY: dict[tuple[str, str], frozenset[str]] = {
    ("party", "kind"): frozenset({"person", "organisation"}),
    ("party", "preferred_channel"): CHANNELS,
    ("party", "gender"): frozenset({"female", "male", "other"}),
    ("relation", "kind"): frozenset(KINDS),
    ("account", "product"): frozenset({"deposit", "loan", "card", "insurance", "subscription"}),
    ("account", "status"): frozenset({"open", "closed", "blocked", "arrears"}),
    ("holder", "role"): frozenset({"owner", "joint", "authorised", "guardian"}),
    ("transaction", "direction"): frozenset({"credit", "debit"}),
    ("interaction", "channel"): CHANNELS,
    ("case", "status"): frozenset({"open", "waiting", "closed"}),
    ("risk", "kind"): frozenset({"alert", "block"}),
    ("risk", "status"): frozenset({"open", "confirmed", "dismissed", "lifted"}),
    ("consent", "purpose"): frozenset(PURPOSES),
    ("consent", "channel"): _ANY_CHANNEL,
    ("consent", "fact"): frozenset({"granted", "withdrawn", "objected"}),
    ("consent", "data_class"): frozenset({*DATA_CLASSES, ANY_DATA}),
    ("consent", "basis"): frozenset(it.value for it in Basis),
    ("consent", "mechanism"): frozenset(MECHANISMS),
    ("suppression", "channel"): _ANY_CHANNEL,
    ("suppression", "reason"): frozenset(
        {"wish", "deceased", "litigation", "fraud", "bounce", "complaint", "vulnerable"}
    ),
    ("suppression", "state"): frozenset({"on", "off"}),
    ("hold", "state"): frozenset({"on", "off"}),
    ("biometric", "modality"): frozenset({"face", "voice", "finger", "iris"}),
    ("biometric", "status"): frozenset({"active", "revoked"}),
    ("judgement", "verdict"): frozenset({"same", "different", "unsure"}),
    ("review", "verdict"): frozenset({"same", "different", "unsure"}),
    ("review", "step"): frozenset({"claimed", "released", "skipped", "proposed", "decided"}),
    ("adoption", "step"): frozenset({"adopt", "rollback"}),
}

MANDATORY: dict[str, frozenset[str]] = {
    "relation": frozenset({"party", "kind"}),
    "holder": frozenset({"account", "party"}),
    "transaction": frozenset({"account", "booked_at", "direction", "amount", "currency"}),
    "balance": frozenset({"account", "day", "amount", "currency"}),
    "order": frozenset({"account", "amount", "currency"}),
    "interaction": frozenset({"channel", "action", "happened_at"}),
    "risk": frozenset({"kind", "status"}),
    "consent": frozenset({"party", "purpose", "channel", "fact", "given_at"}),
    "suppression": frozenset({"party", "channel", "reason", "state"}),
    "hold": frozenset({"party", "state"}),
    "biometric": frozenset({"party", "modality", "status", "generation"}),
    "judgement": frozenset({"left", "right", "verdict"}),
    "review": frozenset({"left", "right", "step"}),
    "contract": frozenset({"source", "version", "digest"}),
    "adoption": frozenset({"number", "version", "step"}),
}
"""Fields without which a whole row of the entity means nothing. A patch may leave them out."""
