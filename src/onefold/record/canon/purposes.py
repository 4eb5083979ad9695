"""Why data is used: the closed tree of purposes, the lawful basis each one rests on, and its name in DPV.

A purpose whose basis is consent is denied unless a fact grants it; the others rest on a contract, a
legal duty or a legitimate interest and can still be narrowed by an objection or a suppression.

A purpose may be part of another. What is said of the whole is not said of its parts, with two exceptions:
what is taken away is taken away from all parts, and a notice may say in so many words that a yes to the
whole is a yes to each of them (`customer/consent/scope.py`). Who may act for a whole may act for its parts,
and data that may serve it may serve them: those are our own words about ourselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import NamedTuple


class Basis(StrEnum):
    """The lawful bases we use (GDPR article 6(1) a, b, c, f; the DPV names say the same)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_DUTY = "legal duty"
    LEGITIMATE_INTEREST = "legitimate interest"


class Purpose(NamedTuple):
    """One purpose and what it rests on. `dpv` is the nearest term of the Data Privacy Vocabulary 2."""

    name: str
    basis: Basis
    dpv: str
    about: str
    part_of: str = ""

    @property
    def needs_consent(self) -> bool:
        """Whether silence means no."""
        return self.basis is Basis.CONSENT

    @property
    def heeds_them(self) -> bool:
        """Whether what somebody says can forbid it: a contract or a legal duty asks nobody."""
        return self.basis in (Basis.CONSENT, Basis.LEGITIMATE_INTEREST)


AUTHENTICATION = "authentication"
"""What a biometric reference is compared for, and nothing else is."""

_B = Basis

PURPOSES: dict[str, Purpose] = {
    purpose.name: purpose
    for purpose in (
        Purpose(
            "servicing",
            _B.CONTRACT,
            "ServiceProvision",
            "answering the customer and running what they bought",
        ),
        Purpose(
            AUTHENTICATION,
            _B.CONSENT,
            "IdentityAuthentication",
            "telling by their body whether somebody is who they say they are",
            "servicing",
        ),
        Purpose("marketing", _B.CONSENT, "Marketing", "telling the customer what they could buy"),
        Purpose(
            "direct_marketing",
            _B.CONSENT,
            "DirectMarketing",
            "sending the customer the same offer as everybody",
            "marketing",
        ),
        Purpose(
            "personalised_offers",
            _B.CONSENT,
            "PersonalisedAdvertising",
            "choosing offers by what the customer does",
            "marketing",
        ),
        Purpose(
            "fraud",
            _B.LEGAL_DUTY,
            "FraudPreventionAndDetection",
            "preventing fraud and money laundering",
        ),
        Purpose(
            "compliance",
            _B.LEGAL_DUTY,
            "LegalCompliance",
            "answering regulators, auditors and the customer's rights",
        ),
        Purpose(
            "stewardship",
            _B.LEGITIMATE_INTEREST,
            "RecordManagement",
            "keeping the data right: matching, mending, quarantine",
        ),
        Purpose(
            "analytics",
            _B.CONSENT,
            "ServiceUsageAnalytics",
            "learning from the behaviour of many about each",
        ),
        Purpose(
            "personalisation",
            _B.CONSENT,
            "Personalisation",
            "fitting our pages and advice to the customer",
            "analytics",
        ),
        Purpose(
            "service_improvement",
            _B.LEGITIMATE_INTEREST,
            "ImproveExistingProductsAndServices",
            "finding what does not work for our customers",
            "analytics",
        ),
        # Handing on is processing in DPV, and no purpose of its own: its parts are.
        Purpose("partner", _B.CONSENT, "Purpose", "handing data to another firm"),
        Purpose(
            "account_information",
            _B.CONSENT,
            "RequestedServiceProvision",
            "letting another firm show the customer their accounts",
            "partner",
        ),
        Purpose(
            "payment_initiation",
            _B.CONSENT,
            "PaymentManagement",
            "letting another firm order a payment for the customer",
            "partner",
        ),
        Purpose(
            "funds_confirmation",
            _B.CONSENT,
            "PaymentManagement",
            "telling another firm whether there is enough for a payment",
            "partner",
        ),
    )
}


def _lineage(name: str) -> tuple[str, ...]:
    whole = PURPOSES[name].part_of
    return (name, *(_lineage(whole) if whole else ()))


LINEAGE: dict[str, tuple[str, ...]] = {name: _lineage(name) for name in PURPOSES}
"""Purpose → itself and all it is part of, the nearest first."""

WHOLES: tuple[str, ...] = tuple(name for name, purpose in PURPOSES.items() if not purpose.part_of)
"""The purposes that are part of no other: the words of policies and contracts."""


def whole_of(name: str) -> str:
    """The purpose of `WHOLES` that one is part of, or is; a word we do not know is left as it is."""
    return LINEAGE.get(name, (name,))[-1]


def may_serve(asked: Iterable[str], named: Collection[str]) -> bool:
    """Whether data for `named` purposes may serve one of those asked: as such, or what it is part of."""
    return any(it in named for purpose in asked for it in LINEAGE.get(purpose, (purpose,)))
