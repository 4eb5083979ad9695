"""Anonymous to known: calls in the Segment format, in any order, through the door to the timeline."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from onefold.app.house import LocalHouse
from onefold.gate import attributing
from onefold.kernel.errors import CallerError, NotFound
from onefold.kernel.ids import id_text
from onefold.kernel.time import MS_PER_DAY
from onefold.record.erasure.model import Because
from onefold.record.intake.segment import parse_batch
from onefold.usecases.show_timeline import show_timeline
from tests.canaries import CELL, permit, rooms_of

MINUTE = 60_000
START = 20_454 * MS_PER_DAY
WORLD = Path(__file__).parents[2] / "contracts" / "world" / "digital.yaml"
_numbers = count()

STORY = (
    ("page", "", 0, "before"),
    ("identify", "a", 5, ""),
    ("page", "", 10, "while a"),
    ("track", "a", 15, "Logged Out"),
    ("page", "", 20, "between"),
    ("identify", "b", 25, ""),
    ("page", "", 30, "while b"),
)
"""(call, user, minute, page or event) on one device."""


def call(kind: str, user: str, minute: float, what: str, device: str, **more) -> dict:
    at = datetime.fromtimestamp((START + minute * MINUTE) / 1000, UTC).isoformat().replace("+00:00", "Z")
    made = {"type": kind, "messageId": f"m{next(_numbers)}", "anonymousId": device, "timestamp": at, **more}
    made |= {"userId": f"{device}-{user}"} if user else {}
    made |= {"traits": {"firstName": f"Person {user} of {device}"}} if kind == "identify" else {}
    return made | ({"event": what} if kind == "track" else {"name": what} if what else {})


def story(device: str, steps=STORY) -> list[dict]:
    return [call(kind, user, minute, what, device) for kind, user, minute, what in steps]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("devices")
    (folder / "contracts").mkdir()
    (folder / "contracts" / "digital.yaml").write_text(WORLD.read_text("utf-8"), "utf-8")
    LocalHouse().create(folder / "data", CELL, [folder / "contracts"], None)
    return folder / "data"


@pytest.fixture(scope="module")
def rooms(data):
    with rooms_of(data) as rooms:
        yield rooms


def arrive(rooms, *batches: list[dict]) -> None:
    for batch in batches:
        receipt = rooms.door.offer_calls("digital", parse_batch(json.dumps({"batch": batch}).encode()))
        assert receipt.tally.offered == receipt.tally.accepted
        rooms.barrier.wait_for(receipt.sequence, 60)


def pages(rooms, user: str, purpose: str = "compliance", role: str = "privacy_officer") -> list[str]:
    """The pages in somebody's timeline, oldest first, as they are named."""
    return [
        it.title.split("“")[1].split("”")[0] for it in moments(rooms, user, purpose, role) if "“" in it.title
    ]


def moments(rooms, user: str, purpose: str = "compliance", role: str = "privacy_officer"):
    party = rooms.contracts.latest("digital").object("identify").fragment_id(user)
    found = show_timeline(permit(rooms, "show_timeline", purpose, role), rooms, id_text(party))
    return list(reversed(found.items))


def test_a_login_makes_known_what_came_before_and_tells_two_people_apart(rooms):
    arrive(rooms, story("d1"))
    assert pages(rooms, "d1-a") == ["before", "while a"]
    assert pages(rooms, "d1-b") == ["while b"]


def test_the_timeline_says_why_something_is_held_to_be_theirs(rooms):
    arrive(rooms, story("why"))
    reasons = {it.title.split("“")[-1].split("”")[0]: it.because for it in moments(rooms, "why-a")}
    assert "they were the next on this device" in reasons["before"]
    assert "they were on this device" in reasons["while a"]
    assert [it.because for it in moments(rooms, "why-a") if "“" not in it.title] == ["", ""]


@pytest.mark.parametrize("seed", range(6))
def test_whose_it_is_does_not_depend_on_the_order_or_the_batches_of_arrival(rooms, seed):
    rng, device = random.Random(seed), f"order{seed}"
    calls = story(device)
    rng.shuffle(calls)
    at = rng.randrange(len(calls))
    arrive(rooms, *(it for it in (calls[:at], calls[at:]) if it))
    assert (pages(rooms, f"{device}-a"), pages(rooms, f"{device}-b")) == (["before", "while a"], ["while b"])


def test_a_new_cookie_after_a_reset_is_another_device(rooms):
    arrive(rooms, story("old", STORY[:3]), [call("page", "", 20, "after the reset", "new")])
    assert pages(rooms, "old-a") == ["before", "while a"]
    arrive(rooms, [call("identify", "c", 25, "", "new")])
    assert pages(rooms, "old-a") == ["before", "while a"]
    assert pages(rooms, "new-c") == ["after the reset"]


def test_a_late_login_takes_what_lay_before_it_and_an_alias_is_one(rooms):
    arrive(rooms, [call("page", "", 0, "first", "late"), call("identify", "b", 20, "", "late")])
    assert pages(rooms, "late-b") == ["first"]
    alias = call("alias", "a", 10, "", "late")
    alias["previousId"] = alias.pop("anonymousId")
    arrive(rooms, [alias, call("identify", "a", 11, "", "late")])
    assert (pages(rooms, "late-a"), pages(rooms, "late-b")) == (["first"], [])


def test_on_a_device_of_many_only_who_is_logged_in_is_told_what_is_done(rooms):
    people = [call("identify", who, 60 * at, "", "kiosk") for at, who in enumerate("abc")]
    views = [call("page", "", 60 * at + where, f"{where}", "kiosk") for at in range(3) for where in (-1, 1)]
    arrive(rooms, people[:1], views)
    assert pages(rooms, "kiosk-a") == ["-1", "1"]
    arrive(rooms, people[1:])
    assert [pages(rooms, f"kiosk-{who}") for who in "abc"] == [["1"], ["1"], ["1"]]


def test_a_conversation_on_a_device_is_not_opened_by_who_was_there_before(rooms):
    arrive(rooms, story("open"))
    theirs = {it.title: it.id for it in moments(rooms, "open-b")}["Looked at “while b” on the website"]
    given = permit(rooms, "open_conversation")
    ids = {it: rooms.contracts.latest("digital").object("identify").fragment_id(f"open-{it}") for it in "ab"}
    assert rooms.gate.conversation(given, ids["b"], bytes.fromhex(theirs), text="").topic == "while b"
    with pytest.raises(NotFound):
        rooms.gate.conversation(given, ids["a"], bytes.fromhex(theirs), text="")


def chosen(advertising: bool) -> dict:
    choices = {"Advertising": advertising, "Analytics": False}
    return {"context": {"consent": {"categoryPreferences": choices}}}


def test_what_a_cookie_collected_serves_marketing_only_where_it_was_agreed_to_there_too(rooms):
    yes = call("identify", "a", 5, "", "choice", **chosen(True))
    told = [
        call("page", "", 1, "yes", "choice", **chosen(True)),
        call("page", "", 2, "no", "choice", **chosen(False)),
        call("page", "", 3, "silent", "choice"),
        call("page", "", 4, "yes again", "choice", **chosen(True)),
    ]
    arrive(rooms, [yes, *told])
    marketing = ("marketing", "relationship_manager")
    assert pages(rooms, "choice-a") == ["yes", "no", "silent", "yes again"]
    assert pages(rooms, "choice-a", *marketing) == ["yes", "yes again"]
    arrive(rooms, [call("page", "", 90, "later", "choice", **chosen(False))])
    assert pages(rooms, "choice-a", *marketing) == [], "the cookie took it back"


@pytest.mark.parametrize("silent", [60, 240])
def test_a_no_on_a_cookie_stands_however_many_calls_come_since_that_say_nothing(rooms, silent):
    device = f"quiet{silent}"
    arrive(rooms, [call("page", "", 1, "yes", device, **chosen(True))])
    arrive(rooms, [call("identify", "a", 2, "", device, **chosen(True))])
    assert pages(rooms, f"{device}-a", "marketing", "relationship_manager") == ["yes"]
    arrive(rooms, [call("page", "", 3, "no", device, **chosen(False))])
    arrive(rooms, [call("page", "", 4 + it, "silent", device) for it in range(silent)])
    assert pages(rooms, f"{device}-a", "marketing", "relationship_manager") == []


def test_more_silent_calls_than_are_looked_at_are_taken_for_a_no(rooms, monkeypatch):
    monkeypatch.setattr(attributing, "_LOOKED_AT", 5)
    monkeypatch.setattr(attributing, "_CALLS_MAX", 10)
    arrive(rooms, [call("page", "", 1, "yes", "long", **chosen(True))])
    arrive(rooms, [call("identify", "a", 2, "", "long", **chosen(True))])
    arrive(rooms, [call("page", "", 3 + it, "silent", "long") for it in range(8)])
    assert pages(rooms, "long-a", "marketing", "relationship_manager") == ["yes"]
    arrive(rooms, [call("page", "", 11 + it, "silent", "long") for it in range(2)])
    assert pages(rooms, "long-a", "marketing", "relationship_manager") == []


def test_an_erasure_takes_one_persons_stretches_and_leaves_the_others(rooms):
    arrive(rooms, story("gone"), [call("page", "", 5.5, "also a", "gone")])
    identify = rooms.contracts.latest("digital").object("identify")
    rooms.eraser.erase([identify.fragment_id("gone-a")], Because.REQUEST, "officer")
    with pytest.raises(CallerError):
        moments(rooms, "gone-a")
    assert pages(rooms, "gone-b") == ["while b"], "what came between is not hers by another's erasure"
    device = identify.also[0].fragment_id("gone")
    assert not rooms.reader.fragments([device])[device].is_erased
    rooms.eraser.erase([identify.fragment_id("gone-b")], Because.REQUEST, "officer")
    assert rooms.reader.fragments([device])[device].is_erased
    assert rooms.reader.linked([device], "interaction.device", most=9) == []
