"""HTML of e-mails as plain text: nothing is run, fetched or followed, and what is not shown is not read.

One pass, in time that grows with the length alone: a tag is one match without backtracking, and what is never
closed (a comment, a script) is looked for once.
"""

from __future__ import annotations

import re
from html import unescape

_TAG = re.compile(r"""<(?:/?([a-zA-Z][a-zA-Z0-9:-]*+)|[!?])(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""")
_UNSEEN = frozenset(
    {"script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "select"}
)
_LINES = frozenset(
    "address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5"
    " h6 header hr legend li main nav ol option p pre section table tbody tfoot thead tr ul".split()
)
_CELLS = frozenset({"td", "th"})
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def text_of_html(html: str) -> str:
    """What a reader would see, line by line."""
    pieces: list[str] = []
    unclosed: set[str] = set()
    at = 0
    while (start := html.find("<", at)) >= 0:
        pieces.append(_said(html[at:start]))
        at = _behind(html, start, pieces, unclosed)
    pieces.append(_said(html[at:]))
    return tidy_lines("".join(pieces))


def tidy_lines(text: str) -> str:
    """Lines without spaces around them, and at most one empty line between two."""
    lines = (_SPACES.sub(" ", line).strip() for line in text.splitlines())
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _said(text: str) -> str:
    """Text between tags: entities as their letters, line breaks as spaces."""
    return re.sub(r"\s", " ", unescape(text)) if text else ""


def _behind(html: str, start: int, pieces: list[str], unclosed: set[str]) -> int:
    """The place behind what begins with `<`; adds what it stands for."""
    if html.startswith("<!--", start):
        return _skip(html, "-->", start + 4, unclosed)
    tag = _TAG.match(html, start)
    if tag is None:
        pieces.append("<")
        return start + 1
    name = (tag[1] or "").lower()
    if name in _LINES:
        pieces.append("\n- " if name == "li" and html[start + 1] != "/" else "\n")
    elif name in _CELLS:
        pieces.append(" ")
    elif name in _UNSEEN and html[start + 1] != "/" and not tag[0].endswith("/>"):
        return _skip(html, f"</{name}", tag.end(), unclosed)
    return tag.end()


def _skip(html: str, end: str, at: int, unclosed: set[str]) -> int:
    """The place behind an end; that of all text where there is none, as browsers have it."""
    if end in unclosed:
        return len(html)
    found = re.compile(re.escape(end), re.IGNORECASE).search(html, at)
    if found is None:
        unclosed.add(end)
        return len(html)
    if end == "-->":
        return found.end()
    close = html.find(">", found.end())
    return close + 1 if close >= 0 else len(html)
