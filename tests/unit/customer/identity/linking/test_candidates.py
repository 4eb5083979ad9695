"""Candidates: found despite a slip in any one field; hubs dropped whole."""

from __future__ import annotations

from onefold.customer.identity.linking.candidates import HUB_LIMIT, candidates, sound
from onefold.customer.identity.linking.columns import column_of
from onefold.customer.identity.linking.fields import fields_of
from onefold.customer.identity.normal.sounds import sound as token


def fields(rows):
    """Fields of (given, family, born, city) rows."""
    kinds = ("given_name", "family_name", "birth_date", "city")
    columns = zip(*rows, strict=True)
    return fields_of({kind: [(kind, column_of(it))] for kind, it in zip(kinds, columns, strict=True)})


def pairs(rows):
    """The candidate pairs of rows."""
    found = candidates(fields(rows))
    return set(zip(found.left.tolist(), found.right.tolist(), strict=True))


def test_a_slip_in_any_one_field_hides_nobody():
    whole = ("Margaret", "Holloway", "1950-03-07", "Leeds")
    for at, slip in enumerate(("Xargaret", "Qolloway", "1590-08-07", "Ledes")):
        other = [*whole]
        other[at] = slip
        assert pairs([whole, tuple(other)]) == {(0, 1)}


def test_exchanged_names_are_candidates():
    assert pairs([("Robert", "Alan", "", ""), ("Alan", "Robert", "", "")]) == {(0, 1)}


def test_a_hub_brings_nobody_together_and_is_counted():
    crowd = [("", "", "", "London")] * (HUB_LIMIT + 1)
    found = candidates(fields([*crowd, ("Ann", "Lee", "", "York"), ("Ann", "Lee", "", "York")]))
    assert found.hubs >= 1
    assert list(zip(found.left, found.right, strict=True)) == [(HUB_LIMIT + 1, HUB_LIMIT + 2)]


def test_a_name_sounds_alike_in_its_spellings():
    for one, other in (
        ("Catherine", "Katherine"),
        ("Philip", "Филипп"),
        ("Muhammad", "محمد"),
        ("Elena", "Olena"),
    ):
        assert sound(token(one).skeleton) == sound(token(other).skeleton)
