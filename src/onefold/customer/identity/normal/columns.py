"""Which column of a table holds which field, from what it is called and from what is in it.

A header is a claim in some language (`column_words.py`), the values are evidence, and each can be wrong: a
`name` may hold firms, an unnamed column may be full of e-mails. What a value looks like is asked value by
value, so a column has a share for each shape. A header decides where the values do not speak against it;
without one that is known, values decide where they are clear: e-mails, telephone numbers, days that can be
of birth, addresses, genders and identifiers nearly always are; names without a header only where given
names are among them that a table knows, or endings of family names.

Every column gets a field and a reason in words that shows no value. Where one field can be only once (a
record id, a given name) the surer column has it and the others are told so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import msgspec

from onefold.customer.identity.normal.column_words import Field, header_words, named
from onefold.customer.identity.normal.dates import DateState, day, order_of
from onefold.customer.identity.normal.genders import is_word_for_one
from onefold.customer.identity.normal.national_ids import compact, kinds_that_fit
from onefold.customer.identity.normal.nicknames import full_names
from onefold.customer.identity.normal.organisations import organisation
from onefold.customer.identity.normal.scripts import APOSTROPHES, romanised
from onefold.customer.identity.normal.sounds import sound

SAMPLE_MOST = 400
"""Values of a column that are looked at: the first that say something."""


class Recognised(msgspec.Struct, frozen=True):
    """What a column holds, how sure that is (0 to 1), and why."""

    field: Field
    confidence: float
    reason: str


class _Looks(msgspec.Struct, frozen=True):
    """Shares of the values of a column that have a shape."""

    filled: int
    email: float
    phone: float
    date: float
    birth: float
    gender: float
    strict_id: float
    organisation: float
    given: float
    fathers: float
    family: float
    one_word: float
    words: float
    address: float
    number: float
    code: float
    distinct: float


ONCE = frozenset(
    {
        Field.RECORD_ID, Field.GIVEN_NAME, Field.FAMILY_NAME, Field.MIDDLE_NAME, Field.BIRTH_DATE,
        Field.GENDER,
        Field.POSTCODE, Field.CITY,
    }
)  # fmt: skip
_NUMBER_WORDS = frozenset("no nr num number id code key ref reference nomer kod raqami".split())
_SON_OF = re.compile(r"(?:ovich|evich|ovna|evna|ivna|ichna|ogli|ugli|qizi|kizi|uly|kyzy)$")
_FAMILY_ENDING = re.compile(
    r"(?:ov|ova|ev|eva|yev|yeva|ina|sky|skiy|skaya|ski|ska|enko|chuk|shvili|dze|yan|son|sen|ez|ini|elli|oglu|mann|"
    r"berg|stein|opoulos|idis|akis|escu|vich|ley|ford|field|wood|worth|zai|zoda|kar|wala|jee)$"
)
_POSTCODE = re.compile(
    r"\d{5}(?:-\d{4})?|\d{6}|(?!19|20)\d{4}|\d{3} \d{2,3}|\d{2}-\d{3}|"
    r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|[a-z]\d[a-z] ?\d[a-z]\d|\d{4} ?[a-z]{2}"
)
_PHONE = re.compile(r"\+?[\d\s().\-/]{7,22}(?:\s?(?:x|ext\.?)\s?\d+)?")
_PHONE_DIGITS = range(7, 16)
_SECONDS = re.compile(r"1\d{9}(?:\d{3})?")
"""Seconds or milliseconds since 1970, in this century."""

_PHONE_BARE_LEAST = 9
"""A shorter row of digits with nothing between them is some number, and likelier another one."""

_HAS_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’`\u0900-\u0dff\u064b-\u0652-])*\.?")
_FEW, _SOME, _MOST, _NEARLY_ALL = 0.05, 0.3, 0.6, 0.85
_NOTHING_AT_ALL = frozenset({"", "-", "null", "none", "nan", "n/a", "na", "nat"})


def recognise(columns: Mapping[str, Sequence[object]], today: date) -> dict[str, Recognised]:
    """The field of each column, from its name and a sample of its values (texts, numbers, dates, None)."""
    looks = {name: _looks(_sample(values), today) for name, values in columns.items()}
    found = {name: _field(name, looks[name]) for name in columns}
    found = _one_birth_date(found, columns, today)
    found = _beside_given(_given_beside_family(found, looks), looks)
    if all(it.field is not Field.RECORD_ID for it in found.values()):
        found = _first_key(found, looks)
    return _each_once(found)


def _sample(values: Sequence[object]) -> list[str]:
    kept: list[str] = []
    for value in values:
        text = "" if value is None else str(value).strip()
        if text.casefold() not in _NOTHING_AT_ALL:
            kept.append(text)
            if len(kept) == SAMPLE_MOST:
                break
    return kept


def _looks(values: list[str], today: date) -> _Looks:
    order = order_of(values)

    def share(test: Callable[[str], bool]) -> float:
        return sum(map(test, values)) / len(values) if values else 0.0

    def is_date(text: str) -> bool:
        return len(text) > 5 and day(text, today, order).state in {DateState.WHOLE, DateState.PLACEHOLDER}

    def is_birth(text: str) -> bool:
        found = day(text, today, order)
        return is_date(text) and 0 < found.year <= today.year - 10

    return _Looks(
        filled=len(values),
        email=share(lambda it: "@" in it and "." in it.partition("@")[2] and " " not in it),
        phone=share(lambda it: _is_phone(it) and not is_date(it)),
        date=share(is_date),
        birth=share(is_birth),
        gender=share(is_word_for_one),
        strict_id=_strictly_checked(values),
        organisation=share(lambda it: bool(organisation(it).form) and " " in it),
        given=share(_has_given_name),
        fathers=share(_is_of_a_father),
        family=share(lambda it: bool(_FAMILY_ENDING.search(romanised(APOSTROPHES.sub("", it))))),
        one_word=share(lambda it: bool(_WORD.fullmatch(it))),
        words=share(_is_words),
        address=share(lambda it: " " in it and bool(re.search(r"\d", it)) and bool(_HAS_LETTER.search(it))),
        number=share(lambda it: it.removesuffix(".0").isdecimal()),
        code=share(lambda it: bool(_POSTCODE.fullmatch(it.casefold().removesuffix(".0")))),
        distinct=len(set(values)) / len(values) if values else 0.0,
    )


def _is_phone(text: str) -> bool:
    digits = [it for it in text if it.isdecimal()]
    bare = text.isdecimal()
    enough = not bare or (len(digits) >= _PHONE_BARE_LEAST and not _SECONDS.fullmatch(text))
    return bool(_PHONE.fullmatch(text)) and len(digits) in _PHONE_DIGITS and len(set(digits)) > 2 and enough


def _strictly_checked(values: list[str]) -> float:
    """The share that passes the check of one and the same kind: some kind fits many a number by chance."""
    fits: Counter[tuple[str, str]] = Counter()
    for value in values:
        fits.update((it.country, it.kind) for it in kinds_that_fit(compact(value)) if it.strict)
    return max(fits.values(), default=0) / max(1, len(values))


def _is_of_a_father(text: str) -> bool:
    words = text.split()
    return 0 < len(words) <= 2 and bool(_SON_OF.search(romanised(APOSTROPHES.sub("", words[-1]))))


def _has_given_name(text: str) -> bool:
    return any(full_names(sound(it).skeleton) for it in text.split()[:3])


def _is_words(text: str) -> bool:
    parts = text.replace(",", " ").split()
    return 1 < len(parts) <= 5 and all(map(_WORD.fullmatch, parts))


def _field(name: str, looks: _Looks) -> Recognised:
    """What one column holds by itself."""
    claim = named(name)
    if claim is None:
        found = _unnamed(looks)
        if found.field in {Field.PHONE, Field.POSTCODE} and looks.number > _MOST and _of_a_thing(name):
            return Recognised(Field.OTHER, 0.5, "numbers, under a header that says number of something")
        return found
    field = claim.field
    why = f"the header says {claim.phrase}"
    if not looks.filled:
        return Recognised(field, 0.5, f"{why}, and nothing is in it")
    if against := _spoken_against(field, looks):
        other = _unnamed(looks)
        return Recognised(other.field, other.confidence, f"{why}, but {against}; {other.reason}")
    if field in {Field.FULL_NAME, Field.ORGANISATION} and looks.organisation > _MOST:
        return Recognised(Field.ORGANISATION, 0.9, f"{why}, and most values carry a legal form")
    if field is Field.FULL_NAME and looks.one_word > _NEARLY_ALL and looks.given > _SOME:
        return Recognised(Field.GIVEN_NAME, 0.7, f"{why}, and values are single given names")
    return Recognised(field, 0.95 if claim.whole else 0.9, why)


def _of_a_thing(name: str) -> bool:
    """Whether a header ends as those of keys and numbers do: `guardian_no`, `branch_code`."""
    return bool(_NUMBER_WORDS.intersection(header_words(name)[-1:]))


def _spoken_against(field: Field, looks: _Looks) -> str:
    """Why values cannot be what a header says; empty where they can."""
    letters = looks.one_word + looks.words
    if field is Field.EMAIL and looks.email < _SOME:
        return "few values have an @"
    if field is not Field.EMAIL and looks.email > _NEARLY_ALL:
        return "the values are e-mail addresses"
    if field is Field.PHONE and looks.phone < _FEW and letters > _MOST:
        return "the values are words"
    if field is Field.BIRTH_DATE and looks.date < _FEW and (letters > _MOST or looks.phone > _MOST):
        return "the values are no days"
    if (
        field in {Field.GIVEN_NAME, Field.FAMILY_NAME, Field.FULL_NAME, Field.CITY}
        and looks.number > _NEARLY_ALL
    ):
        return "the values are numbers"
    if field is Field.GENDER and looks.gender < _SOME and looks.distinct > _SOME:
        return "the values are no genders"
    return ""


def _unnamed(looks: _Looks) -> Recognised:
    """What a column holds by its values alone: the first shape that nearly all of them have."""
    if not looks.filled:
        return Recognised(Field.OTHER, 1.0, "nothing is in it")
    tests = (
        (Field.EMAIL, looks.email, _MOST, "are e-mail addresses"),
        (Field.GENDER, looks.gender * (looks.distinct < _SOME), _NEARLY_ALL, "are words for a gender"),
        (Field.BIRTH_DATE, looks.birth, _MOST, "are days that can be of birth"),
        (
            Field.NATIONAL_ID,
            looks.strict_id * (looks.distinct > _SOME),
            _MOST,
            "pass the check of a national id",
        ),
        (
            Field.POSTCODE,
            looks.code * (looks.distinct < _NEARLY_ALL),
            _NEARLY_ALL,
            "have the shape of a postcode",
        ),
        (Field.PHONE, looks.phone, _MOST, "have the shape of a phone number"),
        (Field.ORGANISATION, looks.organisation, _SOME, "carry a legal form"),
        (Field.ADDRESS, looks.address * (looks.date < _FEW), _MOST, "are words with numbers among them"),
    )
    for field, share, least, words in tests:
        if share > least:
            return Recognised(field, 0.5 + share * 0.3, _said(share, looks.filled, words))
    return _unnamed_words(looks)


def _said(share: float, values: int, words: str) -> str:
    return f"{share:.0%} of {values} values {words}"


def _unnamed_words(looks: _Looks) -> Recognised:
    """Names, where a header does not say so: by the given names in them, and by endings of family names."""
    if looks.fathers > _SOME:
        return Recognised(
            Field.MIDDLE_NAME, 0.6, _said(looks.fathers, looks.filled, "are made of a father's name")
        )
    if looks.words > _MOST and looks.given > 0.1:
        return Recognised(
            Field.FULL_NAME, 0.7, _said(looks.words, looks.filled, "are a few words, given names among them")
        )
    if looks.words + looks.one_word > _NEARLY_ALL and looks.words > _SOME and looks.family > _SOME:
        return Recognised(Field.FULL_NAME, 0.6, _said(looks.family, looks.filled, "end as family names do"))
    if looks.one_word > _MOST and looks.given > 0.15 and looks.given > looks.family / 2:
        return Recognised(
            Field.GIVEN_NAME, 0.6, _said(looks.given, looks.filled, "are given names that a table knows")
        )
    if looks.one_word > _MOST and looks.family > _SOME and looks.distinct > _FEW:
        return Recognised(
            Field.FAMILY_NAME,
            0.5 + looks.family / 10,
            _said(looks.family, looks.filled, "end as family names do"),
        )
    return Recognised(Field.OTHER, 0.5, "neither header nor values tell")


def _one_birth_date(
    found: dict[str, Recognised], columns: Mapping[str, Sequence[object]], today: date
) -> dict[str, Recognised]:
    """Of several columns of days without a header, the one that is earliest is of birth."""
    guessed = [name for name, it in found.items() if it.field is Field.BIRTH_DATE and it.confidence < 0.9]
    stated = any(it.field is Field.BIRTH_DATE and it.confidence >= 0.9 for it in found.values())
    if not guessed or (len(guessed) == 1 and not stated):
        return found

    def middle(name: str) -> int:
        values = _sample(columns[name])
        order = order_of(values)
        years = sorted(it.year for text in values if (it := day(text, today, order)).year)
        return years[len(years) // 2] if years else today.year

    first = "" if stated else min(guessed, key=middle)
    other = Recognised(Field.OTHER, 0.6, "days, but another column of days is earlier or named")
    return found | {name: other for name in guessed if name != first}


def _given_beside_family(found: dict[str, Recognised], looks: Mapping[str, _Looks]) -> dict[str, Recognised]:
    """A `name` of single words, where the family name has a column of its own, is the given one."""
    fields = {it.field for it in found.values()}
    if Field.FAMILY_NAME not in fields or Field.GIVEN_NAME in fields:
        return found
    reason = "single words, and the family name has a column of its own"
    return {
        name: Recognised(Field.GIVEN_NAME, 0.8, reason)
        if it.field is Field.FULL_NAME and looks[name].one_word > _MOST
        else it
        for name, it in found.items()
    }


def _beside_given(found: dict[str, Recognised], looks: Mapping[str, _Looks]) -> dict[str, Recognised]:
    """Family names mostly stand beside given names: single words of many kinds, under no known header."""
    fields = [it.field for it in found.values()]
    if Field.GIVEN_NAME not in fields or Field.FAMILY_NAME in fields:
        return found
    names = [name for name, it in found.items() if it.field is not Field.MIDDLE_NAME]
    at = next(number for number, name in enumerate(names) if found[name].field is Field.GIVEN_NAME)
    for name in names[at + 1 : at + 2] + names[max(0, at - 1) : at]:
        several = min(_SOME, looks[names[at]].distinct)
        many = looks[name].one_word > _MOST and looks[name].distinct >= several > 0
        if found[name].confidence < 0.9 and found[name].field in {Field.OTHER, Field.GIVEN_NAME} and many:
            return found | {name: Recognised(Field.FAMILY_NAME, 0.55, "single words beside the given names")}
    return found


def _first_key(found: dict[str, Recognised], looks: Mapping[str, _Looks]) -> dict[str, Recognised]:
    """The first column of which no value comes twice, if its values are no field of a person."""
    for name, it in found.items():
        guessed = it.field in {Field.OTHER, Field.POSTCODE, Field.PHONE} and it.confidence < 0.9
        seen = looks[name]
        if guessed and seen.distinct == 1.0 and seen.filled > 1 and max(seen.words, seen.date) < _FEW:
            return found | {name: Recognised(Field.RECORD_ID, 0.6, "no value comes twice")}
    return found


def _each_once(found: dict[str, Recognised]) -> dict[str, Recognised]:
    """Leaves a field that can be only once to its surest column, the first of equals."""
    surest: dict[Field, str] = {}
    for name, it in found.items():
        if it.field in ONCE and (
            it.field not in surest or it.confidence > found[surest[it.field]].confidence
        ):
            surest[it.field] = name
    return {
        name: it
        if it.field not in ONCE or surest[it.field] == name
        else Recognised(Field.OTHER, it.confidence, f"{it.reason}; but another column is the {it.field}")
        for name, it in found.items()
    }
