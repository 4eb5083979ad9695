"""Why data is used: the closed list of purposes, and the lawful basis each one rests on.

A purpose whose basis is consent is denied unless a fact grants it; the others rest on a contract, a
legal duty or a legitimate interest and can still be narrowed by an objection or a suppression.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Basis(StrEnum):
    """The lawful bases we use (GDPR article 6(1) a, b, c, f; the DPV names say the same)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_DUTY = "legal duty"
    LEGITIMATE_INTEREST = "legitimate interest"


class Purpose(NamedTuple):
    """One purpose and what it rests on."""

    name: str
    basis: Basis
    about: str

    @property
    def needs_consent(self) -> bool:
        """Whether silence means no."""
        return self.basis is Basis.CONSENT


PURPOSES: dict[str, Purpose] = {
    purpose.name: purpose
    for purpose in (
        Purpose("servicing", Basis.CONTRACT, "answering the customer and running what they bought"),
        Purpose("marketing", Basis.CONSENT, "telling the customer what they could buy"),
        Purpose("fraud", Basis.LEGAL_DUTY, "preventing fraud and money laundering"),
        Purpose("compliance", Basis.LEGAL_DUTY, "answering regulators, auditors and the customer's rights"),
        Purpose(
            "stewardship", Basis.LEGITIMATE_INTEREST, "keeping the data right: matching, mending, quarantine"
        ),
        Purpose("analytics", Basis.CONSENT, "learning from the behaviour of many about each"),
        Purpose("partner", Basis.CONSENT, "handing data to another firm"),
    )
}
