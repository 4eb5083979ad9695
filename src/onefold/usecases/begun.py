"""Sign-ins at the provider that were begun here: each is ended once, within minutes, by who began it."""

from __future__ import annotations

import base64
import secrets
import threading
from dataclasses import dataclass
from hashlib import sha256

from onefold.kernel.errors import Unauthenticated
from onefold.kernel.time import Clock

BEGUN_SECONDS = 10 * 60
_REMEMBERED_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Begun:
    """What only this server knows of one: the token says its `nonce`, `verifier` proves that it was us."""

    state: str
    nonce: str
    verifier: str
    back: str
    until_ms: int
    session: str = ""
    """The token of the session that the browser had when it began; it does not come along on the way back."""

    @property
    def challenge(self) -> str:
        """What is told of the verifier (RFC 7636, method S256)."""
        digest = sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class BegunSignIns:
    """Those that are under way; the oldest of too many are forgotten."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, Begun] = {}
        self._lock = threading.Lock()

    def begin(self, back: str, session: str = "") -> Begun:
        """A new one; afterwards the browser goes `back`, and the `session` it had is over."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        made = Begun(state, nonce, verifier, back, self._clock.now_ms() + BEGUN_SECONDS * 1000, session)
        with self._lock:
            self._known[state] = made
            while len(self._known) > _REMEMBERED_MAX:
                del self._known[next(iter(self._known))]
        return made

    def take(self, state: str) -> Begun:
        """The one of this state, which is then over; `Unauthenticated` where there is none."""
        with self._lock:
            found = self._known.pop(state, None)
        if found is None or found.until_ms <= self._clock.now_ms():
            raise Unauthenticated("This sign-in was not begun here, or took too long.", hint="Begin again.")
        return found
