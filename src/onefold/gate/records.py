"""What the gate's records say beside the words of a permit. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from onefold.gate.cutting import Cut
from onefold.gate.model import Permit
from onefold.kernel.ids import id_text
from onefold.record.audit.model import Rests
from onefold.record.canon.purposes import PURPOSES


def rests_of(cut: Cut, now: int) -> Rests:
    """What a cut rested on, for its record."""
    return rests_on(cut.sequence, now, cut.members, cut.uses)


def rests_on(
    sequence: int, now: int, members: Sequence[Sequence[bytes]], uses: Sequence[Mapping[str, Sequence[bytes]]]
) -> Rests:
    """What was read of the state at a sequence: these records of each customer, permitting these classes."""
    return Rests(
        sequence,
        now,
        tuple(tuple(map(id_text, it)) for it in members),
        uses=tuple({name: tuple(map(id_text, it)) for name, it in use.items()} for use in uses),
    )


def words_of(permit: Permit) -> dict[str, Any]:
    """The words of a permit, for the record of whatever comes of it."""
    return {
        "actor": permit.actor.id,
        "role": permit.role,
        "action": permit.action,
        "purpose": permit.purpose,
        "channel": permit.channel,
        "controller": permit.actor.controller,
        "policy_version": permit.policy_version,
    }


def words_of_release(permit: Permit, details: Mapping[str, str]) -> dict[str, Any]:
    """The words of a permit, for the record of what was let out or changed under it."""
    return {
        **words_of(permit),
        "outcome": "allowed",
        "consent_basis": basis.basis.value if (basis := PURPOSES.get(permit.purpose)) else "",
        "details": with_glass(permit, details),
        "obligations": permit.obligations,
    }


def words_of_cut(cut: Cut, now: int, said: str = "") -> dict[str, Any]:
    """The customer of a cut, the records it was made of, and what it rested on."""
    return {
        "customer": cut.customers[0],
        "fragments": cut.fragments,
        "counts": cut.counts,
        "said": said,
        "rests": rests_of(cut, now),
    }


def with_glass(permit: Permit, details: Mapping[str, str] | None = None) -> dict[str, str]:
    """The details of a record, and which glass the permit went through."""
    through = {"break_glass": permit.glass.record} if permit.glass else {}
    return {**(details or {}), **through}


def word_of_ours(word: str, words: Collection[str]) -> str:
    """The word if it is one of ours: whatever else a caller sent may be anything, and is not kept."""
    return word if word in words else "unknown"
