"""E-mail addresses in the form in which two of them reach one mailbox.

Case never matters in practice. A tag after `+` is dropped everywhere; dots before the `@` only at
providers known to ignore them. Names of one provider's domain are folded (googlemail.com). An address
typed to fill a field (noemail@, test@, @example.com) is a placeholder, and one that a team shares (info@,
sales@) says so: it reaches somebody, and does not tell who.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

import msgspec

from onefold.kernel.memory import remembered


class EmailState(StrEnum):
    """What is known of an address. `SHARED` reaches a desk; only `PERSONAL` and `SHARED` have an address."""

    PERSONAL = "personal"
    SHARED = "shared"
    PLACEHOLDER = "placeholder"
    MALFORMED = "malformed"
    EMPTY = "empty"


class Email(msgspec.Struct, frozen=True, gc=False):
    """`address` is the mailbox, empty unless somebody may read it; `local` and `domain` are its sides.

    `words` are the letters of the local part, split at dots, digits and signs: often the name.
    """

    address: str
    state: EmailState
    local: str = ""
    domain: str = ""
    words: tuple[str, ...] = ()


_SHAPE = re.compile(r"[^\s@\"(),:;<>\[\\\]]{1,64}@(?:[^\s@.,;:/]{1,63}\.){1,8}[^\s@.,;:/]{2,63}")
_INSIDE = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_SEVERAL = re.compile(r"[;,|\s]+")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_ALIASES = {
    "googlemail.com": "gmail.com", "ya.ru": "yandex.ru", "yandex.com": "yandex.ru", "yandex.by": "yandex.ru",
    "yandex.kz": "yandex.ru", "yandex.uz": "yandex.ru", "narod.ru": "yandex.ru", "me.com": "icloud.com",
    "mac.com": "icloud.com", "protonmail.com": "proton.me", "pm.me": "proton.me",
}  # fmt: skip
_DOTS_IGNORED = frozenset({"gmail.com"})
_DOTS_ARE_DASHES = frozenset({"yandex.ru"})
_FILLERS = frozenset(
    """
    none no noemail nomail noemailaddress na null nil unknown test tester testing email mail example dummy
    x xx xxx
    xxxx a aa aaa aaaa abc abcd asdf qwerty nobody noone notprovided notavailable nothing fake user username
    customer client anonymous donotreply noreply notgiven refused without
    """.split()
)
_FILLING_DOMAINS = frozenset(
    """
    example test none email noemail nomail no na unknown invalid localhost domain fake xxx x abc nowhere
    mailinator
    """.split()
)
_DESKS = frozenset(
    """
    info sales support admin administrator office contact contacts hello help helpdesk service accounts
    accounting
    billing finance hr jobs marketing press webmaster postmaster reception enquiries inquiries team booking
    orders
    buh buhgalter kadry
    """.split()
)


@remembered(65_536)
def email(text: str) -> Email:
    """The first address of a text, as `Name <a@b.c>` or alone. Raises nothing."""
    written = (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()
    if not written:
        return Email("", EmailState.EMPTY)
    inside = _INSIDE.search(written) if "<" in written else None
    found = inside[1] if inside else written.removeprefix("mailto:")
    found = next((it for it in _SEVERAL.split(found) if "@" in it), found).strip(".<>'\"").casefold()
    if not _SHAPE.fullmatch(found):
        plain = _NOT_LETTERS.sub("", found)
        return Email("", EmailState.PLACEHOLDER if not plain or plain in _FILLERS else EmailState.MALFORMED)
    local, _, domain = found.partition("@")
    domain = _in_letters(domain)
    domain = _ALIASES.get(domain, domain)
    if _fills_a_field(local, domain):
        return Email("", EmailState.PLACEHOLDER)
    mailbox = local.partition("+")[0] or local
    if domain in _DOTS_IGNORED:
        mailbox = mailbox.replace(".", "") or mailbox
    elif domain in _DOTS_ARE_DASHES:
        mailbox = mailbox.replace(".", "-")
    words = tuple(it for it in _NOT_LETTERS.split(local.partition("+")[0]) if it)
    state = EmailState.SHARED if mailbox in _DESKS else EmailState.PERSONAL
    return Email(f"{mailbox}@{domain}", state, mailbox, domain, words)


def _in_letters(domain: str) -> str:
    """A domain in its own letters, where it came as `xn--`; the system's codec, so IDNA 2003."""
    if "xn--" not in domain:
        return domain
    try:
        return domain.encode("ascii").decode("idna").casefold()
    except UnicodeError:
        return domain


def _fills_a_field(local: str, domain: str) -> bool:
    plain = _NOT_LETTERS.sub("", local)
    second_level = domain.rsplit(".", 2)[-2]
    return (
        (plain in _FILLERS and not (plain in {"user", "customer", "client"} and plain != local))
        or second_level in _FILLING_DOMAINS
        or domain.endswith((".invalid", ".localhost"))
        or (len(set(local)) == 1 and len(local) > 1)
    )
