"""Cutting the view of one customer.

The golden record and what is behind it, field by field under a permit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from onefold.customer.profile.model import Candidate as Offered
from onefold.customer.profile.model import Golden, Survivor, Survivorship
from onefold.customer.profile.rules import combine, display_name
from onefold.gate.dossier import Dossier
from onefold.gate.flags import flags_of
from onefold.gate.masks import Cut, Minting, cut, initials, key_as_shown
from onefold.gate.model import Candidate, FragmentView, Shown, Value, View, Withheld
from onefold.gate.narrowing import held_of
from onefold.gate.products import account_views
from onefold.gate.references import hidden_of, referenced, wanted_of
from onefold.gate.scope import Scope, Standing
from onefold.gate.standing import consent_views
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_instant
from onefold.record.canon.entities import ENTITIES
from onefold.record.canon.groups import SAID

_ANSWERS = msgspec.json.Encoder()
_HOLE = b'"decision":""'
_PARTY = ENTITIES["party"].fields
_NAMING = ("full_name", "organisation_name", "family_name", "given_name", "middle_name")


def golden_of(dossier: Dossier, policy: Sequence[Survivorship]) -> Golden:
    """The golden record over the fragments that permit the purpose, and no others."""
    return combine((it.fragment for it in dossier.permitting.values()), policy)


def cut_view(scope: Scope, dossier: Dossier, policy: Sequence[Survivorship], now: int) -> View:
    """The view, but for the id of its audit record."""
    golden = golden_of(dossier, policy)
    holdings = held_of(scope, dossier)
    records = (*dossier.permitting.values(), *(it.account for it in holdings.values()))
    return View(
        customer=id_text(dossier.customer),
        name=shown_name(golden, scope.permit.fields, scope.minting),
        kind=str(golden.value("kind") or "person"),
        purpose=scope.permit.purpose,
        role=scope.permit.role,
        profile=_profile(scope, golden),
        fragments=tuple(_fragment(scope, dossier, it) for it in dossier.standing.values()),
        accounts=account_views(scope, holdings.values()),
        consents=consent_views(dossier),
        flags=flags_of(scope, dossier, holdings, now),
        referenced=referenced(wanted_of(scope, records)),
        withheld=(*dossier.withheld, *_hidden(scope, golden, hidden_of(scope, records))),
        decision="",
        obligations=scope.permit.obligations,
    )


def without_decision(view: View) -> bytes:
    """The view as it is answered, with a hole where the id of its record goes; see `with_decision`."""
    return _ANSWERS.encode(view)


def with_decision(answer: bytes, record: str) -> bytes:
    """The answer of `without_decision` with the id of its record.

    The hole is the last of its spelling: behind `decision` stand only the obligations, which are words, and a
    word cannot hold a quotation mark that is not escaped.
    """
    before, hole, behind = answer.rpartition(_HOLE)
    assert hole, "a view has a decision"
    return b"".join((before, b'"decision":', _ANSWERS.encode(record), behind))


def shown_name(golden: Golden, fields: Mapping[str, str], minting: Minting | None = None) -> str:
    """What to call the customer, as far as names may be seen."""
    right = fields.get("pii", "hidden")
    if right == "token":
        return _token_of_name(golden, minting) if minting else ""
    name = display_name(golden)
    if right == "full":
        return name
    return initials(name) if right == "masked" and name else ""


def _token_of_name(golden: Golden, minting: Minting) -> str:
    """The token of the whole name, also where it is stated in parts, which have none of their own."""
    name = display_name(golden)
    saying = next((golden.fields[it].winner for it in _NAMING if it in golden.fields), None)
    return minting.token("full_name", name, saying.fragment_id) if name and saying else ""


def _profile(scope: Scope, golden: Golden) -> dict[str, Value]:
    shown = {}
    for name, survivor in golden.fields.items():
        value = _value(scope, name, survivor)
        if value is not None:
            shown[name] = value
    return shown


def _value(scope: Scope, name: str, survivor: Survivor) -> Value | None:
    winner = survivor.winner
    result = _cut(scope, name, winner)
    if result.value is None:
        return None
    candidates = []
    for offered in survivor.candidates:
        one = result if offered.value == winner.value else _cut(scope, name, offered)
        if one.value is not None:
            at = iso_instant(offered.at)
            candidates.append(Candidate(one.value, offered.source, id_text(offered.fragment_id), at))
    return Value(
        value=result.value,
        source=winner.source,
        fragment=id_text(winner.fragment_id),
        at=iso_instant(winner.at),
        rule=survivor.rule,
        candidates=tuple(candidates),
        masked=result.masked,
    )


def _cut(scope: Scope, name: str, offered: Offered) -> Cut:
    fields, minting = scope.permit.fields, scope.minting
    field_class = scope.class_of(offered.source, "party", name)
    result = cut("party", name, offered.value, {}, fields, field_class, minting, offered.fragment_id)
    if name == "place" and result.value is not None:
        return Cut(_place_name(scope, offered.value) or result.value, result.masked)
    return result


def _place_name(scope: Scope, place_id: bytes) -> Shown | None:
    """The name of a district that a source refers to by its code."""
    found = scope.standing([place_id]).get(place_id)
    return scope.shown(found, "name") if found else None


def _fragment(scope: Scope, dossier: Dossier, it: Standing) -> FragmentView:
    """One record behind the customer, with what it permits; without a value where that is nothing."""
    own = it.fragment.fragment_id
    given = dossier.permitting.get(own)
    named = given is not None and scope.serves(own, "identity")
    return FragmentView(
        id=id_text(own),
        source=it.fragment.source,
        key=key_as_shown(it.fragment.entity, it.fragment.key, scope.permit.fields) if named else "",
        at=iso_instant(it.fragment.stamp[0]),
        values={} if given is None else scope.record(given),
        permits=given is not None,
    )


def _hidden(scope: Scope, golden: Golden, fetchable: frozenset[str]) -> list[Withheld]:
    """Which fields of the record exist, here or at their source, and are hidden, by class."""
    by_class: dict[str, list[str]] = {}
    for name in (*golden.fields, *sorted(fetchable - set(golden.fields))):
        if name in SAID:
            continue  # That a record speaks of it is what may not be seen; a flag says to take care.
        said_by = golden.fields[name].winner.source if name in golden.fields else ""
        field_class = scope.class_of(said_by, "party", name) or _PARTY[name].field_class.value
        if scope.permit.fields.get(field_class, "hidden") == "hidden":
            by_class.setdefault(field_class, []).append(name.replace("_", " "))
    role = scope.permit.role.replace("_", " ")
    hidden = [
        Withheld(", ".join(names), f"{name} data is hidden from the role {role} for {scope.permit.purpose}")
        for name, names in by_class.items()
    ]
    if scope.permit.fields.get("pci", "hidden") == "hidden":
        reason = f"pci data is hidden from the role {role} for {scope.permit.purpose}"
        hidden.append(Withheld("account numbers, amounts and balances", reason))
    return hidden
