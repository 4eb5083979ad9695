"""One name part in one of five spellings. Parts are kept as the lists write them and spelled when stated."""

from __future__ import annotations

from collections.abc import Callable

from onefold.testing.world.names import english, scripts

OWN, PASSPORT, LOOSE, CYRILLIC = range(4)
"""Own Latin spelling · that of travel documents · a third romanisation · Cyrillic."""

_ENGLISH_CYRILLIC = dict(entry.split("=") for entry in (*english.MALE, *english.FEMALE, *english.FAMILIES))


def _same(text: str) -> str:
    return text


def _english_cyrillic(latin: str) -> str:
    return _ENGLISH_CYRILLIC.get(latin) or scripts.indian_cyrillic(latin)


_SPELLINGS: dict[str, tuple[Callable[[str], str], ...]] = {
    "uzbek": (_same, scripts.uzbek_plain, scripts.uzbek_russified, scripts.uzbek_cyrillic),
    "russian": (scripts.everyday_latin, scripts.passport_latin, scripts.loose_latin, _same),
    "indian": (_same, scripts.indian_plain, scripts.indian_loose, scripts.indian_cyrillic),
    "english": (_same, _same, scripts.english_loose, _english_cyrillic),
}
_spelled: dict[tuple[str, str, int], str] = {}


def spell(part: str, culture: str, style: int) -> str:
    """The part in a style. The names are a few thousand, so each spelling is made once."""
    key = (part, culture, style)
    found = _spelled.get(key)
    if found is None:
        found = _spelled[key] = _SPELLINGS[culture][style](part)
    return found
