"""Ten thousand forged, spoiled and stale tokens, each kind as often as the others: none is taken."""

from __future__ import annotations

import base64
import hmac
import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from onefold.adapters.files.keys import create_key_files
from onefold.adapters.files.session_keys import SessionKeyFiles, rotate_session_key
from onefold.adapters.files.sessions import EndedSessionsFile
from onefold.channels.api.access import ACCESS_SECONDS, PREFIX
from onefold.channels.api.signing import TOKEN_LETTERS_MAX
from onefold.channels.api.tokens import LIFE_SECONDS, SESSION_SECONDS, Tokens
from onefold.kernel.errors import Unauthenticated
from tests.unit.gate.bank import StoppedClock

CASES = 10_000
CELL = "demo/uz"


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(header: dict[str, Any], claims: Any, secret: bytes, digest: str = "sha256") -> str:
    """A token made by hand: the library refuses to make most of these."""
    said = ".".join(encoded(json.dumps(it).encode()) for it in (header, claims))
    return f"{said}.{encoded(hmac.digest(secret, said.encode(), digest))}"


class Forger:
    """Knows how our tokens are made, and for some kinds even the secret: then something else is wrong."""

    def __init__(self, folder: Any) -> None:
        self.clock = StoppedClock()
        create_key_files(folder)
        self._keys = SessionKeyFiles(folder)
        retired = self._keys.signing()
        now = self.clock.now_ms() // 1000
        rotate_session_key(folder, now - 2 * LIFE_SECONDS, LIFE_SECONDS)
        self.key, self.retired = self._keys.signing(), retired
        self.tokens = Tokens(self._keys, CELL, self.clock, EndedSessionsFile(folder))
        self.draw = random.Random(20260131)
        self.header = {"alg": "HS256", "typ": "JWT", "kid": self.key.id}

    def claims(self, **changes: Any) -> dict[str, Any]:
        """What a good token would say now, but for the changes; None takes a claim away."""
        now = self.clock.now_ms() // 1000
        good = {"sub": "rm", "jti": self.draw.randbytes(16).hex(), "csrf": "c", "iat": now, "auth_time": now}
        good |= {"exp": now + LIFE_SECONDS, "epoch": "e", "aud": "onefold", "iss": CELL}
        return {name: value for name, value in (good | changes).items() if value is not None}

    def good(self) -> str:
        """A token that is taken."""
        return signed(self.header, self.claims(), self.key.secret)

    def unsigned(self) -> str:
        header = self.header | {"alg": self.draw.choice(["none", "None", "NONE", "nOnE", "", None])}
        said = ".".join(encoded(json.dumps(it).encode()) for it in (header, self.claims()))
        return said + self.draw.choice([".", "", "..", f".{encoded(b'x' * 32)}"])

    def confused(self) -> str:
        """The right secret under the name of another algorithm, or with another digest."""
        algorithm = self.draw.choice(["RS256", "ES256", "PS256", "EdDSA", "HS384", "HS512", "hs256", 256])
        digest = {"HS384": "sha384", "HS512": "sha512"}.get(str(algorithm), "sha256")
        return signed(self.header | {"alg": algorithm}, self.claims(), self.key.secret, digest)

    def of_another_key(self) -> str:
        secret = self.draw.choice([b"", b"secret", bytes(32), self.draw.randbytes(32), self.key.id.encode()])
        return signed(self.header, self.claims(), secret)

    def of_a_wrong_key_id(self) -> str:
        known = [self.retired.id, self.key.id[:-1], self.key.id.upper() + "x"]
        odd = ["", "../session.key", "/dev/null", "' OR 1=1 --", 7, None, [self.key.id], {"a": 1}, True]
        named = self.header | {"kid": self.draw.choice([*known, *odd])}
        return signed(named, self.claims(), self.draw.choice([self.key.secret, self.retired.secret, b""]))

    def with_its_own_key(self) -> str:
        """The key comes along in the header, as some libraries would believe."""
        secret = self.draw.randbytes(32)
        key = {"kty": "oct", "k": encoded(secret)}
        more: dict[str, Any] = self.draw.choice(
            [{"jwk": key}, {"jku": "https://evil.example/keys"}, {"x5u": "https://e.example"}]
        )
        return signed(self.header | more, self.claims(), secret)

    def for_somebody_else(self) -> str:
        wrong: list[dict[str, Any]] = [
            {"aud": "other"}, {"aud": ["onefold"]}, {"aud": ["onefold", "x"]}, {"aud": ""},
            {"aud": "onefold-access"},
            {"iss": "demo/kz"}, {"iss": "other/uz"}, {"iss": "demo"}, {"iss": ""}, {"iss": [CELL]},
        ]  # fmt: skip
        return signed(self.header, self.claims(**self.draw.choice(wrong)), self.key.secret)

    def over(self) -> str:
        now, ago = self.clock.now_ms() // 1000, self.draw.randrange(1, SESSION_SECONDS)
        return signed(self.header, self.claims(exp=now - ago + 1, iat=now - ago), self.key.secret)

    def not_begun(self) -> str:
        later = self.clock.now_ms() // 1000 + self.draw.randrange(61, SESSION_SECONDS)
        name = self.draw.choice(["iat", "auth_time"])
        return signed(self.header, self.claims(exp=later + 60, **{name: later}), self.key.secret)

    def replayed(self) -> str:
        """One of a session that was signed out, or a renewed one of it."""
        token, claims = self.tokens.issue("rm", "e")
        renewed, _ = self.tokens.renew(claims)
        self.tokens.end(claims)
        return self.draw.choice([token, renewed])

    def lacking(self) -> str:
        name = self.draw.choice(sorted(self.claims()))
        wrong = self.draw.choice([None, None, [], {}, True, 1.5, "9" * 30])
        if name in ("sub", "jti", "csrf", "epoch") and isinstance(wrong, str):
            wrong = None
        return signed(self.header, self.claims(**{name: wrong}), self.key.secret)

    def cut(self) -> str:
        token = self.good()
        return token[: self.draw.randrange(len(token))]

    def altered(self) -> str:
        token, letters = self.good(), "ABCabc019-_.!~ =\x00\xff"
        at = self.draw.randrange(len(token))
        other = self.draw.choice([it for it in letters if it != token[at]])
        return token[:at] + other + token[at + self.draw.choice([0, 1]) :]

    def huge(self) -> str:
        size = self.draw.choice([TOKEN_LETTERS_MAX + 1, 100_000])
        return self.draw.choice(
            [
                signed(self.header, self.claims(more="x" * size), self.key.secret),
                "." * size,
                self.good() + "A" * size,
            ]
        )

    def no_token(self) -> str:
        return self.draw.choice(["", ".", "..", "a.b.c", "e30.e30.e30", "null", "{}", self.good() * 2])

    def of_the_other_kind(self) -> str:
        """Access of a program is no session."""
        token = self.tokens.access.issue("0" * 16, "e", ("show_customer",))
        return self.draw.choice([token, token.removeprefix(PREFIX)])


KINDS: tuple[Callable[[Forger], str], ...] = (
    Forger.unsigned, Forger.confused, Forger.of_another_key, Forger.of_a_wrong_key_id,
    Forger.with_its_own_key, Forger.for_somebody_else, Forger.over, Forger.not_begun, Forger.replayed,
    Forger.lacking, Forger.cut, Forger.altered, Forger.huge, Forger.no_token, Forger.of_the_other_kind,
)  # fmt: skip


@pytest.fixture
def forger(tmp_path, monkeypatch):
    # What was signed out is kept durable each time; here it need only be kept.
    monkeypatch.setattr(EndedSessionsFile, "write", lambda *_: None)
    return Forger(tmp_path / "keys")


def test_what_the_forger_makes_by_hand_is_taken_where_nothing_is_wrong(forger):
    assert forger.tokens.read(forger.good()).sub == "rm"


def test_none_of_ten_thousand_hostile_tokens_is_taken(forger):
    tried: Counter[str] = Counter()
    taken = []
    for number in range(CASES):
        make = KINDS[number % len(KINDS)]
        token = make(forger)
        tried[make.__name__] += 1
        try:
            forger.tokens.read(token)
        except Unauthenticated:
            continue
        taken.append((make.__name__, token))
    assert taken == []
    assert (sum(tried.values()), len(tried)) == (CASES, len(KINDS))


def test_no_token_of_a_session_and_no_spoiled_one_is_access(forger):
    good = forger.tokens.access.issue("0" * 16, "e", ("show_customer",))
    assert forger.tokens.access.read(good).sub == "0" * 16
    hostile = [PREFIX + make(forger) for make in KINDS[:-1] for _ in range(50)]
    hostile += [good[:at] for at in range(len(good))]
    taken = []
    for token in hostile:
        try:
            forger.tokens.access.read(token)
        except Unauthenticated:
            continue
        taken.append(token)
    assert taken == []
    forger.clock.now += ACCESS_SECONDS * 1000
    with pytest.raises(Unauthenticated, match="over"):
        forger.tokens.access.read(good)
