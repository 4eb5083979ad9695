"""Documents for tests, said shortly: e-mails, transcripts, and contracts that take them."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from onefold.record.contracts.documents import DocumentShape
from onefold.record.contracts.model import FileShape
from onefold.record.intake.documents.model import Row
from onefold.record.intake.documents.readers import read_document
from tests.unit.record.contracts.sample import prop, table

ANNA = "Anna Karimova <anna@karimova.uz>"
BANK = "care@bank.uz"


def read(kind: str, data: bytes | str, *, encoding: str = "utf-8", header: bool = True, **words: Any) -> Row:
    """The one row of a document; a `RowFault` where it has none."""
    file = FileShape("*", kind, encoding=encoding, header=header, documents=DocumentShape(**words))
    (row,) = read_document(data if isinstance(data, bytes) else data.encode(), file)
    return row


def letter(
    text: str = "Where is my card?",
    *,
    html: str = "",
    sender: str = ANNA,
    to: str = BANK,
    at: str = "Mon, 01 Sep 2025 10:00:00 +0500",
    subject: str = "Card",
    attached: tuple[str, ...] = (),
    **headers: str,
) -> bytes:
    """An e-mail as a mailer writes it; a header that is empty is left out."""
    mail = EmailMessage()
    said = {"From": sender, "To": to, "Date": at, "Subject": subject}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in said.items():
        if value:
            mail[name] = value
    if text:
        mail.set_content(text)
    if html:
        if text:
            mail.add_alternative(html, subtype="html")
        else:
            mail.set_content(html, subtype="html")
    for name in attached:
        mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes(policy=SMTP)


def mails(**words: Any) -> list[dict[str, Any]]:
    """The tables of a mailbox: who writes, keyed by the address, and what they wrote."""
    personal = {"classification": "pii"}
    correspondent = table(
        "correspondent",
        [
            prop("correspondent", required=True, **personal),
            prop("correspondent_name", **personal),
            prop("at", required=True),
        ],
        entity="party",
        delivers="event",
        kind="patch",
        key="correspondent",
        occurredAt={"from": "at", "as": "instant"},
        map={
            "kind": {"value": "person"},
            "email": {"from": "correspondent", "as": "email"},
            "full_name": "correspondent_name",
        },
    )
    said = {
        "entity": "interaction",
        "delivers": "event",
        "key": "document",
        "subject": {"entity": "party", "key": "correspondent"},
        "occurredAt": {"from": "at", "as": "instant"},
        "file": {"name": "*.eml", "format": "eml", "own": ["bank.uz"]},
        "also": ["correspondent"],
        "map": {
            "party": {"from": "correspondent", "as": "ref"},
            "channel": {"value": "email"},
            "action": {
                "from": "direction",
                "as": "values",
                "values": {"inbound": "received", "outbound": "replied"},
            },
            "topic": "subject",
            "happened_at": {"event": "occurredAt"},
            "text": {"from": "text", "as": "passage"},
            "participants": {"from": "participants", "as": "list"},
            "attachments": {"from": "attachments", "as": "list"},
        },
    }
    mail = table(
        "mail",
        [
            prop("document", required=True),
            prop("at", required=True),
            prop("correspondent", required=True, **personal),
            prop("correspondent_name", **personal),
            "direction",
            prop("subject", **personal),
            prop("text", **personal),
            prop("participants", logicalType="array", **personal),
            prop("attachments", logicalType="array", **personal),
        ],
        **{**said, **words},
    )
    return [mail, correspondent]


def calls(**words: Any) -> dict[str, Any]:
    """A table of transcripts whose file names say who called and when."""
    said = {
        "entity": "interaction",
        "delivers": "record",
        "key": "file",
        "subject": {"entity": "party", "key": "customer"},
        "file": {
            "name": "*.vtt",
            "format": "vtt",
            "pattern": r"^(?P<customer>C-\d+)_(?P<day>\d{8}T\d{6})",
        },
        "map": {
            "party": {"from": "customer", "as": "ref"},
            "channel": {"value": "call"},
            "action": {"value": "call"},
            "topic": "title",
            "happened_at": {"from": "day", "as": "instant", "format": "YYYYMMDDTHHmmss"},
            "text": {"from": "messages", "as": "talk", "clock": "seconds"},
            "participants": {"from": "participants", "as": "list"},
            "quantity": "duration_seconds",
        },
    }
    properties = [
        prop("file", required=True, classification="pii"),
        prop("customer", required=True, classification="pii"),
        prop("day", required=True),
        prop("title"),
        prop("messages", logicalType="array", classification="pii"),
        prop("participants", logicalType="array", classification="pii"),
        prop("duration_seconds", logicalType="integer"),
    ]
    return table("call", properties, **{**said, **words})


def transcript(*cues: tuple[float, str, str], title: str = "") -> str:
    """A WebVTT file: from which second on, who, what; each cue ends two seconds later."""

    def stamp(second: float) -> str:
        return f"{int(second) // 3600:02}:{int(second) // 60 % 60:02}:{second % 60:06.3f}"

    blocks = [f"{stamp(at)} --> {stamp(at + 2)}\n<v {who}>{what}</v>" for at, who, what in cues]
    return "\n\n".join([f"WEBVTT {title}".strip(), *blocks]) + "\n"


def folder(path: Path, **documents: bytes | str) -> Path:
    """A folder with documents, `__` in a name standing for a dot."""
    path.mkdir(parents=True, exist_ok=True)
    for name, data in documents.items():
        file = path / name.replace("__", ".")
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path
