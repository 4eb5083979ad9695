"""What one permit may read of one committed state.

Fragments of the sources that allow its purpose, field by field.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from onefold.customer.fragments.model import Fragment, Values
from onefold.gate.gathering import Gathered
from onefold.gate.masks import Cut, cut
from onefold.gate.model import Permit, Shown
from onefold.gate.ports import SourcePurposes


class Standing(NamedTuple):
    """A fragment that is not deleted, with the values that stand."""

    fragment: Fragment
    values: Values


@dataclass(frozen=True, slots=True)
class Scope:
    """A permit over a snapshot. Every read of the gate goes through here, so none forgets the contracts."""

    permit: Permit
    reader: Gathered
    sources: SourcePurposes

    def allows(self, source: str) -> bool:
        """Whether the contract of a source lets its data serve this purpose."""
        return self.permit.purpose in self.sources.purposes_of(source)

    def standing(self, ids: Iterable[bytes]) -> dict[bytes, Standing]:
        """Those that exist, are not deleted, and come from a source that allows the purpose."""
        return self.standing_of(self.reader.fragments(list(ids)).values())

    def standing_of(self, fragments: Iterable[Fragment]) -> dict[bytes, Standing]:
        """`standing` of fragments that were read already."""
        found = {}
        for fragment in fragments:
            values = fragment.values
            if values is not None and self.allows(fragment.source):
                found[fragment.fragment_id] = Standing(fragment, values)
        return found

    def cut(self, it: Standing, name: str) -> Cut:
        """One field as this permit may see it; `value` None where it is hidden or absent."""
        value = it.values.get(name)
        if value is None:
            return Cut(None, False)
        return cut(it.fragment.entity, name, value, it.values, self.permit.fields)

    def shown(self, it: Standing, name: str) -> Shown | None:
        """The value of `cut`."""
        return self.cut(it, name).value

    def text(self, it: Standing, name: str) -> str:
        """The value of `cut` as text; empty where it is hidden or absent."""
        value = self.cut(it, name).value
        return "" if value is None else str(value)
