"""What the columns of a table are: by their names, and by what stands in them where names tell nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_SPLIT = re.compile(r"[^a-z0-9]+")
_NAMED: tuple[tuple[str, str], ...] = (
    ("email", r"e ?mail|email address|mail"),
    ("phone", r"(tele)?phone|mobile|msisdn|tel|cell|fax"),
    ("birth_date", r"dob|birth ?da(te|y)|born|date of birth|(date|day) birth|born on"),
    ("gender", r"gender|sex"),
    ("postcode", r"post ?code|zip|zip ?code|postal( code)?|postcode"),
    (
        "identifier",
        r"ssn|soc sec|national id|passport( number)?|tax id|drivers? licen[cs]e|nin|pinfl|inn|nric|lei",
    ),
    ("organisation", r"organi[sz]ation|company|name org|business( name)?|legal name"),
    ("given_name", r"first ?name|given ?names?|forename|fname|name first|firstname"),
    ("middle_name", r"middle ?names?|patronymic|second name|name middle"),
    ("family_name", r"sur ?name|last ?name|family ?name|lname|name last"),
    ("full_name", r"full ?name|name|customer name|name full|person|first and surname|native name"),
    ("region", r"state|province|region|county"),
    ("country", r"country"),
    ("city", r"city|town|suburb|locality|(birth )?place|village"),
    ("street", r"address|street|addr( (line ?1|full))?|address ?(line)? ?1|residence"),
    ("category", r"occupation|job|profession|employer|address ?(line)? ?2|addr line ?2|nationality"),
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
    plain = " ".join(_SPLIT.split(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())).strip()
    if _ABOUT_AN_ID.search(plain):
        return ""
    if _NOT_OURS.search(plain) and not _KEPT_THOUGH.search(plain):
        return ""
    for kind, pattern in _NAMED:
        if re.fullmatch(pattern, plain):
            return kind
    for kind, pattern in _NAMED:
        if re.search(rf"(^| )({pattern})( |$)", plain):
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
