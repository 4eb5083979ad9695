"""E-mails (RFC 5322, MIME) as rows, by the standard library's parsers and bounds of our own around them.

The header parser of the newer policy knows addresses and encoded words best and takes quadratic time for bad
ones, so it is shown the few headers that are wanted, cut; parts are told apart by the older policy.

What is read is what was written: the plain part where there is one, else the HTML as text. Attachments are
named and not opened. A part must be text in the charset it states, else in UTF-8, else in the encoding of the
contract; a mail that is none of these is held, not guessed at.

Whom a mail is about is the address of the other side: who wrote it, or for what the firm wrote (`own` in the
contract) the one outsider it went to. Where there are several, none of them is: a mail to two customers
belongs to neither's history by a guess, and is held for want of a subject.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import InvalidBase64LengthDefect, MessageError
from email.headerregistry import HeaderRegistry
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from typing import Any, NamedTuple

from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.intake.documents.markup import text_of_html, tidy_lines
from onefold.record.intake.documents.model import NAMES_MAX, Reading, Row, clean, digest_of, named

HEADER_CHARACTERS_MAX = 8_192
HEAD_BYTES_MAX = 256 << 10
ADDRESS_CHARACTERS_MAX = 320
DEPTH_MAX = 30
PARTS_MAX = 1_000
TEXT_CHARACTERS_MAX = 4 << 20
_LINES_TIMES_PARTS_MAX = 20_000_000
_NESTING = re.compile(rb"boundary\s*\*?\d*\*?\s*=|message/[a-z]", re.IGNORECASE)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n|\r\r")
_SPACE = re.compile(r"\s")
_FIELD = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")
_NO_CHARSETS = frozenset({"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"})
"""Codecs of the language that no mail is written in; some take quadratic time."""
_BROKEN = (
    MessageError, ArithmeticError, AttributeError, IndexError, KeyError, LookupError, TypeError, ValueError,
    AssertionError, binascii.Error,
)  # fmt: skip
"""What the parser raises for mails that no mailer should have sent; nothing of ours raises these there."""


class Person(NamedTuple):
    """One side of a mail: the address in lower case, and the name beside it."""

    address: str
    name: str


class _Bounded(Compat32):
    """Keeps no more of a header than can be parsed soon."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, _cut("".join(value.splitlines()))


_PARSER = BytesParser(policy=_Bounded())
_HEADERS = HeaderRegistry()


def _cut(value: str) -> str:
    """A header within its bound, without the item that the bound cuts through."""
    if len(value) <= HEADER_CHARACTERS_MAX:
        return value
    return value[:HEADER_CHARACTERS_MAX].rpartition(",")[0] or value[:HEADER_CHARACTERS_MAX]


def read_eml(data: bytes, reading: Reading) -> tuple[Row, ...]:
    """One row of an e-mail."""
    _refuse_what_is_none(data)
    try:
        return (_row(_PARSER.parsebytes(data), reading),)
    except RecursionError:
        raise RowFault(Reason.DOCUMENT_TOO_DEEP) from None
    except _BROKEN:
        raise RowFault(Reason.BAD_DOCUMENT) from None


def _refuse_what_is_none(data: bytes) -> None:
    """Turns away what has no header, or would take the parser longer than its length is worth."""
    start = data[:1000].lstrip(b"\r\n")
    if not _FIELD.match(start) and not start.startswith(b"From "):
        raise RowFault(Reason.BAD_DOCUMENT)
    end = _END_OF_HEAD.search(data, 0, HEAD_BYTES_MAX)
    if end is None and len(data) > HEAD_BYTES_MAX:
        raise RowFault(Reason.BAD_DOCUMENT)
    # Each line is held against the boundary of every part around it.
    nesting = sum(1 for _ in _NESTING.finditer(data))
    if nesting > PARTS_MAX or nesting * data.count(b"\n") > _LINES_TIMES_PARTS_MAX:
        raise RowFault(Reason.DOCUMENT_TOO_DEEP)


def _row(mail: Message, reading: Reading) -> Row:
    sender, to, cc = (_people(mail, it) for it in ("from", "to", "cc"))
    at = _date(mail)
    text, attachments = _content(mail, reading)
    subject, message_id, in_reply_to = (_line(mail, it) for it in ("subject", "message-id", "in-reply-to"))
    everybody = list(dict.fromkeys((*sender, *to, *cc)))
    written = sender[0] if len(sender) == 1 else Person("", "")
    other, direction = _other_side(written, [*to, *cc], reading.shape.own)
    row: Row = {
        "document": digest_of(
            "eml", message_id, at, *(it.address for it in everybody), subject, text, *attachments
        ),
        "message_id": message_id,
        "in_reply_to": in_reply_to,
        "at": at,
        "from": written.address,
        "from_name": written.name,
        "to": ", ".join(it.address for it in to),
        "cc": ", ".join(it.address for it in cc),
        "participants": [f"{it.name} <{it.address}>" if it.name else it.address for it in everybody],
        "correspondent": other.address,
        "correspondent_name": other.name,
        "direction": direction,
        "subject": subject,
        "text": text,
        "attachments": attachments,
    }
    return {name: value for name, value in row.items() if value}


def _parsed(mail: Message, name: str) -> list[Any]:
    """Every header of a name; bytes that no standard allows in one are read as UTF-8."""
    found = [str(value) for given, value in mail.raw_items() if given.lower() == name]
    texts = [it.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for it in found]
    return [_HEADERS(name, it) for it in texts]


def _line(mail: Message, name: str) -> str:
    found = _parsed(mail, name)
    return " ".join(clean(str(found[0])).split()) if found else ""


def _people(mail: Message, name: str) -> list[Person]:
    """Every address of a header once, those that are none left out."""
    found: dict[str, Person] = {}
    for header in _parsed(mail, name):
        for it in header.addresses:
            address = clean(it.addr_spec).strip().lower()
            if "@" in address and len(address) <= ADDRESS_CHARACTERS_MAX and not _SPACE.search(address):
                found.setdefault(address, Person(address, named(it.display_name)))
    return list(found.values())[:NAMES_MAX]


def _date(mail: Message) -> str:
    """The date in ISO 8601 with its offset, UTC where it says that it knows none; empty without one."""
    try:
        found: datetime | None = next((it.datetime for it in _parsed(mail, "date")), None)
    except _BROKEN:
        found = None  # Such as a year of twenty digits.
    if found is None:
        return ""
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat()


def _other_side(sender: Person, to: list[Person], own: tuple[str, ...]) -> tuple[Person, str]:
    """Whom a mail is about, and whether it came in or went out."""
    if not own or not sender.address:
        return sender, ""
    if not _is_own(sender.address, own):
        return sender, "inbound"
    outside = list({it.address: it for it in to if not _is_own(it.address, own)}.values())
    if not outside:
        return Person("", ""), "internal"
    return outside[0] if len(outside) == 1 else Person("", ""), "outbound"


def _is_own(address: str, own: tuple[str, ...]) -> bool:
    domain = address.rpartition("@")[2]
    return any(address == it or domain == it or domain.endswith(f".{it}") for it in own)


def _content(mail: Message, reading: Reading) -> tuple[str, list[str]]:
    """The text and the names of the attachments."""
    attachments: list[str] = []
    count = iter(range(PARTS_MAX))
    texts = [text for text in _texts(mail, reading, attachments, count, 0) if text]
    return tidy_lines("\n\n".join(texts)), attachments[:NAMES_MAX]


def _texts(
    part: Message, reading: Reading, attachments: list[str], count: Iterator[int], depth: int
) -> list[str]:
    """The texts of a part and of those within it; notes attachments on the way."""
    if depth > DEPTH_MAX or next(count, None) is None:
        raise RowFault(Reason.DOCUMENT_TOO_DEEP)
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        # The same said in several ways, the plainest first.
        ways = [
            (it.get_content_type() == "text/plain", _texts(it, reading, attachments, count, depth + 1))
            for it in _inside(part)
        ]
        said = [(plain, texts) for plain, texts in ways if any(texts)]
        return next((texts for plain, texts in said if plain), said[0][1] if said else [])
    if kind.startswith("multipart/"):
        return [text for it in _inside(part) for text in _texts(it, reading, attachments, count, depth + 1)]
    name = _file_name(part)
    is_text = kind in ("text/plain", "text/html") and not part.is_multipart()
    if not is_text or name or part.get_content_disposition() == "attachment":
        attachments.append(name or kind)
        return []
    text = _text(part, reading)
    if len(text) > TEXT_CHARACTERS_MAX:
        raise RowFault(Reason.TOO_LONG)
    return [text_of_html(text) if kind == "text/html" else text]


def _file_name(part: Message) -> str:
    """What an attachment is called; mailers write encoded words where the standard has its own way."""
    name = clean(part.get_filename() or "")
    return named(str(_HEADERS("subject", name)) if "=?" in name else name)


def _inside(part: Message) -> list[Message]:
    payload: Any = part.get_payload()
    return [it for it in payload if isinstance(it, Message)] if isinstance(payload, list) else []


def _text(part: Message, reading: Reading) -> str:
    """The part's text in the first encoding that fits every byte of it."""
    payload: Any = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if any(isinstance(it, InvalidBase64LengthDefect) for it in part.defects):
        raise RowFault(Reason.BAD_TEXT)
    stated = str(part.get_param("charset", "") or "").strip().lower()
    for encoding in dict.fromkeys(it for it in (stated, "utf-8", reading.encoding) if it):
        try:
            if codecs.lookup(encoding).name.replace("-", "_") not in _NO_CHARSETS:
                return clean(data.decode(encoding).replace("\x00", "\ufffd"))
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    raise RowFault(Reason.BAD_TEXT)
