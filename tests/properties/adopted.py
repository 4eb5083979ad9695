"""A model to try the laws with: learned from people like those of the histories (strategies.py)."""

from __future__ import annotations

import random
from functools import cache
from hashlib import blake2b
from typing import Any

from onefold.customer.identity.adopted.provider import ModelProvider
from onefold.customer.identity.adopted.splinked import SplinkProvider
from onefold.customer.identity.adopted.training import model_of_portraits
from onefold.customer.identity.linking.model import Model
from onefold.customer.identity.model import Portrait
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.identity.splink.pinned import PinnedSplink, pinned_model
from tests.splink import level, settings

PEOPLE = 300
GIVEN = ("Aziz", "Hasan", "Husan", "Olga", "Anna", "Jasur", "Komil", "Dilnoza", "Bobur", "Nargiza")
FAMILY = ("Karimov", "Rahimov", "Petrov", "Aliev", "Sodiqov", "Yusupov", "Nazarov", "Ergashev")
CITIES = ("Toshkent", "Samarqand", "Buxoro", "Xiva")


@cache
def learned() -> Model:
    """Two or three records a person, each with what may be missing or mistaken in it."""
    return model_of_portraits([it for _, it in records()], "2026-01-01", "a test")


def tight() -> ModelProvider:
    """With limits so low that small histories reach them."""
    return ModelProvider(learned(), hub_limit=3, component_limit=4)


class Uneven(ModelProvider):
    """With another limit for each key, as a model may have it."""

    def hub_limit_of(self, key: bytes) -> int:
        """One to four, as the key itself says."""
        return 1 + (key[0] & 3)


def uneven() -> ModelProvider:
    """As `tight`, by the most that any key may have."""
    return Uneven(learned(), hub_limit=4, component_limit=4)


@cache
def splinks() -> PinnedSplink:
    """A model as Splink writes one, of comparisons that say more where a name is rare, and two rules."""
    exactly = ('"{0}_l" IS NULL OR "{0}_r" IS NULL', '"{0}_l" = "{0}_r"')
    comparisons = []
    for column, near, m, u in (
        ("first_name", 'jaro_winkler_similarity("first_name_l", "first_name_r") >= 0.85', 0.8, 0.08),
        ("surname", '"surname_l" = "first_name_r"', 0.85, 0.05),
        (
            "dob",
            "abs(epoch(try_strptime(dob_l, '%Y-%m-%d')) - epoch(try_strptime(dob_r, '%Y-%m-%d'))) < 90000",
            0.9,
            0.01,
        ),
    ):
        null, equal = (it.format(column) for it in exactly)
        term = {"tf_adjustment_column": column} if column == "surname" else {}
        levels = [
            level(null, is_null_level=True),
            level(equal, m, u, **term),
            level(near, (1 - m) / 2, u),
            level("ELSE", (1 - m) / 2, 1 - 2 * u),
        ]
        comparisons.append({"output_column_name": column, "comparison_levels": levels})
    said = settings(
        comparisons=comparisons,
        rules=("l.dob = r.dob", "l.surname = r.surname AND l.first_name <> r.surname"),
    )
    columns = {"first_name": "given_name", "surname": "family_name", "dob": "birth_date"}
    portraits = [it for _, it in records()]
    customers = {it.fragment_id: str(who).encode() for who, it in records()}
    return pinned_model(said, None, columns, (), portraits, customers, "2026-01-01", "a test")


def tight_splink() -> SplinkProvider:
    """As `tight`."""
    return SplinkProvider(splinks(), hub_limit=3, component_limit=4)


@cache
def records() -> tuple[tuple[int, Portrait], ...]:
    """Whose record it is, and the record."""
    chance = random.Random(11)
    found = []
    for person in range(PEOPLE):
        values = _person(chance, person)
        for copy in range(chance.randrange(2, 4)):
            key = blake2b(f"{person} {copy}".encode(), digest_size=16).digest()
            found.append((person, portrait_of(key, _said(chance, values))))
    return tuple(found)


def _person(chance: random.Random, number: int) -> dict[str, Any]:
    if number % 9 == 8:
        firm = {"organisation_name": f"{chance.choice(FAMILY)} {chance.choice(GIVEN)} MChJ"}
        return firm | {"phone": f"+9989{number:08d}", "address": f"{number} Bobur", "city": "Xiva"}
    return {
        "given_name": chance.choice(GIVEN),
        "family_name": chance.choice(FAMILY),
        "birth_date": chance.randrange(0, 16_000),
        "email": f"{number}@karimov.uz",
        "phone": f"+9989{number:08d}",
        "address": f"{chance.randrange(1, 90)} Navoiy ko'chasi",
        "city": chance.choice(CITIES),
    }


def _said(chance: random.Random, values: dict[str, Any]) -> dict[str, Any]:
    said = {name: it for name, it in values.items() if chance.random() > 0.25}
    if chance.random() < 0.1 and "birth_date" in said:
        said["birth_date"] += chance.choice((1, 10, 365))
    if chance.random() < 0.1 and "family_name" in values:
        said["family_name"] = values["family_name"] + "a"
    return said
