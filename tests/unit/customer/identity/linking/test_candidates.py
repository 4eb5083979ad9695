"""Candidates: found despite a slip in any one field; hubs dropped whole."""

from __future__ import annotations

from onefold.customer.identity.linking import candidates as room
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


def test_a_large_table_is_compared_by_its_narrowest_keys_alone(monkeypatch):
    rows = [(f"Name{'abcdefghij'[at % 10]}", f"House{'klmnopqrst'[at // 10]}", "", "") for at in range(100)]
    rows += [("Ann", "Lee", "1980-02-03", "York"), ("Anne", "Ley", "1980-02-03", "York")]
    every = candidates(fields(rows))
    monkeypatch.setattr(room, "PAIRS_MOST", 2)
    monkeypatch.setattr(room, "PAIRS_OF_LARGE", 0)
    few = candidates(fields(rows))
    assert (100, 101) in set(zip(few.left.tolist(), few.right.tolist(), strict=True))
    assert set(few.keys) < set(every.keys)
    assert len(few.left) < len(every.left)
    assert few.hubs > every.hubs
    assert few.crowded[:100].all()
    assert few.hidden[:100].all()
    assert not few.hidden[100:].any()
