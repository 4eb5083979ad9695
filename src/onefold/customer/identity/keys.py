"""The keys under which fragments meet as candidates: digests of what they hold, tagged by kind.

A key only brings two fragments together; whether they are one party is for the rules. Each rule's evidence
implies a shared key, so no evidence is missed. A key that too many hold is a hub and brings nobody together.
"""

from __future__ import annotations

from hashlib import blake2b
from itertools import combinations

from onefold.customer.identity.model import Portrait


def keys_of(portrait: Portrait) -> frozenset[bytes]:
    """The keys of the deterministic rules."""
    return keys_of_identifiers(portrait) | _keys_of_names(portrait)


def keys_of_identifiers(portrait: Portrait) -> frozenset[bytes]:
    """The keys under which those meet who share an identifier, of one person or of one contact."""
    return frozenset(_digest(tag, value) for tag, value in _identifiers(portrait) if value)


def fields_of_keys(portrait: Portrait) -> dict[bytes, tuple[str, ...]]:
    """Of each key of the deterministic rules, the fields it is made of."""
    found: dict[bytes, tuple[str, ...]]
    found = dict.fromkeys(_keys_of_names(portrait), ("birth_date", "name"))
    if portrait.organisation:
        found[_organisation(portrait)] = ("organisation_name",)
    return found | fields_of_identifiers(portrait)


def fields_of_identifiers(portrait: Portrait) -> dict[bytes, tuple[str, ...]]:
    """As `fields_of_keys`, of those of identifiers."""
    return {_digest(tag, value): (tag,) for tag, value in _identifiers(portrait) if value}


def _keys_of_names(portrait: Portrait) -> frozenset[bytes]:
    keys = {_organisation(portrait)} if portrait.organisation else set()
    if portrait.birth_date is not None:
        full = [token for token in portrait.name if len(token) > 1]
        keys |= {_digest("born", f"{portrait.birth_date} {one} {two}") for one, two in combinations(full, 2)}
    return frozenset(keys)


def _organisation(portrait: Portrait) -> bytes:
    return _digest("organisation", " ".join(portrait.organisation))


def _identifiers(portrait: Portrait) -> tuple[tuple[str, str], ...]:
    return (
        ("national_id", portrait.national_id),
        ("tax_id", portrait.tax_id),
        ("customer_number", portrait.customer_number),
        ("email", portrait.email),
        ("phone", portrait.phone),
    )


def _digest(tag: str, value: str) -> bytes:
    return blake2b(value.encode("utf-8", "surrogatepass"), digest_size=16, person=tag.encode()).digest()
