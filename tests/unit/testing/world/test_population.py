"""People and what is theirs."""

from __future__ import annotations

from collections import Counter

import phonenumbers
import pytest

from onefold.testing.world.contacts import with_check_digit
from onefold.testing.world.population import populate
from tests.unit.testing.world.made import UNTIL, blocks, setting


def people():
    return [person for block in blocks() for person in block.people]


def test_everybody_has_a_number_of_their_own_from_zero_up():
    assert [person.index for person in people()] == list(range(3000))


def test_a_block_is_the_same_whenever_it_is_made():
    once, again = populate(setting(), 3), populate(setting(), 3)
    assert [(it.id, it.given, it.family, it.born, it.phones) for it in once.people] == [
        (it.id, it.given, it.family, it.born, it.phones) for it in again.people
    ]


def test_national_ids_differ_and_pass_their_check_digit():
    ids = [person.national_id for person in people()]
    assert len(set(ids)) == len(ids)
    assert all(len(it) == 14 and with_check_digit(it[:-1]) == it for it in ids)


def test_phones_are_real_mobile_numbers_of_the_country():
    for person in people()[:500]:
        for _, number in person.phones:
            parsed = phonenumbers.parse(f"+{number}")
            assert phonenumbers.is_valid_number(parsed)
            assert parsed.country_code == 998


def test_a_number_has_one_user_at_a_time_unless_it_is_shared_at_home():
    users = Counter(person.phones[-1].text for person in people() if person.phones)
    assert max(users.values()) == 1


def test_a_recycled_number_rests_before_a_stranger_gets_it():
    by_id = {person.id: person for person in people()}
    recycled = [it for block in blocks() for it in block.events if it.kind == "recycled_phone"]
    assert recycled
    for event in recycled:
        taker, giver = by_id[event.person], by_id[event.other]
        assert taker.phone_on(event.day) == giver.phones[0].text or taker.phone_lender
        assert giver.phones[1].day + 90 <= event.day
        assert taker.household is not giver.household


def test_mailboxes_are_never_shared_by_strangers():
    boxes = Counter(box.text for person in people() for box in person.emails)
    assert max(boxes.values()) == 1


def test_twins_share_birth_date_and_home_and_differ_in_name():
    by_id = {person.id: person for person in people()}
    twins = [it for block in blocks() for it in block.events if it.kind == "twins"]
    assert twins
    for event in twins:
        one, other = by_id[event.person], by_id[event.other]
        assert one.born == other.born
        assert one.household is other.household
        assert one.given != other.given


def test_a_father_and_his_namesake_differ_in_birth_date():
    by_id = {person.id: person for person in people()}
    pairs = [it for block in blocks() for it in block.events if it.kind == "father_and_son"]
    assert pairs
    for event in pairs:
        father, son = by_id[event.person], by_id[event.other]
        assert (father.given, father.family) == (son.given, son.family)
        assert father.born < son.born - 18 * 365


def test_minors_have_a_grown_guardian_at_home():
    minors = [person for person in people() if person.age(UNTIL) < 18]
    assert minors
    for minor in minors:
        assert minor.guardian in minor.household.members
        assert minor.guardian.age(UNTIL) >= 18


def test_a_wife_bears_her_former_name_before_the_wedding():
    wives = [person for person in people() if person.maiden]
    assert wives
    for wife in wives:
        assert wife.family_on(wife.married_on - 1) == wife.maiden
        assert wife.family_on(wife.married_on) == wife.family
        assert wife.partner is not None


@pytest.mark.parametrize("rest", [1, 2, 7, 499])
def test_a_world_has_exactly_the_people_asked_for(rest):
    block = populate(setting(people=500 + rest), 1)
    assert len(block.people) == rest
    assert all(person.partner in (None, *person.household.members) for person in block.people)
