"""List who saw, decided or changed what."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.kernel.time import iso_instant
from onefold.record.audit.model import AuditFilter, AuditRecord, Rests
from onefold.record.canon.data_classes import ANY_DATA
from onefold.usecases.model import AuditEntry, AuditPage
from onefold.usecases.rooms import Rooms


def list_audit(
    permit: Permit,
    rooms: Rooms,
    *,
    customer: str = "",
    actor: str = "",
    kind: str = "",
    cursor: str = "",
    limit: int = 50,
) -> AuditPage:
    """One page, newest first. Reading the audit is written into it as well, after the page was read."""
    permit.needs("list_audit")
    wanted = AuditFilter(customer=customer, actor=actor, kind=kind)
    found = rooms.audit.page(wanted, cursor=cursor, limit=limit)
    rooms.gate.released(permit, "audit_read", counts={"records": len(found.items)})
    return AuditPage(tuple(map(_entry, found.items)), found.next)


def _entry(record: AuditRecord) -> AuditEntry:
    return AuditEntry(
        id=record.id,
        at=iso_instant(record.at),
        kind=record.kind,
        actor=record.actor,
        role=record.role,
        action=record.action,
        purpose=record.purpose,
        channel=record.channel,
        outcome=record.outcome,
        customers=record.customers,
        reasons=record.reasons,
        counts=record.counts,
        details=record.details,
        policy_version=record.policy_version,
        controller=record.controller,
        data_classes=_classes(record.rests),
        obligations=record.obligations,
    )


def _classes(rests: Rests | None) -> tuple[str, ...]:
    """The classes of data that a release was asked for by; none where it was for all at once."""
    if rests is None:
        return ()
    named = {it for use in rests.uses for it in use if it != ANY_DATA}
    return tuple(sorted({*named, *rests.chosen_by} | ({rests.data_class} - {ANY_DATA})))
