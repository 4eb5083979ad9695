"""The file of the ages: what it may say, and that a fault in it is an error with its place."""

from __future__ import annotations

import pytest

from onefold.customer.profile.groups import USUAL, Ages
from onefold.gate.ages import read_ages
from onefold.kernel.errors import CallerError

TEXT = "version: 1\nsenior: 60\njurisdictions: {kr: {adult: 19}, us-al: {adult: 19, senior: 62}}"


@pytest.mark.parametrize(
    ("jurisdiction", "expected"), [("uz", Ages(18, 60)), ("kr", Ages(19, 60)), ("us-al", Ages(19, 62))]
)
def test_a_jurisdiction_has_its_own_ages_and_what_it_leaves_out_is_everywhere_the_same(
    jurisdiction, expected
):
    assert read_ages(TEXT, "ages.yaml", jurisdiction) == expected


def test_what_a_file_leaves_out_is_as_usual():
    assert read_ages("version: 1", "ages.yaml", "uz") == USUAL == Ages(18, 65)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("- 1", "ages.yaml is not a mapping"),
        ("a: [", "ages.yaml is no YAML"),
        ("version: 2", "ages.yaml: version is not 1"),
        ("version: 1\nadults: 18", "ages.yaml may hold only adult, jurisdictions, senior, version"),
        ("version: 1\nadult: eighteen", "ages.yaml: adult is not a whole number"),
        ("version: 1\nadult: true", "ages.yaml: adult is not a whole number"),
        ("version: 1\nadult: 0", "ages.yaml: adult is not a whole number"),
        ("version: 1\nsenior: 121", "ages.yaml: senior is not a whole number"),
        ("version: 1\nadult: 70", "ages.yaml makes somebody a minor and a senior"),
        ("version: 1\njurisdictions: [kr]", "ages.yaml: jurisdictions is not a mapping"),
        ("version: 1\njurisdictions: {kr: 19}", "ages.yaml: jurisdictions.kr is not a mapping"),
        ("version: 1\njurisdictions: {kr: {adult: x}}", "ages.yaml: jurisdictions.kr: adult is not"),
    ],
)
def test_a_fault_is_told_with_its_place(text, place):
    with pytest.raises(CallerError) as caught:
        read_ages(text, "ages.yaml", "uz")
    assert caught.value.message.startswith(place)
