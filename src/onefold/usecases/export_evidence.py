"""Export what the audit holds of a period, a customer, a user or a campaign as one file that proves itself.

The package is a zip of text: records and the proof of each, the checkpoints and keys they rest on, policies
and contracts by digest, what each control answers to, and a page to begin with. The same question gives the
same bytes, whenever it is asked: nothing in it says when it was made.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.kernel.time import iso_instant
from onefold.record.audit.model import AuditFilter, AuditRecord
from onefold.record.log.checkpoints import to_line
from onefold.record.log.proof import RecordProof, encode_proof
from onefold.usecases.packing import digests, document, html_table, zipped
from onefold.usecases.rooms import Rooms

FORMAT = "onefold-evidence/1"
RECORDS_MAX = 100_000
_SHOWN_MAX = 1_000
_PAGE = 500
_STYLE = (
    "body{font:15px/1.5 system-ui;margin:2rem;max-width:70rem}table{border-collapse:collapse}"
    "td,th{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #ccc}"
)
_ADVICE = (
    "Check it with <code>onefold verify --package FILE --public-key KEY</code>, where KEY is the firm's "
    "public key, got another way than this file."
)


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Which records are wanted; an empty field asks for nothing. `from_ms` ≤ at < `to_ms`."""

    from_ms: int = 0
    to_ms: int = 0
    customer: str = ""
    user: str = ""
    campaign: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a package says of itself: the question, how many records answer it, the SHA-256 of every file."""

    format: str
    cell: str
    question: Question
    records: int
    files: dict[str, str]


def export_evidence(permit: Permit, rooms: Rooms, question: Question) -> bytes:
    """The package; that it was made is in the audit before it is given out."""
    permit.needs("prove_audit")
    found = _records(rooms, question)
    proofs = [rooms.audit_proofs.prove(int(it.id)) for it in found]
    rooms.gate.released(permit, "audit_export", counts={"records": len(found)})
    return _package(str(rooms.cell), question, found, proofs, rooms.papers.all())


def _records(rooms: Rooms, question: Question) -> list[AuditRecord]:
    """Every record that is wanted, oldest first."""
    wanted = AuditFilter(
        customer=question.customer, actor=question.user, from_at=question.from_ms, to_at=question.to_ms
    )
    found: list[AuditRecord] = []
    cursor: str | None = ""
    while cursor is not None:
        page = rooms.audit.page(wanted, cursor=cursor, limit=_PAGE)
        found += [
            it for it in page.items if not question.campaign or question.campaign in it.details.values()
        ]
        if len(found) > RECORDS_MAX:
            raise CallerError(
                f"A package holds {RECORDS_MAX:,} records and no more.", hint="Ask for a shorter period."
            )
        cursor = page.next
    found.reverse()
    return found


def _package(
    cell: str,
    question: Question,
    found: Sequence[AuditRecord],
    proofs: Sequence[RecordProof],
    papers: Mapping[str, bytes],
) -> bytes:
    checkpoints = sorted({to_line(it.checkpoint): it.record for it in proofs}.items(), key=lambda it: it[1])
    files = {
        **papers,
        "records.jsonl": b"".join((it.payload or "").encode() + b"\n" for it in proofs),
        "proofs.jsonl": b"".join(map(encode_proof, proofs)),
        "checkpoints.jsonl": b"".join(line for line, _ in checkpoints),
        **{f"keys/{it.checkpoint.key_id}.pub": f"{it.key}\n".encode() for it in proofs},
    }
    files["index.html"] = _index(cell, question, found, sorted(files)).encode()
    manifest = Manifest(format=FORMAT, cell=cell, question=question, records=len(found), files=digests(files))
    return zipped({**files, "package.json": document(manifest)})


def _index(cell: str, question: Question, found: Sequence[AuditRecord], names: Sequence[str]) -> str:
    """The page to begin with; it loads nothing."""
    asked = {
        "from": iso_instant(question.from_ms) if question.from_ms else "the beginning",
        "to, not included": iso_instant(question.to_ms) if question.to_ms else "the end",
        "customer": question.customer or "any",
        "user": question.user or "any",
        "campaign": question.campaign or "any",
        "records": f"{len(found):,}",
    }
    kinds = Counter((it.kind, it.outcome) for it in found)
    rows = [
        (it.id, iso_instant(it.at), it.kind, it.actor, it.role, it.purpose, it.channel, it.outcome)
        for it in found[:_SHOWN_MAX]
    ]
    heads = ("record", "at", "kind", "who", "role", "purpose", "channel", "outcome")
    return "\n".join(
        (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Audit evidence</title>',
            f"<style>{_STYLE}</style>",
            f"<h1>Audit evidence of {html.escape(cell)}</h1>",
            f"<p>{_ADVICE}</p>",
            html_table(("asked for", ""), list(asked.items())),
            "<h2>By kind</h2>",
            html_table(("kind", "outcome", "records"), [(*it, str(kinds[it])) for it in sorted(kinds)]),
            f"<h2>The first {len(rows):,} records</h2>",
            html_table(heads, rows),
            "<h2>Files</h2>",
            html_table(("file",), [(it,) for it in names]),
            "</html>",
            "",
        )
    )
