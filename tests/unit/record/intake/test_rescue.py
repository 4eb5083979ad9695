"""Restrictions at the door: heard whatever their date and whatever is wrong beside them, and never twice."""

from __future__ import annotations

from typing import Any

import pytest

from onefold.customer.fragments.model import Statement
from onefold.kernel.time import MS_PER_DAY, iso_instant
from onefold.pipeline.mapping import ContractMapping
from onefold.record.contracts.errors import Reason
from onefold.record.intake.model import Offered, Tally
from onefold.testing.door import MemoryDoorIndex
from onefold.testing.intake import NOW_MS, MemoryIntake, rows
from tests.unit.record.contracts.sample import contract, customers, prop, table

ANNA = {"id": "1", "name": "Anna", "born": "1990-01-02", "mobile": ""}
CHOICE = {"id": "1", "chosen": "2024-05-01T10:00:00Z", "fact": "withdrawn", "channel": "sms", "form": "F1"}
STOP = {"id": "1", "channel": "sms", "state": "on", "since": "2024-05-01T10:00:00Z"}


def choices(**change) -> dict:
    """What persons chose."""
    said: dict[str, Any] = {
        "entity": "consent",
        "delivers": "event",
        "key": "chosen",
        "subject": {"entity": "party", "key": "id"},
        "occurredAt": {"from": "chosen", "as": "instant"},
        "map": {
            "party": {"from": "id", "as": "ref"},
            "purpose": {"value": "marketing"},
            "channel": "channel",
            "fact": "fact",
            "given_at": {"event": "occurredAt"},
            "until_at": {"from": "until", "as": "instant"},
            "evidence": "form",
        },
    }
    properties = [prop("id", classification="pii"), "chosen", "fact", prop("channel", required=True)]
    properties += ["form", "until"]
    return table("choice", properties, **said | change)


def stops(**change) -> dict:
    """Who is not to be contacted."""
    said: dict[str, Any] = {
        "entity": "suppression",
        "delivers": "record",
        "key": "id",
        "subject": {"entity": "party", "key": "id"},
        "occurredAt": {"from": "since", "as": "instant"},
        "map": {
            "party": {"from": "id", "as": "ref"},
            "channel": "channel",
            "reason": {"value": "wish"},
            "state": "state",
            "since_at": {"event": "occurredAt"},
        },
    }
    words = {word: value for word, value in (said | change).items() if value is not None}
    return table("stop", [prop("id", classification="pii"), "channel", "state", "since"], **words)


def intake_of(*tables: dict) -> MemoryIntake:
    return MemoryIntake(contract(customers(), *tables))


def statements(intake: MemoryIntake) -> list[Statement]:
    """What the log states, as the pipeline reads it."""
    mapping = ContractMapping(intake.contracts)
    return [
        mapping.statement(header, event, body)
        for _, header, bodies in intake.frames()
        for event, body in zip(header.events, bodies or (), strict=True)
    ]


AHEAD = [iso_instant(NOW_MS + 3_600_000), "2031-01-01T00:00:00Z", "soon"]


@pytest.mark.parametrize("fact", ["withdrawn", "objected"])
@pytest.mark.parametrize("chosen", AHEAD)
def test_a_withdrawal_is_heard_whatever_its_date_and_counts_from_its_record(fact, chosen):
    intake = intake_of(choices())
    row = CHOICE | {"chosen": chosen, "fact": fact}
    assert intake.door.offer("core", "choice", rows(row)).tally == Tally(offered=1, accepted=1)
    (said,) = statements(intake)
    assert (said.stamp[0], said.values["given_at"]) == (NOW_MS, NOW_MS)


@pytest.mark.parametrize("since", AHEAD)
def test_a_suppression_is_heard_whatever_its_date_and_counts_from_its_record(since):
    intake = intake_of(stops())
    assert intake.door.offer("core", "stop", rows(STOP | {"since": since})).tally.accepted == 1
    (said,) = statements(intake)
    assert (said.stamp[0], said.values["since_at"]) == (NOW_MS, NOW_MS)


def test_the_end_of_a_suppression_is_not_said_ahead():
    intake = intake_of(stops())
    off = STOP | {"state": "off"}
    late = intake.door.offer("core", "stop", rows(off | {"since": "2031-01-01T00:00:00Z"}))
    assert late.tally.reasons == {"future_date": 1}
    intake.door.offer("core", "stop", rows(off | {"since": AHEAD[0]}))
    intake.clock.advance(1000)
    intake.door.offer("core", "stop", rows(STOP | {"since": iso_instant(NOW_MS + 1000)}))
    off_said, on_said = statements(intake)
    assert off_said.stamp < on_said.stamp


@pytest.mark.parametrize("keeps_index", [True, False])
@pytest.mark.parametrize("chosen", AHEAD)
@pytest.mark.parametrize("fact", ["withdrawn", "granted"])
def test_what_is_dated_ahead_is_logged_once_also_when_its_day_has_come(keeps_index, chosen, fact):
    intake = intake_of(choices())
    row = CHOICE | {"chosen": chosen, "fact": fact}
    first = intake.door.offer("core", "choice", rows(row)).tally.accepted
    assert first == (fact == "withdrawn" or chosen == AHEAD[0])
    if not keeps_index:
        intake.index = MemoryDoorIndex()
    intake.clock.advance(10 * 365 * MS_PER_DAY)
    intake.reopen()
    again = intake.door.offer("core", "choice", rows(row)).tally
    assert again.duplicate == first
    assert len(intake.bodies()) == first + again.accepted


def test_a_grant_of_a_clock_that_runs_fast_was_said_when_it_arrived():
    intake = intake_of(choices())
    intake.door.offer("core", "choice", rows(CHOICE | {"chosen": AHEAD[0], "fact": "granted"}))
    (said,) = statements(intake)
    assert said.values["given_at"] == NOW_MS, "or it would beat a withdrawal that comes in between"


def test_a_record_by_a_message_is_one_event_also_a_day_later():
    intake = intake_of(stops(occurredAt=None, map=UNDATED))
    for days, row in enumerate([STOP, STOP | {"state": "off"}, STOP]):
        intake.door.offer_calls("core", [("stop", "", Offered(row, 1, f"m{days % 2}"))])
        intake.clock.advance(2 * MS_PER_DAY)
    assert [it.values["state"] for it in statements(intake)] == ["on", "off"]


UNDATED = {
    "party": {"from": "id", "as": "ref"},
    "channel": "channel",
    "reason": {"value": "wish"},
    "state": "state",
}

FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"channel": "pigeon"}, "unknown_value"),
    ({"channel": ""}, "required_missing"),
    ({"channel": ["sms"]}, "bad_type"),
    ({"until": "never"}, "bad_instant"),
    ({"form": {"a": 1}}, "bad_type"),
]


@pytest.mark.parametrize(("slip", "reason"), FAULTS)
def test_a_withdrawal_beside_a_fault_takes_effect_and_its_row_is_held(slip, reason):
    intake = intake_of(choices())
    receipt = intake.door.offer("core", "choice", rows(CHOICE | slip))
    assert receipt.tally == Tally(offered=1, quarantined=1, reasons={reason: 1})
    assert receipt.unheard == 0
    (said,) = statements(intake)
    assert said.values["fact"] == "withdrawn"
    assert said.values["purpose"] == "marketing"
    assert said.values.get("channel", "any") == ("any" if "channel" in slip else "sms")
    assert intake.quarantine.last_sequence == 1


def test_a_word_of_deletion_that_cannot_be_read_silences_no_withdrawal():
    properties = [prop("id", classification="pii"), "chosen", "fact", "channel", "form", "until", "gone"]
    intake = intake_of(
        choices(deletedWhen={"from": "gone", "values": ["yes"]})
        | {"properties": [prop(it) if isinstance(it, str) else it for it in properties]}
    )
    receipt = intake.door.offer("core", "choice", rows(CHOICE | {"gone": ["yes"]}))
    assert receipt.tally == Tally(offered=1, quarantined=1, reasons={"bad_type": 1})
    assert [it.values["fact"] for it in statements(intake)] == ["withdrawn"]


def test_the_same_faulty_withdrawal_is_logged_once_and_the_mended_one_is_heard():
    intake = intake_of(choices())
    faulty = [Offered(CHOICE | {"channel": "pigeon"}, 1, "m1")]
    for _ in range(3):
        intake.door.offer("core", "choice", faulty)
        intake.index = MemoryDoorIndex()
        intake.reopen()
    assert len(statements(intake)) == 1
    mended = intake.door.offer("core", "choice", [Offered(CHOICE, 1, "m1")])
    assert mended.tally.accepted == 1
    assert [it.values.get("channel") for it in statements(intake)] == [None, "sms"]


def test_a_faulty_suppression_of_a_snapshot_is_no_obstacle_to_the_mended_one():
    intake = intake_of(stops())
    offer = intake.door.offer
    faulty = rows(STOP | {"channel": "pigeon"})
    for as_of in (NOW_MS - 9, NOW_MS - 9, NOW_MS - 5):
        assert offer("core", "stop", faulty, as_of=as_of).tally.quarantined == 1
    assert len(statements(intake)) == 1
    assert offer("core", "stop", rows(STOP), as_of=NOW_MS - 5).tally == Tally(offered=1, accepted=1)
    assert offer("core", "stop", rows(STOP), as_of=NOW_MS - 1).tally == Tally(offered=1, unchanged=1)
    assert offer("core", "stop", faulty, as_of=NOW_MS).tally.quarantined == 1
    assert len(statements(intake)) == 3, "on again, after it was mended"


@pytest.mark.parametrize(
    ("slip", "unheard"),
    [
        ({"fact": "perhaps"}, 1),
        ({"fact": ""}, 1),
        ({"id": ""}, 1),
        ({"id": {"no": "id"}}, 1),
        ({"fact": "granted", "channel": "pigeon"}, 0),
    ],
)
def test_where_nothing_can_be_kept_the_receipt_says_whether_a_restriction_may_be_lost(slip, unheard):
    intake = intake_of(choices())
    receipt = intake.door.offer("core", "choice", rows(ANNA | CHOICE, CHOICE | slip))
    assert (receipt.tally.accepted, receipt.tally.quarantined, receipt.unheard) == (1, 1, unheard)
    (turned,) = receipt.turned
    assert (turned.line, turned.object, turned.unheard) == (2, "choice", bool(unheard))
    assert len(statements(intake)) == 1


def test_a_patch_restricts_only_what_it_names():
    intake = intake_of(choices(kind="patch"))
    receipt = intake.door.offer("core", "choice", rows(CHOICE | {"channel": "pigeon"}))
    assert receipt.unheard == 1
    receipt = intake.door.offer("core", "choice", rows(CHOICE | {"until": "never"}))
    assert receipt.unheard == 0
    assert [it.values["fact"] for it in statements(intake)] == ["withdrawn"]


def test_the_worse_fault_of_a_row_is_the_one_that_counts():
    intake = MemoryIntake(contract(customers(also=["choice"]), choices()))
    receipt = intake.door.offer("core", "customer", rows(CHOICE | ANNA | {"born": "never", "fact": "?"}))
    assert receipt.tally.reasons == {"unknown_value": 1}
    assert receipt.unheard == 1


def test_a_line_that_cannot_be_read_may_have_been_a_restriction_only_where_there_are_any():
    line = Offered(None, 3, fault=Reason.BAD_JSON, digest=b"d" * 16)
    intake = intake_of(choices())
    assert intake.door.offer("core", "choice", [line]).unheard == 1
    assert intake.door.offer("core", "customer", [line]).unheard == 0
    assert intake.door.offer_calls("core", [("unknown", "", line)]).unheard == 1
    assert intake_of().door.offer_calls("core", [("unknown", "", line)]).unheard == 0


def test_the_withdrawal_of_a_row_that_contradicts_its_snapshot_is_kept():
    intake = MemoryIntake(contract(customers(also=["choice"]), choices()))
    said = CHOICE | ANNA
    twice = rows(ANNA, said | {"name": "Ann"})
    for accepted in (1, 0):
        tally = intake.door.offer("core", "customer", twice, as_of=NOW_MS).tally
        assert (tally.accepted, tally.reasons) == (accepted, {"key_repeated": 1})
        assert [it.entity for it in statements(intake)] == ["party", "consent"]
