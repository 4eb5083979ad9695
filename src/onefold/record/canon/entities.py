"""The canonical model: which things sources speak of, their fields, and how each field is classed.

This registry is the one list of entities. Contracts map onto it, the fold, the views, the property
strategies and the reference page are made from it. Nothing here acts.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class FieldClass(StrEnum):
    """How sensitive a value is; roles and masks are stated over these."""

    OPEN = "open"
    INTERNAL = "internal"
    PII = "pii"
    PCI = "pci"
    SPECIAL = "special"
    SECRET = "secret"


STRICTNESS: dict[FieldClass, int] = {
    FieldClass.OPEN: 0,
    FieldClass.INTERNAL: 1,
    FieldClass.PII: 2,
    FieldClass.PCI: 2,
    FieldClass.SPECIAL: 3,
    FieldClass.SECRET: 4,
}
"""How much each class asks of whoever keeps or shows a value."""


class FieldType(StrEnum):
    """The canonical types. DAY is days since the epoch, INSTANT milliseconds, MONEY minor units."""

    TEXT = "text"
    INTEGER = "integer"
    FLAG = "flag"
    DAY = "day"
    INSTANT = "instant"
    MONEY = "money"
    REF = "ref"


class Field(NamedTuple):
    """One field: its type, class, one sentence, and for a REF the entity it points at."""

    type: FieldType
    field_class: FieldClass
    about: str
    to: str = ""


class Entity(NamedTuple):
    """One kind of thing. `personal` entities are resolved or hang on a party by their REF fields."""

    name: str
    about: str
    fields: dict[str, Field]

    @property
    def refs(self) -> dict[str, Field]:
        """The fields that point at other entities."""
        return {name: field for name, field in self.fields.items() if field.type is FieldType.REF}


_T, _C = FieldType, FieldClass


def _text(about: str, field_class: FieldClass = FieldClass.INTERNAL) -> Field:
    return Field(_T.TEXT, field_class, about)


def _pii(about: str) -> Field:
    return Field(_T.TEXT, _C.PII, about)


def _money(about: str) -> Field:
    return Field(_T.MONEY, _C.PCI, about)


def _ref(to: str, about: str) -> Field:
    return Field(_T.REF, _C.INTERNAL, about, to)


_PARTY = Entity(
    "party",
    "A person or an organisation, as one source knows it.",
    {
        "kind": _text("person or organisation"),
        "full_name": _pii("the whole name as written"),
        "given_name": _pii("first name"),
        "middle_name": _pii("middle name or patronymic"),
        "family_name": _pii("last name"),
        "organisation_name": _pii("legal name of an organisation"),
        "birth_date": Field(_T.DAY, _C.PII, "day of birth; placeholders are dropped when mapped"),
        "gender": _text("female, male or other", _C.SPECIAL),
        "national_id": _pii("state identifier, normalised"),
        "tax_id": _pii("tax identifier, normalised"),
        "customer_number": _text("the firm's own number, shared between its systems", _C.PII),
        "email": _pii("e-mail, lower case"),
        "email_verified": Field(_T.FLAG, _C.INTERNAL, "the source has proof that the e-mail is theirs"),
        "phone": _pii("phone in E.164"),
        "phone_verified": Field(_T.FLAG, _C.INTERNAL, "the source has proof that the phone is theirs"),
        "identifiers_verified": Field(
            _T.FLAG, _C.INTERNAL, "the contract says `trusted`: the source verifies who its customers are"
        ),
        "address": _pii("street, house, flat"),
        "city": _pii("city or town"),
        "region": _text("region or district"),
        "postcode": _pii("postal code"),
        "country": _text("ISO 3166-1 alpha-2"),
        "language": _text("preferred language, BCP 47"),
        "time_zone": _text("where their clock stands: a name of the time zone database, Asia/Tashkent"),
        "preferred_channel": _text("the channel they want to be reached by"),
        "status": _text("the source's own status of the customer"),
        "tier": _text("the firm's segment of the customer (mass, affluent, private, business …)"),
        "manager": _text("who owns the relationship, as the source names them"),
        "guardian": _ref("party", "who acts for this person"),
        "vulnerable": Field(
            _T.FLAG,
            _C.SPECIAL,
            "the source was told that they are easily harmed now (illness, loss, debt …)",
        ),
        "protected": Field(
            _T.FLAG, _C.SPECIAL, "the source was told that they are of a class which the law protects"
        ),
        "since_on": Field(_T.DAY, _C.INTERNAL, "customer since"),
        "place": _ref("place", "the district or town, where the source gives a code for it"),
    },
)

_ACCOUNT = Entity(
    "account",
    "A product a party holds: deposit, loan, card, insurance policy, subscription.",
    {
        "product": _text("deposit, loan, card, insurance or subscription"),
        "name": _text("the product's name in the catalogue"),
        "number": Field(_T.TEXT, _C.PCI, "account, card or policy number, or the line of a subscription"),
        "currency": _text("ISO 4217"),
        "status": _text("open, closed, blocked or arrears"),
        "opened_on": Field(_T.DAY, _C.INTERNAL, "opened"),
        "closed_on": Field(_T.DAY, _C.INTERNAL, "closed"),
        "amount": _money("principal of a loan, sum insured, limit of a card"),
        "payment": _money("regular payment"),
        "months": Field(_T.INTEGER, _C.INTERNAL, "term in months"),
        "party": _ref("party", "the holder, where the source has just one"),
        "account": _ref("account", "the account this product hangs on"),
        "holder": _ref("holder", "the holding this product hangs on (a card of one holder)"),
        "region": _text("branch or district"),
        "place": _ref("place", "the branch or district, where the source gives a code for it"),
    },
)

_HOLDER = Entity(
    "holder",
    "That a party holds, shares or may use an account.",
    {
        "account": _ref("account", "the account"),
        "party": _ref("party", "the party"),
        "role": _text("owner, joint, authorised or guardian"),
    },
)

_HOUSEHOLD = Entity(
    "household",
    "People who live and keep house together, where a source says so; who is of it, relations say.",
    {
        "name": _pii("what the source calls it"),
        "since_on": Field(_T.DAY, _C.INTERNAL, "since"),
    },
)

_RELATION = Entity(
    "relation",
    "How one party stands to another, or that it is of a household. It joins and parts nobody.",
    {
        "party": _ref("party", "who it is about"),
        "other": _ref("party", "who is the guardian, the spouse, a director … of the party"),
        "household": _ref("household", "the household that the party is of"),
        "kind": _text("what the other is to the party: a word of the list of relations"),
        "title": _text("what the source calls it: chief accountant, mother …"),
        "share": _text("how much of a firm is theirs, in percent, as the source writes it"),
        "since_on": Field(_T.DAY, _C.INTERNAL, "since"),
        "until_on": Field(_T.DAY, _C.INTERNAL, "the last day, where it ends or ended"),
    },
)

_TRANSACTION = Entity(
    "transaction",
    "A movement of money on an account, an invoice or a charge.",
    {
        "account": _ref("account", "the account it moved"),
        "booked_at": Field(_T.INSTANT, _C.INTERNAL, "when it was booked"),
        "direction": _text("credit or debit"),
        "amount": _money("always positive; direction gives the sign"),
        "currency": _text("ISO 4217"),
        "balance": _money("balance after it, where the source says"),
        "operation": _text("how: cash, transfer, card, fee, interest, invoice …"),
        "category": _text("what for: salary, rent, groceries …"),
        "text": Field(_T.TEXT, _C.PII, "the text on the statement"),
        "counterparty": Field(_T.TEXT, _C.PII, "a mention of the other side; never a party of ours"),
        "counterparty_account": Field(_T.TEXT, _C.PCI, "the other side's account"),
    },
)

_BALANCE = Entity(
    "balance",
    "What an account held at the end of a day, as the source states it.",
    {
        "account": _ref("account", "the account"),
        "day": Field(_T.DAY, _C.INTERNAL, "the day"),
        "amount": _money("may be negative"),
        "currency": _text("ISO 4217"),
    },
)

_ORDER = Entity(
    "order",
    "A standing instruction to pay.",
    {
        "account": _ref("account", "the account it pays from"),
        "amount": _money("each time"),
        "currency": _text("ISO 4217"),
        "category": _text("what for"),
        "counterparty_account": Field(_T.TEXT, _C.PCI, "where to"),
    },
)

_DEVICE = Entity(
    "device",
    "A phone, browser or cookie: a thing and nobody's. Who was there when, its interactions say.",
    {
        "platform": _text("ios, android, web …"),
        "model": _text("model or user agent"),
        "party": _ref("party", "who was seen there last, where the source says no more than that"),
    },
)

_INTERACTION = Entity(
    "interaction",
    "Something that happened between a party (or a device) and the firm.",
    {
        "party": _ref("party", "who"),
        "device": _ref("device", "on what"),
        "channel": _text("branch, call, app, web, email, sms, push"),
        "action": _text("visit, page, login, logout, note, sent, opened, clicked, usage, call …"),
        "topic": _text("page, campaign, subject"),
        "happened_at": Field(_T.INSTANT, _C.INTERNAL, "when"),
        "text": _pii("what was said or written"),
        "employee": _text("who of the firm"),
        "quantity": Field(_T.INTEGER, _C.INTERNAL, "how much (minutes, megabytes, seconds)"),
        "participants": _pii("who took part, as written"),
        "attachments": _pii("what the attachments are called; they are not read"),
        "marketing_allowed": Field(_T.FLAG, _C.INTERNAL, "the call carried a yes or a no to marketing"),
        "analytics_allowed": Field(_T.FLAG, _C.INTERNAL, "the call carried a yes or a no to analytics"),
    },
)

_CASE = Entity(
    "case",
    "A dispute, complaint or request that has a state.",
    {
        "party": _ref("party", "whose"),
        "account": _ref("account", "about which product"),
        "topic": _text("dispute, complaint, request …"),
        "status": _text("open, waiting, closed"),
        "opened_at": Field(_T.INSTANT, _C.INTERNAL, "opened"),
        "closed_at": Field(_T.INSTANT, _C.INTERNAL, "closed"),
        "text": _pii("what it is about"),
    },
)

_RISK = Entity(
    "risk",
    "An alert or a block by anti-fraud or AML.",
    {
        "party": _ref("party", "whom"),
        "account": _ref("account", "which product"),
        "kind": _text("alert or block"),
        "rule": _text("what raised it", _C.SPECIAL),
        "score": Field(_T.INTEGER, _C.SPECIAL, "0 to 1000"),
        "status": _text("open, confirmed, dismissed, lifted"),
        "raised_at": Field(_T.INSTANT, _C.INTERNAL, "when"),
    },
)

_CONSENT = Entity(
    "consent",
    "One fact: a party granted, withdrew or objected, for a purpose and a channel, at an instant.",
    {
        "party": _ref("party", "who said it"),
        "purpose": _text("a purpose of the purpose list"),
        "channel": _text("email, sms, call, push, app, web, branch, partner, or any"),
        "fact": _text("granted, withdrawn or objected"),
        "given_at": Field(_T.INSTANT, _C.INTERNAL, "when it was said"),
        "until_at": Field(_T.INSTANT, _C.INTERNAL, "a grant ends here"),
        "evidence": _text("notice version, form, call reference"),
        "from_at": Field(_T.INSTANT, _C.INTERNAL, "a grant begins here, where it does not at once"),
        "data_class": _text("a class of the list of data classes, or any, which it is where none is named"),
        "controller": _text("the firm that may use the data; absent: we ourselves"),
        "includes_parts": Field(
            _T.FLAG, _C.INTERNAL, "the notice says that a yes to the purpose is a yes to each of its parts"
        ),
        "basis": _text("consent (also where none is named), contract, legal duty, legitimate interest"),
        "jurisdiction": _text("the law it was given under: ISO 3166-1 alpha-2, or -2 for a part"),
        "notice": _text("the notice that was shown or read out, by its id"),
        "notice_version": _text("its version"),
        "language": _text("the language it was in, BCP 47"),
        "mechanism": _text("signed, ticked, tapped, spoken, written, device, implied"),
    },
)

_SUPPRESSION = Entity(
    "suppression",
    "Do not contact: by wish, death, litigation or fraud block.",
    {
        "party": _ref("party", "whom"),
        "channel": _text("which channel, or any"),
        "reason": _text("wish, deceased, litigation, fraud, bounce, complaint, vulnerable"),
        "state": _text("on or off"),
        "since_at": Field(_T.INSTANT, _C.INTERNAL, "since"),
    },
)

_HOLD = Entity(
    "hold",
    "What is known of a party is kept for a court or an authority, whatever else asks for it to go.",
    {
        "party": _ref("party", "whom"),
        "hold": _text(
            "the hold it is part of: one is placed on every record of a customer, and lifted whole"
        ),
        "matter": _text("the case or the order, as the firm's lawyers call it", _C.SPECIAL),
        "reason": _text("why it is kept", _C.SPECIAL),
        "state": _text("on or off"),
        "since_at": Field(_T.INSTANT, _C.INTERNAL, "placed"),
        "review_on": Field(_T.DAY, _C.INTERNAL, "looked at again on this day"),
        "placed_by": _text("who placed it"),
        "lifted_at": Field(_T.INSTANT, _C.INTERNAL, "lifted"),
        "lifted_by": _text("who lifted it"),
        "lifted_because": _text("why it was lifted", _C.SPECIAL),
    },
)

_BIOMETRIC = Entity(
    "biometric",
    "That a protected reference to somebody's face, voice, finger or iris is kept; nothing of a template.",
    {
        "party": _ref("party", "whom"),
        "modality": _text("face, voice, finger or iris", _C.SPECIAL),
        "status": _text("active or revoked", _C.SPECIAL),
        "generation": Field(
            _T.INTEGER, _C.INTERNAL, "the how manieth of this record; a new one ends the last"
        ),
        "since_at": Field(_T.INSTANT, _C.INTERNAL, "enrolled, or revoked"),
        "granted_at": Field(_T.INSTANT, _C.INTERNAL, "when the consent was given that it was enrolled under"),
        "consent": _text("id of that consent"),
        "protected": _text("a keyed digest of what the engine makes of a sample; shown to nobody", _C.SECRET),
    },
)

_JUDGEMENT = Entity(
    "judgement",
    "A steward's word on two party fragments; it outlives re-runs and outweighs every rule.",
    {
        "left": _ref("party", "one fragment"),
        "right": _ref("party", "the other"),
        "verdict": _text("same, different or unsure"),
        "actor": _text("the steward"),
        "reason": _text("why"),
    },
)

_REVIEW = Entity(
    "review",
    "How far stewards are with two party fragments that are worth a look; it joins and parts nobody.",
    {
        "left": _ref("party", "one fragment"),
        "right": _ref("party", "the other"),
        "step": _text("claimed, released, skipped, proposed or decided"),
        "verdict": _text("same, different or unsure"),
        "actor": _text("the steward"),
        "reason": _text("why"),
        "until_at": Field(_T.INSTANT, _C.INTERNAL, "when the claim ends"),
    },
)

_PLACE = Entity(
    "place",
    "A district, town or branch that rows of a source refer to by a code; about nobody.",
    {
        "name": _text("what people call it", FieldClass.OPEN),
        "region": _text("the region it lies in", FieldClass.OPEN),
        "country": _text("ISO 3166-1 alpha-2", FieldClass.OPEN),
        "inhabitants": Field(_T.INTEGER, _C.OPEN, "how many live there, where the source says"),
    },
)

_CONTRACT = Entity(
    "contract",
    "That a source's contract of a version and digest went live.",
    {
        "source": _text("the source"),
        "version": _text("semantic version"),
        "digest": _text("SHA-256 of the file as published"),
    },
)

_ADOPTION = Entity(
    "adoption",
    "That a model was adopted, or taken back: it decides who is who, for all that the log holds.",
    {
        "number": _text("the how manieth it is"),
        "version": _text("of the model, or `rules`"),
        "digest": _text("SHA-256 of the file of the model"),
        "frequencies": _text("SHA-256 of how often the model holds each value to occur"),
        "step": _text("adopt or rollback"),
        "actor": _text("who adopted it"),
        "adopted_at": Field(_T.INSTANT, _C.INTERNAL, "adopted"),
    },
)

OF_OURSELVES = frozenset({"biometric"})
"""Entities that no source delivers: a template that one sent would be in the log."""

ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        _PARTY, _HOUSEHOLD, _RELATION, _ACCOUNT, _HOLDER, _TRANSACTION, _BALANCE, _ORDER, _DEVICE,
        _INTERACTION, _CASE, _RISK, _CONSENT, _SUPPRESSION, _HOLD, _BIOMETRIC, _JUDGEMENT, _REVIEW, _CONTRACT,
        _ADOPTION, _PLACE,
    )
}  # fmt: skip
