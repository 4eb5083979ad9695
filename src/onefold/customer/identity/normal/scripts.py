"""Letters of any script in plain Latin ones: `romanised` says what a token of another script sounds like.

Alphabets go letter by letter. Uzbek, Kazakh, Ukrainian, Belarusian, Serbian and Mongolian letters stand
beside the Russian ones, since they are different characters; where one character has two sounds (и, г, е)
the later stages fold them into one. Abjads say no short vowels, so what comes out of Arabic or Hebrew
lacks them too (محمد is `mhmd`). Abugidas carry an `a` that a vowel sign replaces; the last one of a word
is not spoken. The scripts of India lie in parallel blocks of Unicode, so one table reads nine of them.

What has no table here, Chinese for one, stays as it is: such tokens agree with themselves.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from itertools import pairwise

from onefold.kernel.memory import remembered


class Script(StrEnum):
    """How a token is written, as far as identity treats it differently."""

    LATIN = "latin"
    CYRILLIC = "cyrillic"
    GREEK = "greek"
    ARABIC = "arabic"
    HEBREW = "hebrew"
    INDIC = "indic"
    OTHER = "other"


APOSTROPHES = re.compile("['`´ʻʼʹʽʾʿˈ‘’‛′＇]")
"""Signs inside a word that come and go: in Uzbek letters, for hamza and ayn, for soft signs, in O'Brien."""

ABJADS = frozenset({Script.ARABIC, Script.HEBREW})
"""Scripts that leave out short vowels."""


def _table(text: str) -> dict[int, str]:
    """`str.translate` table from words such as `жzh`: a letter and what it becomes."""
    return {ord(word[0]): word[1:] for word in text.split()}


_LATIN = _table("ßss æae œoe øo łl đd ðd þth ıi ħh ŋn əa ɛe ɔo ƙk ɓb ɗd ŧt ĸk")
_CYRILLIC = _table(
    """
    аa бb вv гg дd еe ёyo жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu
    яya
    ўo қq ғg ҳh іi їyi єye ґg әa өo ұu үu һh ңn ҷj ӣi ӯu љlj њnj ћc ђdj џdzh јj ѕdz ѓgj ќkj ҡq ҫs ҙz ѣe ѳf ѵi
    """
)
_GREEK = _table("αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo")
_GREEK_PAIRS = (
    ("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("γγ", "ng"), ("γχ", "nch"), ("τζ", "tz"), ("τσ", "ts"),
    ("ου", "u"), ("αυ", "av"), ("ευ", "ev"), ("αι", "e"), ("ει", "i"), ("οι", "i"), ("υι", "i"),
)  # fmt: skip
_ARABIC = _table(
    """
    اa أa إi آa ٱa ءʼ ؤu ئi بb تt ثs جj حh خkh دd ذz رr زz سs شsh صs ضz طt ظz عa غgh فf قq كk لl مm نn هh
    وw ىa
    يy ةa پp چch ژzh گg کk یy ٹt ڈd ڑr ںn ہh ھh ےe ۀe ڤv ګg ټt ډd ړr ښsh ڼn ېe ۆo ەe ڵl ݢg َa ُu ِi ّ ْ ً ٍ
    ٌ ـ
    """
)
_GLIDES = {"و": "u", "ي": "i", "ی": "i", "ו": "o", "י": "i"}
_BESIDE_ALEF, _BESIDE_GLIDE = "اآא", "اآىويیּّא"
_HEBREW = _table("אa בb גg דd הh וw זz חh טt יy כk ךk לl מm םm נn ןn סs עa פp ףf צts ץts קk רr שsh תt")
_DEVANAGARI = _table(
    """
    अa आa इi ईi उu ऊu ऋri एe ऐai ओo औau ऑo ऍe कk खkh गg घgh ङn चch छchh जj झjh ञn टt ठth डd ढdh णn तt थth
    दd धdh
    नn पp फph बb भbh मm यy रr लl ळl वv शsh षsh सs हh
    """
)
_VOWEL_SIGNS = _table("ाa िi ीi ुu ूu ृri ेe ैai ोo ौau ॉo ॅe ॆe ॊo")
_NASALS = _table("ंn ँn ःh")
_DOTTED = {
    "k": "q",
    "kh": "kh",
    "g": "g",
    "j": "z",
    "d": "r",
    "dh": "rh",
    "ph": "f",
    "y": "y",
    "n": "n",
    "r": "r",
}
_HA, _LABIALS = "ह", frozenset("पफबभम")
"""Before these the nasal sign is heard as in Singh and as in Ambani."""

_VIRAMA, _NUKTA = "\u094d", "\u093c"
_GEORGIAN = _table(
    "აa ბb გg დd ეe ვv ზz თt იi კk ლl მm ნn ოo პp ჟzh რr სs ტt უu ფp ქk ღgh ყq შsh ჩch ცts ძdz წts ჭch ხkh "
    "ჯj ჰh"
)
_ARMENIAN = _table(
    "աa բb գg դd եe զz էe ըy թt ժzh իi լl խkh ծts կk հh ձdz ղgh ճch մm յy "
    "նn շsh ոo չch պp ջj ռr սs վv տt րr ցts ւv փp քk օo ֆf"
)
_LETTERS = _LATIN | _CYRILLIC | _GREEK | _ARABIC | _HEBREW | _GEORGIAN | _ARMENIAN
_SCRIPTS = (
    (0x0370, 0x0400, Script.GREEK), (0x0400, 0x0530, Script.CYRILLIC), (0x0590, 0x0600, Script.HEBREW),
    (0x0600, 0x0780, Script.ARABIC), (0x0900, 0x0D80, Script.INDIC), (0x1E00, 0x1F00, Script.LATIN),
    (0x1F00, 0x2000, Script.GREEK), (0xFB1D, 0xFB50, Script.HEBREW), (0xFB50, 0xFE00, Script.ARABIC),
    (0xFE70, 0xFF00, Script.ARABIC),
)  # fmt: skip
_LATIN_END = 0x0250
_INDIC_BLOCKS, _BLOCK = (0x0900, 0x0D80), 0x80


@remembered(65_536)
def script_of(token: str) -> Script:
    """The script of the first letter that has one; `OTHER` for digits and for scripts without a table."""
    for letter in token:
        if not letter.isalpha():
            continue
        code = ord(letter)
        if code < _LATIN_END:
            return Script.LATIN
        return next((script for first, end, script in _SCRIPTS if first <= code < end), Script.OTHER)
    return Script.OTHER


def romanised(token: str) -> str:
    """A token in lower-case Latin letters without marks, as far as there are tables; idempotent."""
    text = token.casefold()
    if text.isascii():
        return text
    script = script_of(text)
    if script is Script.INDIC:
        text = _indic(text)
    else:
        text = unicodedata.normalize("NFKC", text)
        if script is Script.GREEK:
            text = _greek(text)
        elif script in ABJADS:
            text = _with_long_vowels(text)
        text = text.translate(_LETTERS)
    return _bare(text).translate(_LETTERS).casefold()


def _bare(text: str) -> str:
    """Without diacritics: what is left when letters and their marks are taken apart."""
    if text.isascii():
        return text
    return "".join(it for it in unicodedata.normalize("NFKD", text) if not unicodedata.combining(it))


def _greek(text: str) -> str:
    text = _bare(text)
    if text.startswith("μπ"):
        text = "b" + text[2:]
    for pair, sound in _GREEK_PAIRS:
        text = text.replace(pair, sound)
    return text


def _with_long_vowels(text: str) -> str:
    """Waw and ya are vowels between consonants, and consonants at the start or beside an alef."""
    letters = []
    for at, letter in enumerate(text):
        vowel = _GLIDES.get(letter)
        follows = text[at + 1 : at + 2]
        inside = at > 0 and text[at - 1] not in _BESIDE_ALEF and (not follows or follows not in _BESIDE_GLIDE)
        letters.append(vowel if vowel and inside else letter)
    return "".join(letters)


def _indic(text: str) -> str:
    """Consonants carry an `a` unless a sign says otherwise; that of the last one is silent."""
    text = unicodedata.normalize("NFC", text)
    first, end = _INDIC_BLOCKS
    shifted = [chr(first + (ord(it) - first) % _BLOCK) if first <= ord(it) < end else it for it in text]
    parts: list[str] = []
    silent = False
    for letter, following in pairwise([*shifted, ""]):
        code = ord(letter)
        if letter == _VIRAMA or code in _VOWEL_SIGNS:
            if silent:
                parts.pop()
            parts.append(_VOWEL_SIGNS.get(code, ""))
            silent = False
        elif letter == _NUKTA and silent:
            parts[-2] = _DOTTED.get(parts[-2], parts[-2])
        elif code in _NASALS:
            parts.append("ng" if following == _HA else "m" if following in _LABIALS else _NASALS[code])
            silent = False
        elif code in _DEVANAGARI:
            parts.append(_DEVANAGARI[code])
            silent = letter not in "अआइईउऊऋएऐओऔऑऍ"
            if silent:
                parts.append("a")
        else:
            parts.append(letter)
            silent = False
    if silent and len(parts) > 2:
        parts.pop()
    return "".join(parts)
