"""Files for somebody outside: a zip of the same bytes for the same content, tables that are safe to open.

A spreadsheet takes a cell that begins with = + - @ for a formula, so such a cell gets an apostrophe in front
(OWASP, CSV injection). One that is set to part cells at semicolons or tabs does so within ours as well, so
what follows these gets one, too. A phone number in E.164 begins with + and is only a number: it stays.
"""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first instant that a zip can name: every file of a package bears it."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_PARTED = re.compile(r"([;\t\r\n]\"*)(?=[=+@]|(?<![\r\n])-)")
"""Where a cell begins for a spreadsheet that parts them otherwise; a list with dashes is left alone."""
_PHONE = re.compile(r"\+[0-9]{6,15}")
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")


def safe_cell(text: str) -> str:
    """The text so that no spreadsheet runs it."""
    text = _PARTED.sub(r"\1'", text)
    return f"'{text}" if text.startswith(_FORMULA) and not _PHONE.fullmatch(text) else text


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file (RFC 4180, UTF-8); a number below zero is no formula and stays a number."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([it if _NUMBER.fullmatch(it) else safe_cell(it) for it in row] for row in rows)
    return out.getvalue().encode()


def document(content: Any) -> bytes:
    """A JSON file that a person can read, too."""
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """The SHA-256 of every file, by name in order."""
    return {name: sha256(data).hexdigest() for name, data in sorted(files.items())}


def zipped(files: Mapping[str, bytes], *, packed: bool = False, comment: str = "") -> bytes:
    """One zip, its files in order of their names and dated alike; `packed` makes it small.

    `comment` stands at its end, where every tool for zips shows it.
    """
    out = io.BytesIO()
    kind = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr, entry.compress_type = 3, 0o644 << 16, kind
            archive.writestr(entry, data)
        archive.comment = comment.encode()
    return out.getvalue()


def html_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of a page; everything in it is text."""
    head = "".join(f"<th>{html.escape(it)}</th>" for it in heads)
    lines = ("<tr>" + "".join(f"<td>{html.escape(it)}</td>" for it in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>\n" + "\n".join(lines) + "</table>"
