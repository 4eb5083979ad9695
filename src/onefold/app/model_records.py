"""What becomes of models, in the log and in the audit.

Whoever trains or compares models need not have the folder open, so what they did is kept beside the models
and goes into the audit, once, by whoever has it open. That one was adopted is said by whoever goes over to
it: first in the audit, then in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from onefold.adapters.files.models import ModelFolder
from onefold.customer.identity.adoption import ENTITY, Adoption, row_of
from onefold.kernel.errors import OnefoldError
from onefold.record.audit.model import AuditFilter
from onefold.record.audit.service import AuditLog
from onefold.record.contracts.registry import BUILTIN
from onefold.record.intake.door import Door
from onefold.record.intake.model import Offered
from onefold.usecases.model_shelf import ModelNote

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
        if (it.step, it.version, str(it.at)) not in known:
            details = {"version": it.version, "at": str(it.at), "against": it.against}
            details |= {"number": str(it.number)} if it.number else {}
            action = f"{it.step}_model" if it.step != "compare" else "compare_models"
            audit.record(KIND, actor=it.by, action=action, outcome="done", details=details)


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


def _audited(audit: AuditLog) -> Iterator[tuple[str, str, str]]:
    """What the audit has already: step, version, and when."""
    wanted, cursor = AuditFilter(kind=KIND), ""
    while True:
        found = audit.page(wanted, cursor=cursor, limit=500)
        for it in found.items:
            yield it.action.partition("_")[0], it.details["version"], it.details["at"]
        if found.next is None:
            return
        cursor = found.next
