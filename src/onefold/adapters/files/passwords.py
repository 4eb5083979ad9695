"""Which passwords are taken: long enough, and not soon guessed by whoever knows what people choose.

How soon a password is guessed is what zxcvbn says (Wheeler, "zxcvbn: Low-Budget Password Strength
Estimation", 2016): it knows common passwords, words, names, rows of keys and dates. The login and our name
count as words everybody would try. No rule asks for digits or signs: people answer with `Password2026!`.
"""

from __future__ import annotations

import re

from onefold.kernel.errors import CallerError

LETTERS_LEAST = 10
STRENGTH_LEAST = 3
"""Of 0 to 4: more than a hundred million guesses."""
_LOOKED_AT = 72
"""Further letters are not judged: it takes long, and what comes after so many does no harm."""
_WORDS = re.compile(r"[^\W_]{3,}")


def check_password(login: str, password: str) -> None:
    """`CallerError` where the password of this login is too short or soon guessed; says why."""
    if len(password) < LETTERS_LEAST:
        raise CallerError(f"A password has at least {LETTERS_LEAST} characters.")
    # Its lists of words take a while to read, and few commands ask.
    from zxcvbn import zxcvbn

    found = zxcvbn(password[:_LOOKED_AT], user_inputs=["onefold", login, *_WORDS.findall(login)])
    if found["score"] < STRENGTH_LEAST:
        raise CallerError(
            "That password would soon be guessed.",
            detail=str(found["feedback"]["warning"] or ""),
            hint="Take four words that do not belong together, or let a password manager make one.",
        )
