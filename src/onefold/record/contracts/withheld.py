"""What a contract would show to more people than the class of its property allows.

Theory. A field is shown by its own class, whatever fed it. So a property that is `special` or `secret` may
not feed a field that more people see. A version that is published now is refused for that (lint.py); one
that was published before the rule stands in the log for ever, and cannot be refused any more. It is read as
if its map left that rule out: the value is in no state, so in no view, segment, audience or index. The rows
stay as they were offered, and a later version or a correction decides what becomes of them.

Some fields take something away: a withdrawal, a block, a hold; of a party what puts it under a policy or
says when and how it is left alone; that somebody is not the owner, or not any more. Without them more would
be allowed (law L5), so they go on deciding. Those of records are shown by the class of what fed them
(gate/sources.py). What restricts is shown as before: words of closed lists, days, and names the firm gives.

Whoever makes the rule stricter raises the version of the state, so that it is made again without the values.
"""

from __future__ import annotations

import msgspec

from onefold.record.canon.entities import ENTITIES, STRICTNESS, Field, FieldClass, FieldType
from onefold.record.contracts.corrections import first_of, number_of
from onefold.record.contracts.model import Contract, ObjectContract, Property, Rule, Withheld

_SHOWN_OTHERWISE = {"interaction", "case", "judgement", "review"}
"""What was said, of whose fields the stricter class counts (gate/sources.py), and words of our stewards."""
_CLOSELY_KEPT = {FieldClass.SPECIAL, FieldClass.SECRET}
_DECIDING = {
    "party": {"birth_date", "vulnerable", "protected", "preferred_channel", "time_zone", "manager"},
    "holder": {"role"},
    "relation": {"kind", "since_on", "until_on"},
}
"""What protects a party or says whose customer they are, and what bounds how something is held."""
_TELLING = {
    "consent": {"evidence", "jurisdiction", "notice", "notice_version", "language", "mechanism"},
    "suppression": set[str](),
    "risk": {"rule", "score"},
    "hold": {"matter", "reason", "placed_by", "lifted_by", "lifted_because"},
}
"""Of what restricts, the fields that only tell of it; all others decide."""


def is_shown_to_more(entity: str, field: Field, found: Property) -> bool:
    """Whether more people would see a secret, or what is special, than its class allows.

    A field is shown by its own class, whatever fed it. What is personal may be a town, and a number a
    currency; then it is as open as those are.
    """
    if entity in _SHOWN_OTHERWISE or field.type is FieldType.REF:
        return False
    return (
        found.field_class in _CLOSELY_KEPT and STRICTNESS[found.field_class] > STRICTNESS[field.field_class]
    )


def without_withheld(contract: Contract) -> Contract:
    """The contract as it is read once it is published; its objects name what was left out."""
    objects = {name: _object(it) for name, it in contract.objects.items()}
    return msgspec.structs.replace(contract, objects=objects)


def told(contract: Contract) -> tuple[str, ...]:
    """What the operator is told of a version in force: each field, what fed it, and what to publish."""
    return tuple(
        f"{contract.source} {contract.version}: {item.entity}.{it.field} is fed by {item.name}.{it.path}, "
        f"which is {it.field_class}; it "
        + ("decides as before and is shown to who sees that" if it.decides else "is left out")
        + f". Publish a version, or the correction {_corrected(contract.version)}, whose map leaves it out."
        for item in contract.objects.values()
        for it in item.withheld
    )


def _corrected(version: str) -> str:
    return f"{first_of(version)}+{number_of(version) + 1}"


def decides(entity: str, name: str) -> bool:
    """Whether a field can take something away, so that it is never left out."""
    if entity in _TELLING:
        return name not in _TELLING[entity]
    return name in _DECIDING.get(entity, ())


def _object(item: ObjectContract) -> ObjectContract:
    known = {it.path: it for it in item.properties}
    timed = item.occurred.reads if item.occurred else frozenset[str]()
    rules: dict[str, Rule] = {}
    withheld: list[Withheld] = []
    for name, rule in item.rules.items():
        field = ENTITIES[item.entity].fields[name]
        close = [
            known[path]
            for path in sorted(rule.reads | (timed if _is_timed(rule) else frozenset()))
            if path in known and is_shown_to_more(item.entity, field, known[path])
        ]
        stays = decides(item.entity, name)
        withheld += [Withheld(name, it.path, it.field_class, stays) for it in close]
        left = rule if stays or not close else _left_of(rule, frozenset(it.path for it in close), timed)
        if left is not None:
            rules[name] = left
    return msgspec.structs.replace(item, rules=rules, withheld=tuple(withheld)) if withheld else item


def _is_timed(rule: Rule | None) -> bool:
    return rule is not None and (rule.event_time or _is_timed(rule.otherwise))


def _left_of(rule: Rule, close: frozenset[str], timed: frozenset[str]) -> Rule | None:
    """The rule without the ways that read what is kept closely; None where no way is left."""
    otherwise = _left_of(rule.otherwise, close, timed) if rule.otherwise else None
    reads = timed if rule.event_time else frozenset(rule.sources)
    return otherwise if reads & close else msgspec.structs.replace(rule, otherwise=otherwise)
