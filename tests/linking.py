"""Made people with errors and a known truth, for tests of the linker: columns, or fields of them."""

from __future__ import annotations

import random
import string

from onefold.customer.identity.linking.columns import column_of
from onefold.customer.identity.linking.fields import Field, fields_of

GIVEN = "Anna Boris Clara David Elena Felix Gulnora Hasan Irina Jasur Kamila Laziz Madina Nodir Olga".split()
FAMILY = "Karimov Larsen Moss Novak Orlov Petrov Quinn Rahimov Saidov Tanaka Usmanov Weber Zimin".split()
CITIES = "Tashkent Samarkand Bukhara Khiva Namangan Fergana Nukus Termez".split()
KINDS = {
    "first_name": "given_name", "last_name": "family_name", "born": "birth_date", "mail": "email",
    "town": "city",
}  # fmt: skip


def table(persons: int, seed: int) -> dict[str, list[str]]:
    """One to four records of each person, with slips, gaps and exchanged names; `who` is the truth."""
    draw = random.Random(seed)
    columns: dict[str, list[str]] = {name: [] for name in ("id", "who", *KINDS)}
    for person in range(persons):
        born = f"{draw.randint(1940, 2004)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        given, family = draw.choice(GIVEN), draw.choice(FAMILY) + draw.choice(("", "a", "sky", "ev"))
        mail = f"{given[0]}.{family}{draw.randint(100, 99999)}@mail.example".lower()
        true = [given, family, born, mail, draw.choice(CITIES)]
        for copy in range(draw.randint(1, 4)):
            said = [_slip(it, draw) if draw.random() < 0.12 else it for it in true]
            said = ["" if draw.random() < 0.1 else it for it in said]
            if draw.random() < 0.05:
                said[0], said[1] = said[1], said[0]
            columns["id"].append(f"{person}-{copy}")
            columns["who"].append(str(person))
            for name, value in zip(KINDS, said, strict=True):
                columns[name].append(value)
    return columns


def people(persons: int, seed: int) -> list[Field]:
    """The fields of such a table."""
    columns = table(persons, seed)
    return fields_of({kind: [(name, column_of(columns[name]))] for name, kind in KINDS.items()})


def truth_of(persons: int, seed: int) -> list[int]:
    """Who each row is about."""
    return [int(it) for it in table(persons, seed)["who"]]


def households(count: int, seed: int) -> tuple[list[Field], list[int]]:
    """Two records of each of four who share name, home and phone, with slips; and who each row is about."""
    draw = random.Random(seed)
    columns: dict[str, list[str]] = {name: [] for name in ("given_name", "family_name", "birth_date")}
    columns |= {"street": [], "city": [], "phone": []}
    truth: list[int] = []
    for home in range(count):
        street, city = f"{draw.randint(1, 200)} {draw.choice(FAMILY)} street", draw.choice(CITIES)
        family, phone = draw.choice(FAMILY), f"90{draw.randint(1000000, 9999999)}"
        for person, given in enumerate(draw.sample(GIVEN, 4)):
            born = f"{draw.randint(1940, 2015)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
            for _ in range(2):
                said = [_slip(it, draw) if draw.random() < 0.08 else it for it in (given, family, born)]
                for name, value in zip(columns, [*said, street, city, phone], strict=True):
                    columns[name].append(value)
                truth.append(4 * home + person)
    return fields_of({kind: [(kind, column_of(values))] for kind, values in columns.items()}), truth


def _slip(text: str, draw: random.Random) -> str:
    """One sign changed, lost, or exchanged with its neighbour."""
    at = draw.randrange(1, len(text) - 1)
    kind = draw.randrange(3)
    if kind == 0:
        letters = string.digits if text[at].isdigit() else string.ascii_lowercase
        return text[:at] + draw.choice(letters) + text[at + 1 :]
    return text[:at] + (text[at + 1 :] if kind == 1 else text[at + 1] + text[at] + text[at + 2 :])
