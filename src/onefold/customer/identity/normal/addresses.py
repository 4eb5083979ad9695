"""Postal addresses as tokens with kinds, without a gazetteer: what the words and digits themselves tell.

An address is cut at commas and blanks. Words that say what follows (`кв`, `apt`, `uy`) give the number
beside them its kind and go; words of streets (`ulitsa`, `street`, `ko'chasi`) are folded into one form a
kind and marked, so that they can be compared weakly; numbers without such a word are the house first, the
postcode if they look like one. What is left are the words that tell, script-independent. Nothing here
knows which word is a town, unless the caller says so (`city`, `postcode`), or a word says so (`г.`,
`shahri`).
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from itertools import pairwise

import msgspec

from onefold.customer.identity.normal.scripts import APOSTROPHES, romanised
from onefold.customer.identity.normal.sounds import sound
from onefold.kernel.memory import remembered

TOKENS_MOST = 24


class Place(StrEnum):
    """What a token of an address is."""

    NUMBER = "number"
    UNIT = "unit"
    BLOCK = "block"
    STREET = "street"
    KIND = "kind"
    CITY = "city"
    POSTCODE = "postcode"
    BOX = "box"


class AddressToken(msgspec.Struct, frozen=True, gc=False):
    """`text` is a skeleton for words, and digits with a letter (`12a`) for numbers."""

    text: str
    place: Place


class Address(msgspec.Struct, frozen=True):
    """The tokens of an address in the order written."""

    tokens: tuple[AddressToken, ...]

    def of(self, place: Place) -> tuple[str, ...]:
        """The texts of one kind, sorted, each once."""
        return tuple(sorted({it.text for it in self.tokens if it.place is place}))

    @property
    def key(self) -> tuple[str, ...]:
        """What tells one address from another: all but kinds of streets, sorted."""
        return tuple(sorted({f"{it.place}:{it.text}" for it in self.tokens if it.place is not Place.KIND}))


def _folded(text: str) -> dict[str, str]:
    """Romanised spelling → the word that stands for all of its line."""
    return {
        romanised(spelling.replace("'", "")): line.split()[0]
        for line in text.strip().replace("\n ", " ").splitlines()
        for spelling in line.split()
    }


_KINDS = _folded(
    """
street st str straße strasse strase ulitsa улица ул вулиця вул ulica ul kochasi kucha кучаси кўчаси көшесі
 көш kosh rue calle c via rua straat utca cad caddesi sokak sk sok gata gatan gade vej marg मार्ग गली gali
 شارع οδος odos
avenue ave av avn prospekt проспект пр просп пркт shoh даңғылы avenida avda corso viale allee bulevar
road rd weg chaussee шоссе ш shosse yolu yol yuli йўли path रोड सड़क طريق baan carretera estrada route rte
lane ln pereulok переулок пер провулок пров tor тор tupik тупик callejon vicolo gasse gang passage psge
square sq ploshchad площадь пл майдан maydoni майдони plaza pl platz piazza praça praca plaats plac
boulevard blvd bulvar бульвар бул б-р boul bd bulvari хиёбони
drive dr naberezhnaya набережная наб quay kai quai
court ct close cl crescent cres cct circuit place plce terrace tce ter grove gr gardens gdns way wy parade
 pde parkway pkwy highway hwy circle cir cirt trail trl mews loop rise row walk view hill
district rayon район р-н tumani tuman туман aud ауданы okrug округ taluk tehsil jila distt dist mahalle
 mah मोहल्ला
quarter mavze мавзе mahalla маҳалла махалля mfy мфй massiv массив mikrorayon микрорайон мкр мкрн daha даха
 kvartal квартал кв-л sector sec colony nagar nagara नगर phase
region oblast область обл viloyati viloyat вилоят вилояти kray край province prov state county respublika
 республика
village selo село с posyolok посёлок пос qishloq qishlogi қишлоғи кишлак derevnya деревня дер ауылы gaon
 गांव vill vil aul
"""
)
_TOWN = frozenset(
    map(
        romanised,
        "город г гор місто м shahri shahar shahr шаҳри шаҳар шахри қаласы city town stadt".split(),
    )
)
_NUMBERED = {
    Place.NUMBER: """
        house дом д будинок буд uy уй үй no num nr numero номер plot h hno haus casa ev № hse
    """,
    Place.UNIT: """
        flat apartment apt appt appartement кв квартира xonadon xon хонадон хон пәтер unit suite ste room
        rm офис оф ofis помещение пом daire kat wohnung whg piso puerta door fl floor этаж эт qavat
        подъезд
    """,
    Place.BLOCK: """
        block blk корпус корп к корп bino building bldg bld строение стр tower twr wing bino литер литера
        лит blok entrance
    """,
    Place.BOX: """
        box pobox po postfach apartado ая абонентский
    """,
}
_NUMBER_WORDS = {romanised(it): place for place, words in _NUMBERED.items() for it in words.split()}
_AFTER = {
    romanised(it): place
    for place, words in (
        (Place.NUMBER, "uy uyi уй үй"),
        (Place.UNIT, "xonadon xonadoni xon хонадон хон пәтер пәтері qavat"),
    )
    for it in words.split()
}
"""Turkic languages say what a number is after it."""
_DROPPED = frozenset(
    map(romanised, "the of and de la le du da do dos del di na near opp behind p b i".split())
)
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th|й|я|ая|ый|го|chi)$")
_HYPHENED = re.compile(r"\b(р-н|б-р|кв-л|пр-т|пр-кт|ул-ца|а/я)\b", re.IGNORECASE)
_PARTS = re.compile(
    r"\d+(?:[/\\-]\d+)*[^\W\d_]?(?![^\W\d_])|\d+[^\W\d_]+|[^\W\d_](?:[^\W\d_]|[\u0900-\u0dff\u064b-\u0652])*"
)
_POSTCODES = re.compile(
    r"(?<![\w-])([a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}|\d{5}-\d{3,4}|\d{4}\s?[a-z]{2}|\d{3}\s\d{3}|\d{2}-\d{3}|[a-z]\d[a-z]\s?\d[a-z]\d)(?![\w-])"
)
_POSTCODE_DIGITS = frozenset({5, 6})


@remembered(65_536)
def address(text: str, city: str = "", postcode: str = "") -> Address:
    """The tokens of an address; a town and a postcode may have columns of their own. Raises nothing."""
    composed = APOSTROPHES.sub("", _composed(text))
    composed = _HYPHENED.sub(lambda it: it[0].replace("-", "").replace("/", ""), composed)
    tokens: list[AddressToken] = []
    said = postal_code(postcode)
    found = _POSTCODES.search(composed) if not said else None
    if found and _plausible(found[1]):
        said = postal_code(found[1])
        composed = composed[: found.start(1)] + " " + composed[found.end(1) :]
    tokens += _kinds(_PARTS.findall(composed), postcode_known=bool(said))
    if said:
        tokens.append(AddressToken(said, Place.POSTCODE))
    town = set(city_words(city))
    if town:
        tokens = [it for it in tokens if it.place is not Place.STREET or it.text not in town]
        tokens += [AddressToken(it, Place.CITY) for it in sorted(town)]
    return Address(tuple(dict.fromkeys(tokens))[:TOKENS_MOST])


@remembered(65_536)
def postal_code(text: str) -> str:
    """A postcode without blanks and signs, in lower case; a US ZIP+4 is its first five."""
    code = re.sub(r"[\s-]", "", _composed(text)).removesuffix(".0")
    return code[:5] if len(code) == 9 and code.isdecimal() else code


@remembered(65_536)
def city_words(text: str) -> tuple[str, ...]:
    """The skeletons of a town's name, without the word for town, sorted."""
    words = [romanised(it) for it in re.findall(r"[^\W\d_]+", APOSTROPHES.sub("", _composed(text)))]
    kept = [it for it in words if it not in _TOWN] or words
    return tuple(sorted({found for it in kept if (found := sound(it).skeleton)}))


def _composed(text: str) -> str:
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()


def _plausible(code: str) -> bool:
    """A house number with a letter and a word is no postcode: `12 st`, `1234 rd`."""
    return code[-2:] not in {"st", "rd", "dr", "av", "ln", "ct", "pl", "th", "nd"}


def _kinds(parts: list[str], *, postcode_known: bool) -> list[AddressToken]:
    """Walks over the parts; a word that says what a number is holds for the number beside it."""
    tokens: list[AddressToken] = []
    awaited: Place | None = None
    housed = False
    for part, following in pairwise([*parts, ""]):
        ordinal = _ORDINAL.match(part)
        if part[0].isdecimal() and not ordinal:
            after = _AFTER.get(romanised(following))
            place = after or awaited or _place_of(part, housed=housed, postcode_known=postcode_known)
            postcode_known |= place is Place.POSTCODE
            housed |= place is Place.NUMBER
            tokens.append(AddressToken(romanised(part), place))
            awaited = None
            continue
        word = romanised(ordinal[1] if ordinal else part)
        if word in _NUMBER_WORDS and (following[:1].isdecimal() or len(following) == 1):
            awaited = _NUMBER_WORDS[word]
        elif awaited and len(word) == 1:
            tokens.append(AddressToken(word, awaited))
            awaited = None
        elif found := _word(word):
            tokens.append(found)
    return [it for it in tokens if it.text]


def _word(word: str) -> AddressToken | None:
    """A word that no number belongs to; None where it tells nothing."""
    if word in _KINDS:
        return AddressToken(_KINDS[word], Place.KIND)
    if word in _TOWN or word in _NUMBER_WORDS or word in _AFTER or word in _DROPPED:
        return None
    return AddressToken(sound(word).skeleton, Place.STREET)


def _place_of(number: str, *, housed: bool, postcode_known: bool) -> Place:
    """A number that no word explains: five or six digits are a postcode, the first other one is the house."""
    if number.isdecimal() and len(number) in _POSTCODE_DIGITS and not postcode_known:
        return Place.POSTCODE
    return Place.UNIT if housed else Place.NUMBER
