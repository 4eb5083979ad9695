"""What the columns of a table are: by their names, and by what stands in them where names tell nothing.

A name counts as a whole: words that say whose it is (`customer`, `home`) and how it was prepared (`raw`)
may stand around it, and two words may stand in either order (`name first`). Any other word makes it
something else: the name of a branch, of a product, of a mother.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_SPLIT = re.compile(r"[^a-z0-9]+")
_NUMBER = r"( (number|no|num))?"
_IDENTIFIERS = (
    r"ssn|soc(ial)? sec(urity)?( id)?|national (id|identifier)|passport|tax (id|identifier)"
    r"|(drivers?|driving) licen[cs]e|nin|pinfl|inn|nric|lei"
)
_NAMED: tuple[tuple[str, str], ...] = (
    ("email", r"(e ?mail|mail)( (address|addr))?( \d)?"),
    ("phone", rf"((tele|cell ?)?phone|mobile( phone)?|msisdn|tel|cell|fax){_NUMBER}( \d)?"),
    ("birth_date", r"dob|birth ?date|birth ?day|born( on)?|date of birth|day of birth"),
    ("gender", r"(gender|sex)( code)?"),
    ("postcode", r"(post|postal|zip) ?code|zip|postal"),
    ("identifier", rf"({_IDENTIFIERS}){_NUMBER}"),
    ("organisation", r"(org(ani[sz]ation)?|company|business|firm)( name)?|legal name"),
    ("given_name", r"(first|given) ?names?|forenames?|fname"),
    ("middle_name", r"middle ?names?|middle initial|patronymic|second name"),
    ("family_name", r"sur ?names?|(last|family) ?names?|lname"),
    ("full_name", r"(full )?name|fullname|person|(customer|client) name"),
    ("region", r"(state|province|region|county)( (code|name))?"),
    ("country", r"country( (code|name))?"),
    ("city", r"(city|town)( name)?|suburb|locality|(birth ?)?place|place of birth|village"),
    ("street", rf"(street|full) addr(ess)?|street( name)?{_NUMBER}|addr(ess)?( (line )?1)?|residence"),
    ("category", r"occupation|job( title)?|profession|employer|addr(ess)? (line )?2|nationality"),
)
_PERSONS = (
    r"primary|main|secondary|native|customer|client|person|personal|patient|applicant|subscriber|member|borrower"
    r"|account holder|holder"
)
_PLACES = (
    r"home|work|office|contact|billing|mailing|delivery|shipping|residential|residence|permanent|current"
    r"|addr|address"
)
_WHOSE = re.compile(rf"({_PERSONS}) (?=.)")
_WHERE = re.compile(rf"(({_PERSONS}) )?({_PLACES}) (?=.)")
_AT_A_PLACE = {"email", "phone", "postcode", "street", "city", "region", "country"}
_PREPARED = re.compile(
    r" (raw|clean(ed)?|orig(inal)?|std|standardi[sz]ed|normali[sz]ed|masked|fake)$|( (dd|mm|yy(yy)?))+$"
)
_NOT_OURS = re.compile(r"\b(id|type|status|amount|source|cluster|label|count|flag|update|created)\b")
_ABOUT_AN_ID = re.compile(
    r"(passport|licen[cs]e|national id|tax id|ssn|lei)\b.*\b(country|state|type|issuer)$"
)
_KEPT_THOUGH = re.compile(r"national|tax|soc sec|passport|licen")
_SAMPLE = 1000


def recognise(columns: Mapping[str, Sequence[str]], stated: Mapping[str, str]) -> dict[str, str]:
    """Column → kind; what is `stated` counts as it is, and a column that tells nothing is left out.

    `columns` gives some values of each column.
    """
    found = dict(stated)
    for name, values in columns.items():
        if name not in found:
            kind = _by_name(name) or _by_content([it for it in values[:_SAMPLE] if it])
            if kind:
                found[name] = kind
    return {name: kind for name, kind in found.items() if kind}


def _by_name(name: str) -> str:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", re.sub(r"(?<=[A-Z])(?=[0-9])", " ", name))
    plain = " ".join(_SPLIT.split(parted.lower())).strip()
    if _ABOUT_AN_ID.search(plain):
        return ""
    if _NOT_OURS.search(plain) and not _KEPT_THOUGH.search(plain):
        return ""
    plain = _PREPARED.sub("", plain)
    for text in _orders(plain):
        placed = _whole(_after(_WHERE, text))
        kind = _whole(text) or _whole(_after(_WHOSE, text)) or (placed if placed in _AT_A_PLACE else "")
        if kind:
            return kind
    return ""


def _orders(plain: str) -> list[str]:
    """The words as they stand; two of them the other way round as well."""
    said = plain.split()
    return [plain, f"{said[1]} {said[0]}"] if len(said) == 2 else [plain]


def _after(words: re.Pattern[str], plain: str) -> str:
    found = words.match(plain)
    return plain[found.end() :] if found else plain


def _whole(plain: str) -> str:
    """The kind of which this is the whole name, its two words in either order."""
    for text in _orders(plain):
        for kind, pattern in _NAMED:
            if re.fullmatch(pattern, text):
                return kind
    return ""


def _by_content(values: Sequence[str]) -> str:
    if not values:
        return ""
    if sum("@" in it for it in values) > len(values) / 2:
        return "email"
    if sum(bool(re.fullmatch(r"(1[89]|20)\d\d-\d\d-\d\d", it)) for it in values) > len(values) / 2:
        return "birth_date"
    return ""
