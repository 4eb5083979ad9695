"""A state keeps what records say in comparable form: only a release with the same forms may go on with it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec

from onefold.adapters.sqlite.schema import VERSION
from onefold.customer.identity.adopted.provider import ModelProvider
from onefold.customer.identity.keys import keys_of_identifiers
from onefold.customer.identity.portraits import kept, portrait_of
from onefold.customer.identity.rules import DeterministicRules
from tests.properties.adopted import learned

FORMS = (11, "9fbace9be90b4ddb")
"""The version of the state, and the digest of what records like these are kept as in it."""

SAYINGS: tuple[dict[str, Any], ...] = (
    {"given_name": "Gʻulnora", "family_name": "Oʻrinova", "middle_name": "Anvar qizi", "birth_date": 7_000},
    {"full_name": "Ўринова Гулнора Анвар қизи", "phone": "+998 90 123-45-67", "country": "UZ"},
    {"full_name": "Dr. Jean-Luc O'Neill Jr.", "email": "Jean.Luc+news@GoogleMail.com", "country": "FR"},
    {"given_name": "محمد", "family_name": "الأحمد", "national_id": "784-1990-1234567-1", "birth_date": 0},
    {"full_name": "सुनीता शर्मा", "address": "12/4 MG Road, Flat 3B", "city": "Pune", "postcode": "411 001"},
    {"organisation_name": 'ООО "Чорсу Савдо"', "tax_id": "7707083893", "phone": "8 (495) 123-45-67"},
    {"organisation_name": "Chorsu Savdo MChJ", "email": "info@chorsu.uz", "address": "Navoiy ko‘chasi 7-uy"},
    {"full_name": "Smith, John A", "customer_number": "00017", "region": "Toshkent", "birth_date": 3_652},
)

KEYS = ("name.words", "birth_date.whole", "phone.whole", "email.local", "street.core", "organisation.first")


def forms():
    """All that is kept of the records above, by the rules and by a model, and the keys they are under."""
    digest = sha256()
    engines = DeterministicRules(), ModelProvider(msgspec.structs.replace(learned(), keys=KEYS))
    for number, values in enumerate(SAYINGS):
        it = portrait_of(number.to_bytes(16, "big"), values)
        for engine in engines:
            digest.update(kept(engine.read(it)))
            digest.update(b"".join(sorted(engine.keys_of([it])[0])))
        digest.update(b"".join(sorted(keys_of_identifiers(it))))
    return digest.hexdigest()[:16]


def test_a_release_with_other_forms_has_another_version_of_the_state():
    hint = "Raise VERSION in schema.py, so that states are made anew, and write the pair down here."
    assert (VERSION, forms()) == FORMS, hint
