"""National identifiers: whose, of what kind, and whether the number can be one.

A check digit makes a mistyped number rare and a filler rarer still, and two people with two different
valid numbers of one kind are two people. Checks are those of python-stdnum. Several countries may fit one
number, so without a country all kinds that fit are told, the stricter first; a kind without a check digit
fits much and is told only where the country is known.

Nothing here puts a number into an error or a log.
"""

from __future__ import annotations

import importlib
import re
import unicodedata
from functools import lru_cache
from typing import Any

import msgspec

from onefold.kernel.memory import remembered


class NationalId(msgspec.Struct, frozen=True, gc=False):
    """`number` is compact: upper case, no separators; empty where it fills a field. No known kind is `""`.

    `valid` says that the number passes the check of its kind. `strict` kinds have a check digit.
    """

    number: str
    country: str
    kind: str
    valid: bool
    strict: bool

    def __repr__(self) -> str:
        """Says everything but the number."""
        return f"NationalId(country={self.country!r}, kind={self.kind!r}, valid={self.valid!r})"


# Country, kind, module of python-stdnum (`!`: it has a check digit, worth more than a shape), characters.
_KINDS = """
AR dni ar.dni 7-8, AR cuit ar.cuit! 11, AT vnr at.vnr! 10, AU tfn au.tfn! 8-9, BA jmbg si.emso! 13,
BE nn be.nn! 11, BG egn bg.egn! 10, BR cpf br.cpf! 11, CA sin ca.sin! 9, CH ssn ch.ssn! 13,
CL rut cl.rut! 8-9, CN ric cn.ric! 18, CO nit co.nit! 8-10, CR cpf cr.cpf 9-12, CU ni cu.ni 11,
CZ rc cz.rc! 9-10, DE idnr de.idnr! 11, DK cpr dk.cpr 10, DO cedula do.cedula! 11, EC ci ec.ci! 10,
EE ik ee.ik! 11, ES dni es.dni! 9, ES nie es.nie! 9, FI hetu fi.hetu! 10-11, FR nir fr.nir! 15,
GB nhs gb.nhs! 10, GB utr gb.utr! 10, GR amka gr.amka! 11, GT nit gt.nit! 7-9, HR oib hr.oib! 11,
ID nik id.nik 16, IE pps ie.pps! 8-9, IL idnr il.idnr! 9, IN aadhaar in_.aadhaar! 12, IN pan in_.pan 10,
IN epic in_.epic! 10, IS kennitala is_.kennitala! 10, IT codicefiscale it.codicefiscale! 16,
KR rrn kr.rrn! 13, LT asmens lt.asmens! 11, ME jmbg si.emso! 13, MK embg si.emso! 13, MX curp mx.curp! 18,
MY nric my.nric 12, NL bsn nl.bsn! 9, NO fodselsnummer no.fodselsnummer! 11, PE cui pe.cui! 9,
PK cnic pk.cnic 13, PL pesel pl.pesel! 11, PT cc pt.cc! 12, RO cnp ro.cnp! 13, RS jmbg si.emso! 13,
RU inn ru.inn! 10-12, SE personnummer se.personnummer! 10-12, SI emso si.emso! 13, SK rc sk.rc! 9-10,
SV nit sv.nit! 14, TH pin th.pin! 13, TR tckimlik tr.tckimlik! 11, UA rntrc ua.rntrc! 10, US ssn us.ssn 9,
ZA idnr za.idnr! 13
"""


class _Check(msgspec.Struct, frozen=True):
    """One kind of one country, and the module that checks it."""

    kind: str
    module: str
    strict: bool
    sizes: range


def _check(kind: str, module: str, sizes: str) -> _Check:
    least, _, most = sizes.partition("-")
    return _Check(kind, module.rstrip("!"), module.endswith("!"), range(int(least), int(most or least) + 1))


_OF_COUNTRY: dict[str, list[_Check]] = {}
for _entry in _KINDS.split(","):
    _country, _kind, _name, _sizes = _entry.split()
    _OF_COUNTRY.setdefault(_country, []).append(_check(_kind, _name, _sizes))
_SHAPES = {
    "UZ": ("pinfl", re.compile(r"[1-6]\d{13}")),
    "KZ": ("iin", re.compile(r"\d{12}")),
    "RU": ("snils", re.compile(r"\d{11}")),
    "KG": ("pin", re.compile(r"[12]\d{13}")),
}
COUNTRIES = frozenset(_OF_COUNTRY) | frozenset(_SHAPES)
"""The countries whose numbers can be checked, as ISO 3166-1 alpha-2."""

_SEPARATORS = re.compile(r"[\s./\\–—_-]+")
_CENTURY_SIGN = re.compile(r"\d{6}[-+][\dA-Z]{4}")
_PINFL_WEIGHTS = (7, 3, 1) * 4 + (7,)
_FEWEST = 5


@remembered(131_072)
def national_id(text: str, country: str = "") -> NationalId:
    """What a number is, for a country (ISO 3166-1 alpha-2) or for whichever fits best. Raises nothing."""
    number = compact(text)
    if not number:
        return NationalId("", country, "", valid=False, strict=False)
    fits = kinds_that_fit(number, country)
    if fits:
        return fits[0]
    known = _OF_COUNTRY.get(country.upper())
    kind = known[0].kind if known else _SHAPES[country.upper()][0] if country.upper() in _SHAPES else ""
    return NationalId(number, country.upper(), kind, valid=False, strict=False)


def compact(text: str) -> str:
    """Upper case without separators; empty for fillers: nothing, too short, one character over and over."""
    written = text if text.isascii() else unicodedata.normalize("NFKC", text)
    number = written.strip().upper()
    # The sign in a number of Finland is its century.
    number = (number if _CENTURY_SIGN.fullmatch(number) else _SEPARATORS.sub("", number)).removesuffix(".0")
    plain = [it for it in number if it.isalnum()]
    return "" if len(plain) < _FEWEST or len(set(plain)) == 1 or number in _COUNTING else number


_COUNTING = frozenset("1234567890"[:size] for size in range(5, 11)) | {"123456789012", "0123456789"}


@remembered(131_072)
def kinds_that_fit(number: str, country: str = "") -> tuple[NationalId, ...]:
    """Each kind whose check a compact number passes, the strict ones first."""
    place = country.upper()
    wanted = {place: _OF_COUNTRY.get(place, [])} if place else _OF_COUNTRY
    found = [
        NationalId(number, where, it.kind, valid=True, strict=it.strict)
        for where, checks in wanted.items()
        for it in checks
        if (it.strict or place) and len(number) in it.sizes and _checked(it.module, number)
    ]
    for where, (kind, shape) in _SHAPES.items():
        if place in {"", where} and shape.fullmatch(number) and _CHECKS[where](number):
            found.append(NationalId(number, where, kind, valid=True, strict=True))
    return tuple(sorted(found, key=lambda it: (not it.strict, it.country, it.kind)))


def _pinfl(number: str) -> bool:
    """Uzbekistan: sex and century, day of birth, place, serial, check digit (weights 7, 3, 1)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:13], _PINFL_WEIGHTS, strict=True))
    return _is_day(number[1:3], number[3:5]) and total % 10 == int(number[13])


def _pin(number: str) -> bool:
    return _is_day(number[1:3], number[3:5])


def _iin(number: str) -> bool:
    """Kazakhstan: weights 1 to 11, and once more from 3 on where the rest is 10."""
    digits = [int(it) for it in number]
    rest = sum(digit * weight for digit, weight in zip(digits[:11], range(1, 12), strict=True)) % 11
    if rest == 10:
        again = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
        rest = sum(digit * weight for digit, weight in zip(digits[:11], again, strict=True)) % 11
    return rest == digits[11] and _is_day(number[4:6], number[2:4])


def _snils(number: str) -> bool:
    """Russia: weights 9 to 1 over the first nine digits, modulo 101, of which 100 is 0."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:9], range(9, 0, -1), strict=True))
    return total % 101 % 100 == int(number[9:])


def _is_day(day: str, month: str) -> bool:
    return 1 <= int(day) <= 31 and 1 <= int(month) <= 12


_CHECKS = {"UZ": _pinfl, "KZ": _iin, "RU": _snils, "KG": _pin}


@lru_cache(maxsize=128)
def _module(name: str) -> Any:
    return importlib.import_module(f"stdnum.{name}")


def _checked(module: str, number: str) -> bool:
    return bool(_module(module).is_valid(number))
