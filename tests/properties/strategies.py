"""Histories to try the laws on: events about any entity of the registry, in small worlds where they collide.

Strategies derive from `ENTITIES` × `EventKind`. An entity has to be named in `KEYS`: adding one to the
registry without saying how many there are in a history fails the build, so that nobody adds a kind of event
that the laws never see.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from onefold.kernel.time import MS_PER_DAY
from onefold.record.canon.entities import ENTITIES, Field, FieldType
from onefold.record.canon.vocabulary import VOCABULARY
from onefold.record.log.model import EventKind
from onefold.testing.sayings import Saying, fragment_id

SOURCES = ("core", "crm")

KEYS = {
    "party": 6, "account": 3, "holder": 3, "transaction": 6, "balance": 3, "order": 2, "device": 2,
    "interaction": 4, "case": 2, "risk": 2, "consent": 4, "suppression": 2, "judgement": 3, "contract": 1,
    "review": 2, "place": 2, "hold": 2, "adoption": 1,
    "household": 2, "relation": 4, "biometric": 2,
}  # fmt: skip
"""How many things of an entity each source speaks of."""

WORDS = {
    ("party", "full_name"): ("Aziz Karimov", "Азиз Каримов", "Karimov Aziz Rustamovich", "Hasan Karimov"),
    ("party", "given_name"): ("Aziz", "Азиз", "Hasan", "Husan"),
    ("party", "family_name"): ("Karimov", "Каримов", "Rahimova"),
    ("party", "middle_name"): ("Rustamovich",),
    ("party", "organisation_name"): ("Chorsu Savdo MChJ", "OOO Chorsu Savdo"),
    ("party", "national_id"): ("30101900000017", "30202910000028", "AA1234567"),
    ("party", "tax_id"): ("301000001", "302000002"),
    ("party", "customer_number"): ("C-1", "C-2"),
    ("party", "email"): ("a@karimov.uz", "family@karimov.uz"),
    ("party", "phone"): ("+998901112233", "+998905556677"),
    ("party", "address"): ("12 Navoiy ko'chasi", "ул. Навои, 12", "7 Bobur"),
    ("party", "city"): ("Toshkent", "Samarqand"),
    ("interaction", "action"): ("login", "page"),
    ("interaction", "text"): ("The card is gone", "[0:00:01] Anna: Karta yo'q", "Где карта?"),
}  # fmt: skip
BIRTH_DATES = (7000, 7001, 16000)
_AZIZ = {"full_name": "Aziz Karimov", "email": "a@karimov.uz", "phone": "+998901112233", "city": "Toshkent"}
PEOPLE: tuple[dict[str, Any], ...] = (
    _AZIZ
    | {"birth_date": 7000, "national_id": "30101900000017", "customer_number": "C-1", "since_on": 3}
    | {"identifiers_verified": True},
    _AZIZ
    | {"birth_date": 16000, "national_id": "30202910000028", "full_name": "Азиз Каримов", "since_on": 9},
    _AZIZ | {"birth_date": 7000, "full_name": "Hasan Karimov", "email": "family@karimov.uz"},
    _AZIZ
    | {"birth_date": 7001, "email_verified": True, "phone_verified": True, "identifiers_verified": True},
)
"""A father, his son of the same name, a twin, and somebody like the father: they share what people share."""


def field_values(entity: str, name: str, field: Field) -> st.SearchStrategy:
    """Values of one field: few, so that fragments agree and disagree often."""
    if field.type is FieldType.REF:
        assert field.to in KEYS, missing(field.to)
        things = [(source, f"{field.to}-{n}") for source in SOURCES for n in range(KEYS[field.to])]
        return st.sampled_from(things).map(lambda it: fragment_id(it[0], field.to, it[1]))
    if (entity, name) in VOCABULARY:
        return st.sampled_from(sorted(VOCABULARY[entity, name]))
    if name == "birth_date":
        return st.sampled_from(BIRTH_DATES)
    return {
        FieldType.TEXT: st.sampled_from(WORDS.get((entity, name), ("one", "два"))),
        FieldType.INTEGER: st.integers(-3, 1000),
        FieldType.FLAG: st.booleans(),
        FieldType.DAY: st.integers(-2, 12),
        FieldType.INSTANT: st.integers(-2 * MS_PER_DAY, 12 * MS_PER_DAY),
        FieldType.MONEY: st.integers(-(10**6), 10**6) | st.sampled_from([0, 1 << 53, (1 << 53) - 1]),
    }[field.type]


def missing(entity: str) -> str:
    """What to do about an entity that histories do not hold."""
    return f"entity {entity!r} has no strategy: add it to KEYS in tests/properties/strategies.py"


@cache
def values_of(name: str, kind: EventKind) -> st.SearchStrategy:
    """Canonical values of one event; any field may be absent, and in a patch be cleared."""
    entity = ENTITIES[name]
    if kind in (EventKind.DELETE, EventKind.ERASE):
        return st.just({})
    cleared = st.none() if kind is EventKind.PATCH else st.nothing()
    fields = {it: field_values(name, it, field) | cleared for it, field in entity.fields.items()}
    values = st.fixed_dictionaries({}, optional=fields)
    return values | people() | people() if name == "party" else values


@cache
def people() -> st.SearchStrategy:
    """What a source knows of one of a few people: more or less of it."""
    forgotten = st.lists(st.sampled_from(sorted({name for person in PEOPLE for name in person})), max_size=9)
    return st.builds(
        lambda person, without: {name: value for name, value in person.items() if name not in without},
        st.sampled_from(PEOPLE),
        forgotten,
    )


@cache
def sayings_of(name: str, kinds: tuple[EventKind, ...] = tuple(EventKind)) -> st.SearchStrategy[Saying]:
    """One event about one entity, its number still 0."""
    assert name in KEYS, missing(name)
    keys = st.integers(0, KEYS[name] - 1).map(lambda n: f"{name}-{n}")
    days = st.integers(0, 9).map(lambda day: day * MS_PER_DAY)
    said = st.one_of([st.tuples(st.just(kind), values_of(name, kind)) for kind in kinds])
    return st.tuples(st.sampled_from(SOURCES), keys, said, days).map(
        lambda it: Saying(it[0], name, it[1], it[2][0], it[3], 0, it[2][1])
    )


def numbered(sayings: list[Saying]) -> list[Saying]:
    """Each event with a number of its own, hence an event id of its own."""
    return [
        Saying(it.source, it.entity, it.key, it.kind, it.at, number, it.values)
        for number, it in enumerate(sayings)
    ]


def histories(*entities: str, least: int = 0, most: int = 40) -> st.SearchStrategy[list[Saying]]:
    """Events about these entities (all of the registry if none is named), in the order of the log."""
    named = st.one_of([sayings_of(name) for name in entities or ENTITIES])
    return st.lists(named, min_size=least, max_size=most).map(numbered)


def identities(least: int = 6, most: int = 24) -> st.SearchStrategy[list[Saying]]:
    """Events that move identity: mostly rows of parties, now and then a deletion, a patch or a judgement."""
    rows = sayings_of("party", (EventKind.UPSERT,))
    others = sayings_of("party") | judgements() | judgements()
    return st.lists(rows | rows | others, min_size=least, max_size=most).map(numbered)


def judgements() -> st.SearchStrategy[Saying]:
    """Stewards who speak of the same few pairs, contradict each other and take it back."""
    party = st.integers(0, 2).map(lambda n: fragment_id("core", "party", f"party-{n}"))
    word = st.fixed_dictionaries(
        {"left": party, "right": party, "verdict": st.sampled_from(("same", "same", "different", "unsure"))}
    )
    said = st.tuples(st.just(EventKind.UPSERT), word) | st.tuples(st.just(EventKind.DELETE), st.just({}))
    return st.tuples(said, st.integers(0, 2), st.integers(0, 9)).map(
        lambda it: Saying("onefold", "judgement", f"{it[1]}", it[0][0], it[2] * MS_PER_DAY, 0, it[0][1])
    )


KNOWN = tuple(
    Saying("core", "party", f"party-{n}", EventKind.UPSERT, 0, 0, dict(person))
    for n, person in enumerate((PEOPLE[0], PEOPLE[0] | {"national_id": ""}, PEOPLE[3]))
)
"""Three fragments of one customer, two of them joined by a verified identifier."""


def _granted(key: int, party: Saying, **more) -> Saying:
    values = {"party": party.fragment_id, "purpose": "marketing", "channel": "any", "fact": "granted"}
    values |= {"given_at": 4 * MS_PER_DAY} | more
    return Saying("crm", "consent", f"consent-{key}", EventKind.UPSERT, 2 * MS_PER_DAY, 0, values)


GRANTED = tuple(_granted(key, party) for key, party in enumerate(KNOWN))
"""Each of them said yes to marketing."""

PARTLY = (
    _granted(0, KNOWN[0], channel="email"),
    _granted(1, KNOWN[2], until_at=5 * MS_PER_DAY),
)
"""One said yes on one channel, another for a time that is over."""


def permissions() -> st.SearchStrategy[Saying]:
    """Events about consent and suppression of the known parties: whole rows, and corrections of any kind."""
    party = st.sampled_from(KNOWN).map(lambda it: it.fragment_id)
    day = st.integers(0, 9).map(lambda n: n * MS_PER_DAY)
    consent = {
        "party": party,
        "purpose": st.sampled_from(("marketing", "marketing", "stewardship")),
        "channel": st.sampled_from(("email", "any")),
        "fact": st.sampled_from(("granted", "granted", "withdrawn", "objected")),
        "given_at": day,
    }
    suppression = {
        "party": party,
        "channel": st.sampled_from(("email", "any")),
        "state": st.sampled_from(("on", "off", "off")),
        "since_at": day,
    }
    return _restated("consent", consent, {"until_at": day}) | _restated("suppression", suppression, {})


def finer_permissions() -> st.SearchStrategy[Saying]:
    """`permissions`, and consents for parts of purposes, classes of data, other firms, and from later on."""
    party = st.sampled_from(KNOWN).map(lambda it: it.fragment_id)
    day = st.integers(0, 9).map(lambda n: n * MS_PER_DAY)
    consent = {
        "party": party,
        "purpose": st.sampled_from(("marketing", "direct_marketing", "analytics", "service_improvement")),
        "channel": st.sampled_from(("email", "any")),
        "fact": st.sampled_from(("granted", "granted", "withdrawn", "objected")),
        "given_at": day,
    }
    finer = {
        "until_at": day,
        "from_at": day,
        "includes_parts": st.booleans(),
        "data_class": st.sampled_from(("any", "balance", "contact")),
        "controller": st.sampled_from(("", "another")),
        "basis": st.sampled_from(("", "consent", "contract")),
    }
    return permissions() | _restated("consent", consent, finer)


def _restated(entity: str, fields: dict, ends: dict) -> st.SearchStrategy[Saying]:
    whole = st.fixed_dictionaries(fields, optional=ends)
    some = st.fixed_dictionaries({}, optional={it: each | st.none() for it, each in (fields | ends).items()})
    said = (
        st.tuples(st.just(EventKind.UPSERT), whole)
        | st.tuples(st.just(EventKind.UPSERT), whole)
        | st.tuples(st.just(EventKind.PATCH), some)
        | st.tuples(st.just(EventKind.DELETE), st.just({}))
    )
    keys, days = st.integers(0, 2), st.integers(0, 9)
    return st.tuples(said, keys, days).map(
        lambda it: Saying("crm", entity, f"{entity}-{it[1]}", it[0][0], it[2] * MS_PER_DAY, 0, it[0][1])
    )
