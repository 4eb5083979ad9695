"""Whose an instant on a device is: sightings, sessions, the time before a login, shared devices."""

from __future__ import annotations

import pytest

from onefold.customer.fragments.model import Fragment
from onefold.customer.profile.attribution import (
    USUAL,
    DeviceRules,
    Sighting,
    sighting_of,
    stretch_at,
    stretches_of,
)
from onefold.kernel.time import MS_PER_DAY

MINUTE = 60_000
DAY = MS_PER_DAY
PHONE, ANNA, ANNA_TOO, BORIS, CARLA = (it.encode().ljust(16, b".") for it in ("d", "a", "a2", "b", "c"))


def same(party: bytes) -> bytes:
    """Anna is known by two records."""
    return ANNA if party == ANNA_TOO else party


def seen(at: int, party: bytes = b"", *, leaves: bool = False) -> Sighting:
    return Sighting(PHONE, at, at.to_bytes(16, "big"), party, leaves)


def whose(at: int, *line: Sighting, rules: DeviceRules = USUAL, person=same) -> bytes | None:
    found = stretch_at(stretches_of(line, person, rules), at)
    return found.party if found else None


def test_what_was_done_before_the_first_login_is_of_who_logged_in():
    assert whose(99 * DAY, seen(100 * DAY, ANNA)) == ANNA


def test_a_login_reaches_back_as_far_as_the_rules_say_and_no_further():
    login = seen(100 * DAY, ANNA)
    assert whose(70 * DAY, login) == ANNA
    assert whose(70 * DAY - 1, login) is None
    assert whose(100 * DAY - 1, login, rules=USUAL._replace(before_login_days=0)) is None


def test_who_is_logged_in_is_there_for_a_session():
    login = seen(100 * DAY, ANNA)
    assert whose(100 * DAY, login) == ANNA
    assert whose(100 * DAY + 30 * MINUTE - 1, login) == ANNA
    assert whose(100 * DAY + 30 * MINUTE, login) is None


def test_between_two_logins_of_one_person_the_device_is_theirs():
    line = seen(100 * DAY, ANNA), seen(110 * DAY, ANNA_TOO)
    assert whose(105 * DAY, *line) == ANNA_TOO
    assert whose(105 * DAY, *line, person=lambda it: it) is None, "two people, as far as anybody knows"


def test_a_login_does_not_reach_past_another_person():
    line = seen(100 * DAY, ANNA), seen(101 * DAY, BORIS)
    assert whose(100 * DAY + MINUTE, *line) == ANNA
    assert whose(100 * DAY + 60 * MINUTE, *line) is None
    assert whose(101 * DAY, *line) == BORIS


def test_a_session_ends_where_somebody_else_is_seen():
    line = seen(0, ANNA), seen(10 * MINUTE, BORIS)
    assert [whose(it * MINUTE, *line) for it in (9, 10, 11)] == [ANNA, BORIS, BORIS]


@pytest.mark.parametrize("who", [ANNA, b""])
def test_what_follows_a_logout_is_nobodys_until_somebody_is_seen(who):
    line = seen(0, ANNA), seen(10 * MINUTE, who, leaves=True), seen(20 * MINUTE, BORIS)
    assert [whose(it * MINUTE, *line) for it in (9, 10, 19, 20)] == [ANNA, None, None, BORIS]


def test_what_follows_a_logout_is_not_even_of_who_comes_back():
    assert whose(DAY, seen(0, ANNA, leaves=True), seen(2 * DAY, ANNA)) is None


def test_a_logout_that_names_somebody_says_that_they_were_there():
    assert whose(9 * DAY, seen(10 * DAY, ANNA, leaves=True)) == ANNA
    assert whose(9 * DAY, seen(10 * DAY, leaves=True)) is None


def test_a_shared_device_joins_nobody_but_while_they_are_logged_in():
    line = seen(100 * DAY, ANNA), seen(101 * DAY, BORIS), seen(102 * DAY, CARLA), seen(103 * DAY, CARLA)
    assert whose(99 * DAY, *line) is None
    assert whose(102 * DAY + 60 * MINUTE, *line) is None
    assert whose(102 * DAY + MINUTE, *line) == CARLA
    assert whose(99 * DAY, *line, rules=USUAL._replace(people_most=3)) == ANNA


def test_people_are_counted_and_not_their_records():
    line = seen(100 * DAY, ANNA), seen(101 * DAY, ANNA_TOO), seen(102 * DAY, BORIS)
    assert whose(99 * DAY, *line) == ANNA
    assert whose(99 * DAY, *line, person=lambda it: it) is None


def test_of_two_logins_at_one_instant_the_greater_id_holds():
    first, second = (Sighting(PHONE, DAY, key, who, False) for key, who in ((b"1", ANNA), (b"2", BORIS)))
    assert whose(DAY, second, first) == whose(DAY, first, second) == BORIS


def test_no_rules_give_more_than_the_widest():
    line = seen(100 * DAY, ANNA), seen(200 * DAY, BORIS), seen(300 * DAY, CARLA, leaves=True)
    told = [
        whose(it * DAY, *line, rules=DeviceRules(1 << 40, 1 << 30, 1 << 30))
        for it in (-9, 100, 199, 200, 299, 300, 900)
    ]
    assert told == [ANNA, ANNA, ANNA, BORIS, BORIS, None, None]


def interaction(**values) -> Fragment:
    return Fragment(b"i", "interaction", "app", "k", b"s", (7, b"e"), values, {})


def told(fragment: Fragment) -> Sighting | None:
    return sighting_of(fragment, fragment.values)


def test_a_call_that_names_its_user_is_a_sighting_of_them():
    assert told(interaction(party=ANNA, device=PHONE, action="page", happened_at=5)) == Sighting(
        PHONE, 5, b"i", ANNA, leaves=False
    )
    assert told(interaction(party=ANNA, device=PHONE, action="logout")) == Sighting(
        PHONE, 7, b"i", ANNA, leaves=True
    )
    assert told(interaction(device=PHONE, action="logout")) == Sighting(PHONE, 7, b"i", b"", leaves=True)


def test_what_names_nobody_or_no_device_is_none():
    assert told(interaction(device=PHONE, action="page")) is None
    assert told(interaction(party=ANNA, action="login")) is None
    assert told(interaction(party=ANNA, device=PHONE, action="sent")) is None, "a push needs nobody there"
    assert sighting_of(interaction(), None) is None


def test_a_device_that_names_who_used_it_last_is_one_sighting():
    patched = Fragment(PHONE, "device", "app", "k", PHONE, (3, b"e"), {"model": "x"}, {})
    assert told(patched) is None
    patched = Fragment(PHONE, "device", "app", "k", PHONE, None, None, {"party": ((4, b"f"), ANNA)})
    assert told(patched) == Sighting(PHONE, 4, PHONE, ANNA, leaves=False)
