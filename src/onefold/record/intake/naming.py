"""Rows in quarantine that are about somebody: by their key, and by the words that name the person.

Nobody could say whom a broken row is about, so this looks at all of them, and rather takes one too many: a
row that only mentions the person goes too, and the source can send it again.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import msgspec

from onefold.record.contracts.errors import RowFault, UnknownSource
from onefold.record.contracts.registry import Contracts
from onefold.record.erasure.model import Erased
from onefold.record.intake.quarantine import Quarantine

_ROW = msgspec.json.Decoder(dict[str, Any])
_DIGITS_LEAST = 7
_NO_DIGIT = re.compile(r"\D+")


def rows_about(erased: Erased, quarantine: Quarantine, contracts: Contracts) -> set[int]:
    """The sequences of held rows with a body that are about these people or name them."""
    words = {it.casefold() for it in erased.words}
    digits = {it for it in (_NO_DIGIT.sub("", word)[-9:] for word in words) if len(it) >= _DIGITS_LEAST}
    found: set[int] = set()
    for sequence, header in quarantine.headers(0):
        if not header.size:
            continue
        _, body = quarantine.read(sequence)
        text = body.decode("utf-8", errors="replace")
        if _is_about(text, words, digits) or _has_key(
            text, header.source, header.contract, header.object, contracts, erased
        ):
            found.add(sequence)
    return found


def _is_about(text: str, words: set[str], digits: set[str]) -> bool:
    folded = text.casefold()
    if any(word in folded for word in words):
        return True
    numbers = _NO_DIGIT.sub("", text)
    return any(it in numbers for it in digits)


def _has_key(text: str, source: str, version: str, name: str, contracts: Contracts, erased: Erased) -> bool:
    """Whether the key or the subject of a row is theirs, as far as either can be read."""
    try:
        row = _ROW.decode(text)
        compiled = contracts.object(source, version, name)
    except (msgspec.DecodeError, UnknownSource):
        return False
    ids: set[bytes] = set()
    with suppress(RowFault):
        ids.add(compiled.fragment_id(compiled.key(row) or ""))
    with suppress(RowFault):
        ids.add(compiled.subject_id(row))
    return bool(ids & (erased.fragments | erased.subjects | erased.parties))
