"""What changed in what rows come to mean: the map of an object, field by field."""

from __future__ import annotations

from onefold.record.contracts.changes import Breaks, Changes
from onefold.record.contracts.model import ObjectContract, Rule

_P, _R, _H = Breaks.PRODUCERS, Breaks.READERS, Breaks.HISTORY
_MEANING = frozenset({"currency", "absolute", "positive", "negative", "prefix", "separator", "part"})
"""Options that change what a value says; all others change how it is read."""


def compare_maps(old: ObjectContract, new: ObjectContract, changes: Changes) -> None:
    """Adds every change of the canonical fields an object gives."""
    for field, rule in old.rules.items():
        place, touches = f"contract.schema.{new.name}.map.{field}", _names(old, field)
        after = new.rules.get(field)
        if after is None:
            changes.add(place, f"is gone: {old.entity}.{field} is no longer made here", _R, touches=touches)
        elif after != rule:
            _rule(rule, after, place, touches, changes)
            _sources(rule, after, new, place, touches, changes)
    for field in new.rules:
        if field not in old.rules:
            changes.add(f"contract.schema.{new.name}.map.{field}", "is new")
    for field in new.fetched_fields:
        if field in old.rules and field not in old.fetched_fields:
            said = "is no longer kept: it is asked of the source when shown, and nothing is found by it"
            changes.add(
                f"contract.schema.{new.name}.map.{field}", said, _R, touches=(f"{old.entity}.{field}",)
            )


def _names(item: ObjectContract, field: str) -> tuple[str, ...]:
    return (f"{item.entity}.{field}",)


def _rule(old: Rule, new: Rule, place: str, touches: tuple[str, ...], changes: Changes) -> None:
    if not old.transform and not new.transform and not old.event_time and not new.event_time:
        said = f"the constant {old.const} became {new.const}"
        changes.add(place, said, _R, touches=touches)
        return
    if old.transform == new.transform == "values":
        _codes(old, new, place, touches, changes)
    if old.transform == new.transform == "ref":
        if any(old.options.get(it) != new.options.get(it) for it in ("source", "object", "prefix")):
            changes.add(place, "points at things under other keys", _H)
        return
    if old.transform != new.transform:
        said = f"is made otherwise ({old.transform or 'a constant'} → {new.transform or 'a constant'})"
        changes.add(place, f"{said}: rows as before may not be read", _P)
        return
    for option in sorted((old.options.keys() | new.options.keys()) - {"values", "default", "birth"}):
        if old.options.get(option) == new.options.get(option):
            continue
        if option in _MEANING:
            changes.add(place, f"{option} changed: values mean something else", _R, touches=touches)
        else:
            changes.add(place, f"{option} changed: rows as before may not be read, or read otherwise", _P)


def _sources(
    old: Rule, new: Rule, item: ObjectContract, place: str, touches: tuple[str, ...], changes: Changes
) -> None:
    """Another property that stands beside the old one says something else; else it was renamed."""
    delivered = {it.path for it in item.properties}
    if old.sources != new.sources and any(it in delivered for it in set(old.sources) - set(new.sources)):
        said = f"is taken from {', '.join(new.sources) or 'elsewhere'} instead of {', '.join(old.sources)}"
        changes.add(place, said, _R, touches=touches)


def _codes(old: Rule, new: Rule, place: str, touches: tuple[str, ...], changes: Changes) -> None:
    was, now = old.options.get("values") or {}, new.options.get("values") or {}
    lost = sorted(set(was) - set(now))
    if lost and "default" not in new.options:
        changes.add(place, f"no longer knows {', '.join(lost)}: such rows are quarantined", _P)
    if "default" in old.options and "default" not in new.options:
        changes.add(place, "has no default any more: unknown codes are quarantined", _P)
    other = sorted(code for code in set(was) & set(now) if was[code] != now[code])
    if other:
        changes.add(place, f"{', '.join(other)} now means something else", _R, touches=touches)
    fresh = {str(it) for it in now.values()} - {str(it) for it in was.values()}
    if fresh:
        words = ", ".join(sorted(fresh))
        changes.add(place, f"can now give {words}, which it never did", _R, touches=touches)
