"""Documents: e-mails, transcripts, texts, chats. Each a row of what JSON can hold, or a reason."""

from __future__ import annotations

import base64
import json
import quopri
from collections.abc import Callable

import msgspec

from onefold.record.contracts.documents import DocumentShape
from onefold.record.contracts.errors import RowFault
from onefold.record.contracts.model import FileShape
from onefold.record.intake.depth import is_deeper
from onefold.record.intake.documents.readers import read_document
from tests.fuzz import hostile
from tests.fuzz.draws import Draws
from tests.fuzz.target import Target, says_nothing_personal

_CHARSETS = (
    b"utf-8",
    b"us-ascii",
    b"iso-8859-1",
    b"koi8-r",
    b"utf-16",
    b"utf-7",
    b"idna",
    b"punycode",
    b"rot13",
    b"hex",
    b"\xff",
    b"unicode_escape",
    b"utf-32",
    b"zlib",
    b"x" * 90,
    b"",
    b"gb18030",
    b"iso-2022-jp",
    b"mbcs",
    b"utf\x008",
)
_NAMES = (
    b"From",
    b"To",
    b"Cc",
    b"Subject",
    b"Date",
    b"Message-ID",
    b"In-Reply-To",
    b"X",
    b"MIME-Version",
    b"From ",
)
_VALUES = (
    b"Anna <anna@mail.uz>",
    b"a@b",
    b"<<>>",
    b"=?utf-8?b?w6k=?= <a@b.uz>",
    b"=?utf-8?q?=ff?=",
    b"=?x?y?z?=",
    b"(" * 300,
    b"Mon, 31 Feb 2024 10:00:00 +9999",
    b"Mon, 1 Jan 0000 00:00:00 +0000",
    b"Fri, 02 May 2025 10:00:00 +0500",
    b"\xff\xfe",
    b"a@b.uz, " * 50,
    b'"' + b"a" * 200,
    b"<m-1@x>",
    b"group: a@b.uz, c@d.uz;",
    b"=?utf-8?b?" + b"=" * 99,
    b"\x00",
    b"@@@",
    b"<a@[1.2.3.4]>",
    b"\r\n folded",
    b"a@" + b"." * 99,
    hostile.CANARY.encode(),
)
_KINDS = (
    b"text/plain",
    b"text/html",
    b"multipart/mixed",
    b"multipart/alternative",
    b"message/rfc822",
    b"message/partial",
    b"x",
    b"application/pdf",
    b"text/plain; name=a.txt",
    b"multipart/digest",
    b"multipart/report",
    b"text",
)


_PACKED: dict[bytes, Callable[[bytes], bytes]] = {
    b"base64": base64.b64encode,
    b"quoted-printable": quopri.encodestring,
}


def _part(draws: Draws, depth: int = 0) -> bytes:
    kind = draws.choice(_KINDS)
    boundary = draws.choice((b"b", b"b", b"", b"=_" + b"-" * 70, b'"q q"'))
    head = b"Content-Type: " + kind
    if kind.startswith(b"multipart/") or draws.number(0, 9) == 0:
        head += b"; boundary=" + boundary
    if draws.flag():
        head += b"; charset=" + draws.choice(_CHARSETS)
    text = draws.take(60) if draws.flag() else b"<p>Hello</p> <script>x</script> &amp; <b"
    if kind.startswith(b"multipart/") and depth < 4:
        inner = draws.many(lambda: _part(draws, depth + 1), 3)
        text = b"".join(b"--" + boundary.strip(b'"') + b"\r\n" + it + b"\r\n" for it in inner)
        text += b"--" + boundary.strip(b'"') + b"--" if draws.number(0, 3) else b""
    way = draws.choice((b"", b"base64", b"quoted-printable", b"x-uuencode", b"8bit", b"binary"))
    if way and draws.number(0, 3):
        head += b"\r\nContent-Transfer-Encoding: " + way
        text = _PACKED.get(way, bytes)(text)
    if draws.number(0, 5) == 0:
        head += (
            b"\r\nContent-Disposition: attachment; filename*0*=utf-8''%ff; filename=\"=?utf-8?q?a=2Epdf?=\""
        )
    return head + b"\r\n\r\n" + text


def _mail(draws: Draws) -> bytes:
    lines = [draws.choice(_NAMES) + b": " + draws.choice(_VALUES) for _ in range(draws.number(1, 8))]
    return b"\r\n".join(lines) + draws.choice((b"\r\n", b"\n", b"\r")) + _part(draws)


_VTT = (
    b"WEBVTT",
    b"WEBVTT - call",
    b"00:01.000 --> 00:02.000",
    b"9999:59:59.999 --> 00:00.000",
    b"00:61.000 --> 1",
    b"-->",
    b"NOTE x",
    b"STYLE",
    b"<v Anna>hello",
    b"<v.loud Anna>hello</v> <v Bot>hi</v>",
    b"<v &lt;",
    b"\x00",
    b"\xff",
    b"",
    b"<" * 300,
    b"&#x110000;",
    b"&amp;" * 30,
    b"1",
)
_TEXT = (
    b"Customer: C-1",
    b"a: b",
    b"",
    b": x",
    b"Text: y",
    b"hello",
    b"\r",
    b"\x85",
    b"\xff",
    b"a" * 300,
    "é: ё".encode(),
)


def _lines(draws: Draws, pieces: tuple[bytes, ...]) -> bytes:
    found = draws.many(lambda: draws.choice(pieces) if draws.number(0, 7) else draws.take(20), 20)
    return draws.choice((b"\n", b"\r\n", b"\n\n")).join(found)


def _shape(draws: Draws, kind: str) -> FileShape:
    documents = DocumentShape(limit_bytes=1 << 16, own=("bank.uz",))
    encoding = draws.choice(("utf-8", "utf-8", "latin-1", "utf-16"))
    return FileShape(f"*.{kind}", kind, encoding=encoding, header=draws.flag(), documents=documents)


def run_document(data: bytes) -> None:
    """A document of any kind."""
    draws = Draws(data)
    kind = draws.choice(("eml", "vtt", "text", "json"))
    file = _shape(draws, kind)
    if draws.number(0, 4) == 0:
        raw = draws.rest()
    elif kind == "eml":
        raw = _mail(draws)
    elif kind == "json":
        raw = hostile.value(draws, (b"author", b"text", b"document"))
    else:
        raw = b"WEBVTT\n\n" * draws.number(0, 1) + _lines(draws, _VTT if kind == "vtt" else _TEXT)
    try:
        rows = read_document(raw, file)
    except RowFault as fault:
        says_nothing_personal(fault)
        return
    assert rows
    assert rows == read_document(raw, file), "the same document twice, two rows"
    for row in rows:
        assert isinstance(row["document"], str)
        assert not is_deeper(row)
        assert json.loads(msgspec.json.encode(row)) is not None


_MAIL = (
    b"\0\0\0\0From: Anna <a@mail.uz>\r\nTo: b@bank.uz\r\nSubject: =?utf-8?b?w6k=?=\r\n"
    b"Content-Type: text/plain\r\n\r\nHello"
)
_SEEDS = tuple(bytes([number]) + bytes(range(number, number + 150)) for number in range(0, 100, 9))

TARGETS = (
    Target(
        "documents-any",
        run_document,
        (_MAIL, b"\1\0\0\0WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>x", *_SEEDS),
        (b"boundary=", b"charset=", b"=?utf-8?q?", b"-->", b"<v ", b"WEBVTT"),
        10,
        8192,
    ),
)
