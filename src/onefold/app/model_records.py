"""What becomes of models, in the log and in the audit.

Whoever trains or compares models need not have the folder open, so what they did is kept beside the models
and goes into the audit, once, by whoever has it open; what the gate refused them, too. That one was adopted
is said by whoever goes over to it: first in the audit, then in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from onefold.adapters.files.models import ModelFolder
from onefold.customer.identity.adoption import ENTITY, Adoption, row_of
from onefold.kernel.errors import OnefoldError
from onefold.kernel.time import Clock
from onefold.record.audit.model import AuditFilter
from onefold.record.audit.service import AuditLog
from onefold.record.contracts.registry import BUILTIN
from onefold.record.intake.door import Door
from onefold.record.intake.model import Offered
from onefold.usecases.model_shelf import BEGUN, REFUSED, ModelNote, ModelShelf

KIND = "model"


def say_adopted(door: Door, audit: AuditLog, adoption: Adoption) -> None:
    """A record in the audit and an event in the log; said again it changes nothing."""
    it = adoption
    audit_models(audit, [ModelNote(it.step, it.version, it.actor, it.at, number=it.number)])
    tally = door.offer(BUILTIN, ENTITY, [Offered(row=row_of(it))]).tally
    assert tally.accepted + tally.duplicate + tally.unchanged == 1, tally


def audit_models(audit: AuditLog, notes: Iterable[ModelNote]) -> None:
    """A record for each step that has none yet."""
    notes = list(notes)
    known = set(_audited(audit)) if notes else set()
    for it in notes:
        if (it.step, it.stage, it.version, str(it.at)) not in known:
            details = {"version": it.version, "at": str(it.at), "against": it.against}
            details |= {"number": str(it.number)} if it.number else {}
            details |= {"stage": it.stage} if it.stage == BEGUN else {}
            audit.record(
                KIND,
                actor=it.by,
                role=it.role,
                purpose=it.purpose,
                channel=it.channel,
                action=f"{it.step}_model" if it.step != "compare" else "compare_models",
                outcome=REFUSED if it.stage == REFUSED else "done",
                policy_version=it.policy,
                reasons=it.reasons,
                details=details,
            )


class ShelfTrail:
    """Implements `AuditTrail` for a gate that gives permits for models: what it refuses is kept as a note."""

    def __init__(self, shelf: ModelShelf, clock: Clock) -> None:
        self._shelf = shelf
        self._clock = clock

    def record(self, kind: str, **words: Any) -> str:
        """A refusal; a gate that releases anything needs the audit itself."""
        assert kind == "refusal", kind
        step = words["action"].removesuffix("s").removesuffix("_model")
        of = {name: words[name] for name in ("role", "purpose", "channel")}
        of |= {"policy": words["policy_version"], "reasons": tuple(words["reasons"])}
        self._shelf.note(ModelNote(step, "", words["actor"], self._clock.now_ms(), stage=REFUSED, **of))
        return ""

    async def record_soon(self, kind: str, **words: Any) -> str:
        """As `record`."""
        return self.record(kind, **words)


class NotesFollower:
    """Takes into the audit what others do with models while we have the folder open."""

    def __init__(self, audit: AuditLog, shelf: ModelFolder) -> None:
        self._audit = audit
        self._shelf = shelf
        self._taken = 0

    def look(self) -> None:
        """Takes in what is new. What could not be is tried again at the next look; that fails nobody."""
        with suppress(OnefoldError):
            notes = self._shelf.notes()
            audit_models(self._audit, notes[self._taken :])
            self._taken = len(notes)


def _audited(audit: AuditLog) -> Iterator[tuple[str, str, str, str]]:
    """What the audit has already: step, stage, version, and when."""
    wanted, cursor = AuditFilter(kind=KIND), ""
    while True:
        found = audit.page(wanted, cursor=cursor, limit=500)
        for it in found.items:
            stage = REFUSED if it.outcome == REFUSED else it.details.get("stage", "")
            yield it.action.partition("_")[0], stage, it.details["version"], it.details["at"]
        if found.next is None:
            return
        cursor = found.next
