"""The `map` of a contract's object as rules: canonical field → where it comes from and how."""

from __future__ import annotations

import re
from typing import Any

from onefold.record.canon.entities import ENTITIES, FieldType
from onefold.record.contracts.model import Rule
from onefold.record.contracts.reading import Faults, Reader
from onefold.record.contracts.transforms import DEFAULT_TRANSFORM

_RULE_WORDS = {"from", "as", "value", "event", "or"}
_CURRENCY = re.compile(r"[A-Z]{3}")


def read_map(reader: Reader, entity: str) -> dict[str, Rule]:
    """The rules of one object; amounts without a currency take that of the object's `currency` field."""
    known = ENTITIES.get(entity)
    if known is None:
        return {}
    rules: dict[str, Rule] = {}
    for field, value in reader.items():
        if reader.faults.known(reader.at(field), field, known.fields, f"field of {entity}"):
            kind = known.fields[field].type
            rule = read_rule(value, reader.at(field), DEFAULT_TRANSFORM[kind], reader.faults)
            rules[field] = _birth(rule) if field == "birth_date" else rule
    currency = rules.get("currency")
    for field, rule in rules.items():
        if known.fields[field].type is FieldType.MONEY:
            rules[field] = _with_currency(rule, currency, reader.at(field), reader.faults)
    return rules


def read_rule(value: Any, place: str, default: str, faults: Faults) -> Rule:
    """One rule; `default` is the transform when it names none."""
    if isinstance(value, str):
        return Rule(transform=default, sources=(value,))
    reader = Reader(value, place, faults)
    stated = [word for word in ("from", "value", "event") if word in reader]
    if len(stated) != 1:
        faults.add(
            place, "says nothing; write one of from: (a property), value: (a constant) or event: occurredAt"
        )
        return Rule()
    options = {word: option for word, option in reader.items() if word not in _RULE_WORDS}
    otherwise = read_rule(reader.raw("or"), f"{place}.or", default, faults) if "or" in reader else None
    if stated == ["from"]:
        transform = reader.text("as", default)
        return Rule(transform, reader.texts("from"), options, otherwise=otherwise)
    if options or "as" in reader:
        faults.add(place, f"{stated[0]} takes no further options; leave them out")
    if stated == ["event"]:
        if reader.text("event") != "occurredAt":
            faults.add(f"{place}.event", "can only be occurredAt")
        return Rule(event_time=True)
    return Rule(const=reader.raw("value"))


def _birth(rule: Rule) -> Rule:
    if rule.transform != "date":
        return rule
    otherwise = _birth(rule.otherwise) if rule.otherwise else None
    return Rule(rule.transform, rule.sources, {**rule.options, "birth": True}, otherwise=otherwise)


def _with_currency(rule: Rule, currency: Rule | None, place: str, faults: Faults) -> Rule:
    """The amount's currency as an option (one code) or as a second source (a property)."""
    if rule.transform != "money":
        return rule
    stated = rule.options.get("currency")
    if stated is None and currency is not None:
        stated = (
            currency.const if currency.const is not None else {"from": next(iter(currency.sources), None)}
        )
    options = {word: option for word, option in rule.options.items() if word != "currency"}
    otherwise = _with_currency(rule.otherwise, currency, place, faults) if rule.otherwise else None
    if isinstance(stated, dict) and isinstance(stated.get("from"), str):
        return Rule("money", (*rule.sources, stated["from"]), options, otherwise=otherwise)
    if isinstance(stated, str) and _CURRENCY.fullmatch(stated):
        return Rule("money", rule.sources, {**options, "currency": stated}, otherwise=otherwise)
    faults.add(place, "has no currency; write currency: CZK (ISO 4217) or currency: {from: a property}")
    return rule
