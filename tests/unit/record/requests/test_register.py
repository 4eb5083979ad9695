"""The register of requests: every request is a fold of its steps, and its steps go one way."""

from __future__ import annotations

import pytest

from onefold.kernel.errors import Damaged, NotFound
from onefold.kernel.time import MS_PER_DAY
from onefold.record.log.service import GroupCommit
from onefold.record.requests.model import (
    Asker,
    Happened,
    Kind,
    Proof,
    Received,
    Refusal,
    Status,
    Step,
)
from onefold.record.requests.register import RequestRegister
from onefold.record.requests.rules import RequestKnown, RequestStands
from onefold.testing.segments import MemorySegments

DAY = 20_000
NOW = DAY * MS_PER_DAY
DUE = DAY + 30
ENDS = (Step.COMPLETED, Step.REFUSED, Step.CANCELLED)


def opened(log: MemorySegments) -> RequestRegister:
    return RequestRegister("demo/uz", GroupCommit(log), log)


@pytest.fixture
def log() -> MemorySegments:
    return MemorySegments()


@pytest.fixture
def register(log) -> RequestRegister:
    return opened(log)


def received(request: str = "r", proof: Proof = Proof.DOCUMENT, due_on: int = DUE, **said) -> Happened:
    facts = {"kind": Kind.ACCESS, "customer": b"c" * 16, "asker": Asker.SELF, "law": "gdpr"} | said
    return Happened(
        "", request, Step.RECEIVED, NOW, "olga", Received(received_at=NOW, due_on=due_on, **facts), proof
    )


def step(what: Step, request: str = "r", day: int = DAY, **more) -> Happened:
    return Happened("", request, what, day * MS_PER_DAY, "olga", **more)


def test_a_request_outlives_the_process_with_all_its_steps(register, log):
    register.take(received(purposes=("marketing",)))
    register.take(step(Step.EXTENDED, because="complex", due_on=DUE + 60))
    register.take(step(Step.BEGUN))
    register.take(step(Step.COMPLETED, outcome="p.zip"))
    for it in (register, opened(log)):
        found = it.find("r")
        assert [one.step for one in found.steps] == [
            Step.RECEIVED,
            Step.EXTENDED,
            Step.BEGUN,
            Step.COMPLETED,
        ]
        assert (found.status, found.outcome, found.due_on) == (Status.COMPLETED, "p.zip", DUE + 60)
        assert found.purposes == ("marketing",)
        assert {one.cell for one in found.steps} == {"demo/uz"}


def test_nothing_is_completed_before_it_is_proven_who_asks(register):
    register.take(received(proof=Proof.NONE))
    for it in (Step.BEGUN, Step.COMPLETED):
        with pytest.raises(RequestStands, match="not proven"):
            register.take(step(it))
    register.take(step(Step.VERIFIED, proof=Proof.LOGIN))
    register.take(step(Step.BEGUN))
    assert register.take(step(Step.COMPLETED)).status is Status.COMPLETED
    assert register.find("r").proof is Proof.LOGIN


def test_who_cannot_prove_it_is_refused_all_the_same(register):
    register.take(received(proof=Proof.NONE))
    found = register.take(step(Step.REFUSED, because=Refusal.IDENTITY_UNPROVEN))
    assert (found.status, found.because) == (Status.REFUSED, "identity_unproven")


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("then", [it for it in Step if it is not Step.RECEIVED])
def test_an_end_is_an_end(register, log, end, then):
    register.take(received())
    register.take(step(end))
    written = log.last_sequence
    with pytest.raises(RequestStands, match="its end"):
        register.take(step(then))
    assert log.last_sequence == written


def test_what_was_begun_is_not_cancelled_and_not_begun_again(register):
    register.take(received())
    register.take(step(Step.BEGUN))
    for it in (Step.CANCELLED, Step.BEGUN):
        with pytest.raises(RequestStands):
            register.take(step(it))
    assert register.find("r").status is Status.IN_PROGRESS


def test_more_time_is_taken_once_and_before_the_first_is_over(register):
    register.take(received())
    register.take(received("late"))
    with pytest.raises(RequestStands, match="over"):
        register.take(step(Step.EXTENDED, "late", day=DUE + 1, due_on=DUE + 61))
    register.take(step(Step.EXTENDED, day=DUE, due_on=DUE + 60))
    with pytest.raises(RequestStands, match="once"):
        register.take(step(Step.EXTENDED, due_on=DUE + 120))
    assert register.find("r").due_on == DUE + 60


def test_the_same_request_received_again_is_the_one_that_is_there_and_another_is_told(register, log):
    first = register.take(received())
    assert register.take(received()) == first
    assert log.last_sequence == 1
    with pytest.raises(RequestKnown):
        register.take(received(kind=Kind.ERASURE))
    with pytest.raises(RequestKnown):
        register.take(received(customer=b"d" * 16))


def test_a_request_nobody_has_is_not_found(register):
    for act in (lambda: register.find("x"), lambda: register.take(step(Step.BEGUN, "x"))):
        with pytest.raises(NotFound):
            act()


def test_open_requests_come_first_by_the_day_they_are_due(register):
    for request, due_on in (("b", DUE), ("a", DUE - 5), ("done", DUE - 9)):
        register.take(received(request, due_on=due_on))
    register.take(step(Step.COMPLETED, "done"))
    assert [it.id for it in register.all()] == ["a", "b", "done"]


def test_a_record_that_cannot_be_read_is_damage(log):
    log.append([(b"\xc1", b"")])
    with pytest.raises(Damaged):
        opened(log)
