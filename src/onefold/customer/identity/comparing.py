"""Two records side by side, field by field: what agrees, what differs, what one of them does not say.

It says what a person would see who lays the two beside each other. What that weighs is for the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from onefold.customer.identity.model import Portrait
from onefold.customer.identity.names import Agreement
from onefold.customer.identity.rules import Birth, compare_portraits


class Outcome(StrEnum):
    """How one field of two records stands. `CLOSE`: not the same, and no contradiction."""

    SAME = "same"
    CLOSE = "close"
    DIFFERS = "differs"
    MISSING = "missing"


FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("full_name", "family_name", "given_name", "middle_name"),
    "organisation": ("organisation_name",),
    "birth_date": ("birth_date",),
    "national_id": ("national_id",),
    "tax_id": ("tax_id",),
    "customer_number": ("customer_number",),
    "email": ("email",),
    "phone": ("phone",),
    "address": ("address",),
    "place": ("city", "postcode"),
}
"""What is compared, and the fields of a record that say it."""
_NAMES = {Agreement.SAME: Outcome.SAME, Agreement.DIFFERENT: Outcome.DIFFERS}
_BIRTHS = {
    Birth.UNKNOWN: Outcome.MISSING,
    Birth.SAME: Outcome.SAME,
    Birth.NEAR: Outcome.CLOSE,
    Birth.CONFLICT: Outcome.DIFFERS,
}


class Compared(NamedTuple):
    """One field of two records; `left` and `right` say whether each of them says it."""

    field: str
    outcome: Outcome
    left: bool
    right: bool


def compared_fields(left: Portrait, right: Portrait) -> list[Compared]:
    """Every field that one of the two says; symmetric but for the sides."""
    found = compare_portraits(left, right)
    equal = {
        "organisation": found.organisation,
        "national_id": found.national_id,
        "tax_id": found.tax_id,
        "customer_number": found.customer_number,
        "email": found.email,
        "phone": found.phone,
        "address": found.address,
        "place": found.place,
    }
    compared = []
    for name in FIELDS:
        said = _says(left, name), _says(right, name)
        if not any(said):
            continue
        if not all(said):
            outcome = Outcome.MISSING
        elif name == "name":
            outcome = _NAMES.get(found.name, Outcome.CLOSE)
        elif name == "birth_date":
            outcome = _BIRTHS[found.birth]
        else:
            outcome = Outcome.SAME if equal[name] else Outcome.DIFFERS
        compared.append(Compared(name, outcome, *said))
    return compared


def _says(portrait: Portrait, name: str) -> bool:
    value = getattr(portrait, name)
    return value is not None and bool(value if not isinstance(value, int) else True)
