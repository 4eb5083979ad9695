"""How names are drawn, passed on and changed: frequencies, gendered endings, patronymics, married names."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from random import Random

from onefold.testing.world.names import english, indian, russian, uzbek

_HEAD = 6
"""Frequencies fall as 1/(rank + 6): the first name of a list is about ten times the sixtieth."""


class Pool:
    """Names with falling frequency."""

    __slots__ = ("_cumulated", "names")

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self._cumulated = list(accumulate(1 / (rank + _HEAD) for rank in range(len(names))))

    def draw(self, rng: Random) -> str:
        """One name, the frequent ones more often."""
        return self.names[bisect_right(self._cumulated, rng.random() * self._cumulated[-1])]


def _latin(entries: list[str]) -> list[str]:
    return [entry.partition("=")[0] for entry in entries]


MALE = {
    "uzbek": Pool(uzbek.MALE),
    "russian": Pool(russian.MALE),
    "indian": Pool(indian.MALE),
    "english": Pool(_latin(english.MALE)),
}
FEMALE = {
    "uzbek": Pool(uzbek.FEMALE),
    "russian": Pool(russian.FEMALE),
    "indian": Pool(indian.FEMALE),
    "english": Pool(_latin(english.FEMALE)),
}
FAMILIES = {
    "uzbek": Pool(uzbek.ROOTS),
    "russian": Pool(russian.FAMILIES),
    "indian": Pool(indian.FAMILIES),
    "english": Pool(_latin(english.FAMILIES)),
}


def given_name(rng: Random, culture: str, *, woman: bool) -> str:
    """A given name as its list writes it."""
    return (FEMALE if woman else MALE)[culture].draw(rng)


def family_name(rng: Random, culture: str) -> str:
    """A family name in its masculine form."""
    return FAMILIES[culture].draw(rng)


def gendered(family: str, culture: str, *, woman: bool) -> str:
    """The family name as this person bears it."""
    if not woman or culture in ("indian", "english"):
        return family
    if culture == "uzbek":
        return family + "a"
    return (
        family[:-2] + "ая"
        if family.endswith("ий")
        else family + "а"
        if family.endswith(("в", "н"))
        else family
    )


def middle_name(rng: Random, culture: str, father: str, born_year: int, *, woman: bool) -> str:
    """Patronymic or middle name; empty where the culture or the family gives none."""
    if culture == "russian":
        return _patronymic(father, woman=woman)
    if culture == "uzbek":
        if born_year >= 1995 and rng.random() < 0.6:
            return f"{father} qizi" if woman else f"{father} o'g'li"
        return father + ("ovna" if woman else "ovich")
    if rng.random() < 0.6:
        return ""
    return father if culture == "indian" else given_name(rng, culture, woman=woman)


def _patronymic(father: str, *, woman: bool) -> str:
    irregular = russian.PATRONYMIC_ROOTS.get(father)
    if irregular:
        return irregular[woman]
    if father.endswith("ий"):
        stem = father[:-2] + "ь"
        return stem + ("евна" if woman else "евич")
    if father.endswith(("й", "ь")):
        return father[:-1] + ("евна" if woman else "евич")
    return father + ("овна" if woman else "ович")
