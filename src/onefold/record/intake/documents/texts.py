"""Plain texts, with a few lines `Name: value` and an empty one before them where the contract says so."""

from __future__ import annotations

import re

from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.intake.documents.markup import tidy_lines
from onefold.record.intake.documents.model import Reading, Row, decoded, digest_of

HEADER_LINES_MAX = 100
_LINE = re.compile(r"([^\W\d_][\w .-]{0,59}?)\s*:\s*(.*)")


def read_text(data: bytes, reading: Reading) -> tuple[Row, ...]:
    """One row: `text`, and each line of the header under its name in lower case with _ for spaces."""
    whole = (
        decoded(data, reading.encoding).replace("\x00", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
    )
    header: Row = {}
    text = whole
    if reading.header:
        head, _, text = whole.lstrip("\n").partition("\n\n")
        header = _header(head)
    text = tidy_lines(text)
    if not text:
        raise RowFault(Reason.DOCUMENT_EMPTY)
    return ({"document": digest_of("text", whole), **header, "text": text},)


def _header(head: str) -> Row:
    found: Row = {}
    for number, line in enumerate(head.split("\n")):
        said = _LINE.fullmatch(line.rstrip())
        name = re.sub(r"[\s.-]+", "_", said[1].lower()) if said else ""
        # A name that stands twice could be read in two ways, and one that is ours would hide it.
        if (
            said is None
            or number >= HEADER_LINES_MAX
            or name in found
            or name in ("document", "text", "file")
        ):
            raise RowFault(Reason.BAD_DOCUMENT)
        found[name] = said[2]
    return found
