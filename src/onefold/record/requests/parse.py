"""Reading the laws that deadlines come from. A file that cannot be read stops the start, and says where."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import yaml

from onefold.kernel.errors import CallerError
from onefold.record.canon.entities import ENTITIES
from onefold.record.requests.deadlines import Law, Laws, Term
from onefold.record.requests.model import Kind

PACKAGES_DAYS = 30
_TERMS_MOST = {"months": 24, "days": 730}
_KEEP_MOST = 100 * 366
_PLACE = re.compile(r"[a-z]{2}(-[a-z0-9]{1,3})?")


def read_laws(text: str, place: str) -> Laws:
    """The laws of a file; `CallerError` names the place of what is wrong with it."""
    try:
        read = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _wrong(place, "is no YAML") from error
    top = _mapping(read, place, {"version", "laws", "otherwise", "keep", "packages"})
    if top.get("version") != 1:
        raise _wrong(f"{place}: version", "is not 1")
    named = top.get("laws")
    if not isinstance(named, dict) or not named:
        raise _wrong(f"{place}: laws", "names no law")
    laws = {str(name): _law(str(name), it, f"{place}: laws.{name}") for name, it in named.items()}
    if top.get("otherwise") not in laws:
        raise _wrong(f"{place}: otherwise", "names none of the laws")
    keep = _mapping(top.get("keep") or {}, f"{place}: keep", ENTITIES)
    days = {name: _number(it, _KEEP_MOST, f"{place}: keep.{name}") for name, it in keep.items()}
    packages = _mapping(top.get("packages") or {"days": PACKAGES_DAYS}, f"{place}: packages", {"days"})
    lie = _number(packages.get("days"), _KEEP_MOST, f"{place}: packages.days")
    return Laws(laws, top["otherwise"], days, lie)


def _law(name: str, read: Any, place: str) -> Law:
    it = _mapping(read, place, {"title", "jurisdictions", "answer", "extension", "kinds"})
    title, jurisdictions = it.get("title"), it.get("jurisdictions")
    if not isinstance(title, str) or not title:
        raise _wrong(f"{place}.title", "is missing")
    if not isinstance(jurisdictions, list) or not all(
        isinstance(one, str) and _PLACE.fullmatch(one) for one in jurisdictions
    ):
        raise _wrong(f"{place}.jurisdictions", "is not a list such as [de, us-ca]")
    kinds = _mapping(it.get("kinds") or {}, f"{place}.kinds", set(Kind))
    answer = _term(it.get("answer"), f"{place}.answer")
    extension = _term(it["extension"], f"{place}.extension") if it.get("extension") else Term()
    own = {Kind(kind): _term(found, f"{place}.kinds.{kind}") for kind, found in kinds.items()}
    return Law(name, title, frozenset(jurisdictions), answer, extension, own)


def _term(read: Any, place: str) -> Term:
    it = _mapping(read, place, set(_TERMS_MOST))
    if len(it) != 1:
        raise _wrong(place, "is either months or days")
    return Term(**{name: _number(found, _TERMS_MOST[name], f"{place}.{name}") for name, found in it.items()})


def _number(read: Any, most: int, place: str) -> int:
    if not isinstance(read, int) or isinstance(read, bool) or not 1 <= read <= most:
        raise _wrong(place, f"is not a whole number from 1 to {most}")
    return read


def _mapping(read: Any, place: str, known: Collection[str]) -> dict[str, Any]:
    if not isinstance(read, dict):
        raise _wrong(place, "is not a mapping")
    if unknown := [it for it in read if it not in known]:
        raise _wrong(place, f"may not hold {str(unknown[0])[:40]!r}; known: {', '.join(sorted(known))}")
    return read


def _wrong(place: str, what: str) -> CallerError:
    return CallerError(f"{place} {what}.", hint="docs/how-to/answer-a-subject-request.md has an example.")
