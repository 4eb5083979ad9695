"""How a member of a group stands: lag, ends, gaps and faults, as the client tells of them."""

from __future__ import annotations

from typing import Any

from onefold.adapters.kafka.standing import Standing

UP, DOWN = {"brokers": {"a": {"state": "UP"}}}, {"brokers": {"a": {"state": "DOWN"}, "b": {"state": "INIT"}}}


def measured(**partitions: dict[str, int]) -> dict[str, Any]:
    return UP | {"topics": {"t": {"partitions": {name[1:]: it for name, it in partitions.items()}}}}


def lag(standing: Standing) -> int | None:
    (topic,) = standing.status.topics
    return topic.lag


def test_the_lag_is_known_when_every_partition_said_where_it_ends():
    standing = Standing(["t"])
    assert lag(standing) is None
    standing.assigned({("t", 0): 5, ("t", 1): -2})
    assert lag(standing) is None
    standing.measured(measured(p0={"lo_offset": 0, "ls_offset": 9}))
    assert lag(standing) is None
    standing.measured(measured(p1={"lo_offset": 3, "hi_offset": 7, "ls_offset": -1001}))
    assert lag(standing) == 4 + 4, "one from where it was, one from its beginning"
    standing.acknowledged(("t", 0), 9)
    standing.revoked(("t", 1))
    assert lag(standing) == 0


def test_it_has_ended_when_it_has_joined_and_every_partition_has():
    standing = Standing(["t"])
    assert not standing.has_ended
    standing.assigned({("t", 0): -2, ("t", 1): 4})
    standing.reached_end(("t", 0), 0)
    assert not standing.has_ended
    standing.reached_end(("t", 1), 4)
    assert standing.has_ended
    assert lag(standing) == 0
    standing.reached_end(("t", 9), 1)
    assert standing.has_ended, "a partition that was taken away says nothing more"


def test_what_was_deleted_unread_is_a_gap_and_a_topic_made_anew_is_none():
    standing = Standing(["t"])
    standing.assigned({("t", 0): 3, ("t", 1): 50})
    standing.restarted(("t", 0), 8, 10)
    standing.restarted(("t", 1), 0, 10)
    assert standing.status.topics[0].missed == 5
    assert (standing.next_of(("t", 0)), standing.next_of(("t", 1))) == (8, 0)
    assert lag(standing) == 2 + 10


def test_brokers_are_away_from_the_first_failure_until_one_is_up():
    standing = Standing(["t"])
    standing.measured(DOWN)
    assert not standing.status.fault, "nothing has failed yet"
    standing.said("_TRANSPORT")
    standing.measured(DOWN)
    assert "(_TRANSPORT)" in standing.status.fault
    standing.measured({"brokers": {"a": {"state": "INIT"}}})
    assert standing.is_down
    standing.measured(UP)
    assert not standing.status.fault
    standing.measured(DOWN)
    assert not standing.is_down, "a new failure is told first"


def test_a_topic_that_cannot_be_read_is_named_until_it_is_given_to_us():
    standing = Standing(["t"])
    standing.failed("t", "UNKNOWN_TOPIC_OR_PART")
    assert standing.status.fault == "The topic t cannot be read (UNKNOWN_TOPIC_OR_PART)."
    standing.assigned({("t", 0): 0})
    assert standing.status.fault == ""
