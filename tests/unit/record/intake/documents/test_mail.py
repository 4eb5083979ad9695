"""E-mails as mailers and others write them: what was said, whom it is about, and what is no e-mail."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.intake.documents import mail
from tests.letters import ANNA, BANK, letter, read

HEAD = b"From: anna@karimova.uz\nDate: Mon, 1 Sep 2025 10:00:00 +0500\n"


def refused(data: bytes, **words) -> Reason:
    with pytest.raises(RowFault) as caught:
        read("eml", data, **words)
    return caught.value.reason


def body(kind: str, content: bytes, encoding: str = "8bit") -> bytes:
    return HEAD + f"Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n".encode() + content


def test_a_mail_says_who_wrote_to_whom_when_and_what():
    row = read("eml", letter(Cc="Bo <bo@x.uz>", Message_ID="<1@karimova.uz>", In_Reply_To="<0@bank.uz>"))
    assert row.pop("document")
    assert row == {
        "message_id": "<1@karimova.uz>",
        "in_reply_to": "<0@bank.uz>",
        "at": "2025-09-01T10:00:00+05:00",
        "from": "anna@karimova.uz",
        "from_name": "Anna Karimova",
        "to": "care@bank.uz",
        "cc": "bo@x.uz",
        "participants": ["Anna Karimova <anna@karimova.uz>", "care@bank.uz", "Bo <bo@x.uz>"],
        "correspondent": "anna@karimova.uz",
        "correspondent_name": "Anna Karimova",
        "subject": "Card",
        "text": "Where is my card?",
    }


def test_encoded_words_quoted_printable_and_cyrillic_are_read():
    row = read("eml", letter("Где моя карта?\n\nАнна", subject="Карта", sender="Анна Каримова <a@k.uz>"))
    assert (row["subject"], row["text"]) == ("Карта", "Где моя карта?\n\nАнна")
    assert row["correspondent_name"] == "Анна Каримова"


def test_the_plain_part_is_read_before_the_html():
    assert read("eml", letter("plain", html="<p>rich</p>"))["text"] == "plain"


def test_a_mail_of_html_alone_is_text_without_its_script_and_style():
    head = "<html><head><title>x</title><style>p{}</style></head><body>"
    html = f"{head}<p>One &amp; two<br>three</p><script>x()</script>"
    assert read("eml", letter("", html=html))["text"] == "One & two\nthree"


def test_attachments_are_named_and_not_read():
    row = read("eml", letter("see", attached=("Паспорт Анны.pdf", "b.pdf")))
    assert (row["text"], row["attachments"]) == ("see", ["Паспорт Анны.pdf", "b.pdf"])


def test_a_mail_of_attachments_alone_has_no_text_and_stays_a_mail():
    row = read("eml", letter("", attached=("a.pdf",)))
    assert row["attachments"] == ["a.pdf"]
    assert "text" not in row


def test_a_forwarded_mail_is_an_attachment():
    inner = letter("secret", subject="inner")
    data = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee below\n--b\n"
    row = read("eml", data + b"Content-Type: message/rfc822\n\n" + inner + b"\n--b--\n")
    assert (row["text"], row["attachments"]) == ("see below", ["message/rfc822"])


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/plain; charset=windows-1251", "Карта".encode("cp1251")),
        ("text/plain; charset=us-ascii", "Карта".encode()),
        ("text/plain; charset=no-such", "Карта".encode()),
        ("text/plain; charset=unicode_escape", "Карта".encode()),
        ("text/plain; charset=hex", "Карта".encode()),
        ('text/plain; charset="utf-16"', "Карта".encode("utf-16")),
        ("text/plain", "Карта".encode("koi8-r")),
    ],
)
def test_a_text_is_read_in_the_first_charset_that_fits(kind, content):
    assert read("eml", body(kind, content), encoding="koi8-r")["text"] == "Карта"


def test_bytes_that_fit_no_charset_are_held():
    assert refused(body("text/plain; charset=us-ascii", b"\xff\xfe\x00k\xc3")) is Reason.BAD_TEXT
    assert refused(body("text/plain", b"a", "base64")) is Reason.BAD_TEXT


def test_headers_in_raw_bytes_are_read_as_utf8():
    row = read("eml", "From: Анна <a@k.uz>\nSubject: Карта\n\nx".encode())
    assert (row["from_name"], row["subject"]) == ("Анна", "Карта")


@pytest.mark.parametrize(
    "at",
    [
        "",
        "yesterday",
        "Mon, 99 Foo 2025 10:00:00 +0500",
        f"1 Sep {'9' * 20} 10:00:00",
        "1 Sep 2025 10:00 +9999999",
    ],
)
def test_a_mail_without_a_date_that_there_is_says_none(at):
    assert "at" not in read("eml", f"From: a@b.uz\nDate: {at}\n\nhello")


def test_an_unknown_offset_is_utc():
    assert read("eml", letter(at="Mon, 1 Sep 2025 10:00:00 -0000"))["at"] == "2025-09-01T10:00:00+00:00"


@pytest.mark.parametrize(
    ("sender", "to", "other", "direction"),
    [
        (ANNA, BANK, "anna@karimova.uz", "inbound"),
        (BANK, ANNA, "anna@karimova.uz", "outbound"),
        ("x@mail.bank.uz", ANNA, "anna@karimova.uz", "outbound"),
        (BANK, "x@bank.uz", None, "internal"),
        (BANK, f"{ANNA}, bo@x.uz", None, "outbound"),
        ("anna@notbank.uz", BANK, "anna@notbank.uz", "inbound"),
        ("a@x.uz, b@x.uz", BANK, None, None),
        ("undisclosed:;", BANK, None, None),
        ("", BANK, None, None),
    ],
)
def test_a_mail_is_about_the_one_outsider_or_about_nobody(sender, to, other, direction):
    row = read("eml", letter(sender=sender, to=to), own=("bank.uz",))
    assert (row.get("correspondent"), row.get("direction")) == (other, direction)


def test_two_copies_are_one_document_and_a_forged_id_makes_another():
    copy = b"Received: from elsewhere\n" + letter(Message_ID="<1@x>")
    forged = letter("Pay me.", Message_ID="<1@x>")
    one, same, other = (read("eml", it)["document"] for it in (letter(Message_ID="<1@x>"), copy, forged))
    assert one == same != other


@pytest.mark.parametrize(
    "data", [b"Dear bank,\n\nhello", b"\x00\x01\x02", b"%PDF-1.4\n", b"{}", b"x" * 300_000]
)
def test_what_is_no_mail_is_told(data):
    assert refused(data) is Reason.BAD_DOCUMENT


def test_an_empty_file_is_told():
    assert refused(b" \r\n ") is Reason.DOCUMENT_EMPTY


def test_a_mail_above_the_limit_is_told():
    assert refused(letter("x" * 1000), limit_bytes=900) is Reason.DOCUMENT_TOO_LARGE


def nested(depth: int) -> bytes:
    return HEAD + b"".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n".encode() for n in range(depth)
    )


@pytest.mark.parametrize("depth", [mail.DEPTH_MAX + 2, 400, mail.PARTS_MAX + 1])
def test_parts_within_parts_beyond_measure_are_told(depth):
    assert refused(nested(depth) + b"\nhello") is Reason.DOCUMENT_TOO_DEEP
    assert refused(HEAD + b"Content-Type: message/rfc822\n\n" * 2000 + b"hello") is Reason.DOCUMENT_TOO_DEEP


def test_many_lines_within_many_parts_are_turned_away_before_they_are_parsed():
    assert refused(nested(20) + b"\n" * 1_100_000) is Reason.DOCUMENT_TOO_DEEP
    assert read("eml", nested(20) + b"\nhello")["text"] == "hello"


def test_more_parts_than_are_read_are_told(monkeypatch):
    monkeypatch.setattr(mail, "PARTS_MAX", 5)
    data = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10
    assert refused(data) is Reason.DOCUMENT_TOO_DEEP


def test_nul_and_half_characters_do_not_reach_the_row():
    row = read("eml", HEAD + b"Subject: \xed\xa0\x80 a\x00b\n\nx\x00y")
    assert row["text"] == "x\ufffdy"
    row["subject"].encode()


FRAGMENTS = st.sampled_from(
    [
        b"From: ", b"To: ", b"Date: ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"\n--b\n",
        b"text/plain; charset=", b"utf-8", b"utf-7", b"Content-Transfer-Encoding: base64\n", b"=?utf-8?q?",
        b"message/rfc822", b"<a@b.uz>", b"(((", b'"', b";", b"*0*=", b"\n\n", b"\r\n", b"\xff", b"\x00", b":",
        b"<html><p>", b"<!--", base64.b64encode(b"hello"), b"filename*=x''%ff", b"?=", b"--b--", b",",
        b"Content-Disposition: attachment; ",
    ]
)  # fmt: skip


@given(st.lists(FRAGMENTS | st.binary(max_size=8), max_size=40), st.sampled_from([b"", HEAD]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_mail_or_a_reason(pieces, head):
    try:
        row = read("eml", head + b"".join(pieces))
    except RowFault:
        return
    assert all(value for value in row.values())
    str(row).encode()
