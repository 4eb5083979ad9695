"""What may be seen of a value, and that it is never the value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.diagnostics.masks import masked
from onefold.customer.identity.linking.fields import KINDS


@pytest.mark.parametrize(
    ("kind", "value", "seen"),
    [
        ("given_name", "Grace", "G•••"),
        ("full_name", "Grace van der Halls Longname", "G••• v••• d••• H•••"),
        ("given_name", "G", "•••"),
        ("birth_date", "1985-04-03", "1985-•••"),
        ("birth_date", "03/04/1985", "1985-•••"),
        ("birth_date", "19850403", "1985-•••"),
        ("birth_date", "03.04.85", "•••"),
        ("phone", "+998 97 116-58-24", "•••24"),
        ("phone", "1824", "•••"),
        ("identifier", "AB 770 0129", "•••29"),
        ("email", "grace.halls@mail.net", "g•••@•••"),
        ("email", "grace halls", "•••"),
        ("gender", "Female", "f"),
        ("gender", "grace", "•••"),
        ("postcode", "LS1 4AB", "L•••"),
        ("postcode", "LS1", "•••"),
        ("street", "12 Mill Lane", "••• M••• L•••"),
        ("city", "", ""),
    ],
)
def test_a_mask_keeps_initials_last_digits_and_the_year(kind, value, seen):
    assert masked(kind, value) == seen


@given(
    st.sampled_from([it for it in KINDS if it != "gender"]),
    st.text(min_size=1, max_size=30).filter(str.strip),
)
def test_no_mask_shows_a_value(kind, value):
    seen = masked(kind, value)
    assert seen
    assert value.strip() not in seen.replace("•••", "")
    longest = max(map(len, seen.replace("@", " ").replace("-", " ").replace("•••", " ").split()), default=0)
    assert longest <= (4 if kind == "birth_date" else 2)
