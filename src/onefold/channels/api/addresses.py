"""Which endpoints stand at an address: one look-up for literal ones, a pattern for those with names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from onefold.channels.api.endpoint import Endpoint

Methods = Mapping[str, Endpoint]
_NAME = re.compile(r"\\{(\w+)\\}")
_NOTHING: Methods = {}


class Addresses:
    """The addresses of a list of endpoints; `{name}` in a path stands for one segment that is not empty."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        by_path: dict[str, dict[str, Endpoint]] = {}
        for it in endpoints:
            by_path.setdefault(it.path, {})[it.method] = it
        self._literal: dict[str, Methods] = {path: it for path, it in by_path.items() if "{" not in path}
        self._named: list[tuple[re.Pattern[str], Methods]] = [
            (_pattern(path), it) for path, it in by_path.items() if "{" in path
        ]

    def find(self, path: str) -> tuple[Methods, dict[str, str]]:
        """The endpoints at an address by method (none: there is nothing), and what its names stand for."""
        literal = self._literal.get(path)
        if literal is not None:
            return literal, {}
        for pattern, methods in self._named:
            found = pattern.fullmatch(path)
            if found:
                return methods, found.groupdict()
        return _NOTHING, {}


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_NAME.sub(r"(?P<\1>[^/]+)", re.escape(path)))
