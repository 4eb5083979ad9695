"""Names of columns: what is data in them is not shown, and a name that is none stays."""

from __future__ import annotations

import pytest

from onefold.app.headings import SIBLINGS_MOST, shown_names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("accounts.40817810000000000012.holder", "accounts.….holder"),
        ("40817810000000000012.holder", "….holder"),
        ("contacts.anna.petrova@mail.example.kind", "…"),
        ("a@b.example", "…"),
        ("phones.+998 90 931-23-45.kind", "phones.….kind"),
        ("visits.2024-01-05.branch", "visits.….branch"),
        ("visits.17.branch", "visits.….branch"),
        ("card of 4081781012 Anna", "card of … Anna"),
        ("balance_20240131", "balance_…"),
    ],
)
def test_what_is_data_in_a_name_is_hidden(name, shown):
    assert shown_names([name]) == {name: shown}


@pytest.mark.parametrize("name", ["phone 2", "2024", "@timestamp", "line 1/2", "name.first", "a.b.c", "№"])
def test_a_name_that_is_no_data_is_shown(name):
    assert shown_names([name]) == {name: name}


def test_the_members_of_an_object_that_is_keyed_by_something_are_hidden():
    people = [
        f"holders.Anna Number{chr(97 + at // 26)}{chr(97 + at % 26)}.kind" for at in range(SIBLINGS_MOST + 1)
    ]
    assert set(shown_names([*people, "name.first"]).values()) == {"holders.….kind", "name.first"}
    assert len(set(shown_names(people[1:]).values())) == SIBLINGS_MOST


def test_a_table_with_many_columns_keeps_their_names():
    names = [f"column {at}" for at in range(500)]
    assert shown_names(names) == {it: it for it in names}
