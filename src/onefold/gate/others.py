"""Other people in the records of a customer: who they are, and the words that would name them. Pure.

A joint account is everything of each of its holders, and none of them may be told about the others by asking
for what is theirs (GDPR article 15(4)). A text is held back whole where it names another holder: what is left
of a sentence would often say who it was. A word that the customer bears, too, names nobody: couples share
surnames.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from onefold.customer.fragments.model import Fragment
from onefold.customer.fragments.naming import name_words, words_in

_MARKS = ("email", "phone", "national_id", "tax_id", "customer_number", "address")
_MARK_LEAST = 6
"""A shorter key or number stands in too many texts to name anybody."""


class Others:
    """What names the others: whole words of names, and numbers, keys and addresses wherever they stand."""

    def __init__(self, customer: Iterable[Fragment], others: Iterable[Fragment]) -> None:
        others = list(others)
        own = list(customer)
        self._words = name_words(others) - name_words(own)
        self._marks = tuple(sorted(set(_marks(others)) - set(_marks(own))))

    def named_in(self, text: str) -> bool:
        """Whether a text names one of them."""
        folded = text.casefold()
        if any(mark in folded for mark in self._marks):
            return True
        return bool(self._words) and not self._words.isdisjoint(words_in(folded))


def _marks(parties: Iterable[Fragment]) -> Iterator[str]:
    for it in parties:
        values = it.values or {}
        for text in (it.key, *(str(values.get(name, "")) for name in _MARKS)):
            if len(text) >= _MARK_LEAST:
                yield text.casefold()
