"""Reads one document of any kind; what is no document of its kind has a reason instead of rows."""

from __future__ import annotations

from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.contracts.model import FileShape
from onefold.record.intake.documents.mail import read_eml
from onefold.record.intake.documents.model import Reader, Reading, Row
from onefold.record.intake.documents.objects import read_json
from onefold.record.intake.documents.texts import read_text
from onefold.record.intake.documents.transcripts import read_vtt

READERS: dict[str, Reader] = {"eml": read_eml, "vtt": read_vtt, "text": read_text, "json": read_json}


def read_document(data: bytes, file: FileShape) -> tuple[Row, ...]:
    """The rows of a document; `RowFault` with the reason where it has none. Never another exception."""
    shape = file.documents
    assert shape is not None, "the file holds rows"
    if len(data) > shape.limit_bytes:
        raise RowFault(Reason.DOCUMENT_TOO_LARGE)
    if not data.strip():
        raise RowFault(Reason.DOCUMENT_EMPTY)
    return READERS[file.format](data, Reading(file.encoding, file.header, shape))
