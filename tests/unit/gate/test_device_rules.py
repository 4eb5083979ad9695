"""The rules of devices of a house: a file, or the usual ones."""

from __future__ import annotations

import pytest

from onefold.customer.profile.attribution import USUAL, DeviceRules
from onefold.gate.device_rules import read_device_rules
from onefold.kernel.errors import CallerError


def test_a_file_says_what_it_says_and_the_rest_is_as_usual():
    assert read_device_rules("version: 1", "devices.yaml") == USUAL
    told = "version: 1\nsession_minutes: 5\nbefore_login_days: 0\npeople_most: 4"
    assert read_device_rules(told, "devices.yaml") == DeviceRules(5, 0, 4)


@pytest.mark.parametrize(
    "line", ["people: 3", "people_most: many", "session_minutes: -1", "before_login_days: 400"]
)
def test_a_file_that_says_something_else_is_refused(line):
    with pytest.raises(CallerError, match=r"devices\.yaml"):
        read_device_rules(f"version: 1\n{line}", "devices.yaml")
