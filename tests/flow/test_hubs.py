"""What too many share is shown to stewards: how many, of which sources, and no value that the gate keeps."""

from __future__ import annotations

import msgspec
import pytest
from typer.testing import CliRunner

from onefold.app.house import LocalHouse
from onefold.channels.cli.house import Period
from onefold.channels.cli.main import create_app, create_console
from onefold.customer.identity.keys import keys_of
from onefold.customer.identity.portraits import portrait_of
from onefold.gate.model import Actor
from onefold.gate.obligations import Obligation
from onefold.gate.portfolios import Relation
from onefold.gate.shields import Shield
from onefold.kernel.errors import CallerError, Refused
from onefold.kernel.ids import id_text
from onefold.record.audit.model import AuditFilter
from onefold.record.canon.groups import Group
from onefold.record.erasure.model import Because
from onefold.record.intake.model import Offered
from onefold.record.intake.segment import parse_batch
from onefold.usecases.decide_judgement import decide_judgement
from onefold.usecases.list_hubs import list_hubs, list_shared_devices
from onefold.usecases.review_matches import list_reviews
from tests.canaries import CELL, CONTRACT, client, permit, record_id, rooms_of
from tests.flow.test_devices import WORLD, call

PHONE, OTHER = "+998900000001", "+998900000002"
CLOSED = CONTRACT.replace("id: bank", "id: fraud").replace(
    "[servicing, stewardship, compliance, marketing]", "[fraud]"
)


@pytest.fixture
def data(tmp_path):
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "bank.yaml").write_text(CONTRACT)
    (tmp_path / "contracts" / "fraud.yaml").write_text(CLOSED)
    (tmp_path / "contracts" / "digital.yaml").write_text(WORLD.read_text("utf-8"), "utf-8")
    LocalHouse().create(tmp_path / "data", CELL, [tmp_path / "contracts"], None)
    return tmp_path / "data"


@pytest.fixture
def rooms(data):
    with rooms_of(data) as rooms:
        yield rooms


def steward(rooms, action="list_hubs"):
    return permit(rooms, action, "stewardship", "steward")


def arrive(rooms, numbers, phone=PHONE, source="bank"):
    """People of other names who share a phone and nothing else."""
    rows = [Offered({**(client(n).row or {}), "phone": phone}) for n in numbers]
    receipt = rooms.door.offer(source, "client", rows)
    rooms.barrier.wait_for(receipt.sequence, 60)
    return [record_id(rooms, f"{source}:{it.row['id']}") for it in rows] if source == "bank" else []


def hubs(rooms, asked=None, **more):
    return list_hubs(asked or steward(rooms), rooms, whole=True, **more)


def devices(rooms, asked=None, **more):
    return list_shared_devices(asked or steward(rooms), rooms, whole=True, **more)


def visit(rooms, device, users):
    batch = [call("identify", user, 60 * at, "", device) for at, user in enumerate(users)]
    receipt = rooms.door.offer_calls("digital", parse_batch(msgspec.json.encode({"batch": batch})))
    rooms.barrier.wait_for(receipt.sequence, 60)


def user(rooms, name):
    return rooms.contracts.latest("digital").object("identify").fragment_id(name)


def test_a_key_that_too_many_share_is_listed_with_how_many_share_it(rooms):
    ids = arrive(rooms, range(100, 152))
    (it,) = hubs(rooms).items
    assert (it.fields, it.records, it.customers, it.sources) == (("phone",), 52, 52, ("bank",))
    assert (it.values, it.is_cut) == ({"phone": PHONE}, False)
    assert it.record in ids


def test_a_key_of_as_many_as_may_share_one_is_none(rooms):
    arrive(rooms, range(100, 150))
    assert hubs(rooms).items == ()


def test_a_key_of_names_is_said_by_its_fields(rooms):
    rows = [
        {"id": f"n-{n}", "name": "Aziz Karimov", "born": "1980-05-17", "email": f"a{n}@x.uz"}
        for n in range(51)
    ]
    receipt = rooms.door.offer("bank", "client", [Offered(it) for it in rows])
    rooms.barrier.wait_for(receipt.sequence, 60)
    (it,) = hubs(rooms).items
    assert it.fields == ("birth_date", "name")
    assert it.values == {"birth_date": "1980-05-17", "full_name": "Aziz Karimov"}


def test_most_records_come_first_and_pages_tell_each_once(rooms):
    arrive(rooms, range(100, 151))
    arrive(rooms, range(200, 255), OTHER)
    first = hubs(rooms, limit=1)
    assert [(it.values["phone"], it.records) for it in first.items] == [(OTHER, 55)]
    second = hubs(rooms, limit=1, cursor=first.next)
    assert [(it.values["phone"], it.records) for it in second.items] == [(PHONE, 51)]
    assert second.next is None


def test_a_page_on_which_one_is_let_go_of_skips_none(rooms, monkeypatch):
    for first, phone, count in ((100, "+998900000003", 53), (200, OTHER, 52), (300, PHONE, 51)):
        arrive(rooms, range(first, first + count), phone)
    assert len(hubs(rooms).items) == 3
    arrive(rooms, range(100, 103), "")
    monkeypatch.setattr(rooms.reviews, "advance", lambda *_: True)
    page = list_hubs(steward(rooms), rooms, limit=1)
    assert [it.values["phone"] for it in page.items] == [OTHER]
    page = list_hubs(steward(rooms), rooms, limit=1, cursor=page.next or "")
    assert ([it.values["phone"] for it in page.items], page.next) == ([PHONE], None)


def test_a_page_ends_early_once_enough_was_looked_at(rooms, monkeypatch):
    arrive(rooms, range(100, 151))
    arrive(rooms, range(200, 255), OTHER)
    monkeypatch.setattr("onefold.usecases.list_hubs.LOOKED_AT_MAX", 55)
    first = hubs(rooms)
    assert ([it.records for it in first.items], first.next) == ([55], "1")
    assert [it.records for it in hubs(rooms, cursor=first.next).items] == [51]


def test_one_that_more_hold_than_are_counted_says_so_and_is_first(rooms, monkeypatch):
    arrive(rooms, range(100, 152))
    arrive(rooms, range(200, 258), OTHER)
    monkeypatch.setattr("onefold.usecases.review_sweep.ROWS_AT_ONCE", 53)
    monkeypatch.setattr("onefold.usecases.list_hubs.HOLDERS_MAX", 54)
    found = hubs(rooms).items
    assert [(it.records, it.is_cut) for it in found] == [(55, True), (52, False)]


def test_what_is_a_hub_no_more_is_let_go_of(rooms):
    ids = arrive(rooms, range(100, 151))
    assert hubs(rooms).items
    rooms.eraser.erase([bytes.fromhex(ids[0])], Because.REQUEST, "officer")
    assert list_hubs(steward(rooms), rooms).items == ()
    assert list_reviews(steward(rooms, "list_reviews"), rooms, whole=True).hubs == 0


def test_a_value_is_shown_as_a_view_would_show_it(rooms):
    arrive(rooms, range(100, 152))
    allowed = steward(rooms)
    for right, shown in (("masked", "•••• 0001"), ("hidden", ""), ("token", ""), ("full", PHONE)):
        asked = msgspec.structs.replace(
            allowed, fields=allowed.fields | {"pii": right}, obligations=(Obligation.TOKEN,)
        )
        (it,) = hubs(rooms, asked).items
        assert it.values == ({"phone": shown} if shown else {})
        assert bool(it.record) == bool(shown), "no record is named whose values are not told"
        assert it.records == 52


def test_records_of_a_source_closed_to_the_purpose_do_not_count(rooms):
    arrive(rooms, range(100, 152))
    arrive(rooms, range(200, 210), source="fraud")
    (it,) = hubs(rooms).items
    assert (it.records, it.sources) == (52, ("bank",))


def test_a_hub_that_closed_records_make_is_told_of_as_withheld_alone(rooms):
    arrive(rooms, range(100, 140))
    arrive(rooms, range(200, 220), source="fraud")
    found = hubs(rooms)
    assert found.items == ()
    assert [it.what for it in found.withheld] == ["1 keys"]
    assert PHONE not in msgspec.json.encode(found).decode()


def test_of_customers_of_another_portfolio_nothing_is_told_and_nobody_is_refused(rooms):
    arrive(rooms, range(100, 152))
    asked = steward(rooms)
    actor = msgspec.structs.replace(asked.actor, portfolios=("somebody",))
    narrow = msgspec.structs.replace(asked, relations=(Relation.OWN,), actor=actor)
    found = hubs(rooms, narrow)
    assert (found.items, len(found.withheld)) == ((), 1)
    assert rooms.audit.page(AuditFilter(kind="refusal"), limit=9).items == ()


def test_of_customers_who_are_shielded_no_value_is_told(rooms):
    arrive(rooms, range(100, 152))
    everybody = frozenset({Shield(Relation.ANY, frozenset(it)) for it in ((), (Group.SENIOR,))})
    asked = msgspec.structs.replace(steward(rooms), shields=everybody)
    (it,) = hubs(rooms, asked).items
    assert (it.fields, it.records, it.values, it.record) == (("phone",), 52, {}, "")


def test_no_digest_of_a_value_is_told(rooms):
    ids = arrive(rooms, range(100, 152))
    found = hubs(rooms)
    one = bytes.fromhex(ids[0])
    values = rooms.reader.fragments([one])[one].values
    told = msgspec.json.encode(found).decode() + (found.next or "")
    assert not [it for it in keys_of(portrait_of(one, values)) if it.hex() in told]


def test_stewards_and_privacy_officers_may_ask_and_it_is_on_record_whom_it_told_of(rooms):
    arrive(rooms, range(100, 152))
    (it,) = hubs(rooms, permit(rooms, "list_hubs")).items
    (record,) = rooms.audit.page(AuditFilter(kind="hubs"), limit=9).items
    assert (record.purpose, record.counts) == ("compliance", {"hubs": 1})
    assert list(record.fragments) == [it.record]
    assert [it.record in members for members in record.rests.members] == [True]
    for role, purpose in (("engineer", "stewardship"), ("marketer", "marketing"), ("agent", "servicing")):
        with pytest.raises(Refused):
            rooms.gate.permit(Actor("x", (role,), CELL), "list_hubs", purpose, "cli")
    for use_case in (list_hubs, list_shared_devices):
        with pytest.raises(Refused):
            use_case(steward(rooms, "list_reviews"), rooms)


def test_what_a_hub_told_of_a_customer_is_judged_again_from_the_log(data):
    with rooms_of(data) as rooms:
        arrive(rooms, range(100, 152))
        hubs(rooms)
    proved = LocalHouse().prove_consent(data, Period(), lambda *_: None)
    assert (proved.customers, proved.resting_on_none, proved.of_before, proved.violations) == (1, 0, 0, ())


def test_a_cursor_that_is_not_ours_is_refused(rooms):
    for cursor in ("-1", "x", "1 ", "1" * 10, "٣"):
        for use_case in (list_hubs, list_shared_devices):
            with pytest.raises(CallerError, match="cursor"):
                use_case(steward(rooms), rooms, cursor=cursor)
    assert hubs(rooms, cursor="999999999").items == ()


def test_a_device_of_many_people_is_listed_and_its_key_is_masked(rooms):
    visit(rooms, "kiosk-in-the-hall", "abc")
    visit(rooms, "tablet-of-two", "ab")
    visit(rooms, "cafe-of-the-town", "abcd")
    found = devices(rooms)
    assert [(it.source, it.key, it.people) for it in found.items] == [
        ("digital", "•••• town", 4),
        ("digital", "•••• hall", 3),
    ]
    assert (found.people_most, found.is_whole, found.next) == (2, True, None)
    assert found.items[1].first_at < found.items[1].last_at
    assert "kiosk" not in msgspec.json.encode(found).decode()
    (record,) = rooms.audit.page(AuditFilter(kind="shared_devices"), limit=9).items
    assert record.counts == {"devices": 2}
    assert [it.people for it in devices(rooms, limit=1, cursor=devices(rooms, limit=1).next).items] == [3]


def test_a_device_key_is_hidden_from_who_sees_no_personal_data(rooms):
    visit(rooms, "kiosk-in-the-hall", "abc")
    asked = steward(rooms)
    asked = msgspec.structs.replace(asked, fields=asked.fields | {"pii": "hidden"})
    assert [(it.key, it.people) for it in devices(rooms, asked).items] == [("", 3)]


def test_two_records_of_one_customer_are_one_person_on_a_device(rooms):
    visit(rooms, "kiosk", "abc")
    assert [it.people for it in devices(rooms).items] == [3]
    judging = steward(rooms, "decide_judgement")
    pair = [id_text(user(rooms, f"kiosk-{who}")) for who in "ab"]
    decide_judgement(judging, rooms, *pair, verdict="same", reason="one person, two logins")
    assert list_shared_devices(steward(rooms), rooms).items == (), "also before a pass comes by again"
    assert devices(rooms).items == ()


def test_devices_of_customers_of_another_portfolio_are_withheld(rooms):
    visit(rooms, "kiosk", "abc")
    asked = steward(rooms)
    actor = msgspec.structs.replace(asked.actor, portfolios=("somebody",))
    narrow = msgspec.structs.replace(asked, relations=(Relation.OWN,), actor=actor)
    found = devices(rooms, narrow)
    assert (found.items, [it.what for it in found.withheld]) == ((), ["1 devices"])


def test_a_device_of_a_source_closed_to_the_purpose_is_withheld(rooms, monkeypatch):
    visit(rooms, "kiosk", "abc")
    monkeypatch.setattr("onefold.gate.scope.Scope.allows", lambda _, source: source != "digital")
    found = devices(rooms)
    assert (found.items, [it.what for it in found.withheld]) == ((), ["1 devices"])


def test_devices_are_found_in_windows_of_bounded_work(rooms, monkeypatch):
    monkeypatch.setattr("onefold.usecases.device_sweep.SIGHTINGS_AT_ONCE", 4)
    for name in ("d1", "d2", "d3"):
        visit(rooms, name, "abc")
    found = [list_shared_devices(steward(rooms), rooms) for _ in range(4)]
    assert [len(it.items) for it in found] == [1, 2, 3, 3]
    assert [it.is_whole for it in found] == [False, False, False, True]


def test_the_devices_of_the_most_people_are_remembered(rooms, monkeypatch):
    monkeypatch.setattr("onefold.usecases.device_sweep.KEPT_MAX", 1)
    visit(rooms, "d1", "abc")
    visit(rooms, "d2", "abcd")
    assert [it.people for it in devices(rooms).items] == [4]


def test_the_commands_list_hubs_and_devices(data):
    with rooms_of(data) as rooms:
        arrive(rooms, range(100, 152))
        visit(rooms, "kiosk-in-the-hall", "abc")
    LocalHouse().users(data).add("stew", "a-long-password-1", ("steward",))
    app = create_app(LocalHouse(), create_console())

    def told(*arguments: str) -> str:
        found = CliRunner().invoke(app, ["review", *arguments, "--login", "stew", "--data", str(data)])
        assert found.exit_code == 0, found.output
        return found.output

    assert "phone: 52 records, 52 customers, of bank" in told("hubs")
    assert PHONE in told("hubs")
    assert msgspec.json.decode(told("hubs", "--json"))["items"][0]["records"] == 52
    assert "digital •••• hall  3 people" in told("devices")
    assert msgspec.json.decode(told("devices", "--json"))["people_most"] == 2
