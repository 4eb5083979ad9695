"""Reading a YAML file in which a house sets rules of its own; what is wrong with it is told by its place.

Nothing is taken over from a file that is wrong in a part: whoever reads it raises `CallerError` and starts
nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import yaml

from onefold.kernel.errors import CallerError

_WORD_MAX = 40


class HouseFile(NamedTuple):
    """A kind of file; `hint` says where one is shown. A `place` is the file's name and the way in it."""

    hint: str

    def read(self, text: str, place: str, known: Collection[str]) -> dict[str, Any]:
        """The mapping that a file of version 1 is, of known words alone."""
        try:
            read = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise self.wrong(place, "is no YAML") from error
        top = self.mapping(read, place, known)
        if top.get("version") != 1:
            raise self.wrong(f"{place}: version", "is not 1")
        return top

    def mapping(self, read: Any, place: str, known: Collection[str]) -> dict[str, Any]:
        """A mapping of known words alone."""
        if not isinstance(read, dict):
            raise self.wrong(place, "is not a mapping")
        if unknown := [it for it in read if it not in known]:
            words = ", ".join(sorted(known))
            raise self.wrong(place, f"may hold only {words}, and not {str(unknown[0])[:_WORD_MAX]!r}")
        return read

    def number(self, read: Any, least: int, most: int, place: str) -> int:
        """A whole number within bounds."""
        if not isinstance(read, int) or isinstance(read, bool) or not least <= read <= most:
            raise self.wrong(place, f"is not a whole number from {least} to {most}")
        return read

    def wrong(self, place: str, what: str) -> CallerError:
        """The error of a place, to be raised."""
        return CallerError(f"{place} {what}.", hint=self.hint)
