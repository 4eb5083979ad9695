"""The words of people's names, by which a text is known to name one of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from onefold.customer.fragments.model import Fragment

_NAMES = ("full_name", "given_name", "middle_name", "family_name", "organisation_name")
_WORD = re.compile(r"[^\W\d_]{3,}")


def words_in(text: str) -> set[str]:
    """The words of a text that are long enough to name somebody, alike in capitals and small letters."""
    return set(_WORD.findall(text.casefold()))


def name_words(parties: Iterable[Fragment]) -> set[str]:
    """The words of all names of these parties."""
    texts = (str((it.values or {}).get(name, "")) for it in parties for name in _NAMES)
    return {word for text in texts for word in words_in(text)}
