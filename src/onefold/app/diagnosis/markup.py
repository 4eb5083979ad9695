"""Text as HTML that is well-formed XML too, whatever stands in a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: object) -> str:
    """A value as text of a page; signs that XML cannot hold are shown as lost."""
    return escape(_NO_XML.sub("\ufffd", str(value)), quote=True)


def count(number: float) -> str:
    """A whole number with its thousands parted."""
    return f"{round(number):,}"


def share(part: float) -> str:
    """A share as per cent: whole ones where a tenth would say nothing, never 100 % or 0 % for nearly so."""
    percent = 100 * part
    if 0 < percent < 0.1:
        return "<0.1\u202f%"
    if 99.9 < percent < 100:
        return ">99.9\u202f%"
    return f"{percent:.0f}\u202f%" if percent in {0, 100} else f"{percent:.1f}\u202f%"


def short(name: str, most: int = 20) -> str:
    """A name cut to what a picture has room for."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def table(header: Sequence[str], rows: Iterable[Sequence[object]], words: int = 1) -> str:
    """A table of plain values, the first `words` columns of words and the others of numbers."""

    def cells(row: Sequence[object]) -> str:
        first, *others = (text(it) for it in row)
        numbers = [f'<td class="{"w" if at < words else "n"}">{it}</td>' for at, it in enumerate(others, 1)]
        return f'<tr><th scope="row">{first}</th>{"".join(numbers)}</tr>'

    heads = "".join(
        f'<th scope="col"{"" if at < words else " class=" + chr(34) + "n" + chr(34)}>{text(it)}</th>'
        for at, it in enumerate(header)
    )
    body = "".join(map(cells, rows))
    return f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
