"""Endpoints of stewards, engineers and privacy officers: judgements, sources, quarantine, audit, health."""

from __future__ import annotations

from onefold.channels.api.endpoint import Access, Call, endpoint
from onefold.channels.api.parameters import (
    AuditQuery,
    ChosenRows,
    DiscardBody,
    JudgementBody,
    QuarantineQuery,
    ResubmitBody,
    SourceQuery,
)
from onefold.usecases.check_health import check_health
from onefold.usecases.check_ready import Ready, check_ready
from onefold.usecases.decide_judgement import decide_judgement
from onefold.usecases.list_audit import list_audit
from onefold.usecases.list_quarantine import Standing, Wanted, list_quarantine
from onefold.usecases.list_sources import list_sources
from onefold.usecases.model import (
    AuditPage,
    DiscardedRows,
    Health,
    HeldRow,
    QuarantinePage,
    RecordedJudgement,
    ResubmittedRows,
    SourceDetail,
    SourceList,
)
from onefold.usecases.prove_audit import AuditProof, prove_audit
from onefold.usecases.settle_quarantine import Chosen, discard_quarantine, resubmit_quarantine
from onefold.usecases.show_held_row import show_held_row
from onefold.usecases.show_source import show_source


@endpoint(
    "POST",
    "/api/judgements",
    "Records a steward's word on two fragments",
    tag="stewardship",
    action="decide_judgement",
    purpose="stewardship",
    body=JudgementBody,
    result=RecordedJudgement,
    also=((404, "There are no such two fragments"),),
)
def judge(call: Call) -> RecordedJudgement:
    """Answers once identity has taken it in."""
    said = call.body
    return decide_judgement(
        call.permitted, call.rooms, said.left, said.right, verdict=said.verdict, reason=said.reason
    )


@endpoint(
    "GET",
    "/api/sources",
    "Lists the sources, their contracts and what came through their doors",
    tag="sources",
    action="list_sources",
    purpose="stewardship",
    result=SourceList,
)
def sources(call: Call) -> SourceList:
    """By name."""
    return list_sources(call.permitted, call.rooms)


@endpoint(
    "GET",
    "/api/sources/{source}",
    "Shows one source: its account by day and by delivery, and what its contract promises",
    tag="sources",
    action="show_source",
    purpose="stewardship",
    query=SourceQuery,
    result=SourceDetail,
)
def source(call: Call) -> SourceDetail:
    """The last days and deliveries."""
    return show_source(call.permitted, call.rooms, call.path["source"], version=call.query.version)


@endpoint(
    "GET",
    "/api/quarantine",
    "Lists the rows that were not let in, and why; never what they say",
    tag="sources",
    action="list_quarantine",
    purpose="stewardship",
    query=QuarantineQuery,
    result=QuarantinePage,
)
def quarantine(call: Call) -> QuarantinePage:
    """One page, newest first."""
    asked = call.query
    wanted = Wanted(
        asked.source,
        asked.object,
        asked.version,
        asked.reason,
        asked.field,
        Standing(asked.standing) if asked.standing else None,
    )
    return list_quarantine(call.permitted, call.rooms, wanted, cursor=asked.cursor, limit=asked.limit)


@endpoint(
    "GET",
    "/api/quarantine/{row}",
    "Shows one row that was not let in, as far as policy lets the asker see it",
    tag="sources",
    action="show_held_row",
    purpose="stewardship",
    result=HeldRow,
)
def held_row(call: Call) -> HeldRow:
    """Written down before it is shown."""
    return show_held_row(call.permitted, call.rooms, call.path["row"])


@endpoint(
    "POST",
    "/api/quarantine/resubmit",
    "Hands rows in quarantine in again, mended or under a contract that now takes them",
    tag="sources",
    action="resubmit_quarantine",
    purpose="stewardship",
    body=ResubmitBody,
    result=ResubmittedRows,
    also=((404, "There is no such row"),),
)
def resubmit(call: Call) -> ResubmittedRows:
    """Answers once what was let in is in force."""
    said = call.body
    return resubmit_quarantine(call.permitted, call.rooms, _chosen(said), said.corrections)


@endpoint(
    "POST",
    "/api/quarantine/discard",
    "Gives rows in quarantine up, with a reason; the record of them stays",
    tag="sources",
    action="discard_quarantine",
    purpose="stewardship",
    body=DiscardBody,
    result=DiscardedRows,
    also=((404, "There is no such row"),),
)
def discard(call: Call) -> DiscardedRows:
    """How many were open and are settled."""
    said = call.body
    return discard_quarantine(call.permitted, call.rooms, _chosen(said), said.because)


def _chosen(said: ChosenRows) -> Chosen:
    return Chosen(said.ids, said.source, said.object, said.version, said.reason, said.field, said.below)


@endpoint(
    "GET",
    "/api/audit",
    "Lists who saw, decided or changed what",
    tag="audit",
    action="list_audit",
    purpose="compliance",
    query=AuditQuery,
    result=AuditPage,
)
def audit(call: Call) -> AuditPage:
    """One page, newest first."""
    asked = call.query
    return list_audit(
        call.permitted,
        call.rooms,
        customer=asked.customer,
        actor=asked.actor,
        kind=asked.kind,
        cursor=asked.cursor,
        limit=asked.limit,
    )


@endpoint(
    "GET",
    "/api/audit/{record}/proof",
    "Proves that a record stands in the audit, to whoever has the public key alone",
    tag="audit",
    action="prove_audit",
    purpose="compliance",
    result=AuditProof,
)
def audit_proof(call: Call) -> AuditProof:
    """What `onefold verify --proof` checks."""
    return prove_audit(call.permitted, call.rooms, call.path["record"])


@endpoint(
    "GET",
    "/api/health",
    "Whether the server takes and serves data",
    tag="health",
    access=Access.OPEN,
    result=Health,
)
def health(call: Call) -> Health:
    """Counts only."""
    return check_health(call.rooms)


@endpoint(
    "GET",
    "/healthz",
    "Whether the server should be sent anything now; for load balancers",
    tag="health",
    access=Access.OPEN,
    result=Ready,
)
def ready(call: Call) -> Ready:
    """503 where log or audit cannot be written, or profiles do not follow the log: `detail` says which."""
    return check_ready(call.rooms)


ENDPOINTS = (
    judge,
    sources,
    source,
    quarantine,
    held_row,
    resubmit,
    discard,
    audit,
    audit_proof,
    health,
    ready,
)
