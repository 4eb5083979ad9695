"""The fold of one fragment, rule by rule; that order cannot matter is law L1."""

from __future__ import annotations

from onefold.customer.fragments.model import Fragment, Statement
from onefold.customer.fragments.state import fold

ME, YOU = b"m" * 16, b"y" * 16


def event(
    at: int, values: dict | None, *, patch: bool = False, subject: bytes = ME, tie: bytes = b""
) -> Statement:
    """A row, a patch, or with None a delete."""
    return Statement(b"f" * 16, "party", "core", "k", subject, (at, tie), values, patch)


def after(*events: Statement) -> Fragment:
    """The fragment after these events, in this order."""
    fragment = None
    for it in events:
        fragment = fold(fragment, it)
    assert fragment is not None
    return fragment


def test_the_newest_row_stands_whatever_came_last():
    assert after(event(2, {"city": "new"}), event(1, {"city": "old"})).values == {"city": "new"}


def test_a_row_states_all_fields_and_forgets_those_it_leaves_out():
    assert after(event(1, {"city": "a", "email": "e"}), event(2, {"city": "b"})).values == {"city": "b"}


def test_a_patch_changes_its_fields_and_no_others():
    both = after(event(1, {"city": "a", "email": "e"}), event(2, {"city": "b"}, patch=True))
    assert both.values == {"city": "b", "email": "e"}


def test_each_field_keeps_its_own_newest_patch():
    fields = after(
        event(3, {"city": "c3"}, patch=True),
        event(2, {"city": "c2", "email": "e2"}, patch=True),
        event(1, {"email": "e1"}, patch=True),
    )
    assert fields.values == {"city": "c3", "email": "e2"}
    assert (fields.stamp_of("city")[0], fields.stamp_of("email")[0]) == (3, 2)


def test_a_newer_row_overrules_a_patch_for_good():
    row = event(2, {"city": "row"})
    assert after(event(1, {"city": "patch"}, patch=True), row) == after(
        row, event(1, {"city": "patch"}, patch=True)
    )
    assert after(row).patches == {}


def test_a_patch_of_none_clears_a_field():
    assert after(event(1, {"city": "a"}), event(2, {"city": None}, patch=True)).values == {}


def test_a_delete_says_nothing_and_a_newer_patch_brings_the_thing_back():
    deleted = after(event(1, {"city": "a"}), event(2, None))
    assert deleted.values is None
    assert fold(deleted, event(3, {"email": "e"}, patch=True)).values == {"email": "e"}
    assert fold(deleted, event(1, {"email": "e"}, patch=True)).values is None


def test_a_delete_that_comes_before_its_row_still_deletes():
    assert after(event(2, None), event(1, {"city": "a"})).values is None


def test_a_patch_without_fields_says_that_the_thing_is_there():
    assert after(event(1, {}, patch=True)).values == {}
    assert after(event(1, None), event(2, {}, patch=True)).values == {}


def test_equal_instants_are_told_apart_by_the_event_id():
    one, two = event(1, {"city": "one"}, tie=b"1"), event(1, {"city": "two"}, tie=b"2")
    assert after(one, two) == after(two, one)
    assert after(one, two).values == {"city": "two"}


def test_the_same_event_again_is_the_very_same_fragment():
    for it in (
        event(1, {"city": "a"}),
        event(1, {"city": "a"}, patch=True),
        event(1, None),
        event(1, {}, patch=True),
    ):
        fragment = after(it)
        assert fold(fragment, it) is fragment


def test_the_subject_is_the_one_of_the_newest_event():
    row, patch = event(1, {"city": "a"}, subject=ME), event(2, {"city": "b"}, patch=True, subject=YOU)
    assert after(row, patch).subject_id == after(patch, row).subject_id == YOU
    assert after(patch, event(3, None, subject=ME)).subject_id == ME
