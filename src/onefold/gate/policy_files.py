"""Policies as people write them: Cedar text by file name, checked before anything is asked of it.

What is wrong with a text is told before it decides about anybody: text that Cedar cannot read, words that its
schema does not have, and what Cedar itself lets pass in silence, because it stands for nothing we know: a
role, a class of fields, a purpose or a channel that is on no list, a jurisdiction that no cell can have.
Patterns and arithmetic are refused, for a pattern can match nothing, and a sum can fail. A condition that
nobody meets is not noticed. Every policy has a sentence for a name (`@id`), since it is the reason people
read; one that allows an action may say what it obliges to (`@obliges`), and there are no other annotations.
Whatever is written, secrets are shown to nobody.

Cedar reads a text by recursion and may end the process with a text that is too deep, so it is measured first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import product
from typing import Any

import cedarpy

from onefold.gate.obligations import ANNOTATION, SAID, said_in
from onefold.gate.portfolios import Relation
from onefold.gate.rules import Policies
from onefold.gate.words import OWN_CHANNELS, REASONS, ROLES
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import is_jurisdiction
from onefold.record.canon.entities import FieldClass
from onefold.record.canon.groups import Group
from onefold.record.canon.purposes import WHOLES
from onefold.record.canon.vocabulary import CHANNELS

SUFFIX = ".cedar"
SCHEMA = "schema.cedarschema"
_FOLDER = files("onefold.gate") / "policies"
_ENTITIES = {
    "Role": frozenset(ROLES),
    "FieldClass": frozenset(it.value for it in FieldClass),
    "Cell": frozenset({"this"}),
    "Reason": frozenset(REASONS),
}
_CONTEXT = {
    "purpose": frozenset(WHOLES),
    "channel": frozenset((*OWN_CHANNELS, *CHANNELS)),
    "portfolio": frozenset(it.value for it in Relation),
    "groups": frozenset(it.value for it in Group),
}
_WORDS = frozenset().union(*_CONTEXT.values())
_PLACE = "jurisdiction"
"""Has words of no list: whatever a cell can be called by that is no word of another list."""
_ELSEWHERE = "-"
"""A jurisdiction that no cell has, and so no policy names."""
_REFUSED = {"like": "a pattern", "+": "arithmetic", "-": "arithmetic", "*": "arithmetic", "neg": "arithmetic"}
_STATEMENT_MAX = 8_000
_DEPTH_MAX = 100

Node = Any
"""Of the JSON that Cedar gives of a text."""


class BrokenPolicies(CallerError):
    """Policies cannot be used; `faults` say where and why."""

    code = "broken_policies"

    def __init__(self, faults: Sequence[str]) -> None:
        lines = "".join(f"\n  {it}" for it in faults)
        super().__init__(
            f"The policies have {len(faults)} fault{'s' if len(faults) != 1 else ''}.",
            detail=f"{lines}\n",
            hint="Mend the files, or take them away: then the policies hold that come with Onefold.",
        )
        self.faults = tuple(faults)


def shipped() -> dict[str, str]:
    """The policies that come with Onefold, by file name."""
    return {it.name: it.read_text("utf-8") for it in _FOLDER.iterdir() if it.name.endswith(SUFFIX)}


def schema() -> str:
    """What policies may speak of, in Cedar's own words."""
    return (_FOLDER / SCHEMA).read_text("utf-8")


def checked(texts: Mapping[str, str], jurisdiction: str = "") -> Policies:
    """The policies of the texts, as they hold in a jurisdiction; `BrokenPolicies` where they have faults."""
    faults = faults_of(texts, jurisdiction)
    if faults:
        raise BrokenPolicies(faults)
    return Policies(texts, jurisdiction)


def faults_of(texts: Mapping[str, str], jurisdiction: str = "") -> list[str]:
    """What is wrong with the texts, file by file; nothing where they may decide, there or anywhere."""
    faults: list[str] = []
    names: dict[str, str] = {}
    for file, text in sorted(texts.items()):
        if _is_too_much(text):
            faults.append(f"{file}: a policy is too long or too deep; write several.")
            continue
        try:
            nodes = json.loads(cedarpy.policies_to_json_str(text))
        except (ValueError, RecursionError) as error:
            faults.append(f"{file}: {error}")
            continue
        if nodes["templates"]:
            faults.append(f"{file}: a template decides nothing; write a policy.")
        faults += [f"{file}: {it}" for it in _misfits(text, nodes["staticPolicies"])]
        for named in _names(nodes["staticPolicies"]):
            if named in names:
                faults.append(f"{file}: “{named}” is the name of a policy in {names[named]}, too.")
            names.setdefault(named, file)
    return faults or _shown_secrets(texts, {jurisdiction or _ELSEWHERE, _ELSEWHERE, *_named_places(texts)})


def _is_too_much(text: str) -> bool:
    """Whether a statement is longer, or has more brackets in each other, than anybody writes."""
    for statement in text.split(";"):
        depth = 0
        for letter in statement:
            depth += (letter in "([{") - (letter in ")]}")
            if depth > _DEPTH_MAX:
                return True
        if len(statement) > _STATEMENT_MAX:
            return True
    return False


def _names(policies: Mapping[str, Node]) -> list[str]:
    found = (it.get("annotations", {}).get("id") for it in policies.values())
    return [it for it in found if it]


def _misfits(text: str, policies: Mapping[str, Node]) -> Iterator[str]:
    """What of each policy does not fit, one line a policy and kind of fault."""
    told: set[str] = set()
    result = cedarpy.validate_policies(text, schema())
    for error in sorted(result.errors, key=str):
        if error.policy_id not in told:
            told.add(error.policy_id)
            words = str(error.error).partition(", ")[2] or str(error.error)
            yield f"{_named(policies.get(error.policy_id, {}))}: {words}"
    for node in policies.values():
        if not node.get("annotations", {}).get("id"):
            yield 'a policy has no name: write @id("a sentence people read as the reason") above it.'
        yield from (f"{_named(node)}: {it}" for it in _wrong_annotations(node))
        unknown = sorted({*_unknown_entities(node), *_unknown_words(node)})
        if unknown:
            yield f"{_named(node)}: {', '.join(unknown)} is on no list."
        refused = sorted({_REFUSED[it] for inner in _within(node) for it in inner.keys() & _REFUSED.keys()})
        if refused:
            yield f"{_named(node)}: {' and '.join(refused)} may not stand in a policy; name what is meant."
        if any(it.get("has", {}).get("attr") == "jurisdiction" for it in _within(node)):
            yield f"{_named(node)}: every cell has a jurisdiction; compare it, and do not ask if it is there."


def _wrong_annotations(policy: Node) -> Iterator[str]:
    """What is annotated that means nothing; a sentence each."""
    annotations = policy.get("annotations", {})
    for name in sorted(annotations.keys() - {"id", ANNOTATION}):
        yield f"the annotation @{name} is on no list."
    if ANNOTATION not in annotations:
        return
    for word in said_in(annotations[ANNOTATION] or ""):
        if word not in SAID:
            yield f"the obligation “{word}” is on no list: {', '.join(SAID)}."
    action = policy["action"]
    named = [it["id"] for it in (action.get("entity"), *action.get("entities", ())) if it]
    if policy["effect"] != "permit" or any(it.startswith("see_") for it in named):
        yield f"@{ANNOTATION} belongs to a policy that permits an action."


def _named(policy: Node) -> str:
    name = policy.get("annotations", {}).get("id")
    return f"“{name}”" if name else "a policy without a name"


def _unknown_entities(node: Node) -> Iterator[str]:
    """Roles and classes of fields that we do not have."""
    for it in _within(node):
        known = _ENTITIES.get(it["type"]) if isinstance(it.get("type"), str) else None
        if known is not None and it.get("id", "") not in known:
            yield f"{it['type']} “{it.get('id', '')}”"


def _unknown_words(node: Node) -> Iterator[str]:
    """Purposes, channels and the like that nobody can ask for; there are no other words in what is asked."""
    places = set(_places(node))
    words = _literals(node.get("conditions", []))
    yield from (f"the word “{it}”" for it in words if it not in _WORDS and it not in places)
    yield from (f"{_PLACE} “{it}”" for it in places if it in _WORDS or not is_jurisdiction(it))
    for asked, word in _compared(node):
        if word in _WORDS - _CONTEXT.get(asked, _WORDS) or (asked != _PLACE and word in places - _WORDS):
            yield f"{asked} “{word}”"


def _places(policy: Node) -> Iterator[str]:
    """The jurisdictions that a policy names."""
    return (word for asked, word in _compared(policy) if asked == _PLACE)


def _compared(policy: Node) -> Iterator[tuple[str, str]]:
    """What is asked, such as `purpose`, with each word that a policy compares it with."""
    for it in _within(policy.get("conditions", [])):
        for operator in ("==", "!=", "contains", "containsAny", "containsAll"):
            sides = it.get(operator)
            if not isinstance(sides, dict):
                continue
            for one, other in (("left", "right"), ("right", "left")):
                if asked := _asked(sides.get(one)):
                    yield from ((asked, word) for word in _literals(sides.get(other)))


def _asked(node: Node) -> str:
    """The word of what is asked that an expression is, such as `context.purpose`."""
    access = node.get(".") if isinstance(node, dict) else None
    if not isinstance(access, dict) or access.get("left") != {"Var": "context"}:
        return ""
    return str(access["attr"]) if access["attr"] in {*_CONTEXT, _PLACE} else ""


def _literals(node: Node) -> Iterator[str]:
    return (it["Value"] for it in _within(node) if isinstance(it.get("Value"), str))


def _within(node: Node) -> Iterator[dict[str, Any]]:
    """Every object of a tree."""
    if isinstance(node, dict):
        yield node
    for it in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _within(it)


def _shown_secrets(texts: Mapping[str, str], places: Iterable[str]) -> list[str]:
    """A line for each role to which the texts would show secrets in one of the jurisdictions."""
    shown: dict[str, None] = {}
    for place in sorted(places):
        policies = Policies(texts, place)
        for role, purpose, channel in product(ROLES, WHOLES, (*OWN_CHANNELS, *CHANNELS)):
            if policies.right(role, FieldClass.SECRET.value, purpose, channel) != "hidden":
                shown[role] = None
    return [f"the role {it} would be shown secrets, which nobody is: forbid it." for it in shown]


def _named_places(texts: Mapping[str, str]) -> list[str]:
    nodes = json.loads(cedarpy.policies_to_json_str("\n".join(texts.values())))
    return sorted({it for policy in nodes["staticPolicies"].values() for it in _places(policy)})
