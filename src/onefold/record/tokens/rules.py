"""Tokens: which words stand in the place of a value, and how such a word is read. Pure.

Theory. A token is a deterministic keyed pseudonym: HMAC-SHA-256 over (kind, normalised value), under a key
that is derived from the cell's key for this use alone, cut to 128 bits and written as
`tok_<kind>_<26 letters and digits>` (RFC 4648 base32 in lower case, without padding).

- Equal values of a kind have equal tokens in a cell, so whoever sees tokens can count and join. Values are
  equal when they are by `normalised`: case, the space around words and the marks within a number say nothing.
- Tokens of two cells, and of two kinds, have nothing in common: the key and the kind are part of the digest.
- Phones and e-mails are few enough to be tried one by one; only who has the key can try.
- Two values with one token: 1.5e-21 at 10^9 values (birthday bound at 128 bits).

What a token does tell, it tells by design: that two values are the same, and how often one is met. So only
what names somebody or something has a kind (`KINDS`). A first name or a town does not: its token would be
told by how often it comes.

A token says nothing by itself. To turn one back somebody must have written down what it stood for before it
was shown; that is the vault's (service.py).
"""

from __future__ import annotations

import base64
import re
import unicodedata

from onefold.kernel.ids import ID_BYTES, CellKey

PREFIX = "tok"
KINDS = ("name", "phone", "email", "address", "document", "tax", "customer", "account")
KEY_BYTES = 32
_TOKEN = re.compile(rf"{PREFIX}_({'|'.join(KINDS)})_([a-z2-7]{{26}})")
_WRITTEN = {"name", "email", "address"}
"""Kinds of which the words count; of the others letters and digits alone."""
_SPACE = re.compile(r"\s+")
_MARKS = re.compile(r"[\W_]+")


def token_key(cell_key: CellKey) -> bytes:
    """The key of a cell's tokens; nothing of the cell's key can be told from it."""
    return b"".join(cell_key.digest(b"token key", half) for half in (b"first", b"second"))


def token_of(key: CellKey, kind: str, value: str) -> str:
    """The token of a value, under a key made of `token_key`."""
    assert kind in KINDS, "kinds of tokens are on a list"
    digest = key.digest(b"token", kind.encode(), normalised(kind, value).encode())
    return f"{PREFIX}_{kind}_{_text(digest)}"


def normalised(kind: str, value: str) -> str:
    """The value as it is compared: without case, of numbers letters and digits alone.

    Case is folded as Unicode says for compatibility (D146, chapter 3.13), so that folding again changes
    nothing.
    """
    plain = unicodedata.normalize("NFD", value)
    for _ in range(2):
        plain = unicodedata.normalize("NFKC", plain.casefold())
    return _SPACE.sub(" ", plain).strip() if kind in _WRITTEN else _MARKS.sub("", plain)


def kind_in(text: str) -> str:
    """The kind of what is written as we write tokens; empty for anything else."""
    found = _TOKEN.fullmatch(text)
    if found is None:
        return ""
    digest = base64.b32decode(found[2].upper() + "======")
    return found[1] if _text(digest) == found[2] else ""


def _text(digest: bytes) -> str:
    assert len(digest) == ID_BYTES
    return base64.b32encode(digest).decode().rstrip("=").lower()
