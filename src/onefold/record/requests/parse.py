"""Reading the laws that deadlines come from. A file that cannot be read stops the start, and says where."""

from __future__ import annotations

import re
from typing import Any

from onefold.kernel.house_files import HouseFile
from onefold.record.canon.entities import ENTITIES
from onefold.record.requests.deadlines import Law, Laws, Term
from onefold.record.requests.model import Kind

_FILE = HouseFile("docs/how-to/answer-a-subject-request.md has an example.")
PACKAGES_DAYS = 30
_TERMS_MOST = {"months": 24, "days": 730}
_KEEP_MOST = 100 * 366
_PLACE = re.compile(r"[a-z]{2}(-[a-z0-9]{1,3})?")


def read_laws(text: str, place: str) -> Laws:
    """The laws of a file; `CallerError` names the place of what is wrong with it."""
    top = _FILE.read(text, place, {"version", "laws", "otherwise", "keep", "packages"})
    named = top.get("laws")
    if not isinstance(named, dict) or not named:
        raise _FILE.wrong(f"{place}: laws", "names no law")
    laws = {str(name): _law(str(name), it, f"{place}: laws.{name}") for name, it in named.items()}
    if top.get("otherwise") not in laws:
        raise _FILE.wrong(f"{place}: otherwise", "names none of the laws")
    keep = _FILE.mapping(top.get("keep") or {}, f"{place}: keep", ENTITIES)
    days = {name: _FILE.number(it, 1, _KEEP_MOST, f"{place}: keep.{name}") for name, it in keep.items()}
    packages = _FILE.mapping(top.get("packages") or {"days": PACKAGES_DAYS}, f"{place}: packages", {"days"})
    lie = _FILE.number(packages.get("days"), 1, _KEEP_MOST, f"{place}: packages.days")
    return Laws(laws, top["otherwise"], days, lie)


def _law(name: str, read: Any, place: str) -> Law:
    it = _FILE.mapping(read, place, {"title", "jurisdictions", "answer", "extension", "kinds"})
    title, jurisdictions = it.get("title"), it.get("jurisdictions")
    if not isinstance(title, str) or not title:
        raise _FILE.wrong(f"{place}.title", "is missing")
    if not isinstance(jurisdictions, list) or not all(
        isinstance(one, str) and _PLACE.fullmatch(one) for one in jurisdictions
    ):
        raise _FILE.wrong(f"{place}.jurisdictions", "is not a list such as [de, us-ca]")
    kinds = _FILE.mapping(it.get("kinds") or {}, f"{place}.kinds", set(Kind))
    answer = _term(it.get("answer"), f"{place}.answer")
    extension = _term(it["extension"], f"{place}.extension") if it.get("extension") else Term()
    own = {Kind(kind): _term(found, f"{place}.kinds.{kind}") for kind, found in kinds.items()}
    return Law(name, title, frozenset(jurisdictions), answer, extension, own)


def _term(read: Any, place: str) -> Term:
    it = _FILE.mapping(read, place, set(_TERMS_MOST))
    if len(it) != 1:
        raise _FILE.wrong(place, "is either months or days")
    return Term(
        **{name: _FILE.number(found, 1, _TERMS_MOST[name], f"{place}.{name}") for name, found in it.items()}
    )
