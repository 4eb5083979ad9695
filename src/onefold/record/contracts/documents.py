"""Objects whose files are documents: an e-mail, a transcript, a text or a chat each, a folder at once.

The kind of document says which columns there are; a pattern over file names and a manifest add others. What a
document is about (the customer's number, who called) stands in one of these, never in what was said: nobody's
identity is guessed from a text.
"""

from __future__ import annotations

import re

import msgspec

from onefold.record.contracts.reading import Faults, Reader

DOCUMENT_FORMATS = ("eml", "vtt", "text", "json")
LIMIT_BYTES = 32 << 20
LIMIT_BYTES_MAX = 256 << 20
_MAIL = (
    "message_id", "in_reply_to", "at", "from", "from_name", "to", "cc", "participants",
    "correspondent", "correspondent_name", "direction", "subject", "text", "attachments",
)  # fmt: skip
COMMON = ("document", "file")
"""Columns of every document: a digest of what it says, and the name of its file."""

COLUMNS: dict[str, tuple[str, ...] | None] = {
    "eml": COMMON + _MAIL,
    "vtt": (*COMMON, "title", "messages", "participants", "duration_seconds"),
    "text": None,
    "json": None,
}
"""Kind of document → the columns it has by itself; None where each document names its own."""

_ADDRESS = re.compile(r"(?:[^\s@]+@)?[a-z0-9-]+(?:\.[a-z0-9-]+)+")


class Manifest(msgspec.Struct, frozen=True):
    """A table beside the documents with a line for each: `file` is the column that names it."""

    name: str
    file: str = "file"
    delimiter: str = ","


class DocumentShape(msgspec.Struct, frozen=True):
    """What is peculiar to documents. `own` are the firm's domains and addresses in e-mails.

    `pattern` is a regular expression over file names whose named groups are columns. `each` are paths in a
    JSON document, one below the other: there is a row for each item that stands there.
    """

    limit_bytes: int = LIMIT_BYTES
    pattern: str = ""
    own: tuple[str, ...] = ()
    manifest: Manifest | None = None
    each: tuple[str, ...] = ()


DOCUMENT_WORDS = ("documentLimit", "pattern", "own", "manifest", "each")


def read_documents(reader: Reader, kind: str) -> DocumentShape | None:
    """What `file` says of documents; None for files of rows."""
    if kind not in DOCUMENT_FORMATS:
        for word in DOCUMENT_WORDS:
            if word in reader:
                formats = ", ".join(DOCUMENT_FORMATS)
                reader.faults.add(reader.at(word), f"is for documents alone; leave it out, or say {formats}")
        return None
    limit = reader.integer("documentLimit", LIMIT_BYTES)
    if not 1 <= limit <= LIMIT_BYTES_MAX:
        reader.faults.add(reader.at("documentLimit"), f"must be 1 to {LIMIT_BYTES_MAX} bytes")
    own = tuple(it.lower() for it in reader.texts("own"))
    for it in own:
        if kind != "eml":
            reader.faults.add(reader.at("own"), "is for e-mails; leave it out, or say format: eml")
        elif not _ADDRESS.fullmatch(it):
            reader.faults.add(reader.at("own"), f"{it} is neither a domain nor an address of yours")
    each = reader.texts("each")
    if each and kind != "json":
        reader.faults.add(reader.at("each"), "is for JSON; leave it out, or say format: json")
    return DocumentShape(limit, _pattern(reader), own, _manifest(reader), each)


def groups_of(pattern: str) -> tuple[str, ...]:
    """The columns that a pattern takes out of a file's name."""
    return tuple(re.compile(pattern).groupindex) if pattern else ()


def lint_documents(
    kind: str,
    shape: DocumentShape,
    declared: dict[str, bool],
    dated_by: tuple[str, ...],
    place: str,
    faults: Faults,
) -> None:
    """Adds a fault for columns no document of the kind has, and for documents that may have no date.

    `declared` says of each property whether it is required, `dated_by` which of them date the document.
    """
    own = COLUMNS[kind]
    groups = groups_of(shape.pattern)
    if own is not None:
        for name in groups:
            if name in own:
                faults.add(
                    f"{place}.file.pattern", f"{name} is a column of every {kind}; name the group else"
                )
        if shape.manifest is None:
            for name in declared:
                faults.known(f"{place}.properties.{name}", name, own + groups, f"column of {kind}")
    for name in dated_by:
        if name in declared and not declared[name]:
            faults.add(
                f"{place}.properties.{name}",
                "dates the document; set required: true, or one without it would be dated by its load",
            )


def _pattern(reader: Reader) -> str:
    pattern = reader.text("pattern")
    try:
        if pattern and not re.compile(pattern).groupindex:
            reader.faults.add(
                reader.at("pattern"), "names no group; write (?P<customer>…) around what is meant"
            )
    except re.error as error:
        reader.faults.add(reader.at("pattern"), f"is not a regular expression: {error.msg}")
        return ""
    return pattern


def _manifest(reader: Reader) -> Manifest | None:
    if "manifest" not in reader:
        return None
    value = reader.raw("manifest")
    inner = Reader({"name": value} if isinstance(value, str) else value, reader.at("manifest"), reader.faults)
    inner.only(("name", "file", "delimiter"))
    found = Manifest(inner.text("name"), inner.text("file", "file"), inner.text("delimiter", ","))
    if not found.name or "/" in found.name or "\\" in found.name:
        reader.faults.add(inner.at("name"), "must be the name of a file that lies beside the documents")
    if len(found.delimiter) != 1 or found.delimiter in "\r\n":
        reader.faults.add(inner.at("delimiter"), "must be one character")
    return found
