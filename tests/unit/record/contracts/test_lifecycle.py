"""A version's life goes forward only."""

from __future__ import annotations

import pytest

from onefold.record.contracts.lifecycle import STATUSES, WrongStatus, check_step, may_become, takes_data


def test_a_version_goes_forward_only_but_may_be_reinstated():
    back = {(old, new) for at, old in enumerate(STATUSES) for new in STATUSES[:at] if may_become(old, new)}
    assert back == {("deprecated", "active")}
    assert all(may_become(old, new) for at, old in enumerate(STATUSES) for new in STATUSES[at:])


def test_only_active_and_deprecated_versions_take_data():
    assert [it for it in STATUSES if takes_data(it)] == ["active", "deprecated"]


@pytest.mark.parametrize(("old", "new"), [("retired", "active"), ("active", "draft"), ("active", "live")])
def test_a_step_that_cannot_be_is_told(old, new):
    with pytest.raises(WrongStatus):
        check_step("core 1.0.0", old, new)
