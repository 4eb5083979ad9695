"""What records say, field by field, in comparable form: the kinds of fields, and which of them columns make.

How a value of a kind becomes comparable is known in `normal`; here it becomes one text in which equality says
something: an empty one where nothing is said or a field was only filled. Several columns of one kind make
one field of which a record can have alternatives (`APART`). What a row says is a function of that row
alone, but for the order of days and months in a column of dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from onefold.customer.identity.linking.columns import Column, alternatives, combined, mapped, parted
from onefold.customer.identity.linking.persons import PERSON_KINDS, STATED, persons
from onefold.customer.identity.normal.addresses import Place, address, city_words, postal_code
from onefold.customer.identity.normal.dates import DateState, day, order_of
from onefold.customer.identity.normal.emails import EmailState
from onefold.customer.identity.normal.emails import email as mailbox
from onefold.customer.identity.normal.genders import gender as gender_of
from onefold.customer.identity.normal.generations import generation
from onefold.customer.identity.normal.national_ids import compact
from onefold.customer.identity.normal.organisations import organisation as firm_of
from onefold.customer.identity.normal.organisations import says_a_form
from onefold.customer.identity.normal.phones import dialled
from onefold.customer.identity.normal.scripts import APOSTROPHES, romanised

KINDS = (
    *("given_name", "middle_name", "family_name", "full_name", "organisation", "birth_date", "gender"),
    *("email", "phone", "identifier", "street", "city", "postcode", "region", "country", "category"),
)
"""What a column of a table can be. Several columns may be of one kind."""

ORDER = "name_order"
"""How it is known which word of a name is which: a field from which that of pairs follows."""

GENERATION = "generation"
"""Which of one name in one family, where a name says so: a field that follows from names."""

NATURE, PERSON, FIRM = "nature", "person", "firm"
"""Whether a record is of a person or of a firm: a field that follows from the others."""

_NOT_WORDS = re.compile(r"[\W_]+")
_NUMBERS = re.compile(r"\d+[^\W\d_]?")
_HORIZON = date(2029, 12, 31)
"""Two digits are a year of the hundred before this day; records are the same whenever they are read."""

_WHERE = (Place.NUMBER, Place.BLOCK, Place.UNIT, Place.BOX)


class Field(NamedTuple):
    """One thing that records are compared by: its name, how it is compared, what each record says."""

    name: str
    kind: str
    column: Column


def fields_of(columns: Mapping[str, Sequence[tuple[str, Column]]]) -> list[Field]:
    """The fields of raw columns, given by kind with their names.

    Whole names and their parts say one thing, so they become one given, one middle and one family name; a
    whole name with a legal form is of a firm.
    """
    named, order, firms = _who(columns)
    found = [Field(name, "name", column) for name, column in named]
    if len(named) > 1 and order is not None:
        found.append(Field(ORDER, ORDER, order))
    said = [mapped(it, generation_of) for kind in PERSON_KINDS for _, it in columns.get(kind, ())]
    if any(it.codes.any() for it in said):
        found.append(Field(GENERATION, GENERATION, combined(said)))
    if firms:
        found.append(Field("organisation", "organisation", combined(firms)))
    for kind, change in SIMPLE:
        made = [mapped(column, change) for _, column in columns.get(kind, ())]
        if made:
            found.append(Field(kind, kind, combined(made)))
    births = [mapped(column, reading(column.values)) for _, column in columns.get("birth_date", ())]
    if given := columns.get("street", ()):
        found.append(Field("street", "street", _streets([it for _, it in given])))
    if given := columns.get("email", ()):
        found.append(Field("email", "email", _emails([it for _, it in given], firms)))
    if births:
        found.append(Field("birth_date", "birth_date", combined(births)))
    if firms and order is not None:
        found.append(_nature(found, order))
    for kind, change in (("identifier", identifier), ("category", words)):
        found += [Field(name, kind, mapped(column, change)) for name, column in columns.get(kind, ())]
    return found


def _who(
    columns: Mapping[str, Sequence[tuple[str, Column]]],
) -> tuple[list[tuple[str, Column]], Column | None, list[Column]]:
    """The names of persons, how their order is known, and names of firms, from whichever columns say them."""
    firms = [mapped(column, organisation) for _, column in columns.get("organisation", ())]
    parts = [(kind, it) for kind in PERSON_KINDS[:-1] for _, it in columns.get(kind, ())]
    beside = [mapped(it, _said) for _, it in parts]
    for _, column in columns.get("full_name", ()):
        whole = column
        if any(map(says_a_form, column.values)):
            firm, whole = parted([column, *beside], firm_or_person, 2)
            firms.append(mapped(firm, organisation))
        parts.append(("full_name", whole))
    return (*persons(parts), firms) if parts else ([], None, firms)


def firm_or_person(said: tuple[str, ...]) -> tuple[str, str]:
    """A whole name as that of a firm or of a person; where parts of a name stand beside it is of a person."""
    whole, *beside = said
    return (whole, "") if says_a_form(whole) and not any(beside) else ("", whole)


def _nature(fields: Sequence[Field], order: Column) -> Field:
    """Whether a record is of a person or a firm."""
    sure = [mapped(it.column, _said) for it in fields if it.kind in {"birth_date", "gender"}]
    firm = next(it.column for it in fields if it.kind == "organisation")
    return Field(NATURE, NATURE, parted([order, mapped(firm, _said), *sure], nature, 1)[0])


def generation_of(text: str) -> str:
    """Which of one name in one family a person's name is of; a firm's has no generation."""
    found = generation(text)
    return found if not found or not says_a_form(text) else ""


def nature(said: tuple[str, ...]) -> tuple[str]:
    """`PERSON` or `FIRM`; nothing where a record says both or neither for sure.

    Said are how the order of names is known, a firm, and what only a person has. A whole name is of a person
    where it says which word is which, or a birth date or gender stands beside.
    """
    named, firm, *beside = said
    if firm:
        return ("" if named else FIRM,)
    return (PERSON if named == STATED or (named and any(beside)) else "",)


def _streets(columns: Sequence[Column]) -> Column:
    return parted(columns, streets, 1)[0]


def streets(said: tuple[str, ...]) -> tuple[str]:
    """Addresses; where number and street have columns of their own they are one, else alternatives."""
    pieces = [it for it in said if it]
    bare = [not any(map(str.isalpha, it)) for it in pieces]
    whole = [" ".join(pieces)] if any(bare) and not all(bare) else pieces
    return (alternatives(map(street, whole)),)


def _emails(columns: Sequence[Column], firms: Sequence[Column]) -> Column:
    made = [mapped(it, email) for it in columns]
    desks = [mapped(it, desk) for it in columns]
    named = [mapped(it, _said) for it in firms]
    return parted([*made, *desks, *named], partial(mailboxes, len(made)), 1)[0]


def mailboxes(count: int, said: tuple[str, ...]) -> tuple[str]:
    """Mailboxes; one of a desk (info@, sales@) tells who a firm is, and nothing of one of its people.

    Said are so many mailboxes, whether each is of a desk, and firms.
    """
    found, shared, firm = said[:count], said[count : 2 * count], said[2 * count :]
    return (alternatives(it for it, of in zip(found, shared, strict=True) if not of or any(firm)),)


def desk(text: str) -> str:
    """Whether an address reaches a desk and nobody by name."""
    return "desk" if mailbox(text).state is EmailState.SHARED else ""


def _said(text: str) -> str:
    """Whether anything is said."""
    return "said" if text else ""


def words(text: str) -> str:
    """The words and numbers of a text in plain Latin letters, one space between them."""
    return " ".join(map(romanised, _NOT_WORDS.sub(" ", APOSTROPHES.sub("", text.casefold())).split()))


def organisation(text: str) -> str:
    """The words of a firm's name as they sound, without its legal form."""
    return " ".join(it.skeleton for it in firm_of(text).tokens)


def gender(text: str) -> str:
    """`female`, `male`, or what else was said."""
    return gender_of(text) or words(text)


def email(text: str) -> str:
    """The mailbox; what is none but has an @ stays as it was written, so that slips can be told."""
    found = mailbox(text)
    if found.state is EmailState.MALFORMED and "@" in text:
        return text.strip(" <>\"'").casefold()
    return found.address


def street(text: str) -> str:
    """Numbers in the order of house, block and flat, then the words that tell, as they sound."""
    tokens = address(text).tokens
    numbers = [
        number
        for place in _WHERE
        for it in tokens
        if it.place is place
        for number in _NUMBERS.findall(it.text) or [it.text]
    ]
    named = [it.text for it in tokens if it.place in {Place.STREET, Place.POSTCODE}]
    return " ".join([*numbers, *named]) or words(text)


def city(text: str) -> str:
    """The words of a town's name as they sound."""
    return " ".join(city_words(text)) or words(text)


def postcode(text: str) -> str:
    """Letters and digits alone."""
    return _NOT_WORDS.sub("", postal_code(text))


def identifier(text: str) -> str:
    """Letters and digits alone; nothing for what only fills a field."""
    return (compact(text) or _short(text)).casefold()


def _short(text: str) -> str:
    bare = _NOT_WORDS.sub("", text)
    return bare if len(bare) < 5 and len(set(bare)) > 1 else ""


def reading(values: Sequence[str]) -> Callable[[str], str]:
    """How the dates of one column are read.

    Where numbers alone stand before the year, the day comes first if more dates can only be read so.
    """
    order = order_of(values)

    def read(text: str) -> str:
        found = day(text, _HORIZON, order)
        if found.state is DateState.IMPOSSIBLE:
            return "".join(it for it in text if it.isdecimal())
        if found.state is DateState.PLACEHOLDER:
            return f"{found.year:04}0101" if found.year else ""
        return found.iso.replace("-", "")

    return read


SIMPLE: tuple[tuple[str, Callable[[str], str]], ...] = (
    *(("gender", gender), ("phone", dialled), ("city", city)),
    *(("postcode", postcode), ("region", words), ("country", words)),
)
"""Kinds of which a value becomes comparable by itself, and how."""
