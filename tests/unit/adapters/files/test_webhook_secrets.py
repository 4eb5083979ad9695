"""Secrets of webhooks: kept sealed, two at a time, each for its own source."""

from __future__ import annotations

import base64
import json

import pytest

from onefold.adapters.files.keys import KeyFiles, create_key_files, rotate_master_key
from onefold.adapters.files.webhook_secrets import PREFIX, WebhookSecretsFile
from onefold.kernel.errors import CallerError, Damaged


@pytest.fixture
def keys(tmp_path):
    create_key_files(tmp_path / "keys")
    return KeyFiles(tmp_path / "keys")


@pytest.fixture
def book(tmp_path, keys):
    return WebhookSecretsFile(tmp_path, keys.custody())


def test_a_new_secret_is_long_and_of_the_form_senders_know(book):
    made = book.add("bank")
    assert made.startswith(PREFIX)
    assert len(base64.b64decode(made.removeprefix(PREFIX))) == 32
    assert book.of("bank") == (made,)
    assert book.of("crm") == ()


def test_nothing_readable_is_on_the_disk(book, tmp_path):
    made = book.add("bank")
    text = (tmp_path / "webhooksecrets.json").read_text()
    assert made not in text
    assert made.removeprefix(PREFIX) not in text


def test_the_one_before_counts_until_it_is_ended(book):
    first, second = book.add("bank"), book.add("bank", "given-by-the-sender")
    assert book.of("bank") == (second, first)
    third = book.add("bank")
    assert book.of("bank") == (third, second)
    last = book.add("bank", alone=True)
    assert book.of("bank") == (last,)


def test_another_process_and_a_new_master_key_change_nothing(book, tmp_path, keys):
    made = book.add("bank")
    rotate_master_key(tmp_path / "keys")
    again = WebhookSecretsFile(tmp_path, keys.custody())
    assert again.of("bank") == (made,)
    newer = again.add("bank")
    assert again.of("bank") == (newer, made)


def test_a_secret_cannot_be_put_in_the_place_of_another(book, tmp_path):
    book.add("bank")
    path = tmp_path / "webhooksecrets.json"
    path.write_text(json.dumps({"crm": json.loads(path.read_text())["bank"]}))
    with pytest.raises(Damaged):
        book.of("crm")


@pytest.mark.parametrize("given", ["short", "x" * 501, "пароль-пароль-пароль"])
def test_what_is_no_secret_is_not_taken(book, given):
    with pytest.raises(CallerError):
        book.add("bank", given)
