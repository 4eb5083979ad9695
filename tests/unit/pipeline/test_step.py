"""The pure step: what it asks for, what it writes, and what it leaves alone."""

from __future__ import annotations

from onefold.customer.fragments.model import Values
from onefold.customer.identity.rules import DeterministicRules
from onefold.kernel.errors import SourceError
from onefold.pipeline.model import NeedFragments
from onefold.pipeline.step import drive, step
from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.log.model import EventKind
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import PlainMapping, Saying, fragment_id, opened

UPSERT, DELETE = EventKind.UPSERT, EventKind.DELETE
MAPPING = PlainMapping()
AZIZ = {"full_name": "Aziz Karimov", "birth_date": 3784, "city": "Toshkent"}


def say(
    entity: str, key: str, number: int, values: dict, kind: EventKind = UPSERT, source: str = "core"
) -> Saying:
    """One event, later than those of smaller number."""
    return Saying(source, entity, key, kind, number, number, values)


def person(key: str, number: int, kind: EventKind = UPSERT, **values) -> Saying:
    """What a source says of somebody."""
    return say("party", key, number, AZIZ | values, kind)


class Recorder(MemoryState):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = []

    def answer(self, need):
        self.asked.append(need)
        return super().answer(need)


def run(*batches: list[Saying], state: Recorder | None = None, provider=None) -> Recorder:
    """The state after the batches."""
    into = state if state is not None else Recorder()
    for batch in batches:
        frames = opened(batch, into.offset + 1)
        writes = drive(step(frames, MAPPING, provider or DeterministicRules()), into)
        into.commit(writes, into.offset, into.offset + len(frames))
    return into


def kinds(state: MemoryState) -> list[str]:
    """The kinds of the facts of a state, in order."""
    return [it.kind for it in state.facts]


def test_transactions_ask_for_their_fragments_and_for_nothing_else():
    movement = {"account": b"a" * 16, "direction": "credit", "amount": 5, "booked_at": 0}
    state = run([say("transaction", f"t{n}", n, movement) for n in range(50)], state=Recorder())
    assert [type(need) for need in state.asked] == [NeedFragments]
    assert state.buckets([b"a" * 16], "credit", 0, 1) == [(b"a" * 16, 0, 250)]


def test_a_party_that_says_nothing_new_about_who_it_is_asks_nothing_more():
    state = run([person("1", 1)], state=Recorder())
    state.asked.clear()
    run([person("1", 2, tier="private")], state=state)
    assert [type(need) for need in state.asked] == [NeedFragments]


def test_a_batch_of_parties_asks_a_bounded_number_of_times():
    first, more = Recorder(), Recorder()
    run([person(str(n), n, birth_date=n * 40) for n in range(3)], state=first)
    run([person(str(n), n, birth_date=n * 40) for n in range(60)], state=more)
    assert len(more.asked) == len(first.asked) < 10


def test_an_event_that_cannot_be_mapped_is_set_aside_and_holds_up_nobody():
    class Picky(PlainMapping):
        def statement(self, frame, event, body):
            made = super().statement(frame, event, body)
            if made.key == "bad":
                raise RowFault(Reason.BAD_DATE, "birth_date")
            if made.key == "worse":
                raise SourceError("Something else.", field="row")
            return made

    frames = opened([person("bad", 1), person("good", 2), person("worse", 3)])
    writes = drive(step(frames, Picky()), MemoryState())
    assert {it.key for it in writes.fragments.values()} == {"good"}
    assert sorted((it.reason, it.field) for it in writes.set_aside.values()) == [
        ("bad_date", "birth_date"),
        ("source_data", "row"),
    ]


def test_an_erased_frame_says_nothing():
    sequence, header, _ = opened([person("1", 1)])[0]
    writes = drive(step([(sequence, header, None)], MAPPING), MemoryState())
    assert not writes.fragments
    assert not writes.set_aside


def test_two_records_of_one_person_merge_and_the_world_is_told():
    state = run([person("1", 1)], [person("2", 2)])
    assert len(state.customers(b"", 9)) == 1
    assert kinds(state) in (["CustomerIdChanged"], [])
    state = run([person("1", 1), person("2", 2, city="Samarqand")], [person("2", 3)])
    assert kinds(state) == ["CustomerMerged"]
    assert len(state.facts[0].customer_ids) == 3


def test_a_correction_that_parts_two_records_splits_their_customer():
    state = run([person("1", 1), person("2", 2)], [person("2", 3, birth_date=9000)])
    assert len(state.customers(b"", 9)) == 2
    assert kinds(state) == ["CustomerSplit"]


def test_an_older_customer_that_joins_gives_its_id_and_the_old_id_still_leads_there():
    young, old = person("1", 1, since_on=100), person("2", 2, since_on=50)
    state = run([young], [old])
    assert state.customers(b"", 9) == [old.fragment_id]
    assert state.customer_of(young.fragment_id) == old.fragment_id
    assert kinds(state) == ["CustomerIdChanged"]
    assert state.facts[0].customer_ids == (young.fragment_id, old.fragment_id)


def test_a_deleted_party_is_nobody():
    state = run([person("1", 1)], [person("1", 2, DELETE)])
    assert state.customers(b"", 9) == []
    assert state.customer_of(fragment_id("core", "party", "1")) is None
    assert not state._keys
    assert not state._terms


def test_the_one_too_many_on_a_key_parts_all_who_met_by_it_and_joins_them_again_when_it_leaves():
    rules = DeterministicRules(hub_limit=2)
    shared: Values = {"city": "", "email": "office@firm.uz"}
    few = run([person("1", 1, **shared), person("2", 2, **shared)], provider=rules)
    assert len(few.customers(b"", 9)) == 1
    full = run([person("3", 3, **shared, full_name="Olga Petrova", birth_date=1)], state=few, provider=rules)
    joined_by_name = {person(key, 0).fragment_id for key in "12"}
    # The name and birth date are another key of the two, so the pair stands; without them it would not.
    assert len({full.customer_of(it) for it in joined_by_name}) == 1
    alone = {"full_name": "Aziz Karimov", "email": "office@firm.uz"}
    hub = run([say("party", key, int(key), alone) for key in "123"], provider=rules)
    assert len(hub.customers(b"", 9)) == 3
    left = run([say("party", "3", 4, {}, DELETE)], state=hub, provider=rules)
    assert len(left.customers(b"", 9)) == 1


def test_a_judgement_about_somebody_unknown_waits_for_them():
    ids = [fragment_id("core", "party", key) for key in ("1", "2")]
    word = say("judgement", "j", 1, {"left": ids[0], "right": ids[1], "verdict": "same"}, source="onefold")
    state = run(
        [word], [say("party", "1", 2, {"full_name": "A B"})], [say("party", "2", 3, {"full_name": "C D"})]
    )
    assert len(state.customers(b"", 9)) == 1
