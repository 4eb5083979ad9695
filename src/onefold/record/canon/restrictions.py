"""Which statements take something away from the gate, and from when.

A consent that is withdrawn or objected to, a suppression that is on and a block that stands restrict. They
are in force at the latest when they were recorded: what a source dates ahead, it has said already. What
lifts or grants is not said ahead of its record either, or it would come after a restriction that was made
between, by the mere passing of time.
"""

from __future__ import annotations

from typing import Any

RESTRICTING = frozenset({"consent", "suppression", "risk"})
"""Entities that can take something away."""

_WORDS = {"consent": ("fact",), "suppression": ("state",), "risk": ("kind", "status")}
_INSTANTS = {"consent": "given_at", "suppression": "since_at", "risk": "raised_at"}
_WAIVED = {"consent": {"purpose", "channel", "given_at"}, "suppression": {"channel", "reason"}}
_SCOPE = {"consent": ("party", "purpose", "channel"), "suppression": ("party", "channel")}


def may_restrict(entity: str, values: dict[str, Any]) -> bool:
    """Whether values restrict, or leave out the word that would say so."""
    match entity:
        case "consent":
            said = values.get("fact", "withdrawn") in {"withdrawn", "objected"}
        case "suppression":
            said = values.get("state", "on") == "on"
        case "risk":
            said = values.get("kind", "block") == "block"
            said = said and values.get("status", "open") in {"open", "confirmed"}
        case _:
            said = False
    return said


def restricts(entity: str, values: dict[str, Any]) -> bool:
    """Whether values say outright that something is taken away."""
    return may_restrict(entity, values) and all(it in values for it in _WORDS[entity])


def waives(entity: str, field: str, values: dict[str, Any]) -> bool:
    """Whether a field that a whole row must have may be missing: a restriction then covers any of it."""
    return field in _WAIVED.get(entity, ()) and restricts(entity, values)


def scoped(entity: str, values: dict[str, Any]) -> bool:
    """Whether a change of some fields names by itself what it restricts; nothing stands for the rest."""
    return all(it in values for it in _SCOPE.get(entity, _WORDS[entity]))


def not_ahead(entity: str, values: dict[str, Any], recorded_at: int) -> None:
    """Brings the date of a restriction down to its record, where it is a field of its own."""
    field = _INSTANTS[entity]
    if restricts(entity, values) and (values.get(field) or 0) > recorded_at:
        values[field] = recorded_at
