"""What every keeper of schemas must keep: the suite of SchemaStore.

A keeper's test subclasses `SchemaStoreSuite` and says in `store` how one is made; the rest is inherited.
"""

from __future__ import annotations

import pytest

from onefold.record.contracts.schemas.model import Schema, SchemaKind


def schema(name: str) -> Schema:
    """One of many."""
    return Schema(SchemaKind.JSON, f'{{"title":"{name}"}}')


class SchemaStoreSuite:
    """The promises of the port; `store` gives an empty keeper."""

    @pytest.fixture
    def store(self):
        """Overridden by each keeper."""
        raise NotImplementedError

    def test_versions_count_from_one_for_each_subject(self, store):
        added = [store.add("a", schema(it), derived=it == "x") for it in "xyz"]
        assert [it.version for it in added] == [1, 2, 3]
        assert [it.derived for it in added] == [True, False, False]
        assert store.versions("a") == added
        assert store.versions("b") == []
        assert store.add("b", schema("y"), derived=False).version == 1

    def test_equal_schemas_have_one_id_and_one_version(self, store):
        first = store.add("a", schema("x"), derived=True)
        spaced = Schema(SchemaKind.JSON, '{ "title" : "x" }')
        assert store.add("a", spaced, derived=False) == first
        other = store.add("b", spaced, derived=False)
        assert other.id == first.id
        assert store.places(first.id) == [("a", 1), ("b", 1)]
        assert store.schema(first.id) == schema("x")

    def test_the_same_text_in_another_language_is_another_schema(self, store):
        text = '"string"'
        ids = {store.add("a", Schema(kind, text), derived=False).id for kind in SchemaKind}
        assert len(ids) == 2

    def test_what_is_not_there(self, store):
        assert store.schema(1) is None
        assert store.places(1) == []
        assert store.level("a") == ""

    def test_a_level_is_set_and_set_again(self, store):
        store.set_level("a", "full")
        store.set_level("a", "none")
        assert store.level("a") == "none"
        assert store.level("b") == ""
