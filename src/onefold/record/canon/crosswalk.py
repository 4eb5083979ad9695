"""What others call the things of the canonical model: TM Forum's APIs by field, BIAN's domains by entity.

For whoever maps an existing interface onto a contract, or hands a profile to a system that speaks one.
Paths name resources of TMF632 (Party Management, 5.0.0) and TMF629 (Customer Management, 5.0.1); BIAN names
are service domains of its Service Landscape. Where neither has a word for a thing, there is no line for it.
"""

from __future__ import annotations

from typing import NamedTuple

PARTY, CUSTOMER = "TMF632", "TMF629"


class Elsewhere(NamedTuple):
    """One name in a TM Forum API: the API, then resource and properties joined by dots."""

    api: str
    path: str

    def __str__(self) -> str:
        return f"{self.api} {self.path}"


def _party(path: str) -> Elsewhere:
    return Elsewhere(PARTY, path)


def _customer(path: str) -> Elsewhere:
    return Elsewhere(CUSTOMER, path)


_IDENTIFICATION = "individualIdentification.identificationId"

TM_FORUM: dict[str, dict[str, tuple[Elsewhere, ...]]] = {
    "party": {
        "full_name": (_party("Individual.formattedName"),),
        "given_name": (_party("Individual.givenName"),),
        "middle_name": (_party("Individual.middleName"),),
        "family_name": (_party("Individual.familyName"),),
        "organisation_name": (_party("Organization.name"),),
        "birth_date": (_party("Individual.birthDate"),),
        "gender": (_party("Individual.gender"),),
        "national_id": (_party(f"Individual.{_IDENTIFICATION}"),),
        "tax_id": (_party("Organization.organizationIdentification.identificationId"),),
        "customer_number": (_customer("Customer.id"), _party("Individual.externalReference.id")),
        "email": (_party("EmailContactMedium.emailAddress"),),
        "phone": (_party("PhoneContactMedium.phoneNumber"),),
        "address": (_party("GeographicAddressContactMedium.street1"),),
        "city": (_party("GeographicAddressContactMedium.city"),),
        "region": (_party("GeographicAddressContactMedium.stateOrProvince"),),
        "postcode": (_party("GeographicAddressContactMedium.postCode"),),
        "country": (_party("GeographicAddressContactMedium.country"),),
        "language": (_party("Individual.languageAbility.languageCode"),),
        "status": (_customer("Customer.status"), _party("Individual.status")),
        "tier": (_customer("Customer.characteristic"),),
        "manager": (_customer("Customer.relatedParty"),),
        "guardian": (_party("Individual.relatedParty"),),
        "since_on": (_customer("Customer.validFor.startDateTime"),),
    },
    "relation": {
        "other": (_party("Individual.relatedParty"), _party("Organization.relatedParty")),
    },
    "account": {
        "name": (_customer("AccountRef.name"),),
        "party": (_customer("Customer.account"),),
    },
    "holder": {
        "account": (_customer("Customer.account"),),
        "party": (_customer("Customer.engagedParty"),),
        "role": (_customer("Customer.role"),),
    },
    "risk": {"score": (_customer("CreditProfile.creditScore"),)},
}
"""Entity → field → its names there."""

BIAN: dict[str, tuple[str, ...]] = {
    "party": ("Party Reference Data Directory", "Customer Reference Data Management"),
    "relation": ("Party Reference Data Directory",),
    "account": ("Current Account", "Savings Account", "Consumer Loan", "Credit Card"),
    "holder": ("Customer Product and Service Directory",),
    "transaction": ("Position Keeping", "Card Transaction"),
    "balance": ("Position Keeping",),
    "order": ("Payment Order",),
    "device": ("Issued Device Administration",),
    "interaction": ("Customer Event History", "Contact Handler"),
    "case": ("Customer Case",),
    "risk": ("Fraud Evaluation",),
    "place": ("Location Data Management",),
}
"""Entity → the service domains that keep such things."""
