"""The truth beside the world."""

from __future__ import annotations

from collections import Counter

from onefold.testing.world.figures import figure
from tests.unit.testing.world.made import truth, world

KINDS = set(
    """
    twins father_and_son married_name guardian shared_phone recycled_phone moved entered_twice joint_account
    job_loss dispute
    """.split()
)


def test_every_record_belongs_to_somebody_of_the_world():
    folder, _ = world()
    known = {row["who"]: row for row in truth(folder, "people")}
    for record in truth(folder, "records"):
        assert known[record["who"]]["household"] == record["household"]
        assert known[record["who"]]["kind"] == record["kind"]


def test_events_name_people_of_the_world():
    folder, _ = world(3000)
    known = {row["who"] for row in truth(folder, "people")}
    events = truth(folder, "events")
    assert {event["who"] for event in events} <= known
    assert {event["kind"] for event in events} >= KINDS


def test_faults_of_records_are_told():
    folder, _ = world()
    faults = Counter(fault for record in truth(folder, "records") for fault in record["faults"])
    assert {"typo", "cyrillic", "birth_wrong", "nickname", "swapped"} <= faults.keys()


def test_bad_rows_come_at_their_rate():
    folder, summary = world(3000)
    assert summary.bad_rows / summary.total_rows < 2 * figure("bad.rows")
    kinds = {row["fault"] for row in truth(folder, "bad_rows")}
    assert kinds >= {"bad_date", "unknown_code", "future_date", "missing_key", "broken_line"}
