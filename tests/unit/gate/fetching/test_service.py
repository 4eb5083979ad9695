"""Asking sources: within time, not again while recent, not at all while they rest; nothing raises."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from onefold.gate.fetching import service
from onefold.gate.fetching.breaker import FAILURES, REST_SECONDS
from onefold.gate.fetching.model import Outcome, Wanted
from onefold.gate.fetching.service import RECORDS_MAX, Fetching
from onefold.kernel.errors import CallerError
from onefold.record.contracts.registry import Contracts
from onefold.testing.lookups import MemoryLookup
from tests.unit.gate.bank import CELL, StoppedClock
from tests.unit.gate.fetching.test_breaker import Hands
from tests.unit.record.contracts.sample import CELL_KEY, contract, prop, table

TIMEOUT_MS = 60


def people(cache: int = 0, **words) -> dict:
    return table(
        "customer",
        [
            prop("id"),
            prop("mobile", classification="pii", store="reference"),
            prop("city", classification="pii", store="reference"),
        ],
        **{
            "entity": "party",
            "delivers": "record",
            "key": "id",
            "fetch": {
                "using": "sql",
                "connection": "core",
                "statement": "SELECT id, mobile, city FROM c WHERE id = :key",
                "timeoutMs": TIMEOUT_MS,
                "cacheSeconds": cache,
            },
            "map": {"phone": {"from": "mobile", "as": "phone", "country": "UZ"}, "city": "city"},
            **words,
        },
    )


@dataclass
class House:
    """A source that knows Anna under A and Bo under B, and whoever asks it."""

    source: MemoryLookup
    fetching: Fetching
    hands: Hands
    clock: StoppedClock
    contracts: Contracts

    def fetch(self, *keys: str, fields: tuple[str, ...] = ("phone",)):
        wanted = [Wanted(CELL_KEY.birth_id("core", "party", key), "party", "core", "customer", key, fields)
                  for key in keys]  # fmt: skip
        return self.fetching.fetch(wanted, self.fetching.generation)

    def outcome(self, key: str = "A") -> Outcome:
        return self.fetch(key)[0].outcome


def house(cache: int = 0, **words) -> House:
    source = MemoryLookup({
        "A": {"id": "A", "mobile": "902468135", "city": "Tashkent"},
        "B": {"id": "B", "mobile": "902468136", "city": "Samarkand"},
    })  # fmt: skip
    hands, clock = Hands(), StoppedClock()
    contracts = Contracts(CELL_KEY, [contract(people(cache, **words))])
    fetching = Fetching(CELL, contracts, lambda _: source, clock, hands)
    return House(source, fetching, hands, clock, contracts)


@pytest.fixture
def plain():
    made = house()
    yield made
    made.source.let_go()
    made.fetching.close()


@pytest.fixture
def caching():
    made = house(cache=30)
    yield made
    made.source.let_go()
    made.fetching.close()


def test_what_is_wanted_is_asked_for_and_nothing_else(plain):
    anna, bo = plain.fetch("A", "B")
    assert (anna.outcome, anna.values) == (Outcome.ANSWERED, {"phone": "+998902468135"})
    assert bo.values == {"phone": "+998902468136"}
    assert sorted(plain.source.asked, key=str) == [
        ({"key": "A"}, ("id", "mobile")),
        ({"key": "B"}, ("id", "mobile")),
    ]
    assert anna.asked_at == plain.clock.now
    assert plain.fetch() == []


def test_one_that_the_source_does_not_know_is_absent(plain):
    assert plain.outcome("Z") is Outcome.ABSENT


def test_an_answer_about_somebody_else_gives_nothing(plain):
    plain.source.rows["A"] = plain.source.rows["B"]
    (found,) = plain.fetch("A")
    assert (found.outcome, found.values) == (Outcome.ANOTHER, {})


def test_an_answer_that_breaks_the_contract_gives_nothing(plain):
    plain.source.rows["A"]["mobile"] = {"number": 1}
    (found,) = plain.fetch("A")
    assert (found.outcome, found.values) == (Outcome.FAULTY, {})


@pytest.mark.parametrize("outcome", [Outcome.DOWN, Outcome.DENIED, Outcome.GARBLED, Outcome.TOO_LARGE])
def test_a_failure_is_an_outcome(plain, outcome):
    plain.source.failure = outcome
    assert plain.outcome() is outcome


def test_a_source_that_answers_too_late_is_a_timeout(plain):
    plain.source.hold()
    assert plain.outcome() is Outcome.TIMEOUT


def test_whoever_hangs_in_a_driver_is_not_waited_for(plain, monkeypatch):
    hanging = plain.source

    def ask(fetch, parameters, properties, seconds):
        hanging.reached.set()
        hanging._open.wait(10)
        return {"id": "A", "mobile": "902468135"}

    monkeypatch.setattr(hanging, "ask", ask)
    hanging.hold()
    assert plain.outcome() is Outcome.TIMEOUT
    assert [it.outcome for it in plain.fetch(*"ABCDEF")].count(Outcome.BUSY) >= 2, "four hang, two wait"
    assert plain.outcome() is Outcome.RESTING


def test_after_failures_nobody_asks_for_a_while_and_then_one_does(plain):
    plain.source.failure = Outcome.DOWN
    assert [plain.outcome() for _ in range(FAILURES + 1)] == [Outcome.DOWN] * FAILURES + [Outcome.RESTING]
    asked = len(plain.source.asked)
    assert plain.outcome() is Outcome.RESTING
    assert len(plain.source.asked) == asked
    plain.source.failure = None
    plain.hands.at += REST_SECONDS
    assert [it.outcome for it in plain.fetch("A", "B")] == [Outcome.ANSWERED, Outcome.RESTING]
    assert plain.outcome("B") is Outcome.ANSWERED


def test_what_is_one_customers_fault_tires_nobody(plain):
    plain.source.rows["A"]["mobile"] = {"number": 1}
    assert {plain.outcome() for _ in range(FAILURES + 1)} == {Outcome.FAULTY}
    assert {plain.outcome("Z") for _ in range(FAILURES + 1)} == {Outcome.ABSENT}
    assert plain.outcome("B") is Outcome.ANSWERED


def test_without_cache_seconds_every_look_asks(plain):
    plain.fetch("A")
    assert not plain.fetch("A")[0].is_recent
    assert len(plain.source.asked) == 2
    assert len(plain.fetching._recent) == 0


def test_an_answer_is_given_again_within_its_seconds_and_never_after(caching):
    first = caching.fetch("A")[0]
    caching.hands.at += 29.9
    caching.clock.now += 29_900
    caching.source.rows["A"]["mobile"] = "902468199"
    again = caching.fetch("A")[0]
    assert (again.values, again.is_recent, again.asked_at) == (first.values, True, first.asked_at)
    assert len(caching.source.asked) == 1
    caching.hands.at += 0.1
    fresh = caching.fetch("A")[0]
    assert (fresh.values, fresh.is_recent) == ({"phone": "+998902468199"}, False)


def test_a_recent_answer_is_that_of_this_record_these_fields_and_this_version(caching):
    caching.fetch("A")
    assert not caching.fetch("B")[0].is_recent
    assert not caching.fetch("A", fields=("phone", "city"))[0].is_recent
    caching.contracts.add(contract(people(cache=30), version="1.1.0"))
    assert not caching.fetch("A")[0].is_recent


def test_failures_are_not_given_again(caching):
    caching.source.failure = Outcome.DOWN
    assert caching.outcome() is Outcome.DOWN
    caching.source.failure = None
    assert caching.outcome() is Outcome.ANSWERED


def test_forgetting_lets_go_of_everything_also_of_what_is_under_way(caching):
    caching.fetch("A")
    generation = caching.fetching.generation
    caching.fetching.forget()
    assert len(caching.fetching._recent) == 0
    wanted = Wanted(bytes(16), "party", "core", "customer", "A", ("phone",))
    assert caching.fetching.fetch([wanted], generation)[0].outcome is Outcome.ANSWERED
    assert len(caching.fetching._recent) == 0, "it was decided before something was taken away"


def test_a_connection_that_is_not_set_is_said_and_looked_for_again(plain):
    def unset(_):
        raise CallerError("There is no connection core.")

    fetching = Fetching(CELL, plain.contracts, unset, plain.clock, plain.hands)
    plain.fetching, kept = fetching, plain.fetching
    assert plain.outcome() is Outcome.UNSET
    fetching._lookups = kept._lookups
    assert plain.outcome() is Outcome.ANSWERED


def test_a_contract_that_has_come_to_say_otherwise_is_not_asked_by(plain):
    (found,) = plain.fetch("A", fields=("email",))
    assert found.outcome is Outcome.UNSET
    other = Wanted(bytes(16), "party", "crm", "customer", "A", ("phone",))
    assert plain.fetching.fetch([other], 0)[0].outcome is Outcome.UNSET


def test_a_key_that_cannot_be_one_of_the_source_is_not_asked_for():
    made = house(keyPrefix="c-")
    assert made.outcome("A") is Outcome.UNASKABLE
    assert made.source.asked == []
    made.fetching.close()


def test_a_customer_with_very_many_records_is_asked_for_in_part(plain):
    found = plain.fetch(*["A"] * (RECORDS_MAX + 2))
    assert [it.outcome for it in found[RECORDS_MAX:]] == [Outcome.BUSY, Outcome.BUSY]


def test_few_requests_wait_for_sources_at_once(plain, monkeypatch):
    monkeypatch.setattr(service, "ASKERS_MAX", 0)
    fetching = Fetching(CELL, plain.contracts, lambda _: plain.source, plain.clock, plain.hands)
    plain.fetching = fetching
    assert plain.outcome() is Outcome.BUSY
    assert plain.source.asked == []


def test_closing_closes_what_was_opened(plain):
    plain.fetch("A")
    plain.fetching.close()
    assert plain.source.is_closed
