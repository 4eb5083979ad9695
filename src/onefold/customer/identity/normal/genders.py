"""Words and letters for a gender in many languages, as `female` or `male`; what says neither is empty.

A single letter is one of several languages (`M` is male in most, `K` female in Turkish and Polish, `E` male
in Turkish and Uzbek). Digits are not read: 1 is male in one system and female in the next.
"""

from __future__ import annotations

from onefold.customer.identity.normal.scripts import romanised
from onefold.kernel.memory import remembered

_FEMALE = """
f female woman girl w weiblich frau ж жен женский женщина жінка жіноча ayol аёл qiz әйел mujer femenino femme
feminin feminine donna femmina feminino k kadin kadın kobieta zena
žena महिला स्त्री أنثى امرأة θηλυ נקבה fem v vrouw kvinna
"""
_MALE = """
m male man boy männlich maennlich mann herr м муж мужской мужчина ч чоловік чоловіча e erkak эркак er ер
hombre h masculino homme masculin masculine uomo maschio erkek mezczyzna mężczyzna muz muž
पुरुष ذكر رجل αρρεν זכר masc
"""
_UNSAID = "unknown other x u n na neither nonbinary неизвестно noma'lum unbekannt"

_GENDER_OF = {
    romanised(word): gender
    for gender, words in (("female", _FEMALE), ("male", _MALE))
    for word in words.split()
}
_WORDS = frozenset(_GENDER_OF) | frozenset(map(romanised, _UNSAID.split()))


@remembered(4_096)
def gender(text: str) -> str:
    """`female`, `male`, or nothing where the text says neither. Raises nothing."""
    return _GENDER_OF.get(_plain(text), "")


def is_word_for_one(text: str) -> bool:
    """Whether a text says a gender, or in so many words that it is not said."""
    return _plain(text) in _WORDS


def _plain(text: str) -> str:
    return romanised(text.strip().rstrip("."))
