"""WebVTT transcripts: who said what from which second on (https://www.w3.org/TR/webvtt1/).

A cue whose time cannot be read spoils the transcript, which is then held with its reason: players pass such
cues over, and what somebody said would be gone without a word. A cue that names nobody has no author.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.intake.documents.model import NAMES_MAX, Reading, Row, clean, decoded, digest_of, named

_TIME = r"(?:(\d{1,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]*)>|</v>")
_TAG = re.compile(r"<[^<>]*>")
_PASSED_OVER = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")


def read_vtt(data: bytes, reading: Reading) -> tuple[Row, ...]:
    """One row: `messages` with author, at (seconds from the beginning) and text."""
    text = decoded(data, "utf-8").replace("\x00", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
    head, _, rest = text.partition("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", head):
        raise RowFault(Reason.BAD_DOCUMENT)
    title = named(head.removeprefix("WEBVTT").lstrip(" \t-\u2013\u2014"))
    messages: list[dict[str, Any]] = []
    duration = 0.0
    blocks = re.split(r"\n{2,}", "\n" + rest)
    # Lines right behind the first belong to the header, up to an empty one or a time.
    for block in blocks if "-->" in blocks[0] else blocks[1:]:
        duration = max(duration, _cue(block, messages))
    if not messages:
        raise RowFault(Reason.DOCUMENT_EMPTY)
    authors = list(dict.fromkeys(it["author"] for it in messages if it["author"]))[:NAMES_MAX]
    said = [f"{it['at']}\x01{it['author']}\x01{it['text']}" for it in messages]
    return (
        {
            "document": digest_of("vtt", title, *said),
            "title": title,
            "messages": messages,
            "participants": authors,
            "duration_seconds": round(duration),
        },
    )


def _cue(block: str, messages: list[dict[str, Any]]) -> float:
    """Adds what one cue says; the second at which it ends, 0 for a block that is none."""
    lines = block.strip("\n").split("\n")
    if not any(lines) or _PASSED_OVER.match(lines[0]):
        return 0.0
    timing = next((number for number, line in enumerate(lines[:2]) if "-->" in line), None)
    found = _TIMING.fullmatch(lines[timing]) if timing is not None else None
    if timing is None or found is None:
        raise RowFault(Reason.BAD_DOCUMENT)
    begins, ends = _seconds(found.groups()[:4]), _seconds(found.groups()[4:])
    for author, text in _voices("\n".join(lines[timing + 1 :])):
        messages.append({"author": author, "at": begins, "text": text})
    return ends


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(it or 0) for it in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _voices(payload: str) -> list[tuple[str, str]]:
    """(author, text) of each voice in a cue, without those that say nothing."""
    found: list[tuple[str, str]] = []
    author, at = "", 0
    for mark in (*_VOICE.finditer(payload), None):
        text = _plain(payload[at : mark.start() if mark else len(payload)])
        if text:
            found.append((author, text))
        if mark is not None:
            author, at = named(unescape(mark[1] or "")), mark.end()
    return found


def _plain(text: str) -> str:
    return " ".join(clean(unescape(_TAG.sub("", text))).split())
