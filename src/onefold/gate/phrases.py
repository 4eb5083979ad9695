"""What a moment of the timeline is called: words for the codes of the canon; a code without words stays one.

Every word here comes from a field as the permit shows it; what is hidden is simply not said.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from onefold.gate.scope import Scope, Standing
from onefold.record.canon.groups import Group

_WHERE = {
    "app": "in the mobile app",
    "web": "on the website",
    "call": "by phone",
    "branch": "at a branch",
    "email": "by e-mail",
    "sms": "by SMS",
    "push": "by push notification",
    "post": "by post",
    "partner": "through a partner",
    "any": "by any channel",
}
_LOGGED_IN = {"app": "to the mobile app", "web": "to the website"}
_MESSAGE = {"email": "an e-mail", "sms": "an SMS", "push": "a push notification", "post": "a letter"}
_CONSENT = {"granted": "agreed to", "withdrawn": "withdrew consent to", "objected": "objected to"}
_WISH = {
    "wish": "by their own wish",
    "deceased": "deceased",
    "litigation": "in litigation",
    "fraud": "suspected fraud",
    "bounce": "messages came back",
    "complaint": "a complaint is open",
    "vulnerable": "to be treated with care",
}
_BEGAN = {"loan": "taken out", "insurance": "taken out", "subscription": "started", "card": "issued"}
_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])[-_]+(?=[^\W\d_])")

Words = tuple[str, str]
"""(title, text)."""


def plain(code: str) -> str:
    """`autumn-loan` as words; a number or a key stays as it is."""
    return _BETWEEN_LETTERS.sub(" ", code)


def _where(channel: str) -> str:
    return _WHERE.get(channel, f"by {plain(channel)}" if channel else "")


def _spoken(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def interaction(scope: Scope, it: Standing) -> Words:
    """What somebody did, or what was sent to them."""
    action, topic, channel = (scope.text(it, name) for name in ("action", "topic", "channel"))
    said, where = scope.text(it, "text"), _where(channel)
    message = _MESSAGE.get(channel, "a message")
    named = any(letter.isalpha() for letter in topic)
    about = f": {plain(topic)}" if named else ""
    if action == "login":
        return _spoken("logged in", _LOGGED_IN.get(channel, where)), said
    if action in ("logout", "identify"):
        return _spoken({"logout": "logged out", "identify": "said who they are"}[action], where), said
    if action in ("page", "screen"):
        return _spoken(f"looked at “{plain(topic)}”" if topic else f"looked at a {action}", where), said
    if action == "usage":
        return _spoken("used", scope.text(it, "quantity"), plain(topic) or where), said
    if action in ("sent", "opened", "clicked"):
        did = {"sent": "was sent", "opened": "opened", "clicked": "followed a link in"}[action]
        return f"{did} {message}{about}", said or ("" if named or not topic else f"message {topic}")
    if action == "call":
        return f"phone call{about}", said
    return _spoken(plain(action) or "contact", where) + (f": {plain(topic)}" if topic else ""), said


def case(scope: Scope, it: Standing) -> Words:
    """A matter with a state."""
    status = scope.text(it, "status")
    title = plain(scope.text(it, "topic")) or "case"
    return f"{title}, {plain(status)}" if status else title, scope.text(it, "text")


def risk(scope: Scope, it: Standing) -> Words:
    """An alert or a block."""
    kind, status = plain(scope.text(it, "kind")), plain(scope.text(it, "status"))
    title = kind if kind == "block" else f"risk {kind}".strip()
    rule, score = scope.text(it, "rule"), scope.text(it, "score")
    told = (f"rule {rule}" if rule else "", f"score {score} of 1,000" if score else "")
    text = ", ".join(part for part in told if part)
    return f"{title}, {status}" if status else title, text[:1].upper() + text[1:]


def consent(scope: Scope, it: Standing) -> Words:
    """What somebody agreed to or took back."""
    fact, evidence = scope.text(it, "fact"), scope.text(it, "evidence")
    said = _CONSENT.get(fact, f"consent {plain(fact)}:")
    about = _spoken(plain(scope.text(it, "purpose")), _where(scope.text(it, "channel")))
    return f"{said} {about}", f"Evidence: {evidence}" if evidence else ""


def suppression(scope: Scope, it: Standing) -> Words:
    """Do not contact, or no longer."""
    rule = "may be contacted" if it.values.get("state") == "off" else "do not contact"
    reason = scope.text(it, "reason")
    if reason == Group.VULNERABLE and scope.permit.fields.get("pii") != "full":
        reason = ""
    said = _WISH.get(reason, plain(reason))
    return _spoken(rule, _where(scope.text(it, "channel") or "any")), said[:1].upper() + said[1:]


def product(scope: Scope, it: Standing) -> Words:
    """Something that the customer began to have."""
    kind = scope.text(it, "product")
    name = scope.text(it, "name") or plain(kind) or "product"
    return f"{name} {_BEGAN.get(kind, 'opened')}", ""


PHRASES: dict[str, Callable[[Scope, Standing], Words]] = {
    "interaction": interaction,
    "case": case,
    "risk": risk,
    "consent": consent,
    "suppression": suppression,
    "product": product,
}
"""One for each kind of moment."""
