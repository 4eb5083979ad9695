"""E-mails: one form a mailbox, and what was typed to fill a field is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.emails import EmailState, email


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Bob.Smith@Work.COM", "bob.smith@work.com"),
        ("A.Smith+shop@GoogleMail.com", "asmith@gmail.com"),
        ("a.smith@work.com", "a.smith@work.com"),
        ("ivan.petrov@ya.ru", "ivan-petrov@yandex.ru"),
        ("Bob Smith <bob@work.com>", "bob@work.com"),
        ("mailto:bob@work.com", "bob@work.com"),
        ("bob@work.com; rob@work.com", "bob@work.com"),
        ("bob@xn--mller-kva.de", "bob@müller.de"),
        ("иван@почта.рф", "иван@почта.рф"),
    ],
)
def test_two_ways_to_write_one_mailbox_have_one_form(text, address):
    assert email(text).address == address


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("noemail@anything.com", EmailState.PLACEHOLDER),
        ("test@gmail.com", EmailState.PLACEHOLDER),
        ("bob@example.com", EmailState.PLACEHOLDER),
        ("xxx@xxx.xx", EmailState.PLACEHOLDER),
        ("N/A", EmailState.PLACEHOLDER),
        ("info@acme.de", EmailState.SHARED),
        ("bob@work.com", EmailState.PERSONAL),
        ("bob@work", EmailState.MALFORMED),
        ("bob smith", EmailState.MALFORMED),
        ("  ", EmailState.EMPTY),
    ],
)
def test_an_address_says_what_it_is_worth(text, state):
    assert email(text).state is state


def test_the_words_of_an_address_are_told():
    assert email("ivan.petrov85@work.com").words == ("ivan", "petrov")


@given(st.text())
def test_any_text_is_some_kind_of_address(text):
    found = email(text)
    assert bool(found.address) == (found.state in {EmailState.PERSONAL, EmailState.SHARED})


@given(st.emails())
def test_a_mailbox_is_its_own_form(text):
    address = email(text).address
    assert not address or email(address).address in {address, ""}
