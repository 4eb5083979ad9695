"""Which passwords are taken: long enough, and not soon guessed by whoever knows what people choose.

How soon a password is guessed is what zxcvbn says (Wheeler, "zxcvbn: Low-Budget Password Strength
Estimation", 2016): it knows common passwords, words, names, rows of keys and dates. The login and our name
count as words everybody would try. No rule asks for digits or signs: people answer with `Password2026!`.
"""

from __future__ import annotations

import re
import threading

from onefold.kernel.errors import CallerError, Unavailable

LETTERS_LEAST = 10
STRENGTH_LEAST = 3
"""Of 0 to 4: more than a hundred million guesses."""
_LOOKED_AT = 24
"""Further letters are not judged: what comes after so many does no harm, and signs that may stand for letters
take long (0.3 s for these, 3 s for 72)."""
_TURN_SECONDS = 2.0
_ONE_AT_A_TIME = threading.Lock()
"""zxcvbn keeps the words it is given in a variable of its module."""
_WORDS = re.compile(r"[^\W_]{3,}")


def check_password(login: str, password: str) -> None:
    """`CallerError` where the password of this login is too short or soon guessed; says why."""
    if len(password) < LETTERS_LEAST:
        raise CallerError(f"A password has at least {LETTERS_LEAST} characters.")
    # Its lists of words take a while to read, and few commands ask.
    from zxcvbn import zxcvbn

    if not _ONE_AT_A_TIME.acquire(timeout=_TURN_SECONDS):
        raise Unavailable("Too many people are choosing a password at once.", retry_after_seconds=2)
    try:
        found = zxcvbn(password[:_LOOKED_AT], user_inputs=["onefold", login, *_WORDS.findall(login)])
    finally:
        _ONE_AT_A_TIME.release()
    if found["score"] < STRENGTH_LEAST:
        raise CallerError(
            "That password would soon be guessed.",
            detail=str(found["feedback"]["warning"] or ""),
            hint="Take four words that do not belong together, or let a password manager make one.",
        )
