"""What reading a document comes to, and what every kind of document says under the same names.

A document is one row. Its columns are those of its kind (`contracts/documents.py` lists them), those that the
contract takes out of its file's name, and those of a manifest; a contract declares which of them it keeps.
`document` is a digest of what the document says: no two documents share it, whatever their senders call them,
and one document has the same wherever it lies. A name that others chose (a Message-ID) is a column beside it
and never the key by default: whoever knows it could write over what came before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from onefold.record.contracts.documents import DocumentShape
from onefold.record.contracts.errors import Reason, RowFault

Row = dict[str, Any]

NAME_CHARACTERS_MAX = 255
NAMES_MAX = 500
"""Of people or attachments in one document; the rest is not listed."""

_SURROGATES = re.compile("[\ud800-\udfff]")


class Folder(NamedTuple):
    """Documents that are read together: their files, in the order of their paths, and what they lie in."""

    path: Path
    files: tuple[Path, ...]

    @property
    def name(self) -> str:
        """What to call them where a file would be called by its name; a document's may name somebody."""
        many = len(self.files)
        return f"{self.path.name or self.path} ({many:,} document{'s' if many != 1 else ''})"


class Reading(msgspec.Struct, frozen=True):
    """How the contract says that documents are read."""

    encoding: str
    header: bool
    shape: DocumentShape


Reader = Callable[[bytes, Reading], tuple[Row, ...]]
"""Reads one document into its rows, mostly one; `RowFault` where it is none."""


def clean(text: str) -> str:
    """Text that JSON can hold: what is half a character becomes the sign for one that cannot be read."""
    return _SURROGATES.sub("\ufffd", text)


def named(text: str) -> str:
    """The name of a person or a file in one line, cut where it is too long."""
    return " ".join(clean(text).split())[:NAME_CHARACTERS_MAX]


def digest_of(*said: str) -> str:
    """What tells what a document says from what others say, 32 hexadecimal digits."""
    return sha256("\x00".join(said).encode("utf-8", "replace")).hexdigest()[:32]


def decoded(data: bytes, encoding: str) -> str:
    """Bytes as text in the encoding that the contract states; a mark of UTF-8 before it is no letter."""
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        raise RowFault(Reason.BAD_TEXT) from None
