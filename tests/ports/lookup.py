"""What everybody who puts one question to one source must keep: the suite of Lookup.

An adapter's test subclasses `LookupSuite` and says in `source` what is asked; the rest is inherited.
"""

from __future__ import annotations

from typing import Any, Protocol

import pytest

from onefold.gate.fetching.model import Outcome
from onefold.gate.fetching.ports import Lookup, LookupFailed
from onefold.record.contracts.answers import Parameters
from onefold.record.contracts.model import Fetch

SOON = 0.2
LONG = 20.0
WANTED = ("id", "mobile")
KEYS = [
    "7",
    "Анна Каримова",
    "x' OR '1'='1",
    "1; DROP TABLE c",
    "../../admin",
    "a/b",
    "a?b=c#d",
    "%2e%2e",
    "@elsewhere:80",
    "a b",
    "a\\b|c",
    ":key",
    "{key}",
]


class Source(Protocol):
    """A source under test: how it is asked, and who is in it."""

    lookup: Lookup
    fetch: Fetch

    def put(self, key: str, mobile: Any) -> None:
        """Somebody with a mobile, and with a secret that nobody asks for."""
        ...

    def hang(self) -> Fetch:
        """From now on it does not answer, asked by the fetch that is returned."""
        ...

    def end(self) -> None:
        """From now on nobody is there."""
        ...


class LookupSuite:
    """The promises of the port."""

    @pytest.fixture
    def source(self) -> Any:
        """Overridden by each adapter: a `Source`."""
        raise NotImplementedError

    def ask(self, source: Source, key: str, seconds: float = LONG) -> Any:
        return source.lookup.ask(source.fetch, {"key": key}, WANTED, seconds)

    @pytest.mark.parametrize("key", KEYS)
    def test_one_is_found_by_its_key_and_the_key_is_nothing_but_a_key(self, source, key):
        source.put("other", "2")
        source.put(key, "1")
        assert self.ask(source, key) == {"id": key, "mobile": "1"}

    @pytest.mark.parametrize("key", KEYS)
    def test_a_key_nobody_has_finds_nobody(self, source, key):
        source.put("other", "2")
        assert self.ask(source, key) is None

    def test_no_more_is_given_than_was_asked_for(self, source):
        source.put("7", "1")
        assert set(self.ask(source, "7")) == set(WANTED)

    def test_what_is_there_now_is_given(self, source):
        source.put("7", "1")
        self.ask(source, "7")
        source.put("7", "2")
        assert self.ask(source, "7") == {"id": "7", "mobile": "2"}

    def test_an_empty_value_is_given_as_such(self, source):
        source.put("7", None)
        assert self.ask(source, "7") == {"id": "7", "mobile": None}

    def test_a_source_that_does_not_answer_is_given_up_in_time(self, source):
        fetch = source.hang()
        with pytest.raises(LookupFailed) as caught:
            source.lookup.ask(fetch, {"key": "7"}, WANTED, SOON)
        assert caught.value.outcome is Outcome.TIMEOUT

    def test_after_one_was_given_up_the_next_is_answered(self, source):
        source.put("7", "1")
        with pytest.raises(LookupFailed):
            source.lookup.ask(source.hang(), {"key": "7"}, WANTED, SOON)
        self.recover(source)
        assert self.ask(source, "7") == {"id": "7", "mobile": "1"}

    def recover(self, source: Any) -> None:
        """Overridden where a source hangs until it is told to go on."""

    def test_a_source_that_is_not_there_is_down(self, source):
        self.ask(source, "7")
        source.end()
        with pytest.raises(LookupFailed) as caught:
            self.ask(source, "7")
        assert caught.value.outcome in (Outcome.DOWN, Outcome.TIMEOUT)

    def test_what_it_says_of_failures_holds_no_data(self, source):
        source.put("7", "secret-number")
        with pytest.raises(LookupFailed) as caught:
            source.lookup.ask(source.hang(), {"key": "secret-key"}, WANTED, SOON)
        assert "secret" not in repr(caught.value) + str(caught.value)

    def test_an_answer_beyond_the_limit_is_not_taken(self, source):
        source.put("7", "x" * (1 << 20))
        with pytest.raises(LookupFailed) as caught:
            self.ask(source, "7")
        assert caught.value.outcome is Outcome.TOO_LARGE


__all__ = ["KEYS", "LONG", "SOON", "WANTED", "LookupSuite", "Parameters", "Source"]
