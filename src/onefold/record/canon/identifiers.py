"""The identifiers of a party: which canonical fields name somebody, and how far each can be believed.

The list is the hierarchy: strongest first. How a value is normalised is the contract's transform; how
identifiers are compared and joined is identity's. Nothing here acts.

A biometric reference is not among them: it verifies who somebody is, where they agreed to it, and joins
nobody (entity `biometric`, record/biometrics).
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Strength(StrEnum):
    """What a match on the identifier is worth.

    `SOLE` names one person for life or for the firm; `VERIFIED` does while the source has proof that
    it is theirs; `WEAK` is shared, recycled or mistyped too often to join two fragments alone.
    """

    SOLE = "sole"
    VERIFIED = "verified"
    WEAK = "weak"


class Identifier(NamedTuple):
    """One typed key of a party: the canonical field, its strength, the field that says it is proven."""

    field: str
    strength: Strength
    about: str
    proof: str = ""


PROOFS: tuple[str, ...] = ("identifiers_verified", "email_verified", "phone_verified")
"""Fields of a party that say its identifiers are proven: only a contract that is `trusted` yields them."""

IDENTIFIERS: dict[str, Identifier] = {
    identifier.field: identifier
    for identifier in (
        Identifier("national_id", Strength.SOLE, "given by a state, one for life"),
        Identifier("tax_id", Strength.SOLE, "given by a tax office"),
        Identifier("customer_number", Strength.SOLE, "given by the firm, shared between its systems"),
        Identifier("email", Strength.VERIFIED, "theirs once verified", "email_verified"),
        Identifier(
            "phone", Strength.VERIFIED, "theirs once verified, until it is recycled", "phone_verified"
        ),
        Identifier("address", Strength.WEAK, "shared by a household or a whole block"),
    )
}
