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
    keys = set(keys_of_identifiers(portrait))
    if portrait.organisation:
        keys.add(_digest("organisation", " ".join(portrait.organisation)))
    if portrait.birth_date is not None:
        full = [token for token in portrait.name if len(token) > 1]
        keys |= {_digest("born", f"{portrait.birth_date} {one} {two}") for one, two in combinations(full, 2)}
    return frozenset(keys)


def keys_of_identifiers(portrait: Portrait) -> frozenset[bytes]:
    """The keys under which those meet who share an identifier, of one person or of one contact."""
    return frozenset(
        _digest(tag, value)
        for tag, value in (
            ("national_id", portrait.national_id),
            ("tax_id", portrait.tax_id),
            ("customer_number", portrait.customer_number),
            ("email", portrait.email),
            ("phone", portrait.phone),
        )
        if value
    )


def _digest(tag: str, value: str) -> bytes:
    return blake2b(value.encode("utf-8", "surrogatepass"), digest_size=16, person=tag.encode()).digest()
