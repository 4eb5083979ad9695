"""How each source gets people wrong: one row of fixed rates a source, and what each rate counts."""

from __future__ import annotations

from dataclasses import dataclass, field, fields


def _rate(about: str) -> float:
    return field(metadata={"about": about})  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares of the records of one source. A share of "missing" is of people who have the thing at all."""

    stale: float = _rate("records never updated since they were made; the others at a random later day")
    cyrillic: float = _rate("names and addresses in Cyrillic (Uzbek, Russian; a third of that for others)")
    other_style: float = _rate("Latin names in another romanisation than the person's own")
    nickname: float = _rate("short form in place of the given name, where the culture has one")
    initial: float = _rate("given name cut to its initial")
    typo: float = _rate("one slip in the given or family name")
    second_typo: float = _rate("one more slip")
    swapped: float = _rate("given and family name in each other's place")
    maiden: float = _rate("married women still under their former name, whatever the record's day")
    middle_missing: float = _rate("no patronymic or middle name")
    family_missing: float = _rate("no family name")
    birth_missing: float = _rate("no birth date")
    birth_placeholder: float = _rate("1 January 1900, 1 January 1970, or 1 January of the true year")
    birth_wrong: float = _rate("day and month swapped, or a digit wrong")
    national_missing: float = _rate("no national id")
    national_wrong: float = _rate("national id with a wrong digit, so that its check digit fails")
    phone_missing: float = _rate("no phone")
    phone_wrong: float = _rate("phone with a wrong digit")
    email_missing: float = _rate("no e-mail")
    email_wrong: float = _rate("e-mail with a slip")
    address_missing: float = _rate("no street address")


_TABLE = """
rate                core-banking          crm      telecom      digital    marketing
stale                      0.400        0.500        0.500        0.400        0.550
cyrillic                   0.300        0.200        0.250        0.150        0.180
other_style                0.180        0.300        0.250        0.200        0.250
nickname                   0.000        0.100        0.000        0.220        0.180
initial                    0.000        0.020        0.040        0.030        0.040
typo                       0.025        0.060        0.045        0.030        0.050
second_typo                0.003        0.015        0.010        0.005        0.010
swapped                    0.012        0.035        0.020        0.020        0.030
maiden                     0.100        0.150        0.200        0.100        0.200
middle_missing             0.100        0.700        0.250        1.000        1.000
family_missing             0.000        0.020        0.000        0.080        0.100
birth_missing              0.010        0.200        0.120        0.450        0.450
birth_placeholder          0.010        0.020        0.020        0.020        0.030
birth_wrong                0.010        0.020        0.015        0.010        0.015
national_missing           0.100        0.800        0.500        1.000        1.000
national_wrong             0.006        0.010        0.015        0.000        0.000
phone_missing              0.060        0.120        0.000        0.150        0.250
phone_wrong                0.010        0.020        0.003        0.000        0.015
email_missing              0.350        0.250        0.450        0.060        0.060
email_wrong                0.015        0.025        0.020        0.000        0.020
address_missing            0.040        0.400        0.150        1.000        0.600
"""


def _read(table: str) -> dict[str, Habits]:
    (_, *sources), *rows = (line.split() for line in table.strip().splitlines())
    rates = {name: [float(share) for share in shares] for name, *shares in rows}
    return {
        source: Habits(**{name: shares[at] for name, shares in rates.items()})
        for at, source in enumerate(sources)
    }


HABITS = _read(_TABLE)
"""The anti-fraud system keeps no records of people: it refers to customer numbers of core banking."""

RATES: tuple[tuple[str, str], ...] = tuple((it.name, str(it.metadata["about"])) for it in fields(Habits))
"""Names of the rates with what they count."""
