"""What takes something away, and from when it counts."""

from __future__ import annotations

import pytest

from onefold.record.canon.restrictions import may_restrict, not_ahead, restricts, waives


@pytest.mark.parametrize(
    ("entity", "values", "told"),
    [
        ("consent", {"fact": "withdrawn"}, (True, True)),
        ("consent", {"fact": "objected"}, (True, True)),
        ("consent", {"fact": "granted"}, (False, False)),
        ("consent", {}, (False, True)),
        ("suppression", {"state": "on"}, (True, True)),
        ("suppression", {"state": "off"}, (False, False)),
        ("suppression", {}, (False, True)),
        ("risk", {"kind": "block", "status": "confirmed"}, (True, True)),
        ("risk", {"kind": "block", "status": "lifted"}, (False, False)),
        ("risk", {"kind": "alert", "status": "open"}, (False, False)),
        ("risk", {"status": "open"}, (False, True)),
        ("party", {}, (False, False)),
    ],
)
def test_a_restriction_is_one_when_it_says_so_and_may_be_one_when_it_says_nothing(entity, values, told):
    assert (restricts(entity, values), may_restrict(entity, values)) == told


def test_only_a_restriction_may_lack_what_would_narrow_it():
    assert waives("consent", "purpose", {"fact": "withdrawn"})
    assert not waives("consent", "party", {"fact": "withdrawn"})
    assert not waives("consent", "purpose", {"fact": "granted"})
    assert waives("suppression", "reason", {"state": "on"})
    assert not waives("risk", "status", {"kind": "block"})


def test_the_date_of_a_restriction_is_brought_down_to_its_record():
    for entity, word, field in (
        ("consent", {"fact": "withdrawn"}, "given_at"),
        ("suppression", {"state": "on"}, "since_at"),
        ("risk", {"kind": "block", "status": "open"}, "raised_at"),
    ):
        values = word | {field: 900}
        not_ahead(entity, values, 500)
        assert values == word | {field: 500}
        not_ahead(entity, values, 700)
        assert values[field] == 500, "what was said before keeps its date"


def test_the_date_of_a_grant_is_its_own():
    values = {"fact": "granted", "given_at": 900}
    not_ahead("consent", values, 500)
    assert values["given_at"] == 900
