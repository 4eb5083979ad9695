"""Passwords that would soon be guessed are not taken, and the reason is said without saying the password."""

from __future__ import annotations

import pytest

from onefold.adapters.files.passwords import check_password
from onefold.kernel.errors import CallerError

GUESSED = {
    "among the first that anybody tries": "password1234",
    "a year and a sign behind a common one": "Password2026!",
    "a row of keys": "qwertyuiop",
    "one letter": "a" * 40,
    "the login": "relationship.manager",
    "the login and a year": "relationship.manager1",
    "our name and a year": "onefold2026",
}


@pytest.mark.parametrize("password", GUESSED.values(), ids=GUESSED)
def test_what_is_soon_guessed_is_not_taken(password):
    with pytest.raises(CallerError, match="soon be guessed") as raised:
        check_password("relationship.manager", password)
    assert password not in str(raised.value)
    assert "four words" in raised.value.hint


def test_a_short_one_is_not_taken_however_odd_it_is():
    with pytest.raises(CallerError, match="at least 10"):
        check_password("anna", "x9$Kq!2wZ")


@pytest.mark.parametrize(
    "password",
    ["kettle lisbon quarry nine", "vT7#qLp0zR2m", "тумба лиса кувшин", "x" + "kettle lisbon " * 70],
)
def test_what_is_hard_to_guess_is_taken_however_long_and_in_whatever_letters(password):
    check_password("anna", password)


def test_no_more_is_judged_than_can_be_judged_at_once(monkeypatch):
    """Signs that may stand for letters take long: 0.3 s for these, 3 s for 72."""
    judged = []

    def strong(password, user_inputs):
        judged.append(password)
        return {"score": 4}

    monkeypatch.setattr("zxcvbn.zxcvbn", strong)
    check_password("anna", "4@8({[<369&#!1/|0$5+7%2" * 30)
    assert [len(it) for it in judged] == [24]
