"""Takes typed values out of a parsed document and remembers every fault with its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from onefold.record.contracts.errors import Fault

Word = TypeVar("Word", bound=StrEnum)
_KIND_NAMES = {str: "text", int: "a whole number", bool: "true or false", list: "a list", dict: "a mapping"}


class Faults:
    """The faults found so far, each as `place: what; what to do`; whether in what is `published` already."""

    def __init__(self, *, published: bool = False) -> None:
        self.found: list[Fault] = []
        self.published = published

    def add(self, place: str, what: str) -> None:
        """Remembers one fault, once."""
        fault = Fault(place, what)
        if fault not in self.found:
            self.found.append(fault)

    def known(self, place: str, name: str, names: Iterable[str], what: str) -> bool:
        """Whether a name is among those that exist; if not, a fault that offers the nearest."""
        choices = list(names)
        if name in choices:
            return True
        near = get_close_matches(str(name), choices, n=1)
        offer = f"did you mean {near[0]}?" if near else f"use one of: {', '.join(sorted(choices)[:20])}"
        self.add(place, f"there is no {what} {name}; {offer}")
        return False


class Reader:
    """One mapping of the document at one place."""

    def __init__(self, value: Any, place: str, faults: Faults) -> None:
        self.place = place
        self.faults = faults
        self._value: dict[str, Any] = {}
        if not isinstance(value, dict):
            faults.add(place, "must be a mapping")
            return
        for key, item in value.items():
            if isinstance(key, str):
                self._value[key] = item
            else:
                faults.add(place, f"the key {key!r} is not text; put it in quotes")

    def __contains__(self, name: str) -> bool:
        return name in self._value

    def items(self) -> Iterable[tuple[str, Any]]:
        """Every entry."""
        return self._value.items()

    def at(self, name: str) -> str:
        """The place of an entry."""
        return f"{self.place}.{name}"

    def raw(self, name: str, default: Any = None) -> Any:
        """Whatever stands there."""
        return self._value.get(name, default)

    def _typed(self, name: str, kind: type, default: Any) -> Any:
        value = self._value.get(name, default)
        if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            self.faults.add(self.at(name), f"must be {_KIND_NAMES[kind]}")
            return default
        return value

    def text(self, name: str, default: str = "") -> str:
        """A text."""
        return str(self._typed(name, str, default) or default)

    def integer(self, name: str, default: int) -> int:
        """A whole number."""
        value = self._typed(name, int, default)
        return int(value) if value is not None else default

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false."""
        return bool(self._typed(name, bool, default))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, or one text."""
        value = self._value.get(name)
        items = [value] if isinstance(value, str) else value or []
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.faults.add(self.at(name), "must be a text or a list of texts (put numbers in quotes)")
            return ()
        return tuple(items)

    def word(self, name: str, words: type[Word], default: Word | None = None) -> Word | None:
        """A word of a closed list; without a default it must be there."""
        value = self.text(name)
        if not value and default is not None:
            return default
        if not value:
            self.faults.add(self.at(name), f"is missing; say one of: {', '.join(words)}")
            return None
        if not self.faults.known(self.at(name), value, list(words), "such word as"):
            return default
        return words(value)

    def readers(self, name: str) -> list[Reader]:
        """A list of mappings, each called by its `name` where it has one."""
        value = self._value.get(name) or []
        if not isinstance(value, list):
            self.faults.add(self.at(name), "must be a list")
            return []
        found = []
        for index, item in enumerate(value):
            called = item.get("name") if isinstance(item, dict) else None
            found.append(Reader(item, f"{self.at(name)}.{called or index}", self.faults))
        return found

    def reader(self, name: str) -> Reader:
        """A mapping within this one."""
        return Reader(self._value.get(name) or {}, self.at(name), self.faults)

    def custom(self, words: Sequence[str]) -> Reader:
        """The ODCS custom properties as one mapping; a word of ours that is misspelt is a fault.

        Those with a `vendor` other than onefold are somebody else's and are left alone.
        """
        found: dict[str, Any] = {}
        stated = self._value.get("customProperties")
        items = [it for it in stated if isinstance(it, dict)] if isinstance(stated, list) else []
        ours = [it for it in items if it.get("vendor", "onefold") == "onefold"]
        for item in ours:
            name = item.get("property")
            if not isinstance(name, str):
                continue  # The standard wants one, which is told already.
            place = self.at(f"customProperties.{name}")
            if self.faults.known(place, name, words, "custom property"):
                found[name] = item.get("value")
            else:
                # Taken for what was meant, so that its absence is not a second fault.
                near = get_close_matches(name, list(words), n=1)
                if near:
                    found.setdefault(near[0], item.get("value"))
        return Reader(found, self.place, self.faults)

    def only(self, words: Iterable[str]) -> None:
        """Entries with other names are faults."""
        for name in self._value:
            self.faults.known(self.place, name, words, "entry")
