"""Names of columns, which can be data: of a file without a header, or of objects that are keyed by data."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

HIDDEN = "…"
SIBLINGS_MOST = 40
_LIKE_DATA = re.compile(
    r".*[^\s@]@[^\s@]+\.[^\s@]+.*"
    r"|\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}([T ].*)?"
    r"|[^\W\d_]{0,3}[+(]*\d([-+()./\s]*\d){5,}\W*"
)
_LONG_NUMBER = re.compile(r"\d(?:[-+()/\s]*\d){5,}")


def is_like_data(name: str) -> bool:
    """Whether a name looks like what a record says: an e-mail address, a day, a long number."""
    return _LIKE_DATA.fullmatch(name.strip()) is not None


def shown_names(names: Iterable[str]) -> dict[str, str]:
    """Each name as it may be shown among data that are masked; several can be shown alike.

    Of a name with dots, which stands for a member of a member, the parts that look like data are hidden, and
    so are those of which one object has more than `SIBLINGS_MOST`: it is keyed by something. Elsewhere long
    numbers are.
    """
    parts = {it: tuple(it.split(".")) for it in names}
    members: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for said in parts.values():
        for at in range(1, len(said)):
            members[said[:at]].add(said[at])
    many = {it for it, of in members.items() if len(of) > SIBLINGS_MOST}
    return {it: HIDDEN if is_like_data(it) else _shown(said, many) for it, said in parts.items()}


def _shown(said: tuple[str, ...], many: set[tuple[str, ...]]) -> str:
    if len(said) == 1:
        return _LONG_NUMBER.sub(HIDDEN, said[0])
    return ".".join(HIDDEN if _is_hidden(it) or said[:at] in many else it for at, it in enumerate(said))


def _is_hidden(part: str) -> bool:
    return part.isdigit() or is_like_data(part) or _LONG_NUMBER.search(part) is not None
