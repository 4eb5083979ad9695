"""Values that break parsers, as JSON writes them, and the documents that are drawn of them.

One list for the fuzz targets and for the tables of tests/fuzz/test_doors.py. Nobody's data is in it; `CANARY`
stands for somebody's, and may be in no message.
"""

from __future__ import annotations

import gzip
import zlib

from tests.fuzz.draws import Draws

CANARY = "Karimova998901234567"

NUMBERS: tuple[bytes, ...] = (
    b"0",
    b"1",
    b"-1",
    b"7",
    b"-0",
    b"-0.0",
    b"0.1",
    b"12.50",
    b"1e3",
    b"1E-400",
    b"1e308",
    b"1e400",
    b"-1e400",
    b"9007199254740993",
    b"9223372036854775807",
    b"9223372036854775808",
    b"-9223372036854775809",
    b"4611686018427387903",
    b"18446744073709551615",
    b"18446744073709551616",
    b"1" + b"0" * 400,
    b"1" + b"0" * 4000,
    b"1" + b"0" * 5000,
    b"NaN",
    b"Infinity",
    b"01",
    b"1.",
    b".5",
    b"+1",
    b"1e999999999",
    b"253402300800000",
    b"-62135596800001",
    b"1750000000000",
    b"1750000000",
)
"""Literals, some of them no JSON."""

TEXTS: tuple[bytes, ...] = (
    b"",
    b" ",
    b"a",
    b"Anna",
    CANARY.encode(),
    b"\\u0000",
    b"\x00",
    b"\\ud800",
    b"\\udc00\\ud800",
    b"\\ud83d\\ude00",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    "é".encode(),
    "e\u0301".encode(),
    b"\\u202e",
    "٣٢١".encode(),
    "１２".encode(),
    "²".encode(),
    "ﬃ".encode(),
    "İ".encode(),
    b"\\r\\n",
    b"\\t",
    b"\\\\",
    b'\\"',
    b"|",
    b"=1+1",
    b"=cmd|' /C calc'!A0",
    b"@SUM(1)",
    b"null",
    b"true",
    b"0000-00-00",
    b"0000-01-01T00:00:00Z",
    b"9999-12-31T23:59:59Z",
    b"9999-12-31T23:59:60-24:00",
    b"-001-01-01",
    b"10000-01-01",
    b"2024-02-30",
    b"2024-02-29",
    b"2024-05-01",
    b"2024-05-01T10:00:00Z",
    b"2024-05-01T10:00:00+99:99",
    b"2024-W01-1",
    b"1e400",
    b"12,50",
    b"1 000.00",
    b"1_000",
    b"0x10",
    b"NaN",
    b"-NaN",
    b"sNaN",
    b"Infinity",
    b"1E+999999999",
    b"1E-999999999",
    b"+998901234567",
    b"anna@bank.uz",
    b"a@" + b"b." * 30 + b"cz",
    b"x" * 300,
    b"x" * 20000,
    b"granted",
    b"withdrawn",
    b"objected",
    b"marketing",
    b"servicing",
    b"email",
    b"any",
    b"0123456789abcdef0123456789abcdef",
)
"""What may stand between the quotes of a JSON text, some of it no JSON."""

DEEP = (5, 60, 200, 700, 900, 960, 990, 2000, 100_000)
"""Depths of nesting, around those where parsers written in C or in Python give up."""

_KEYS: tuple[bytes, ...] = (
    b"",
    b"a",
    b"id",
    b"type",
    b"\\u0000",
    b"\\ud800",
    b"a.b",
    b"__op",
    b"k" * 3000,
    b"__proto__",
    b"\xff",
)


def text_of(draws: Draws) -> bytes:
    """The inside of a JSON text."""
    return draws.take(40) if draws.number(0, 7) == 0 else draws.choice(TEXTS)


def value(draws: Draws, names: tuple[bytes, ...] = (), depth: int = 0) -> bytes:
    """A JSON value; most leaves are hostile."""
    kind = draws.number(0, 11)
    if kind <= 4:
        return b'"' + text_of(draws) + b'"'
    if kind <= 7:
        return draws.choice(NUMBERS)
    if kind == 8:
        return draws.choice((b"null", b"true", b"false"))
    if kind == 9:
        return nested(draws.choice(DEEP), draws.flag())
    if depth > 3:
        return b"{}"
    if kind == 10:
        return b"[" + b",".join(draws.many(lambda: value(draws, names, depth + 1), 3)) + b"]"
    return mapping(draws, names, depth + 1)


def nested(depth: int, by_lists: bool) -> bytes:
    """Lists within lists, or objects within objects."""
    return b"[" * depth + b"]" * depth if by_lists else b'{"a":' * depth + b"1" + b"}" * depth


def mapping(draws: Draws, names: tuple[bytes, ...], depth: int = 0) -> bytes:
    """An object with some of the names, maybe twice, and others."""
    known = names or _KEYS

    def entry() -> bytes:
        name = draws.choice(known) if draws.number(0, 5) else draws.choice(_KEYS)
        return b'"' + name + b'":' + value(draws, names, depth + 1)

    return b"{" + b",".join(draws.many(entry, 12)) + b"}"


def filled(draws: Draws, template: dict[bytes, bytes]) -> bytes:
    """An object that is right, but for a few of its values, and what is added or left out."""
    entries = []
    for name, right in template.items():
        kind = draws.number(0, 9)
        if kind == 0:
            continue
        entries.append(b'"' + name + b'":' + (value(draws) if kind <= 3 else right))
    if draws.number(0, 3) == 0:
        entries.append(b'"' + draws.choice((*template, *_KEYS)) + b'":' + value(draws))
    return b"{" + b",".join(entries) + b"}"


def packed(draws: Draws, plain: bytes) -> bytes:
    """A body packed in a way that unpackers of the network meet."""
    kind = draws.number(0, 9)
    if kind <= 2:
        return gzip.compress(plain, mtime=0)
    if kind == 3:
        return zlib.compress(plain)
    if kind == 4:
        return gzip.compress(gzip.compress(plain, mtime=0), mtime=0)
    if kind == 5:
        whole = gzip.compress(plain, mtime=0)
        return whole[: draws.number(0, len(whole))]
    if kind == 6:
        return gzip.compress(plain, mtime=0) + gzip.compress(b"x", mtime=0)
    if kind == 7:
        return gzip.compress(plain, mtime=0) + draws.take(20)
    if kind == 8:
        return bomb(draws.number(1, 8_000_000))
    changed = bytearray(gzip.compress(plain, mtime=0))
    changed[draws.number(0, len(changed) - 1)] ^= draws.number(1, 255)
    return bytes(changed)


def bomb(size_bytes: int) -> bytes:
    """Zeros, a thousandth of their size."""
    return gzip.compress(bytes(size_bytes), 1, mtime=0)
