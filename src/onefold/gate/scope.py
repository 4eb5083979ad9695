"""What one permit may read of one committed state.

Fragments of the sources that allow its purpose, field by field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

from onefold.customer.fragments.model import Fragment, Values
from onefold.customer.profile import attribution
from onefold.customer.profile.attribution import DeviceRules
from onefold.customer.profile.groups import USUAL, Ages
from onefold.gate.consented import Consented
from onefold.gate.fetching.model import Fetchable
from onefold.gate.gathering import Gathered
from onefold.gate.masks import Cut, Minting, cut, cut_all
from onefold.gate.model import Permit, Shown
from onefold.gate.ports import SourcePurposes
from onefold.record.canon.entities import ENTITIES
from onefold.record.canon.purposes import may_serve
from onefold.record.tokens.model import Minted


class Standing(NamedTuple):
    """A fragment that is not deleted, with the values that stand."""

    fragment: Fragment
    values: Values


class HouseRules(TypedDict):
    """What a house says for itself of whom it reads, as `Scope` has it."""

    ages: Ages
    devices: DeviceRules


@dataclass(frozen=True, slots=True)
class Scope:
    """A permit over a snapshot. Every read of the gate goes through here, so none forgets the contracts.

    `fetchable`: source → what it gives only on demand; empty wherever more than one customer is read.
    `classes`: source → `entity.field` → its class, where the contract says another than the canon.
    `ages`: who is a minor and who a senior where the cell is.
    `devices`: how far a login on a device reaches.
    `consented`: what consents allow of the one customer that is read, where they tell classes of data apart.
    `chosen_by`: the classes of data by which customers were chosen who are to be reached.
    `minting` makes tokens, for who sees them; without it, what would be one is hidden.
    """

    permit: Permit
    reader: Gathered
    sources: SourcePurposes
    fetchable: Mapping[str, Sequence[Fetchable]] = field(default_factory=dict)
    classes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ages: Ages = USUAL
    devices: DeviceRules = attribution.USUAL
    consented: Consented | None = None
    chosen_by: frozenset[str] = frozenset()
    minting: Minting | None = None
    _allowed: dict[str, bool] = field(default_factory=dict, init=False, repr=False, compare=False)

    def allows(self, source: str) -> bool:
        """Whether the contract of a source lets its data serve this purpose, or what it is part of."""
        allowed = self._allowed.get(source)
        if allowed is None:
            allowed = may_serve((self.permit.purpose,), self.sources.purposes_of(source))
            self._allowed[source] = allowed
        return allowed

    def standing(self, ids: Iterable[bytes]) -> dict[bytes, Standing]:
        """Those that exist, are not deleted, and come from a source that allows the purpose."""
        asked = list(ids)
        return self.standing_of(self.reader.fragments(asked).values()) if asked else {}

    def standing_of(self, fragments: Iterable[Fragment]) -> dict[bytes, Standing]:
        """`standing` of fragments that were read already."""
        found = {}
        for fragment in fragments:
            values = fragment.values
            if values is not None and self.consented is not None:
                values = self.consented.left_of(fragment, values)
            if values is not None and self.allows(fragment.source):
                found[fragment.fragment_id] = Standing(fragment, values)
        return found

    def serves(self, owner: bytes, data_class: str) -> bool:
        """Whether data of a class may be used that hangs on a party, device or product of the customer."""
        return self.consented is None or self.consented.serves(owner, data_class)

    def cut(self, it: Standing, name: str) -> Cut:
        """One field as this permit may see it; `value` None where it is hidden or absent."""
        value = it.values.get(name)
        if value is None:
            return Cut(None, False)
        entity, fragment_id, fields = it.fragment.entity, it.fragment.fragment_id, self.permit.fields
        return cut(
            entity, name, value, it.values, fields, self._class_of(it, name), self.minting, fragment_id
        )

    def right(self, it: Standing, name: str) -> str:
        """How a field of a record may be shown: full, masked, token, hidden."""
        field_class = self._class_of(it, name) or ENTITIES[it.fragment.entity].fields[name].field_class.value
        return self.permit.fields.get(field_class, "hidden")

    def _class_of(self, it: Standing, name: str) -> str:
        return self.class_of(it.fragment.source, it.fragment.entity, name)

    def class_of(self, source: str, entity: str, name: str) -> str:
        """The class that the contract of a source gives a field; empty where it is the canon's."""
        of_source = self.classes.get(source)
        return of_source.get(f"{entity}.{name}", "") if of_source else ""

    def shown(self, it: Standing, name: str) -> Shown | None:
        """The value of `cut`."""
        return self.cut(it, name).value

    def record(self, it: Standing) -> dict[str, Shown]:
        """Every field of a record that may be seen, as it may be seen."""
        of, classes = it.fragment, self.classes.get(it.fragment.source, {})
        return cut_all(of.entity, it.values, self.permit.fields, classes, self.minting, of.fragment_id)

    def minted(self) -> tuple[Minted, ...]:
        """Every token that was made, with what it stands for: to be kept before any of them is shown."""
        made = self.minting.made if self.minting else {}
        if not made:
            return ()
        found = self.reader.fragments(list({fragment_id for _, fragment_id in made}))
        return tuple(
            Minted(token, fragment_id, found[fragment_id].subject_id, field, value)
            for (token, fragment_id), (field, value) in made.items()
        )

    def text(self, it: Standing, name: str) -> str:
        """The value of `cut` as text; empty where it is hidden or absent."""
        value = self.cut(it, name).value
        return "" if value is None else str(value)
