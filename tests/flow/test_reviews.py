"""The steward's queue: what is in it, whose it is, and that of some matches two people decide."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest
from typer.testing import CliRunner

from onefold.app.house import LocalHouse
from onefold.channels.cli.main import create_app, create_console
from onefold.gate.model import Actor, Bounds
from onefold.gate.portfolios import Relation
from onefold.kernel.errors import CallerError, NotFound, Refused, Unavailable
from onefold.record.audit.model import AuditFilter
from onefold.record.intake.model import Offered
from onefold.testing.clock import SetClock
from onefold.usecases.decide_judgement import decide_judgement
from onefold.usecases.review_matches import (
    LEASE_MS,
    claim_review,
    decide_review,
    list_reviews,
    release_review,
    skip_review,
)
from onefold.usecases.review_sweep import ReviewSweep, sight_of
from onefold.usecases.suppress_customer import suppress_customer
from onefold.usecases.unmerge_customer import revoke_judgement, unmerge_customer
from tests.canaries import CELL, CONTRACT, canary, client, record_id, rooms_of

CAREFUL = CONTRACT.replace(
    "      - {name: born, logicalType",
    "      - {name: care, logicalType: boolean, classification: special}\n"
    "      - {name: keeper, logicalType: string}\n      - {name: born, logicalType",
    1,
).replace(
    "          full_name: name\n",
    "          full_name: name\n          vulnerable: care\n          manager: keeper\n",
    1,
)


@pytest.fixture
def data(tmp_path):
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "bank.yaml").write_text(CAREFUL)
    LocalHouse().create(tmp_path / "data", CELL, [tmp_path / "contracts"], None)
    return tmp_path / "data"


@pytest.fixture
def rooms(data):
    with rooms_of(data) as rooms:
        yield rooms


def steward(rooms, login="anna", action="decide_review"):
    return rooms.gate.permit(Actor(login, ("steward",), CELL), action, "stewardship", "cli")


def row(n: int, **more: object) -> dict[str, object]:
    return {**(client(n).row or {}), **more}


def arrive(rooms, *rows):
    receipt = rooms.door.offer("bank", "client", [Offered(it) for it in rows])
    rooms.barrier.wait_for(receipt.sequence, 60)
    return [record_id(rooms, f"bank:{it['id']}") for it in rows]


def conflicting(rooms, n=1):
    """Two records of one name, phone and e-mail that were born on other days: they may not be one."""
    return sorted(arrive(rooms, row(n), row(n, id=f"other-{n}", born="1931-12-30")))


def vulnerable(rooms, n=2):
    """Two records alike in all, one of which says to take care: joined by proof alone."""
    return sorted(arrive(rooms, row(n, care=True), row(n, id=f"care-{n}")))


def queue(rooms, login="anna", **more):
    return list_reviews(steward(rooms, login, "list_reviews"), rooms, whole=True, **more)


def pairs(found):
    return [[it.left, it.right] for it in found.items]


def same(rooms, one, other):
    return rooms.reader.customer_of(bytes.fromhex(one)) == rooms.reader.customer_of(bytes.fromhex(other))


def test_what_did_not_join_and_might_have_is_in_the_queue_with_its_reasons(rooms):
    two = conflicting(rooms)
    arrive(rooms, row(7))
    found = queue(rooms)
    assert pairs(found) == [two]
    (it,) = found.items
    assert (it.kind, it.standing, it.four_eyes) == ("conflict", "open", False)
    assert it.conflicts == ("two birth dates",)
    assert it.reasons
    assert found.covered_percent == 100


def test_sensitive_groups_come_first_and_by_four_eyes(rooms):
    ordinary, care = conflicting(rooms), vulnerable(rooms)
    found = queue(rooms)
    assert pairs(found) == [care, ordinary]
    assert [(it.kind, it.four_eyes) for it in found.items] == [("held_back", True), ("conflict", False)]


def test_more_records_at_stake_come_first(rooms):
    small = conflicting(rooms, 1)
    large = conflicting(rooms, 3)
    arrive(rooms, row(3, id="again"), row(3, id="and-again"))
    found = queue(rooms)
    assert small in pairs(found)
    assert pairs(found)[0] != small
    assert large in pairs(found)
    assert [it.worth for it in found.items] == sorted((it.worth for it in found.items), reverse=True)


def test_what_is_decided_is_in_it_no_more_and_counts(rooms):
    one, other = conflicting(rooms)
    step = decide_review(steward(rooms), rooms, one, other, verdict="same", reason="saw the passport")
    assert (step.standing, bool(step.event)) == ("decided", True)
    assert same(rooms, one, other)
    assert queue(rooms).items == ()


def test_unsure_takes_a_pair_out_and_joins_nobody(rooms):
    one, other = conflicting(rooms)
    decide_review(steward(rooms), rooms, one, other, verdict="unsure", reason="cannot tell")
    assert queue(rooms).items == ()
    assert not same(rooms, one, other)


def test_of_a_sensitive_group_the_first_word_is_a_proposal_and_another_person_confirms(rooms):
    one, other = vulnerable(rooms)
    step = decide_review(steward(rooms), rooms, one, other, verdict="same", reason="met her")
    assert (step.standing, step.event) == ("proposed", "")
    assert not same(rooms, one, other)
    (it,) = queue(rooms, "ben").items
    assert (it.standing, it.by, it.verdict) == ("proposed", "anna", "same")
    with pytest.raises(CallerError, match="another person"):
        decide_review(steward(rooms), rooms, one, other, verdict="same", reason="sure")
    step = decide_review(steward(rooms, "ben"), rooms, one, other, verdict="same", reason="met her too")
    assert step.standing == "decided"
    assert same(rooms, one, other)


def test_who_says_otherwise_proposes_that_instead(rooms):
    one, other = vulnerable(rooms)
    decide_review(steward(rooms), rooms, one, other, verdict="same", reason="met her")
    step = decide_review(steward(rooms, "ben"), rooms, one, other, verdict="different", reason="a twin")
    assert (step.standing, step.verdict) == ("proposed", "different")
    decide_review(steward(rooms), rooms, one, other, verdict="different", reason="right")
    assert not same(rooms, one, other)
    assert queue(rooms).items == ()


@pytest.mark.parametrize("second", ["operator:x as ben", "operator:y as anna", "anna"])
def test_one_person_is_one_whatever_login_they_act_for(rooms, second):
    one, other = vulnerable(rooms)
    first = steward(rooms, "operator:x as anna")
    decide_review(first, rooms, one, other, verdict="same", reason="met her")
    with pytest.raises(CallerError, match="another person"):
        decide_review(steward(rooms, second), rooms, one, other, verdict="same", reason="met her")


def test_nobody_goes_round_the_queue_by_judging_a_sensitive_pair_alone(rooms):
    one, other = vulnerable(rooms)
    asked = steward(rooms, action="decide_judgement")
    for verdict in ("same", "different"):
        with pytest.raises(CallerError, match="One person alone"):
            decide_judgement(asked, rooms, one, other, verdict=verdict, reason="met her")
    assert decide_judgement(asked, rooms, one, other, verdict="unsure", reason="hm").verdict == "unsure"


def two_say(rooms, one, other, verdict):
    said = [
        decide_review(steward(rooms, it), rooms, one, other, verdict=verdict, reason="looked").standing
        for it in ("anna", "ben")
    ]
    assert said == ["proposed", "decided"]


def test_no_one_person_takes_back_what_two_said(rooms):
    one, other = vulnerable(rooms)
    two_say(rooms, one, other, "same")
    judging = steward(rooms, "cat", "decide_judgement")
    for alone in (
        lambda: decide_judgement(judging, rooms, one, other, verdict="unsure", reason="alone"),
        lambda: revoke_judgement(judging, rooms, one, other, "alone"),
        lambda: unmerge_customer(steward(rooms, "cat", "unmerge_customer"), rooms, one, [other], "alone"),
    ):
        with pytest.raises(CallerError, match="One person alone") as it:
            alone()
        assert "review decide" in it.value.hint
    step = decide_review(steward(rooms, "cat"), rooms, one, other, verdict="unsure", reason="alone")
    assert (step.standing, step.event) == ("proposed", "")
    assert same(rooms, one, other)
    step = decide_review(steward(rooms, "dan"), rooms, one, other, verdict="unsure", reason="not so sure")
    assert step.standing == "decided"
    assert not same(rooms, one, other)


def test_nor_joins_one_person_by_unsure_what_two_parted(rooms):
    one, other = sorted(arrive(rooms, row(5), row(5, id="again")))
    officer = Actor("officer", ("privacy_officer",), CELL)
    asked = rooms.gate.permit(officer, "suppress_customer", "compliance", "cli")
    suppress_customer(asked, rooms, one, channel="any", reason="vulnerable")
    two_say(rooms, one, other, "different")
    step = decide_review(steward(rooms, "cat"), rooms, one, other, verdict="unsure", reason="alone")
    assert step.standing == "proposed"
    assert not same(rooms, one, other)


def test_a_program_neither_proposes_nor_confirms(rooms):
    one, other = vulnerable(rooms)
    asked = steward(rooms, "service:0123")
    bounds = Bounds(("stewardship",), ("decide_review",))
    program = msgspec.structs.replace(asked, actor=msgspec.structs.replace(asked.actor, bounds=bounds))
    with pytest.raises(CallerError, match="a program is nobody"):
        decide_review(program, rooms, one, other, verdict="same", reason="scored high")
    assert (
        decide_review(steward(rooms), rooms, one, other, verdict="same", reason="met").standing == "proposed"
    )
    with pytest.raises(CallerError, match="a program is nobody"):
        decide_review(program, rooms, one, other, verdict="same", reason="scored high")
    assert not same(rooms, one, other)


def test_where_a_policy_obliges_to_four_eyes_two_people_decide_any_pair(rooms):
    one, other = conflicting(rooms)

    def obliged(login):
        return msgspec.structs.replace(steward(rooms, login), obligations=("four_eyes",))

    step = decide_review(obliged("anna"), rooms, one, other, verdict="same", reason="passport")
    assert step.standing == "proposed"
    assert (
        decide_review(obliged("ben"), rooms, one, other, verdict="same", reason="yes").standing == "decided"
    )


def test_a_claim_keeps_others_away_until_it_ends_or_is_given_back(rooms):
    one, other = conflicting(rooms)
    clock = SetClock(rooms.clock.now_ms())
    timed = dataclasses.replace(rooms, clock=clock)
    claimed = claim_review(steward(rooms), timed, one, other)
    assert (claimed.standing, claimed.by) == ("claimed", "anna")
    for refused in (
        lambda: claim_review(steward(rooms, "ben"), timed, one, other),
        lambda: skip_review(steward(rooms, "ben"), timed, one, other, "no"),
        lambda: release_review(steward(rooms, "ben"), timed, one, other),
        lambda: decide_review(steward(rooms, "ben"), timed, one, other, verdict="same", reason="x"),
    ):
        with pytest.raises(CallerError, match="Somebody else"):
            refused()
    release_review(steward(rooms), timed, one, other)
    assert claim_review(steward(rooms, "ben"), timed, one, other).by == "ben"
    clock.advance(LEASE_MS + 1)
    assert claim_review(steward(rooms), timed, one, other).by == "anna"
    with pytest.raises(CallerError, match="Somebody else"):
        claim_review(steward(rooms, "ben"), timed, one, other)


def test_a_claim_outlives_the_server(data):
    with rooms_of(data) as rooms:
        two = conflicting(rooms)
        claim_review(steward(rooms), rooms, *two)
    with rooms_of(data) as rooms:
        (it,) = queue(rooms, "ben").items
        assert (it.standing, it.by) == ("claimed", "anna")


def test_what_somebody_skips_is_left_to_others(rooms):
    two = conflicting(rooms)
    skip_review(steward(rooms), rooms, two[0], two[1], "do not know them")
    assert queue(rooms).items == ()
    assert pairs(queue(rooms, "ben")) == [two]


def test_each_call_does_bounded_work_and_comes_to_the_end(rooms, monkeypatch):
    monkeypatch.setattr("onefold.usecases.review_sweep.ROWS_AT_ONCE", 3)
    two = conflicting(rooms)
    arrive(rooms, *(row(n) for n in range(20, 30)))
    asked = steward(rooms, action="list_reviews")
    first = list_reviews(asked, rooms)
    assert first.covered_percent < 100
    last = first
    for _ in range(100):
        last = list_reviews(asked, rooms)
    assert (last.covered_percent, pairs(last)) == (100, [two])


def test_what_was_found_and_is_not_so_any_more_is_not_shown(rooms):
    conflicting(rooms)
    assert queue(rooms).items
    arrive(rooms, row(1, id="other-1", name="Somebody Else", email="", phone=""))
    assert queue(rooms).items == ()


def test_a_proposal_is_in_the_queue_whatever_the_pass_finds(rooms):
    """Of three records that evidence joins no pair is worth a look by itself."""
    ids = sorted(arrive(rooms, row(5), row(5, id="again"), row(5, id="third")))
    officer = Actor("officer", ("privacy_officer",), CELL)
    asked = rooms.gate.permit(officer, "suppress_customer", "compliance", "cli")
    suppress_customer(asked, rooms, ids[0], channel="any", reason="vulnerable")
    assert queue(rooms).items == ()
    decide_review(steward(rooms), rooms, *ids[:2], verdict="different", reason="two people")
    (it,) = queue(rooms, "ben").items
    assert ([it.left, it.right], it.kind) == (ids[:2], "proposed")
    assert (it.standing, it.by, it.verdict, it.four_eyes) == ("proposed", "anna", "different", True)
    decide_review(steward(rooms, "ben"), rooms, *ids[:2], verdict="different", reason="yes")
    assert ids[:2] not in pairs(queue(rooms, "ben"))


def test_what_is_skipped_makes_room_for_the_next(rooms, monkeypatch):
    monkeypatch.setattr("onefold.usecases.review_matches.PORTION", 1)
    first, second = vulnerable(rooms), conflicting(rooms)
    assert pairs(queue(rooms, limit=1)) == [first]
    skip_review(steward(rooms), rooms, first[0], first[1], "do not know them")
    assert pairs(queue(rooms, limit=1)) == [second]


def test_a_window_ends_early_where_keys_bring_many_pairs(rooms, monkeypatch):
    arrive(rooms, *(row(n, id=f"{n}-{side}") for n in range(40, 46) for side in "ab"))
    monkeypatch.setattr("onefold.usecases.review_sweep.PAIRS_AT_ONCE", 1)
    asked = steward(rooms, action="list_reviews")
    windows = [list_reviews(asked, rooms).covered_percent for _ in range(3)]
    assert windows[-1] < 100
    assert queue(rooms).covered_percent == 100


def test_searching_is_no_release_that_a_withdrawal_waits_for(rooms, monkeypatch):
    conflicting(rooms)
    begun = []

    def searched(*arguments):
        rooms.gate.settle(0.0)
        begun.append(arguments)
        return True

    monkeypatch.setattr(rooms.reviews, "advance", searched)
    list_reviews(steward(rooms, action="list_reviews"), rooms)
    assert begun


def test_whoever_waits_too_long_for_a_step_is_told_so(rooms, monkeypatch):
    monkeypatch.setattr("onefold.usecases.review_sweep.STEP_SECONDS", 0.0)
    one, other = conflicting(rooms)
    with rooms.reviews.one_at_a_time(), pytest.raises(Unavailable):
        claim_review(steward(rooms), rooms, one, other)
    assert claim_review(steward(rooms), rooms, one, other).standing == "claimed"


def test_looking_at_the_queue_refuses_nobody_who_was_not_asked_for(rooms):
    conflicting(rooms)
    asked = steward(rooms, action="list_reviews")
    actor = msgspec.structs.replace(asked.actor, portfolios=("somebody",))
    narrow = msgspec.structs.replace(asked, relations=(Relation.OWN,), actor=actor)
    assert list_reviews(narrow, rooms, whole=True).items == ()
    assert rooms.audit.page(AuditFilter(kind="refusal"), limit=9).items == ()
    assert list_reviews(asked, rooms).items


def test_hubs_are_counted_and_bring_nobody_into_the_queue(rooms):
    arrive(rooms, *(row(n, phone="+998900000001") for n in range(100, 152)))
    found = queue(rooms)
    assert (found.items, found.hubs) == ((), 1)


def test_every_step_is_on_record_and_reasons_are_digests(rooms):
    two = vulnerable(rooms)
    claim_review(steward(rooms), rooms, *two)
    decide_review(steward(rooms), rooms, *two, verdict="same", reason="kanarelreason")
    queue(rooms)
    steps = rooms.audit.page(AuditFilter(kind="review"), limit=9).items
    assert [(it.actor, it.details["step"]) for it in steps] == [("anna", "proposed"), ("anna", "claimed")]
    assert all(sorted(it.fragments) == two for it in steps)
    assert "kanarelreason" not in msgspec.json.encode(steps).decode()
    assert rooms.audit.page(AuditFilter(kind="reviews"), limit=9).items


def test_hostile_steps_are_refused_and_say_why(rooms):
    one, other = conflicting(rooms)
    permitted = steward(rooms)
    for bad in ((one, one), (one, "f" * 32), ("f" * 32, one), ("bank:nobody", one)):
        with pytest.raises((CallerError, NotFound)):
            claim_review(permitted, rooms, *bad)
    with pytest.raises(CallerError, match="reason"):
        decide_review(permitted, rooms, one, other, verdict="same", reason=" \n ")
    with pytest.raises(CallerError, match="not claimed"):
        release_review(permitted, rooms, one, other)
    with pytest.raises(Refused):
        claim_review(steward(rooms, action="list_reviews"), rooms, one, other)
    with pytest.raises(Refused):
        rooms.gate.permit(Actor("e", ("engineer",), CELL), "list_reviews", "stewardship", "cli")


def test_the_commands_list_claim_and_decide(data):
    with rooms_of(data) as rooms:
        one, other = conflicting(rooms)
    for login in ("stew", "second"):
        LocalHouse().users(data).add(login, "a-long-password-1", ("steward",))
    app = create_app(LocalHouse(), create_console())

    def told(*arguments: str) -> str:
        found = CliRunner().invoke(app, ["review", *arguments, "--login", "stew", "--data", str(data)])
        assert found.exit_code == 0, found.output
        return found.output

    assert f"{one} {other}  conflict" in told("list")
    assert "two birth dates" in told("show", f"bank:client-{canary(1)}", "bank:other-1")
    assert told("claim", one, other).startswith("claimed until")
    assert told("release", one, other).startswith("released")
    assert told("skip", one, other, "--reason", "later").startswith("skipped")
    assert msgspec.json.decode(told("decide", one, other, "different", "--reason", "two", "--json"))["event"]
    assert "0 shown, 100 % looked at" in told("list")


def test_a_new_pass_has_seen_nothing(rooms):
    sweep = ReviewSweep()
    found = sweep.of(sight_of(steward(rooms)))
    assert (found.covered_percent, sweep.hubs, found.best()) == (0, 0, [])


# ------------------------------------------------------------------ nobody's place is taken


def keeper(rooms, login, portfolio="mine", action="list_reviews"):
    """A steward who sees customers of one portfolio alone."""
    asked = steward(rooms, login, action)
    actor = msgspec.structs.replace(asked.actor, portfolios=(portfolio,))
    return msgspec.structs.replace(asked, relations=(Relation.OWN,), actor=actor)


def kept_by(rooms, portfolio, *numbers):
    """Pairs worth a look of one portfolio."""
    return [
        sorted(
            arrive(
                rooms,
                row(n, keeper=portfolio),
                row(n, id=f"other-{n}", born="1931-12-30", keeper=portfolio),
            )
        )
        for n in numbers
    ]


@pytest.fixture
def few(monkeypatch):
    """Two pairs are remembered, and two looked at for an answer, one at a time."""
    monkeypatch.setattr("onefold.usecases.review_sweep.KEPT_MAX", 2)
    monkeypatch.setattr("onefold.usecases.review_matches.LOOKED_AT_MAX", 2)
    monkeypatch.setattr("onefold.usecases.review_matches.PORTION", 1)


@pytest.mark.usefixtures("few")
def test_pairs_that_somebody_may_not_see_take_no_place_of_those_they_may(rooms):
    kept_by(rooms, "theirs", *range(1, 7))
    arrive(rooms, *(row(n, id=f"third-{n}", keeper="theirs") for n in range(1, 7)))
    (mine,) = kept_by(rooms, "mine", 20)
    everybody = queue(rooms)
    assert len(everybody.items) == 2
    assert mine not in pairs(everybody), "those of others are worth more"
    for _ in range(2):
        assert pairs(list_reviews(keeper(rooms, "kim"), rooms, whole=True)) == [mine]
    assert len(pairs(queue(rooms))) == 2, "who may see all still sees the worthiest"


@pytest.mark.usefixtures("few")
def test_who_looks_at_a_part_of_the_keys_at_a_time_comes_to_theirs_as_well(rooms, monkeypatch):
    monkeypatch.setattr("onefold.usecases.review_sweep.ROWS_AT_ONCE", 5)
    kept_by(rooms, "theirs", *range(1, 7))
    (mine,) = kept_by(rooms, "mine", 20)
    found = list_reviews(keeper(rooms, "kim"), rooms)
    for _ in range(100):
        found = list_reviews(keeper(rooms, "kim"), rooms)
    assert (pairs(found), found.covered_percent) == ([mine], 100)


@pytest.mark.usefixtures("few")
def test_pairs_that_may_be_seen_no_more_make_room(rooms):
    kept_by(rooms, "mine", 1, 2)
    assert len(list_reviews(keeper(rooms, "kim"), rooms, whole=True).items) == 2
    arrive(rooms, *(row(n, id=f"other-{n}", born="1931-12-30", keeper="theirs") for n in (1, 2)))
    arrive(rooms, *(row(n, keeper="theirs") for n in (1, 2)))
    (later,) = kept_by(rooms, "mine", 30)
    list_reviews(keeper(rooms, "kim"), rooms, whole=True)
    assert pairs(list_reviews(keeper(rooms, "kim"), rooms, whole=True)) == [later]


@pytest.mark.usefixtures("few")
def test_pairs_that_somebody_skipped_make_room_for_those_nobody_did(rooms):
    found = {tuple(it) for it in kept_by(rooms, "mine", 1, 2, 3, 4, 5)}
    seen = set()
    for _ in range(5):
        (it, *_) = queue(rooms).items
        seen.add((it.left, it.right))
        skip_review(steward(rooms), rooms, it.left, it.right, "do not know them")
    assert seen == found
    assert queue(rooms).items == ()
    assert len(queue(rooms, "ben").items) == 2


def test_a_skip_is_of_one_person_and_outlives_that_of_another(rooms):
    two = conflicting(rooms)
    skip_review(steward(rooms), rooms, two[0], two[1], "do not know them")
    skip_review(steward(rooms, "ben"), rooms, two[0], two[1], "nor do I")
    assert queue(rooms).items == ()
    assert queue(rooms, "ben").items == ()
    (it,) = queue(rooms, "cat").items
    assert (it.standing, it.by) == ("skipped", "ben")
    claim_review(steward(rooms, "cat"), rooms, *two)
    release_review(steward(rooms, "cat"), rooms, *two)
    assert queue(rooms).items == (), "what others do with it does not bring it back"


def test_who_comes_back_to_what_they_skipped_has_it_again_and_who_skips_their_claim_gives_it_back(rooms):
    two = conflicting(rooms)
    skip_review(steward(rooms), rooms, two[0], two[1], "later")
    claim_review(steward(rooms), rooms, *two)
    (it,) = queue(rooms).items
    assert (it.standing, it.by) == ("claimed", "anna")
    skip_review(steward(rooms), rooms, two[0], two[1], "not after all")
    assert queue(rooms).items == ()
    assert claim_review(steward(rooms, "ben"), rooms, *two).by == "ben"


@pytest.mark.usefixtures("few")
def test_proposals_that_somebody_may_not_see_keep_nobody_from_those_they_may(rooms):
    (mine,) = kept_by(rooms, "mine", 20)
    theirs = kept_by(rooms, "theirs", 1, 2, 3)
    both = [msgspec.structs.replace(steward(rooms, "ben"), obligations=("four_eyes",))]
    for two in (mine, *theirs):
        decide_review(both[0], rooms, *two, verdict="same", reason="looked")
    seen = [pairs(list_reviews(keeper(rooms, "kim"), rooms, whole=True)) for _ in range(3)]
    assert seen[-1] == [mine]


def test_a_kind_of_asker_that_nobody_was_for_long_is_forgotten_and_begins_anew(rooms, monkeypatch):
    monkeypatch.setattr("onefold.usecases.review_sweep.SIGHTS_MAX", 1)
    (mine,) = kept_by(rooms, "mine", 20)
    for _ in range(2):
        assert pairs(list_reviews(keeper(rooms, "kim"), rooms, whole=True)) == [mine]
        assert pairs(queue(rooms)) == [mine]
    assert len(rooms.reviews._passes) == 1
