"""Which of one customer's data may be used, class by class, where somebody spoke of one class of it.

Theory. Each record of a party permits a use of each class of data, or does not (`customer/consent`). A party
gives the fields whose class it permits. Everything else hangs on a party, by itself or through a product, and
is given where one of those it hangs on permits its class; its fields of another class where that is
permitted, too. What was done on a device and names nobody hangs on whom it is held to be of
(`attributing.py`). A product is what others hang on, so it stays, empty, where any class of it is permitted.
What was said about the use of data is no use of it, and stays.

Most customers said nothing of any class. Then there is no `Consented` at all, and nothing is asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from onefold.customer.fragments.links import at_of
from onefold.customer.fragments.model import Fragment, Values
from onefold.customer.profile.attribution import Stretch, stretch_at
from onefold.record.canon.data_classes import ANY_DATA, OF_VIEWS, UNASKED, class_of, class_of_record

ASKED = (*OF_VIEWS, ANY_DATA)
"""What is asked for: each class that a view can hold, and all at once, for what comes of all."""
_THINGS = ("party", "other", "account", "holder")
"""Fields by which a record hangs on a party or on something of theirs."""

Serving = Mapping[str, frozenset[bytes]]
"""Class → the records of parties that permit its use."""
Noted = dict[bytes, Serving]
"""That for some customers."""
Uses = dict[str, tuple[bytes, ...]]
"""That as a cut names it; nothing where classes were not told apart."""


@dataclass(frozen=True, slots=True)
class Consented:
    """What may be used of one customer.

    `owners`: class → the parties that permit its use, their devices, and the products they hold. `roles`:
    class → those products, with the role in which they are held. `stretches`: device → when it was whose.
    """

    owners: Serving
    roles: Mapping[str, Mapping[bytes, str]]
    stretches: Mapping[bytes, Sequence[Stretch]] = field(default_factory=dict)

    def serves(self, owner: bytes, data_class: str) -> bool:
        """Whether data of a class that hangs on a party, device or product may be used."""
        return data_class == UNASKED or owner in self.owners.get(data_class, ())

    def left_of(self, fragment: Fragment, values: Values) -> Values | None:
        """The values that may be used of a record; None where nothing of it may."""
        entity, own = fragment.entity, fragment.fragment_id
        if entity == "party":
            return fields_of(values, frozenset(it for it in ASKED if self.serves(own, it))) or None
        record_class = class_of_record(entity, values)
        things = (own, *self._things(fragment, values))
        may = {it for it in (*ASKED, UNASKED) if any(self.serves(thing, it) for thing in things)}
        if record_class not in may:
            return {} if entity == "account" and may - {UNASKED} else None
        default = class_of_record(entity, ())
        return {
            name: value
            for name, value in values.items()
            if (its := class_of(entity, name)) in (default, record_class) or its in may
        }

    def _things(self, fragment: Fragment, values: Values) -> Iterator[bytes]:
        """What a record hangs on."""
        yield from (thing for it in _THINGS if isinstance(thing := values.get(it), bytes))
        if fragment.entity == "interaction" and "party" not in values:
            stretches = self.stretches.get(values.get("device", b""), ())
            if (stretch := stretch_at(stretches, at_of(fragment, values))) is not None:
                yield stretch.party


def fields_of(values: Values, classes: frozenset[str]) -> Values:
    """The values of a party that are of these classes."""
    return {name: value for name, value in values.items() if class_of("party", name) in classes}


def part_of(party: Fragment, classes: frozenset[str]) -> Fragment:
    """A party as if its source had said nothing but what is of these classes."""
    return msgspec.structs.replace(
        party,
        row=None if party.row is None else fields_of(party.row, classes),
        patches=fields_of(party.patches, classes),
    )


def uses_of(found: Iterable[Serving | None]) -> tuple[Uses, ...]:
    """What a cut names for each of its customers; nothing at all where none of them told classes apart."""
    uses = tuple(
        {it: tuple(sorted(members)) for it, members in (serving or {}).items() if members}
        for serving in found
    )
    return uses if any(uses) else ()
