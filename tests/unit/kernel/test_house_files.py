"""What is wrong with a file of a house is told by its place, and nothing of it is taken over."""

from __future__ import annotations

import pytest

from onefold.kernel.errors import CallerError
from onefold.kernel.house_files import HouseFile

FILE = HouseFile("there is a page about it.")


def test_a_file_of_known_words_is_read():
    assert FILE.read("version: 1\nmost: 3", "x.yaml", {"version", "most"}) == {"version": 1, "most": 3}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "x.yaml is no YAML"),
        ("- 1", "x.yaml is not a mapping"),
        ("", "x.yaml is not a mapping"),
        ("most: 3", "x.yaml: version is not 1"),
        ("version: '1'", "x.yaml: version is not 1"),
        ("version: 1\nmots: 3", "x.yaml may hold only most, version, and not 'mots'"),
        ("version: 1\n7: 3", "x.yaml may hold only most, version, and not '7'"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_where_one_is_shown(text, said):
    with pytest.raises(CallerError, match=said) as caught:
        FILE.read(text, "x.yaml", {"version", "most"})
    assert caught.value.hint == FILE.hint


@pytest.mark.parametrize("read", [True, 0, 6, "3", 3.0, None])
def test_a_number_is_whole_and_within_its_bounds(read):
    assert FILE.number(5, 1, 5, "x.yaml: most") == 5
    with pytest.raises(CallerError, match=r"x\.yaml: most is not a whole number from 1 to 5"):
        FILE.number(read, 1, 5, "x.yaml: most")
