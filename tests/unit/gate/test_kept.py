"""Cuts that are kept: never told from one that is made anew, and gone with whoever is erased."""

from __future__ import annotations

import random
from contextlib import ExitStack, closing

import msgspec
import pytest

from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.store import SqliteState
from onefold.gate import kept
from onefold.gate.cutting import Cut, Cutter, OneCustomer, Question
from onefold.gate.kept import CutErasure, Kept
from onefold.kernel import memory
from onefold.kernel.errors import NotFound, Unavailable
from onefold.kernel.time import MS_PER_DAY
from onefold.pipeline.model import NeedFragments
from onefold.record.erasure.model import Erased
from tests.unit.gate.bank import Bank, ms, permit

NOW = ms(20_000, 12)
ALLOWED = {"core": ("servicing", "marketing"), "crm": ("servicing", "marketing"), "aml": ("compliance",)}


class Counted(SqliteCustomerReader):
    """A reader that counts what is asked of the state for cuts that are made."""

    made = 0

    def records_of(self, customer_ids):
        self.made += 1
        return super().records_of(customer_ids)


class Store(SqliteState):
    """A state on the disk that the bank can look into."""

    def fragments(self, ids):
        return self.answer(NeedFragments(tuple(ids)))


class Branch(Bank):
    """A bank whose state is a file; Anna is known to core and crm, Boris to core alone."""

    def __init__(self, state: Store, reader: Counted) -> None:
        super().__init__()
        self.state, self.reader = state, reader
        self.kept: Kept[Cut] = Kept(reader)
        self.cutter = Cutter(reader, self.kept)
        self.plain = SqliteCustomerReader(reader._path)
        self.afresh = Cutter(self.plain)
        who = {"national_id": "31201800001234", "birth_date": 3_652, "identifiers_verified": True}
        self.core = self.add("party", "core", "C1", full_name="Anna Karimova", **who)
        self.crm = self.add("party", "crm", "anna@x.uz", full_name="Karimova A.", **who)
        self.anna = self.join(self.core, self.crm)
        self.boris = self.join(self.add("party", "core", "C2", full_name="Boris Karimov"))
        self.account = self.add("account", "core", "A1", product="deposit", number="1", party=self.core)

    def say(self, key: str, party: bytes, fact: str, at: int = NOW - 10, **more: object) -> None:
        values = {"purpose": "marketing", "channel": "email", "fact": fact, "given_at": at} | more
        self.add("consent", "crm", key, party=party, **values)

    def ask(self, customer: bytes, purpose: str = "servicing", now: int = NOW) -> Cut:
        """The cut; it is the one that is made without anything kept."""
        question = asking(customer, purpose, now)
        cut = self.cutter.cut(question)
        assert cut == self.afresh.cut(question)
        return cut

    def is_kept(self, customer: bytes, purpose: str = "servicing", now: int = NOW) -> bool:
        before = self.reader.made
        self.ask(customer, purpose, now)
        return self.reader.made == before


def asking(customer: bytes, purpose: str = "servicing", now: int = NOW) -> Question:
    given = msgspec.structs.replace(permit(), purpose=purpose)
    return Question(given, OneCustomer(customer), now, ALLOWED, ("core",), as_bytes=True)


@pytest.fixture
def branch(tmp_path):
    with ExitStack() as stack:
        state = stack.enter_context(closing(Store(tmp_path / "state.db")))
        reader = stack.enter_context(closing(Counted(tmp_path / "state.db")))
        found = Branch(state, reader)
        stack.enter_context(closing(found.plain))
        yield found


def test_the_second_of_two_alike_is_not_made_again(branch):
    assert not branch.is_kept(branch.anna)
    assert branch.is_kept(branch.anna)
    assert not branch.is_kept(branch.boris)
    assert branch.is_kept(branch.anna)


def test_what_is_committed_about_somebody_else_leaves_it(branch):
    branch.ask(branch.anna)
    branch.add("party", "core", "C2", full_name="Boris Umarov")
    assert branch.is_kept(branch.anna)
    assert branch.is_kept(branch.anna)


def test_the_record_names_the_state_it_was_shown_of(branch):
    before = branch.ask(branch.anna).sequence
    branch.add("party", "core", "C2", full_name="Boris Umarov")
    assert branch.ask(branch.anna).sequence == before + 1


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it.add("party", "crm", "anna@x.uz", full_name="Anna Umarova"),
        lambda it: it.delete("party", "crm", "anna@x.uz"),
        lambda it: it.join(it.core, it.crm, it.boris),
        lambda it: it.add("account", "core", "A1", product="deposit", number="2", party=it.core),
        lambda it: it.add("holder", "core", "H1", party=it.crm, account=it.account, role="joint"),
        lambda it: it.add("case", "crm", "K1", account=it.account, status="open"),
        lambda it: it.add("suppression", "crm", "S1", party=it.crm, channel="any", reason="wish", state="on"),
        lambda it: it.say("G", it.crm, "withdrawn", purpose="servicing", channel="any"),
        lambda it: it.add(
            "transaction", "core", "T1", account=it.account, booked_at=NOW, direction="credit", amount=1
        ),
    ],
)
def test_whatever_changes_of_the_customer_is_seen_at_once(branch, change):
    branch.ask(branch.anna)
    assert branch.is_kept(branch.anna)
    change(branch)
    assert not branch.is_kept(branch.anna)


def test_who_asks_otherwise_is_not_given_what_another_was(branch):
    branch.ask(branch.anna)
    for other in (
        msgspec.structs.replace(asking(branch.anna), purposes={"core": ("servicing",)}),
        msgspec.structs.replace(asking(branch.anna), trusted=()),
        msgspec.structs.replace(asking(branch.anna), classes={"core": {"party.full_name": "special"}}),
        msgspec.structs.replace(
            asking(branch.anna), permit=msgspec.structs.replace(permit(), fields={"open": "full"})
        ),
    ):
        made = branch.reader.made
        assert branch.cutter.cut(other) == branch.afresh.cut(other)
        assert branch.reader.made == made + 1


def test_a_grant_that_ends_begins_or_is_withdrawn_is_noticed_without_and_with_a_commit(branch):
    branch.say("G1", branch.core, "granted", until_at=NOW + 1_000)
    assert branch.ask(branch.anna, "marketing").made
    assert branch.is_kept(branch.anna, "marketing", NOW + 999)
    assert branch.ask(branch.anna, "marketing", NOW + 1_000).made is None
    assert branch.ask(branch.anna, "marketing", NOW).made
    branch.say("G2", branch.core, "withdrawn", NOW)
    assert branch.ask(branch.anna, "marketing", NOW).made is None


def test_a_refusal_is_not_kept(branch):
    assert branch.ask(branch.anna, "marketing").made is None
    with pytest.raises(NotFound):
        branch.cutter.cut(asking(b"x" * 16))
    assert len(branch.kept) == 0


def test_midnight_at_which_people_come_of_age_is_noticed(branch):
    midnight = NOW - NOW % MS_PER_DAY + MS_PER_DAY
    branch.ask(branch.anna, now=midnight - 1_000)
    assert branch.is_kept(branch.anna, now=midnight - 1)
    assert not branch.is_kept(branch.anna, now=midnight)
    assert not branch.is_kept(branch.anna, now=midnight - 1)


@pytest.mark.parametrize("seed", range(4))
def test_over_any_history_it_is_what_is_made_anew(branch, seed):
    chance = random.Random(seed)
    parties = [branch.core, branch.crm, branch.boris]
    now, found = NOW, 0
    for step in range(60):
        party = chance.choice(parties)
        match chance.randrange(9):
            case 0:
                until = now + chance.randrange(5_000)
                branch.say(f"{step % 5}", party, "granted", now - chance.randrange(3), until_at=until)
            case 1:
                branch.say(f"{step % 5}", party, "withdrawn", now)
            case 2:
                branch.delete("consent", "crm", f"{step % 5}")
            case 3:
                branch.add("party", "crm", "anna@x.uz", full_name=f"Anna {step}")
            case 4:
                branch.add("holder", "core", f"H{step % 3}", party=party, account=branch.account)
            case 5:
                branch.join(branch.core, branch.crm)
                branch.join(branch.boris)
            case 6:
                branch.join(*parties)
            case _:
                now += chance.randrange(2_000)
        for customer in parties:
            for purpose in ("servicing", "marketing"):
                found += branch.is_kept(customer, purpose, now)
    assert found > 60


def test_who_is_erased_is_gone_at_once_and_others_stay(branch):
    branch.ask(branch.anna)
    branch.ask(branch.boris)
    room = CutErasure(branch.cutter)
    nobody = Erased(frozenset({b"n" * 16}), frozenset(), frozenset())
    assert room.erase(nobody) == 0
    assert room.erase(Erased(frozenset(), frozenset(), frozenset({branch.account}))) == 1
    assert branch.is_kept(branch.boris)
    assert room.erase(Erased(frozenset({branch.boris}), frozenset(), frozenset())) == 1
    assert (len(branch.kept), branch.kept.size_bytes) == (0, 0)


@pytest.mark.parametrize("where", ["where cuts are made", "where they are asked for"])
def test_what_functions_remember_of_who_is_erased_goes_in_every_process(branch, where):
    """The worker empties its own memory; names were read here, too, to tell whose grants reach whom."""
    branch.say("yes", branch.core, "granted", channel="any")
    branch.ask(branch.anna, "marketing")
    remembered = [it for it in memory.MEMORIES if it.cache_info().currsize]
    assert remembered, "nothing was remembered, so there is nothing to forget"
    ids = frozenset({branch.anna})
    if where == "where cuts are made":
        Cutter(branch.reader).forget(ids)
    else:
        CutErasure(Elsewhere()).erase(Erased(ids, frozenset(), frozenset()))
    assert not [it for it in remembered if it.cache_info().currsize]


class Elsewhere:
    """Whoever cuts in other processes."""

    def forget(self, ids):
        return len(ids)


def test_what_nobody_asks_for_goes_after_a_while(branch):
    branch.ask(branch.anna)
    branch.ask(branch.boris, now=NOW + 1)
    branch.ask(branch.boris, now=NOW + kept.KEPT_MS + 1)
    assert len(branch.kept) == 1


def test_what_is_kept_has_bounds(branch):
    branch.ask(branch.anna)
    one = branch.kept.size_bytes
    small: Kept[Cut] = Kept(branch.reader, bytes_max=one + one // 2)
    cutter = Cutter(branch.reader, small)
    for it in (branch.anna, branch.crm, branch.core):
        cutter.cut(asking(it))
        assert (len(small), small.size_bytes <= one + one // 2) == (1, True)


def test_a_reader_that_fails_takes_nothing_from_the_room_there_is(tmp_path, monkeypatch):
    path = tmp_path / "state.db"
    with closing(SqliteState(path)), closing(SqliteCustomerReader(path)) as at:
        room: Kept[str] = Kept(at)
        with at.snapshot(), at.noted() as reading:
            at.customer_of(b"a" * 16)
        room.keep(b"k", "made", 100, reading, (0, 10), 1)

        def fails(reading):
            raise Unavailable("The state cannot be read now.")

        monkeypatch.setattr(at, "stands", fails)
        with pytest.raises(Unavailable):
            room.find(b"k", 2)
    assert (len(room), room.size_bytes) == (0, 0)
