"""Records one at a time say, are found and weigh what they do in columns: the columns are the definition."""

from __future__ import annotations

from hashlib import blake2b
from itertools import product
from typing import Any

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from onefold.customer.identity.adopted.keying import Keying, on_rung
from onefold.customer.identity.adopted.likeness import fields_of_portraits, texts_of_portrait
from onefold.customer.identity.linking.candidates import JOINT, atoms_of
from onefold.customer.identity.linking.columns import APART, column_of
from onefold.customer.identity.linking.comparing import compare
from onefold.customer.identity.linking.fields import ORDER, Field, fields_of, reading
from onefold.customer.identity.linking.levels import SCALES, level_of, levels_of
from onefold.customer.identity.linking.rows import texts_of
from onefold.customer.identity.linking.scoring import weigh
from onefold.customer.identity.linking.several import Several
from onefold.customer.identity.linking.single import OneByOne
from onefold.customer.identity.portraits import portrait_of
from tests.properties.adopted import FAMILY, GIVEN, learned

NAMES = (
    *GIVEN,
    *FAMILY,
    "Азиз",
    "Каримов",
    "Каримова",
    "Yusuf",
    "Joseph",
    "Bob",
    "Robert",
    "R.",
    "حسن",
    "Li",
    "王",
    "Евгений",
    "Евгения",
    "Jr.",
    "Sr",
)
MIDDLE = ("Rustamovich", "Рустамович", "Jasur o'g'li", "Maria", "Olga")
OTHERS: dict[str, tuple[str, ...]] = {
    "organisation_name": ("Chorsu Savdo MChJ", "OOO Chorsu Savdo", "Delta Stroy LLC", "MChJ"),
    "email": ("a@karimov.uz", "a.k@karimov.uz", "info@delta.uz", "a@@karimov", "a@karimov.us"),
    "phone": ("+998901112233", "90 111 22 33", "+998901112234", "+99890111", "0"),
    "national_id": ("30101900000017", "30101900000071", "AA1234567", "123", "0000000000"),
    "tax_id": ("301000001", "301000010", "302000002"),
    "customer_number": ("C-1", "C-2", "C-100023", "C-100032"),
    "address": ("12 Navoiy ko'chasi", "ул. Навои, 12", "12 Navoi 5", "7 Bobur", "Bobur 7-12", "kv 5"),
    "city": ("Toshkent", "Ташкент", "Samarqand", "gorod Samarqand"),
    "region": ("Toshkent viloyati", "Xorazm"),
    "postcode": ("100011", "100012", "SW1A 1AA", "SW1A2AA"),
    "country": ("UZ", "Uzbekistan"),
}
_names = st.sampled_from(NAMES)
_whole = st.one_of(
    st.lists(st.one_of(_names, st.sampled_from(MIDDLE)), min_size=1, max_size=4).map(" ".join),
    st.builds("{}, {}".format, _names, _names),
    st.builds("{} {} MChJ".format, _names, _names),
)
_text = st.text(st.sampled_from("ab12аф' -,.@/" + APART), max_size=9)


@st.composite
def values(draw: st.DrawFn) -> dict[str, Any]:
    """What a party may say: often what others say, sometimes anything."""
    said: dict[str, Any] = {
        "given_name": draw(st.one_of(st.none(), _names, _whole)),
        "middle_name": draw(st.one_of(st.none(), st.sampled_from(MIDDLE))),
        "family_name": draw(st.one_of(st.none(), _names, _whole)),
        "full_name": draw(st.one_of(st.none(), _whole)),
        "birth_date": draw(st.one_of(st.none(), st.sampled_from((7000, 7001, 7030, 16000, -25567, 0)))),
    }
    for name, some in OTHERS.items():
        said[name] = draw(st.one_of(st.none(), st.sampled_from(some), st.sampled_from(some)))
    if draw(st.booleans()):
        said[draw(st.sampled_from(sorted(OTHERS)))] = draw(_text)
    return {name: it for name, it in said.items() if it is not None}


def people(said):
    return [portrait_of(at.to_bytes(16), it) for at, it in enumerate(said, 1)]


def model_columns(portraits):
    """The fields of the model in its order; empty where nobody says anything."""
    found = {it.name: it for it in fields_of_portraits(portraits)}
    shared = next((it.column.values for it in found.values() if it.kind == "name"), ("",))
    nothing = [""] * len(portraits)
    made = []
    for it in learned().fields:
        column = found[it.name].column if it.name in found else column_of(nothing)
        if it.kind == "name" and it.name not in found:
            column = column._replace(values=shared)
        made.append(Field(it.name, it.kind, column))
    return made


def texts(field):
    return [field.column.values[it] for it in field.column.codes.tolist()]


@given(st.lists(values(), min_size=1, max_size=6))
def test_a_record_says_by_itself_what_it_says_among_others(said):
    portraits = people(said)
    alone = [texts_of_portrait(it) for it in portraits]
    fields = {it.name: texts(it) for it in fields_of_portraits(portraits)}
    for name in {*fields, *(name for it in alone for name in it)}:
        assert [it.get(name, "") for it in alone] == fields.get(name, [""] * len(portraits))


@given(
    st.dictionaries(
        st.sampled_from(
            (
                "given_name",
                "family_name",
                "full_name",
                "organisation",
                "email",
                "phone",
                "street",
                "birth_date",
            )
        ),
        st.lists(
            st.one_of(st.just(""), _whole, _text, st.sampled_from(OTHERS["email"])), min_size=1, max_size=3
        ),
        min_size=1,
    )
)
def test_several_columns_of_a_kind_say_in_a_row_what_they_say_in_a_table(row):
    named = {
        kind: [(f"{kind} {at}", text) for at, text in enumerate(columns)] for kind, columns in row.items()
    }
    table = {kind: [(name, column_of([text])) for name, text in some] for kind, some in named.items()}
    expected = {it.name: texts(it)[0] for it in fields_of(table)}
    found = texts_of(named, reading(()))
    assert {name: found.get(name, "") for name in expected} == expected


def cuts(atom, rows):
    """The values of an atom that each row has."""
    pairs = zip(atom.rows.tolist(), atom.codes.tolist(), strict=True)
    held = [(row, atom.text(code)) for row, code in pairs]
    return [{text for at, text in held if at == row} for row in range(rows)]


@given(st.lists(values(), min_size=1, max_size=6))
def test_the_keys_of_a_record_are_its_atoms_and_pairs_of_them(said):
    fields = model_columns(people(said))
    names = [it.name for it in atoms_of(fields)]
    keys = [*names, *(f"{one}{JOINT}{other}" for one in names[:4] for other in names[-4:] if one != other)]
    held = {it.name: cuts(it, len(said)) for it in atoms_of(fields)}
    keying = Keying([(it.name, it.kind) for it in fields], keys, {})
    for row in range(len(said)):
        expected = {
            on_rung(
                blake2b("\0".join((key, *some)).encode("utf-8", "surrogatepass"), digest_size=16).digest()
            )
            for key in keys
            for some in product(*(held[it][row] for it in key.split(JOINT)))
        }
        assert keying.keys_of([texts(it)[row] for it in fields]) == expected


FATHER = {"given_name": "Aziz", "family_name": "Karimov", "middle_name": "Hasan", "birth_date": 7000}
TURNED = {"given_name": "Karimov", "family_name": "Hasan", "middle_name": "Aziz", "birth_date": 7000}
GUESS = {"full_name": "Karimov Aziz"}
BROTHER = {"full_name": "Karimov Husan"}
EXCHANGED = {"given_name": "Karimov", "family_name": "Aziz"}


@given(st.lists(values(), min_size=2, max_size=5))
@example([FATHER, TURNED, GUESS, BROTHER, EXCHANGED])
@example([{"full_name": it} for it in ("Mehta Arvind", "Mehta Seema", "Mehto Seema", "Seema Mehta")])
def test_a_pair_has_by_itself_the_levels_and_the_weight_that_it_has_in_columns(said):
    fields = model_columns(people(said))
    left, right = np.triu_indices(len(said), 1)
    levels = compare(fields, left, right)
    weights = weigh(learned(), fields, levels, left).tolist()
    pairs = OneByOne(learned())
    rows = [pairs.row([texts(it)[at] for it in fields]) for at in range(len(said))]
    for at, (one, other) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        assert pairs.levels(rows[one], rows[other]) == [int(it[at]) for it in levels]
        assert pairs.weight(rows[one], rows[other]) == weights[at]
    assert list(Several(learned()).weights(rows, left, right)) == weights


_said = st.one_of(
    st.text(st.sampled_from("abcdeiк1 27@-"), min_size=1, max_size=12).map(str.strip).filter(bool),
    st.sampled_from([it for some in OTHERS.values() for it in some]),
)


_several = st.lists(_said, min_size=1, max_size=3).map(lambda it: APART.join(sorted(set(it))))


@given(st.sampled_from(sorted(SCALES)), st.lists(_several, min_size=2, max_size=4))
def test_every_scale_grades_one_pair_as_it_grades_many(kind, said):
    given_values = sorted(set(said))
    low, high = np.triu_indices(len(given_values), 1)
    if kind == ORDER or not len(low):
        return
    how = SCALES[kind].compare
    many = levels_of(how, given_values, low, high).tolist()
    pairs = zip(low.tolist(), high.tolist(), strict=True)
    assert many == [level_of(how, given_values[one], given_values[other]) for one, other in pairs]
