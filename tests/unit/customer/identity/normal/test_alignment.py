"""The learned alignment of Cyrillic and Latin: usual renderings cost nothing, slips cost, nonsense most."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.alignment import STRANGEST, strangeness, usual_cost

CYRILLIC = st.text(alphabet="абвгдежзиклмнопрстуфхцчшщыьэюяўқғҳі", max_size=12)
LATIN = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=12)


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("карл", "karl"),
        ("джентилини", "gentilini"),
        ("шульц", "schulz"),
        ("томас", "thomas"),
        ("қодир", "qodir"),
    ],
)
def test_a_spelling_that_names_really_have_is_not_strange(cyrillic, latin):
    assert strangeness(cyrillic, latin) < 1.0


@pytest.mark.parametrize(
    ("cyrillic", "nearer", "farther"),
    [
        ("карл", "karl", "kara"),
        ("шмидт", "schmidt", "smit"),
        ("иванов", "ivanov", "petrov"),
        ("хосе", "jose", "rosa"),
    ],
)
def test_the_right_name_is_less_strange_than_a_wrong_one(cyrillic, nearer, farther):
    assert strangeness(cyrillic, nearer) < strangeness(cyrillic, farther)


@given(CYRILLIC, LATIN)
def test_strangeness_has_its_bounds(cyrillic, latin):
    assert 0.0 <= strangeness(cyrillic, latin) <= STRANGEST


@given(CYRILLIC, LATIN)
def test_no_rendering_is_cheaper_than_the_usual_one_of_each_letter(cyrillic, latin):
    assert usual_cost(cyrillic) <= usual_cost(cyrillic + "а")
    assert usual_cost("") == 0.0
    assert latin or strangeness(cyrillic, latin) == STRANGEST
