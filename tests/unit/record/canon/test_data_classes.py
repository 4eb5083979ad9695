"""Every canonical entity and field is of one class of data, so that a use of it can be asked for."""

from __future__ import annotations

import pytest

from onefold.customer.profile.rules import default_policy
from onefold.record.canon.data_classes import (
    ANY_DATA,
    DATA_CLASSES,
    UNASKED,
    class_of,
    class_of_record,
)
from onefold.record.canon.entities import ENTITIES


def test_every_entity_and_field_has_a_class():
    for entity in ENTITIES.values():
        assert class_of_record(entity.name, ()) in (*DATA_CLASSES, ANY_DATA, UNASKED), entity.name
        for name in entity.fields:
            assert class_of(entity.name, name) in (*DATA_CLASSES, ANY_DATA, UNASKED), (entity.name, name)


def test_every_class_is_that_of_some_field():
    found = {class_of(entity.name, name) for entity in ENTITIES.values() for name in entity.fields}
    assert found == {*DATA_CLASSES, ANY_DATA, UNASKED}


def test_only_what_is_no_data_of_theirs_is_asked_for_by_nobody():
    unasked = {entity.name for entity in ENTITIES.values() if not class_of_record(entity.name, ())}
    assert unasked == {
        *("consent", "suppression", "judgement", "review", "contract", "adoption", "place", "hold"),
        "household",
    }
    for entity in ENTITIES.values():
        own = [name for name in entity.fields if not class_of(entity.name, name)]
        assert bool(own) == (entity.name in unasked), entity.name


def test_an_entity_without_a_class_is_told():
    with pytest.raises(KeyError):
        class_of("spaceship", "captain")


def test_fields_that_survive_together_are_of_one_class():
    """So a profile of one class is what it would be of all."""
    for group in default_policy():
        assert len({class_of("party", name) for name in group.fields}) == 1, group.fields


def test_an_interaction_with_words_is_a_conversation():
    assert class_of_record("interaction", {"channel", "action"}) == "behaviour"
    assert class_of_record("interaction", {"channel", "text"}) == "conversation"
