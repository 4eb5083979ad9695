"""Gather what answers a request for access or portability, and put it down as one file, whole or not at all.

The order is that of every release: read through the gate, which writes down that it was read; stage the file;
write down that it is handed over, with its digest; then publish it. No erasure runs meanwhile, so that none
can miss a package that was just being made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

import msgspec

from onefold.gate.everything import UNTOLD_REASONS
from onefold.gate.ledger import ConsentEvent, ConsentLedger, Moment
from onefold.gate.model import Permit
from onefold.gate.others import Others
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import id_from_text
from onefold.kernel.time import iso_instant
from onefold.record.audit.model import AuditFilter, AuditRecord
from onefold.record.contracts.errors import UnknownSource
from onefold.record.requests.model import SubjectRequest
from onefold.usecases.contacts import RELEASE
from onefold.usecases.marking import mark_for
from onefold.usecases.rooms import Rooms
from onefold.usecases.subject_package import (
    Consented,
    Contents,
    Looked,
    Recipient,
    SourceHeld,
    package_of,
    sources_in,
)

FACTS_MAX = 20_000
AUDITED_MAX = 100_000
_PAGE = 500
_ALLOWED = "allowed"
_UNTOLD = frozenset({"hold", "holds"})
"""Kinds of records that would say whether there is a legal hold: see gate/everything.py."""


def make_package(permit: Permit, rooms: Rooms, request: SubjectRequest) -> str:
    """The name of the package, once it lies where packages lie."""
    permit.needs("answer_request")
    with rooms.eraser.one_at_a_time:
        contents = _contents(permit, rooms, request)
        name = f"{request.id}.zip"
        mark = mark_for(permit, rooms, name)
        data = package_of(request, str(rooms.cell), iso_instant(rooms.clock.now_ms()), contents, mark)
        with rooms.packages.staged(name, data) as file:
            rooms.gate.released(
                permit,
                "package",
                customer=id_from_text(contents.everything.customer),
                counts={"records": len(contents.everything.records), "bytes": len(data)},
                details={"request": request.id, "kind": request.kind, "sha256": sha256(data).hexdigest()},
            )
            file.publish()
    return name


def _contents(permit: Permit, rooms: Rooms, request: SubjectRequest) -> Contents:
    held, others = rooms.gate.everything(permit, request.customer)
    recipients: list[Recipient] = []
    looked: Counter[tuple[str, str, str]] = Counter()
    for it in _audited(rooms, held.members):
        if it.kind == RELEASE or it.controller:
            recipients.append(_recipient(it))
        elif it.kind not in _UNTOLD:
            looked[it.role or "program", it.purpose, it.kind] += 1
    return Contents(
        everything=held,
        consents=_consents(permit, rooms, request.customer, others),
        sources=tuple(_source(rooms, *it) for it in sources_in(held.records).items()),
        recipients=tuple(sorted(recipients, key=lambda it: (it.at, it.release))),
        looked=tuple(Looked(*key, times) for key, times in sorted(looked.items())),
        keep=dict(rooms.laws.keep),
    )


def _consents(permit: Permit, rooms: Rooms, customer: bytes, others: Others) -> Consented:
    """What stands now, and all that was ever said, but for evidence that names another holder."""
    now = rooms.clock.now_ms()
    history: list[ConsentEvent] = []
    first: ConsentLedger | None = None
    cursor: str | None = ""
    while cursor is not None:
        ledger = rooms.gate.consents(permit, customer, Moment(now, None, cursor, _PAGE))
        first = first or ledger
        history += (_without(it, others) for it in ledger.items)
        cursor = ledger.next
        if len(history) > FACTS_MAX:
            raise CallerError(f"More than {FACTS_MAX:,} facts of consent are held; one answer has no more.")
    assert first is not None
    # Whether anti-fraud or a court stops contacting is not told: see gate/everything.py.
    stopped = tuple(it for it in first.suppressions if it.reason not in UNTOLD_REASONS)
    return Consented(first.standing, stopped, tuple(history))


def _without(it: ConsentEvent, others: Others) -> ConsentEvent:
    return msgspec.structs.replace(it, evidence="") if others.named_in(it.evidence) else it


def _audited(rooms: Rooms, members: tuple[str, ...]) -> Iterator[AuditRecord]:
    """What the audit has of the customer under any id they ever had, each record once."""
    seen: set[str] = set()
    for member in members:
        cursor: str | None = ""
        while cursor is not None:
            if len(seen) > AUDITED_MAX:
                raise CallerError(
                    f"More than {AUDITED_MAX:,} records of the audit are about the customer.",
                    hint="Answer from an evidence package: onefold audit export.",
                )
            page = rooms.audit.page(
                AuditFilter(customer=member, outcome=_ALLOWED), cursor=cursor, limit=_PAGE
            )
            yield from (it for it in page.items if it.id not in seen)
            seen.update(it.id for it in page.items)
            cursor = page.next


def _recipient(it: AuditRecord) -> Recipient:
    campaign, release = it.details.get("segment", ""), it.details.get("release", it.id)
    return Recipient(iso_instant(it.at), it.purpose, it.channel, campaign, release, it.controller)


def _source(rooms: Rooms, source: str, records: dict[str, int]) -> SourceHeld:
    try:
        contract = rooms.contracts.latest(source).contract
    except UnknownSource:
        return SourceHeld(source, source, "", (), records)
    return SourceHeld(source, contract.name, contract.about, contract.purposes, records)
