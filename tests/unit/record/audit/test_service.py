"""The audit: durable before it returns, filtered and paged, without personal data."""

from __future__ import annotations

import pytest

from onefold.kernel.errors import CallerError, Damaged, Unavailable
from onefold.kernel.ids import Cell, CellKey
from onefold.record.audit import service
from onefold.record.audit.model import AuditFilter
from onefold.record.audit.service import PAGE_MAX, TEXT_CHARACTERS_MAX, AuditLog
from onefold.record.log.service import GroupCommit
from onefold.testing.audit import MemoryAuditIndex
from onefold.testing.clock import SetClock
from onefold.testing.segments import MemorySegments
from tests.logs import LogOnDisk, abandon

CELL = Cell("demo", "uz")
ALICE, BOB = b"a" * 16, b"b" * 16


def audit_over(writer, reader, clock=None, index=None) -> AuditLog:
    """An audit on a log."""
    key, commit = CellKey(bytes(32)), GroupCommit(writer)
    return AuditLog(commit, reader, CELL, key, clock or SetClock(), index or MemoryAuditIndex())


@pytest.fixture
def log():
    return MemorySegments()


@pytest.fixture
def clock():
    return SetClock(1000)


@pytest.fixture
def audit(log, clock):
    return audit_over(log, log, clock)


def test_a_record_is_found_by_its_id_as_it_was_given(audit):
    audit.record("sign_in", actor="rm")
    audit_id = audit.record(
        "view",
        actor="rm",
        role="relationship_manager",
        action="show_customer",
        purpose="servicing",
        channel="console",
        outcome="allowed",
        customer=ALICE,
        customers=[BOB],
        fragments=[BOB],
        reasons=["the relationship manager serves this customer"],
        policy_version="abc",
        consent_basis="contract",
        counts={"fields": 12},
        details={"page": "1"},
    )
    record = audit.find(audit_id)
    assert (record.id, record.at, record.cell, record.kind) == (audit_id, 1000, "demo/uz", "view")
    assert (record.actor, record.role, record.action) == ("rm", "relationship_manager", "show_customer")
    assert (record.purpose, record.channel, record.outcome) == ("servicing", "console", "allowed")
    assert record.customers == (ALICE.hex(), BOB.hex())
    assert record.fragments == (BOB.hex(),)
    assert record.reasons == ("the relationship manager serves this customer",)
    assert (record.policy_version, record.consent_basis) == ("abc", "contract")
    assert (record.counts, record.details) == ({"fields": 12}, {"page": "1"})


def test_a_record_is_on_the_disk_before_its_id_is_known(tmp_path):
    disk = LogOnDisk(tmp_path)
    writer = disk.open()
    audit_id = audit_over(writer, disk.reader()).record("view", actor="rm", customer=ALICE)
    abandon(writer)
    again = disk.open()
    found = audit_over(again, disk.reader()).find(audit_id)
    again.close()
    assert found is not None
    assert found.customers == (ALICE.hex(),)


def test_without_a_durable_record_there_is_no_id(audit, log):
    log.close()
    with pytest.raises(Unavailable):
        audit.record("view", actor="rm")


def test_what_a_person_wrote_is_kept_as_digest_and_length_only(audit, log):
    text = "same person, I know Dilnoza Karimova from school"
    audit_id = audit.record("judgement", actor="steward", said=text)
    (stored,) = log.read(0, 1)
    assert b"Dilnoza" not in stored.header + stored.payload
    record = audit.find(audit_id)
    assert record.said.characters == len(text)
    assert audit.said_was(record, text)
    assert not audit.said_was(record, text + " ")
    assert not audit.said_was(audit.find(audit.record("view", actor="rm")), text)


def test_the_digest_of_a_text_is_keyed_so_that_it_cannot_be_guessed_elsewhere(log):
    digests = set()
    for key in (bytes(32), bytes([1]) * 32):
        audit = AuditLog(GroupCommit(log), log, CELL, CellKey(key), SetClock(), MemoryAuditIndex())
        record = audit.find(audit.record("judgement", actor="s", said="yes"))
        assert record is not None
        assert record.said is not None
        digests.add(record.said.digest)
    assert len(digests) == 2


def test_a_long_text_among_our_own_words_is_a_bug(audit):
    with pytest.raises(AssertionError):
        audit.record("view", actor="rm", reasons=["x" * (TEXT_CHARACTERS_MAX + 1)])


def test_pages_go_from_the_newest_to_the_oldest_and_miss_nothing(audit):
    for number in range(23):
        audit.record("view", actor="rm", counts={"number": number})
    seen, cursor = [], ""
    while cursor is not None:
        page = audit.page(AuditFilter(), cursor=cursor, limit=5)
        seen += [record.counts["number"] for record in page.items]
        cursor = page.next
    assert seen == list(range(22, -1, -1))


def test_what_is_added_meanwhile_does_not_shift_the_pages(audit):
    for number in range(6):
        audit.record("view", actor="rm", counts={"number": number})
    first = audit.page(AuditFilter(), limit=3)
    audit.record("view", actor="rm", counts={"number": 99})
    second = audit.page(AuditFilter(), cursor=first.next or "", limit=3)
    assert [record.counts["number"] for record in second.items] == [2, 1, 0]
    assert second.next is None


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (AuditFilter(customer=ALICE.hex()), [8, 5, 2]),
        (AuditFilter(actor="agent"), [7, 4, 1]),
        (AuditFilter(kind="search"), [8, 6, 4, 2, 0]),
        (AuditFilter(action="show"), [6, 3, 0]),
        (AuditFilter(outcome="refused"), [8, 4, 0]),
        (AuditFilter(from_at=1003, to_at=1005), [4, 3]),
        (AuditFilter(kind="search", outcome="refused", from_at=1001), [8, 4]),
        (AuditFilter(actor="nobody"), []),
    ],
)
def test_filters_take_what_they_say(audit, clock, wanted, numbers):
    for number in range(9):
        audit.record(
            "search" if number % 2 == 0 else "view",
            actor="agent" if number % 3 == 1 else "rm",
            action="show" if number % 3 == 0 else "list",
            outcome="refused" if number % 4 == 0 else "allowed",
            customers=[BOB, ALICE] if number % 3 == 2 else [BOB],
            counts={"number": number},
        )
        clock.advance(1)
    assert [record.counts["number"] for record in audit.page(wanted).items] == numbers


class FullIndex(MemoryAuditIndex):
    """An index on a disk that is full."""

    def add(self, headers, reach):
        raise Unavailable("The disk is full.")


class CountingLog(MemorySegments):
    """A log that counts what is read of it."""

    count = 0

    def read(self, after, most):
        found = super().read(after, most)
        self.count += len(found)
        return found


def ids(audit: AuditLog, wanted: AuditFilter, limit: int = 50) -> list[str]:
    """Everything that is found, over all pages, of which only the last may be empty."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = audit.page(wanted, cursor=cursor, limit=limit)
        assert page.items or page.next is None
        found += [it.id for it in page.items]
        cursor = page.next
    return found


def test_a_search_with_an_index_reads_what_it_finds_and_no_more():
    log = CountingLog()
    audit = audit_over(log, log)
    audit.record("view", actor="rare", customer=ALICE)
    for _ in range(5000):
        audit.record("view", actor="rm", customer=BOB)
    audit.catch_up()
    log.count = 0
    for wanted in (AuditFilter(actor="rare"), AuditFilter(customer=ALICE.hex(), kind="view")):
        page = audit.page(wanted)
        assert ([it.id for it in page.items], page.next) == (["1"], None)
    assert log.count == 2


def test_an_index_that_is_behind_misses_nothing(log, monkeypatch):
    index = MemoryAuditIndex()
    audit = audit_over(log, log, index=index)
    for number in range(40):
        audit.record("view", actor="rare" if number % 7 == 0 else "rm")
    wanted = AuditFilter(actor="rare")
    for most in (0, 9, 100):
        assert audit.catch_up(most) == (most < 100), "whether there is more"
        with monkeypatch.context() as patched:
            patched.setattr(index, "add", FullIndex().add)
            assert ids(audit, wanted, limit=2) == ["36", "29", "22", "15", "8", "1"]


def test_what_comes_between_two_pages_moves_neither(log):
    audit = audit_over(log, log)
    for _ in range(6):
        audit.record("view", actor="rm")
    first = audit.page(AuditFilter(actor="rm"), limit=3)
    audit.record("view", actor="rm")
    second = audit.page(AuditFilter(actor="rm"), cursor=first.next or "", limit=3)
    assert ([it.id for it in second.items], second.next) == (["3", "2", "1"], None)


@pytest.mark.parametrize("others", [3, 30])
def test_an_index_of_another_log_is_made_again(log, others):
    index, other = MemoryAuditIndex(), MemorySegments()
    elsewhere = audit_over(other, other, SetClock(5), index)
    for _ in range(others):
        elsewhere.record("view", actor="rm")
    elsewhere.catch_up()
    audit = audit_over(log, log, SetClock(9), index)
    for number in range(10):
        audit.record("view", actor="rm" if number == 4 else "agent")
    assert ids(audit, AuditFilter(actor="rm")) == ["5"]


def test_an_index_that_lost_everything_is_made_again(log):
    for number in range(10):
        audit_over(log, log).record("view", actor="rm" if number == 4 else "agent")
    assert ids(audit_over(log, log), AuditFilter(actor="rm")) == ["5"]


def test_a_search_without_an_index_reads_so_far_and_says_that_it_goes_on(log, monkeypatch):
    monkeypatch.setattr(service, "_READ_A_PAGE", 1000)
    audit = audit_over(log, log, index=FullIndex())
    audit.record("view", actor="rare")
    for _ in range(2500):
        audit.record("view", actor="rm")
    page, calls = audit.page(AuditFilter(actor="rare")), 1
    while not page.items:
        page, calls = audit.page(AuditFilter(actor="rare"), cursor=page.next or ""), calls + 1
    assert calls == 3
    assert page.items[0].id == "1"
    assert page.next is None


def test_a_page_is_never_longer_than_its_limit(audit):
    for _ in range(PAGE_MAX + 10):
        audit.record("view", actor="rm")
    assert len(audit.page(AuditFilter(), limit=10_000).items) == PAGE_MAX
    assert len(audit.page(AuditFilter(), limit=0).items) == 1


def test_an_empty_audit_has_an_empty_page(audit):
    page = audit.page(AuditFilter())
    assert (page.items, page.next) == ((), None)
    assert audit.find("1") is None
    assert audit.find("0") is None


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "٣", "9" * 19])
def test_an_id_that_is_none_is_the_callers_mistake(audit, text):
    with pytest.raises(CallerError):
        audit.find(text)


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 30])
def test_a_cursor_that_is_none_is_the_callers_mistake(audit, cursor):
    with pytest.raises(CallerError):
        audit.page(AuditFilter(), cursor=cursor)


def test_a_record_that_is_none_is_damage(audit, log):
    log.append([(b"no header", b"no json")])
    with pytest.raises(Damaged):
        audit.page(AuditFilter())
    with pytest.raises(Damaged):
        audit.find("1")
