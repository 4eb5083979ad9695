"""Letters of one script written in another, by rule: what passports, old systems and people make of a name.

Tables follow public practice, not one standard to the letter: ICAO Doc 9303 for passports, a phonetic
everyday spelling, and the loose one of people who learnt another alphabet first.
"""

from __future__ import annotations


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """`a=b c=d`, in order: the first group that fits is taken."""
    return tuple((group, letters) for group, _, letters in (pair.partition("=") for pair in text.split()))


_LETTERS = _pairs(
    """
    а=a б=b в=v г=g д=d е=e ё=yo ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts
    ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya
    """
)
_EVERYDAY = dict(_LETTERS)
_PASSPORT = _EVERYDAY | {"ё": "e", "й": "i", "ъ": "ie", "ю": "iu", "я": "ia"}
_LOOSE = _EVERYDAY | {"ё": "e", "й": "j", "х": "h", "ц": "c", "щ": "sch", "ю": "ju", "я": "ja"}
_UZBEK = _pairs(
    """
    yo'=йў o'=ў g'=ғ sh=ш ch=ч yo=ё yu=ю ya=я ye=е a=а b=б d=д e=е f=ф g=г h=ҳ i=и j=ж k=к l=л m=м n=н
    o=о p=п q=қ r=р s=с t=т u=у v=в x=х y=й z=з '=ъ
    """
)
_HINDI_LIKE = _pairs(
    """
    shr=шр ksh=кш sh=ш ch=ч th=т dh=дх bh=бх gh=гх kh=кх ph=пх ee=и oo=у aa=а ai=ай ya=я yu=ю a=а b=б
    c=к d=д e=е f=ф g=г h=х i=и j=дж k=к l=л m=м n=н o=о p=п q=к r=р s=с t=т u=у v=в w=в x=кс y=й z=з '=
    """
)
_RUSSIFIED = _pairs("sh=sh ch=ch yev=ev o'=u g'=g '= x=kh h=kh q=k j=dj")
_HEARD = (("Cath", "Kath"), ("Steph", "Stef"), ("Clarke", "Clark"), ("Davies", "Davis"), ("Sarah", "Sara"))
_NOT_IN_OLD_CODE_PAGES = str.maketrans("қғҳҚҒҲ", "кгхКГХ")


def _cased(text: str, like: str) -> str:
    """Upper first letter where the original has one."""
    return text[:1].upper() + text[1:] if like[:1].isupper() else text


def _by_letter(text: str, table: dict[str, str]) -> str:
    return "".join(_cased(table.get(letter.lower(), letter), letter) for letter in text)


def _by_group(text: str, table: tuple[tuple[str, str], ...]) -> str:
    done, at, low = [], 0, text.lower()
    while at < len(text):
        for group, letters in table:
            if low.startswith(group, at):
                done.append(_cased(letters, text[at]))
                at += len(group)
                break
        else:
            done.append(text[at])
            at += 1
    return "".join(done)


def everyday_latin(cyrillic: str) -> str:
    """The spelling most people use for themselves: `Юлия` is `Yuliya`."""
    return _by_letter(cyrillic, _EVERYDAY)


def passport_latin(cyrillic: str) -> str:
    """The spelling of travel documents: `Юлия` is `Iuliia`."""
    return _by_letter(cyrillic, _PASSPORT)


def loose_latin(cyrillic: str) -> str:
    """The spelling of somebody used to other alphabets: `Юлия` is `Julija`, `Дмитрий` is `Dmitry`."""
    if cyrillic.endswith(("ий", "ый")):
        cyrillic = cyrillic[:-2] + "ы"
    return _by_letter(cyrillic, _LOOSE).replace("ks", "x")


def uzbek_cyrillic(latin: str) -> str:
    """`G'ulomov` is `Ғуломов`."""
    return _by_group(f"Э{latin[1:]}" if latin.startswith("E") else latin, _UZBEK)


def old_code_page(cyrillic: str) -> str:
    """What is left of Uzbek letters in a code page that lacks them: `Қодиров` is `Кодиров`."""
    return cyrillic.translate(_NOT_IN_OLD_CODE_PAGES)


def uzbek_plain(latin: str) -> str:
    """Without the turned comma, as in passports: `G'ulomov` is `Gulomov`."""
    return latin.replace("'", "")


def uzbek_russified(latin: str) -> str:
    """Back from a Russian spelling: `Xo'jayev` is `Khudjaev`, `Hamidov` is `Khamidov`."""
    return _by_group(latin, _RUSSIFIED)


def indian_cyrillic(latin: str) -> str:
    """`Rajesh` is `Раджеш`."""
    return _by_group(latin, _HINDI_LIKE)


def indian_plain(latin: str) -> str:
    """Long vowels written short: `Pooja` is `Puja`."""
    return latin.replace("ee", "i").replace("oo", "u").replace("aa", "a").replace("ph", "f")


def indian_loose(latin: str) -> str:
    """Another ear: `Vivek` is `Wiwek`, `Harish` is `Haris`, `Anjali` is `Anjalee`."""
    text = latin[:1] + latin[1:].replace("sh", "s")
    text = text.replace("v", "w").replace("V", "W").replace("th", "t")
    return text[:-1] + "ee" if text.endswith("i") else text


def english_loose(latin: str) -> str:
    """As heard, not as spelt: `Catherine` is `Katherine`, `Phillips` is `Philips`."""
    for spelt, heard in _HEARD:
        if latin.startswith(spelt):
            return heard + latin[len(spelt) :]
    for doubled in ("ll", "tt", "nn", "ss"):
        if doubled in latin:
            return latin.replace(doubled, doubled[0])
    return latin
