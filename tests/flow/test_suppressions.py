"""Do-not-contact over the whole house: a desk sets it, a privacy officer lifts it, and the log has both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from onefold.app.house import LocalHouse
from onefold.channels.cli.asking import permit
from onefold.gate.contacting.model import Contacting
from onefold.gate.contacting.parse import read_rules
from onefold.kernel.errors import CallerError, NotFound, Refused
from onefold.kernel.ids import id_from_text
from onefold.kernel.time import iso_instant
from onefold.record.audit.model import AuditFilter, AuditRecord
from onefold.usecases.model import ChangedSuppression
from onefold.usecases.record_consent import ConsentFact, record_consent
from onefold.usecases.rooms import Rooms
from onefold.usecases.search_customers import search_customers
from onefold.usecases.show_consents import show_consents
from onefold.usecases.statements import state
from onefold.usecases.suppress_customer import lift_suppression, suppress_customer
from tests.flow.server import make_world

AT_ANY_TIME = Contacting(read_rules("version: 1", "none"), "", {})


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("suppressed") / "data"
    make_world(folder, 150)
    return folder


@pytest.fixture
def rooms(data: Path) -> Iterator[Rooms]:
    with LocalHouse().working(data) as found:
        yield found


@pytest.fixture
def customer(rooms: Rooms) -> str:
    """Somebody of several records whom messages in the app may reach, by each of their records."""
    found = search_customers(permit(rooms, "agent", "search_customers", "servicing"), rooms, "Karimov")
    several = (it.customer for it in found.items if len(records_of(rooms, it.customer)) > 1)
    someone = next(it for it in several if not stands(rooms, it))
    if reached(rooms, someone):
        said = {"purpose": "marketing", "channel": "app", "fact": "granted", "evidence": "form", "actor": "x"}
        said |= {"given_at": iso_instant(rooms.clock.now_ms())}
        records = records_of(rooms, someone)
        state(rooms, "consent", [said | {"id": f"yes-{it.hex()}", "party": it.hex()} for it in records])
    return someone


def records_of(rooms: Rooms, customer: str) -> list[bytes]:
    return rooms.reader.fragments_of(id_from_text(customer))


def stands(rooms: Rooms, customer: str) -> list[str]:
    asked = permit(rooms, "privacy", "show_consents", "compliance")
    return [f"{it.source}: {it.reason}" for it in show_consents(asked, rooms, customer).suppressions]


def reached(rooms: Rooms, customer: str) -> dict[str, int]:
    """Why the customer is not reached by a message in the app; empty where they are."""
    asked = permit(rooms, "marketer", "count_audience", "marketing", "app")
    return rooms.gate.audience_count(asked, [id_from_text(customer)], AT_ANY_TIME).left_out


def suppress(rooms: Rooms, customer: str, channel: str = "any", reason: str = "wish") -> ChangedSuppression:
    asked = permit(rooms, "agent", "suppress_customer", "servicing")
    return suppress_customer(asked, rooms, customer, channel, reason)


def lift(rooms: Rooms, customer: str, channel: str = "any", reason: str = "wish") -> ChangedSuppression:
    asked = permit(rooms, "privacy", "lift_suppression", "compliance")
    return lift_suppression(asked, rooms, customer, channel, reason)


def newest(rooms: Rooms) -> AuditRecord:
    return rooms.audit.page(AuditFilter(kind="suppression"), limit=1).items[0]


def test_nobody_is_reached_from_the_moment_it_is_set_until_it_is_lifted_as_often_as_that_happens(
    rooms, customer
):
    assert reached(rooms, customer) == {}
    for _ in range(2):
        done = suppress(rooms, customer)
        assert done.reaches == len(records_of(rooms, customer))
        assert [(it.channel, it.reason, it.source) for it in done.stands] == [("any", "wish", "onefold")]
        assert reached(rooms, customer) == {"suppressed: wish": 1}
        assert lift(rooms, customer).stands == ()
        assert reached(rooms, customer) == {}


def test_who_set_and_lifted_it_for_which_channel_and_reason_is_on_record(rooms, customer):
    done = suppress(rooms, customer, "sms", "complaint")
    record = newest(rooms)
    assert (record.id, record.action, record.role) == (done.decision, "suppress_customer", "agent")
    assert record.details == {"channel": "sms", "reason": "complaint", "state": "on"}
    assert record.customers == (done.customer,)
    assert set(record.fragments) == {it.hex() for it in records_of(rooms, customer)}
    lift(rooms, customer, "sms", "complaint")
    record = newest(rooms)
    assert (record.action, record.role, record.purpose) == (
        "lift_suppression",
        "privacy_officer",
        "compliance",
    )
    assert record.details["state"] == "off"


def test_setting_it_again_writes_nothing_and_lifting_what_is_not_set_says_so(rooms, customer):
    suppress(rooms, customer, "post")
    last = rooms.log.last_sequence
    assert suppress(rooms, customer, "post").reaches == 0
    assert rooms.log.last_sequence == last
    lift(rooms, customer, "post")
    with pytest.raises(CallerError):
        lift(rooms, customer, "post")


def test_what_stands_besides_is_told_by_whoever_lifts(rooms, customer):
    suppress(rooms, customer, "sms", "wish")
    suppress(rooms, customer, "sms", "bounce")
    done = lift(rooms, customer, "sms", "wish")
    assert [(it.reason, it.source) for it in done.stands] == [("bounce", "onefold")]
    lift(rooms, customer, "sms", "bounce")


def test_what_a_source_said_is_not_lifted_at_a_desk(rooms):
    asked = permit(rooms, "privacy", "show_consents", "compliance")
    ledgers = (show_consents(asked, rooms, it.hex()) for it in rooms.reader.customers(b"", 500))
    theirs = next(it for it in ledgers if any(said.source != "onefold" for said in it.suppressions))
    said = next(it for it in theirs.suppressions if it.source != "onefold")
    with pytest.raises(CallerError):
        lift(rooms, theirs.customer, said.channel, said.reason)
    suppress(rooms, theirs.customer, said.channel, said.reason)
    still = lift(rooms, theirs.customer, said.channel, said.reason).stands
    assert said in still


def test_no_consent_given_afterwards_opens_what_is_suppressed(rooms, customer):
    suppress(rooms, customer, "app")
    yes = ConsentFact("marketing", "app", "granted", "form 7")
    record_consent(permit(rooms, "agent", "record_consent", "servicing"), rooms, customer, yes)
    assert reached(rooms, customer) == {"suppressed: wish": 1}
    lift(rooms, customer, "app")


@pytest.mark.parametrize(("channel", "reason"), [("fax", "wish"), ("sms", "because"), ("", "")])
def test_words_that_are_on_no_list_are_refused_and_written_nowhere(rooms, customer, channel, reason):
    last = rooms.log.last_sequence
    with pytest.raises(CallerError):
        suppress(rooms, customer, channel, reason)
    assert rooms.log.last_sequence == last


@pytest.mark.parametrize("reason", ["litigation", "fraud"])
def test_a_desk_neither_holds_data_for_a_court_nor_speaks_of_fraud(rooms, customer, reason):
    with pytest.raises(Refused):
        suppress(rooms, customer, "any", reason)
    record = rooms.audit.page(AuditFilter(), limit=1).items[0]
    assert (record.action, record.outcome) == ("suppress_customer", "refused")
    assert stands(rooms, customer) == []
    asked = permit(rooms, "privacy", "suppress_customer", "compliance")
    assert suppress_customer(asked, rooms, customer, "any", reason).stands[0].reason == reason
    lift(rooms, customer, "any", reason)


def test_only_those_may_who_are_to(rooms, customer):
    for login in ("agent", "rm", "marketer", "steward", "engineer"):
        with pytest.raises(Refused):
            permit(rooms, login, "lift_suppression", "compliance")
    for login in ("marketer", "steward", "engineer"):
        with pytest.raises(Refused):
            permit(rooms, login, "suppress_customer", "servicing")
    with pytest.raises(NotFound):
        suppress(rooms, "0" * 32)


def test_what_two_desks_say_in_one_millisecond_is_said_once(rooms, customer):
    (party, *_) = records_of(rooms, customer)
    said = {"purpose": "marketing", "channel": "app", "fact": "withdrawn", "evidence": "call", "actor": "x"}
    said |= {"given_at": iso_instant(rooms.clock.now_ms()), "id": "twice", "party": party.hex()}
    assert state(rooms, "consent", [said]) == state(rooms, "consent", [said])
