"""The contacts that were made are those the audit holds, whoever the customers are taken for now."""

from __future__ import annotations

import threading

import pytest

from onefold.gate.contacting.model import ContactingRules
from onefold.gate.contacting.parse import read_rules
from onefold.kernel.ids import id_text
from onefold.kernel.time import MS_PER_DAY
from onefold.record.audit.model import AuditFilter, AuditFound, AuditRecord, Rests
from onefold.usecases.contacts import Contacts, contacts_of

ANNA, CRM, CORE = b"a" * 16, b"c" * 16, b"d" * 16
NOW = 100 * MS_PER_DAY


def released(number: int, days_ago: int, *reached: bytes, release: str = "") -> AuditRecord:
    return AuditRecord(
        id=str(number),
        at=NOW - days_ago * MS_PER_DAY,
        cell="demo/uz",
        kind="release",
        actor="marketer",
        purpose="marketing",
        channel="sms",
        customers=tuple(id_text(it) for it in reached[:1]),
        rests=Rests(1, NOW, (tuple(id_text(it) for it in reached[1:]),)) if reached[1:] else None,
        details={"segment": "dip"} | ({"release": release} if release else {}),
    )


class Audit:
    """Records in pages of two, by the filter of the audit."""

    def __init__(self, *records: AuditRecord) -> None:
        self.records = records

    def page(self, wanted: AuditFilter, *, cursor: str = "", limit: int = 50) -> AuditFound:
        assert wanted.kind == "release"
        found = [it for it in self.records if it.at >= wanted.from_at]
        start = int(cursor or 0)
        more = len(found) > start + 2
        return AuditFound(tuple(found[start : start + 2]), str(start + 2) if more else None)


@pytest.fixture
def rules() -> ContactingRules:
    return read_rules("version: 1\ncaps: [{most: 3, days: 7}]", "x")


def test_a_release_counts_for_the_customer_and_each_of_their_records():
    made = contacts_of([released(1, 1, ANNA, CRM, CORE, release="r1")])
    assert set(made) == {ANNA, CRM, CORE}
    assert {it.release for found in made.values() for it in found} == {"r1"}
    assert made[CRM][0].campaign == "dip"


def test_every_page_of_the_audit_is_counted_and_nothing_older_than_any_cap(rules):
    audit = Audit(*(released(number, number, ANNA, release=f"r{number}") for number in range(1, 10)))
    with Contacts(audit, rules).taking("dip", NOW) as contacting:
        assert {it.release for it in contacting.made[ANNA]} == {f"r{it}" for it in range(1, 8)}
        assert contacting.campaign == "dip"


def test_records_of_before_releases_had_ids_count_one_by_one():
    assert len(set(contacts_of([released(1, 1, ANNA), released(2, 1, ANNA)])[ANNA])) == 2


def test_one_release_at_a_time_is_counted(rules):
    contacts = Contacts(Audit(), rules)
    inside = threading.Event()

    def other() -> None:
        with contacts.taking("other", NOW):
            inside.set()

    thread = threading.Thread(target=other)
    with contacts.taking("dip", NOW):
        thread.start()
        assert not inside.wait(0.05)
    thread.join(10)
    assert inside.is_set()


def test_without_caps_the_audit_is_not_read():
    class Unread:
        def page(self, wanted: AuditFilter, *, cursor: str = "", limit: int = 50) -> AuditFound:
            raise AssertionError("read")

    with Contacts(Unread(), read_rules("version: 1", "x")).taking("dip", NOW) as contacting:
        assert contacting.made == {}
