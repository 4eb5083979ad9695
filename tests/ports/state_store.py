"""What every state store must keep, whatever it is made of: the suite of StepState and CustomerReader.

A store's test subclasses `StateStoreSuite` and says in `store` how one is made; the rest is inherited.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from onefold.customer.consent.reach import ALWAYS, FOR_EVER, TOLD_APART, UNDECIDED, Spell
from onefold.customer.fragments.model import Fragment
from onefold.customer.profile.attribution import Sighting
from onefold.customer.profile.groups import Births
from onefold.customer.profile.passages import Passage, owner_word
from onefold.customer.profile.ports import CLOSED, ELSEWHERE, NO_ADDRESS, SHIELDED, ReachQuestion
from onefold.pipeline.errors import Fenced
from onefold.pipeline.fingerprint import state_hash
from onefold.pipeline.model import (
    Contacts,
    CustomerFact,
    NeedFragments,
    NeedFragmentsOf,
    NeedHoldersOfKeys,
    NeedLinks,
    NeedMembers,
    NeedPortraits,
    SetAside,
    Writes,
)
from onefold.record.canon.groups import EVERY_SET


def name(number: int) -> bytes:
    """An id that is told apart at sight."""
    return number.to_bytes(16, "big")


A, B, C, D = (name(number) for number in range(1, 5))


def fragment(key: bytes, **values) -> Fragment:
    """A party fragment stated once."""
    return Fragment(key, "party", "core", key.hex(), key, (1, key), values, {})


class StateStoreSuite:
    """The promises of the ports; `store` gives (StepState, CustomerReader) over one empty state."""

    @pytest.fixture
    def store(self):
        """Overridden by each store."""
        raise NotImplementedError

    @pytest.fixture
    def state(self, store):
        """The side that writes."""
        return store[0]

    @pytest.fixture
    def reader(self, store):
        """The side that reads."""
        return store[1]

    def test_an_empty_state_is_at_offset_zero_and_has_no_rows(self, state, reader):
        assert state.offset == reader.offset == 0
        assert list(reader.walk()) == []

    def test_a_commit_moves_the_offset_with_its_rows(self, state, reader):
        state.commit(Writes(fragments={A: fragment(A, city="Tashkent")}), 0, 7)
        assert state.offset == reader.offset == 7
        assert reader.fragments([A, B]) == {A: fragment(A, city="Tashkent")}

    def test_a_commit_from_another_offset_is_fenced_and_changes_nothing(self, state, reader):
        state.commit(Writes(fragments={A: fragment(A)}), 0, 3)
        before = state_hash(reader)
        with pytest.raises(Fenced):
            state.commit(
                Writes(fragments={B: fragment(B)}, facts=[CustomerFact("CustomerMerged", (A,), (B,))]), 0, 5
            )
        assert state.offset == 3
        assert state_hash(reader) == before

    def test_fragments_come_back_as_they_were_put(self, state):
        patched = Fragment(
            B, "party", "crm", "k", A, None, None, {"email": ((5, C), "a@b.c"), "city": ((6, D), None)}
        )
        deleted = Fragment(C, "party", "crm", "k", A, (5, C), None, {})
        values = {"city": "Ташкент", "since_on": -5, "email_verified": True, "guardian": D}
        state.commit(Writes(fragments={A: fragment(A, **values), B: patched, C: deleted}), 0, 1)
        assert state.answer(NeedFragments((A, B, C, D))) == {A: fragment(A, **values), B: patched, C: deleted}

    def test_a_fragment_put_again_replaces_the_old_one(self, state, reader):
        state.commit(Writes(fragments={A: fragment(A, city="x")}), 0, 1)
        state.commit(Writes(fragments={A: fragment(A, city="y")}), 1, 2)
        assert reader.fragments([A]) == {A: fragment(A, city="y")}
        assert Counter(table for table, _ in reader.walk()) == {"fragments": 1}

    def test_more_ids_can_be_asked_for_than_a_statement_takes(self, state, reader):
        many = {name(number): fragment(name(number)) for number in range(40_000)}
        state.commit(Writes(fragments=many), 0, 1)
        assert state.answer(NeedFragments(tuple(many))).keys() == many.keys()
        assert reader.fragments(list(many)).keys() == many.keys()

    def test_holders_of_a_key_are_cut_one_past_the_limit(self, state):
        held = {(A, name(number)) for number in range(10, 20)} | {(B, C)}
        state.commit(Writes(keys_added=held), 0, 1)
        answer = state.answer(NeedHoldersOfKeys((A, B, D), 3))
        assert answer == {A: [name(number) for number in range(10, 14)], B: [C]}

    def test_a_reader_sees_the_same_holders(self, state, reader):
        held = {(A, name(number)) for number in range(10, 20)} | {(B, C)}
        state.commit(Writes(keys_added=held), 0, 1)
        assert reader.holders([A, B, D], 3) == {A: [name(number) for number in range(10, 14)], B: [C]}

    @pytest.mark.parametrize("most", [1, 2, 3, 4, 7])
    def test_keys_are_walked_whole_and_each_once(self, state, reader, most):
        held = {(name(key), name(it)) for key in range(10, 16) for it in range(20, 20 + key % 4 + 1)}
        state.commit(Writes(keys_added=held), 0, 1)
        walked, after = [], b""
        while page := reader.held_keys(after, most):
            assert len(page) <= most
            assert [key for key, _ in page] == sorted(key for key, _ in page)
            walked.append(page)
            after = page[-1][0]
        keys = [{key for key, _ in page} for page in walked]
        assert sum(map(len, keys)) == len({key for key, _ in held})
        whole = {row for page in walked for row in page}
        cut = {key for key, _ in held if sum(row[0] == key for row in held) > most}
        assert {row for row in held if row[0] not in cut} == {row for row in whole if row[0] not in cut}
        assert {key for key, _ in whole} == {key for key, _ in held}

    def test_a_key_that_is_let_go_has_one_holder_less(self, state):
        state.commit(Writes(keys_added={(A, B), (A, C)}), 0, 1)
        state.commit(Writes(keys_removed={(A, B)}), 1, 2)
        assert state.answer(NeedHoldersOfKeys((A,), 50)) == {A: [C]}

    def test_portraits_are_kept_beside_fragments_and_let_go_of(self, state, reader):
        fragments = {it: fragment(it) for it in (A, B)}
        state.commit(Writes(fragments=fragments, portraits={A: b"one", B: b"two"}), 0, 1)
        assert state.answer(NeedPortraits((A, B, D))) == {A: b"one", B: b"two"}
        state.commit(Writes(portraits={A: b"other", B: None}), 1, 2)
        assert state.answer(NeedPortraits((A, B))) == {A: b"other"}
        assert Counter(table for table, _ in reader.walk())["portraits"] == 1

    def test_links_are_answered_in_order_of_time(self, state):
        links = {(A, "judgement.left", 5, B), (A, "judgement.left", 2, C), (A, "judgement.right", 1, D)}
        state.commit(Writes(links_added=links), 0, 1)
        assert state.answer(NeedLinks((A, B), "judgement.left")) == {A: [C, B]}
        assert state.answer(NeedLinks((A,), "never.seen")) == {}

    def test_linked_pages_backwards_through_time_over_several_targets(self, state, reader):
        links = {(A if n % 2 else B, "transaction.account", n // 3, name(n)) for n in range(100, 130)}
        state.commit(Writes(links_added=links | {(C, "transaction.account", 40, D)}), 0, 1)
        every = sorted(((at, it, to) for to, _, at, it in links), reverse=True)
        paged, last = [], None
        while page := reader.linked([A, B, A], "transaction.account", before=last, most=7):
            paged += page
            last = page[-1][:2]
        assert paged == every

    def test_related_answers_several_relations_and_targets_at_once(self, state, reader):
        links = {(to, f"r{number}", at, D) for to in (A, B, C) for number in range(3) for at in (5, 7)}
        state.commit(Writes(links_added=links), 0, 1)
        found = reader.related([A, B], ["r0", "r2"], 100)
        assert sorted(found) == sorted(
            (name, at, D, to) for to, name, at, _ in links if to in (A, B) and name in ("r0", "r2")
        )
        assert len(reader.related([A, B], ["r0", "r2"], 3)) == 3
        assert reader.related([], ["r0"], 3) == []
        assert reader.related([A], ["none"], 3) == []

    def test_every_link_of_a_relation_is_found_whoever_it_leads_to(self, state, reader):
        links = {(to, f"r{number}", at, D) for to in (A, B, C) for number in range(3) for at in (5, 7)}
        state.commit(Writes(links_added=links), 0, 1)
        found = reader.every_link("r1", 100)
        assert sorted(found) == sorted((at, D, to) for to, name, at, _ in links if name == "r1")
        assert len(reader.every_link("r1", 4)) == 4
        assert reader.every_link("none", 4) == []

    def test_those_who_refer_are_read_with_what_they_say(self, state, reader):
        links = {(to, f"r{number}", 5, by) for to in (A, B, C) for number in range(3) for by in (C, D)}
        put = {it: fragment(it) for it in (C, D)}
        state.commit(Writes(fragments=put, links_added=links), 0, 1)
        found = reader.referring([A, B], ["r0", "r2"], 8)
        assert sorted(found, key=repr) == sorted(
            ((name, at, put[by], to) for to, name, at, by in links if to in (A, B) and name in ("r0", "r2")),
            key=repr,
        )
        assert reader.referring([A, B], ["r0", "r2"], 7) is None
        assert reader.referring([], ["r0"], 3) == reader.referring([A], ["none"], 3) == []
        many = [name(it) for it in range(2000, 3300)]
        assert len(reader.referring([*many, B], ["r1"], 2)) == 2

    def test_a_link_taken_out_is_gone(self, state, reader):
        link = (A, "holder.party", 0, B)
        state.commit(Writes(links_added={link}), 0, 1)
        state.commit(Writes(links_removed={link}), 1, 2)
        assert reader.linked([A], "holder.party") == []

    def test_members_and_customers_change_together(self, state, reader):
        state.commit(Writes(members={A: A, B: A, C: C}, customers={A: 2, C: 1}), 0, 1)
        assert state.answer(NeedMembers((A, B, D))) == {A: A, B: A}
        assert [reader.fragments_of(it) for it in (A, C, D)] == [[A, B], [C], []]
        state.commit(Writes(members={B: C, C: C, A: None}, customers={A: 0, C: 2}), 1, 2)
        assert reader.customer_of(A) is None
        assert reader.customers_of([A, B, C]) == {B: C, C: C}
        assert reader.fragments_of(C) == [B, C]
        assert reader.customers(b"", 10) == [C]

    def test_fragments_of_many_customers_are_answered_in_order(self, state):
        state.commit(Writes(members={A: A, C: A, B: A, D: D}, customers={A: 3, D: 1}), 0, 1)
        assert state.answer(NeedFragmentsOf((A, D, name(9)))) == {A: [A, B, C], D: [D]}

    def test_records_of_many_customers_are_read_at_once(self, state, reader):
        put = {it: fragment(it) for it in (A, B, C, D)}
        members: dict[bytes, bytes | None] = {A: A, C: A, B: B, D: D}
        state.commit(Writes(fragments=put, members=members, customers={A: 2, B: 1, D: 1}), 0, 1)
        assert reader.records_of([D, A, C, name(9)]) == {A: [put[A], put[C]], D: [put[D]]}
        many = [name(it) for it in range(2000, 3300)]
        assert reader.records_of([*many, B]) == {B: [put[B]]}

    def test_what_stands_in_the_way_of_many_is_told_at_once(self, state, reader):
        known = Contacts(",core,crm,", ",crm,", ",core,", "", "", "", ",/UZ,+998/,")
        spells = (
            Spell("", "sms", ALWAYS, FOR_EVER, "suppressed: wish"),
            Spell("marketing", "email", 10, 20, ""),
            Spell("marketing", "email", 20, FOR_EVER, "consent expired"),
            Spell("marketing", "post", 10, FOR_EVER, ""),
            Spell("marketing", "sms", ALWAYS, FOR_EVER, ""),
        )
        unsure = (Spell("marketing", "email", ALWAYS, FOR_EVER, UNDECIDED),)
        state.commit(
            Writes(
                customers={A: 2, B: 1, C: 1},
                contacts={A: known, B: Contacts(",crm,", "", "", "", "", "", ",/,"), C: known},
                spells={A: spells, B: spells, C: unsure},
            ),
            0,
            1,
        )

        def asked(channel, now, address, sources=("core", "crm"), customers=None, purpose="marketing"):
            question = ReachQuestion(purpose, channel, now, frozenset(sources), address)
            return reader.reachable(question, customers)[:3]

        assert asked("email", 10, "email") == ([A], [C], {NO_ADDRESS: 1})
        assert asked("email", 9, "") == ([], [C], {"consent unknown": 2})
        assert asked("email", 20, "email", customers=[A, D, A]) == ([], [], {"consent expired": 1})
        assert asked("email", 10, "email", ["core"]) == ([], [C], {NO_ADDRESS: 1, CLOSED: 1})
        assert asked("email", 10, "", ()) == ([], [], {CLOSED: 3})
        assert asked("post", 10, "address") == ([], [], {"consent unknown": 1, NO_ADDRESS: 2})
        assert asked("sms", 1, "", customers=[A]) == ([], [], {"suppressed: wish": 1})
        assert asked("app", 1, "", purpose="servicing") == ([A, B, C], [], {})
        # Of another controller nothing is kept but whom nobody may contact.
        other = ReachQuestion("marketing", "email", 10, frozenset({"core"}), "email", is_ours=False)
        assert reader.reachable(other, None)[:3] == ([], [A, C], {CLOSED: 1})
        sms = other._replace(channel="sms", address="")
        assert reader.reachable(sms, [A])[:3] == (
            [],
            [],
            {"suppressed: wish": 1},
        )

    def test_an_address_of_which_parts_come_from_elsewhere_is_decided_one_by_one(self, state, reader):
        free = (Spell("marketing", "post", ALWAYS, FOR_EVER, ""),)
        known = Contacts(",core,crm,", "", "", ",crm,", ",core,", "", ",/,")
        state.commit(Writes(customers={A: 1}, contacts={A: known}, spells={A: free}), 0, 1)
        both = ReachQuestion("marketing", "post", 1, frozenset({"core", "crm"}), "address")
        assert reader.reachable(both, None)[:3] == ([], [A], {})
        assert reader.reachable(both._replace(sources=frozenset({"crm"})), None)[:3] == ([A], [], {})

    def test_who_told_classes_of_data_apart_is_decided_one_by_one_where_others_than_addresses_count(
        self, state, reader
    ):
        free = Spell("marketing", "app", ALWAYS, FOR_EVER, "")
        apart = Spell(TOLD_APART, "any", ALWAYS, FOR_EVER, UNDECIDED)
        state.commit(
            Writes(
                customers={A: 1, B: 1, C: 1},
                contacts=dict.fromkeys((A, B, C), Contacts(",core,", "", "", "", "", "", ",/,")),
                spells={A: (free,), B: (free, apart), C: (apart,)},
            ),
            0,
            1,
        )
        asked = ReachQuestion("marketing", "app", 1, frozenset({"core"}), "")
        assert reader.reachable(asked, None)[:3] == ([A, B], [], {"consent unknown": 1})
        assert reader.reachable(asked._replace(by_data=True), None)[:3] == ([A], [B], {"consent unknown": 1})

    def test_who_named_another_channel_is_told_where_that_is_asked_and_nothing_else_stands(
        self, state, reader
    ):
        free = (Spell("marketing", "app", ALWAYS, FOR_EVER, ""),)
        named = {A: "", B: ",app,", C: ",sms,", D: ",app,sms,"}
        state.commit(
            Writes(
                customers=dict.fromkeys(named, 1),
                contacts={it: Contacts(",core,", "", "", "", "", word, ",/,") for it, word in named.items()},
                spells=dict.fromkeys(named, free),
            ),
            0,
            1,
        )
        asked = ReachQuestion("marketing", "app", 1, frozenset({"core"}), "", preferring=True)
        assert reader.reachable(asked, None)[:3] == ([A, B], [], {ELSEWHERE: 2})
        assert reader.reachable(asked._replace(preferring=False), None)[:3] == ([A, B, C, D], [], {})
        elsewhere = asked._replace(address="email")
        assert reader.reachable(elsewhere, None)[:3] == ([], [], {NO_ADDRESS: 4})

    def test_where_the_clocks_of_the_free_stand_is_told_where_that_is_asked(self, state, reader):
        free = (Spell("marketing", "app", ALWAYS, FOR_EVER, ""),)
        clocks = {A: ",+998/UZ,=Asia/Tashkent,", B: ",/,", C: ",+7/,"}
        state.commit(
            Writes(
                customers=dict.fromkeys(clocks, 1),
                contacts={it: Contacts(",core,", "", "", "", "", "", word) for it, word in clocks.items()},
                spells={A: free, C: free},
            ),
            0,
            1,
        )
        asked = ReachQuestion("marketing", "app", 1, frozenset({"core"}), "", clocks=True)
        assert reader.reachable(asked, None) == ([A, C], [], {"consent unknown": 1}, [clocks[A], clocks[C]])
        assert reader.reachable(asked, [C]) == ([C], [], {}, [clocks[C]])
        assert reader.reachable(asked._replace(clocks=False), None).clocks == []

    @pytest.mark.parametrize("many", [1, 2, 5, 15, 16])
    def test_customers_of_sets_of_groups_that_are_shielded_are_not_free(self, state, reader, many):
        """One customer of every set of groups; any sets of them may be asked to be kept away."""
        signs: dict[bytes, Contacts | None] = {
            bytes([number]) * 16: Contacts(
                ",core,",
                "",
                "",
                "",
                "",
                "",
                ",/,",
                "".join(f",{it}," for it in ("protected", "vulnerable") if it in groups),
                100 if "minor" in groups else 99,
                10 if "senior" in groups else 11,
            )
            for number, groups in enumerate(EVERY_SET)
        }
        of = dict(zip(signs, EVERY_SET, strict=True))
        state.commit(Writes(customers=dict.fromkeys(signs, 1), contacts=signs), 0, 1)
        draw = random.Random(many)
        asked = ReachQuestion("servicing", "app", 1, frozenset({"core"}), "")
        for _ in range(10):
            shielded = frozenset(draw.sample(EVERY_SET, many))
            births = Births(minor_after=99, senior_until=10)
            asked = asked._replace(shielded=shielded, births=births)
            found = reader.reachable(asked, None)
            assert {of[it] for it in found.free} == set(EVERY_SET) - shielded
            assert found.left_out == {SHIELDED: many}
        closed = reader.reachable(asked._replace(sources=frozenset({"crm"})), None)
        assert closed.left_out == {CLOSED: 16}

    def test_contacts_and_spells_take_the_place_of_those_before(self, state, reader):
        spells = (Spell("marketing", "email", ALWAYS, FOR_EVER, ""),)
        known = Contacts(",core,", "", "", "", "", "", ",/,")
        state.commit(Writes(customers={A: 1}, contacts={A: known}, spells={A: spells * 1}), 0, 1)
        before = state_hash(reader)
        for changed in (
            Writes(contacts={A: None}, spells={A: ()}),
            Writes(contacts={A: known}, spells={A: spells}),
        ):
            state.commit(changed, state.offset, state.offset + 1)
        assert state_hash(reader) == before
        state.commit(Writes(contacts={A: None}, spells={A: ()}), 3, 4)
        assert [table for table, _ in reader.walk()] == ["customers"]

    def test_customers_are_walked_in_order_of_their_ids(self, state, reader):
        sizes = {name(number): 1 for number in range(20, 30)}
        state.commit(Writes(customers=sizes), 0, 1)
        first = reader.customers(b"", 4)
        assert first + reader.customers(first[-1], 100) == sorted(sizes)

    def test_terms_are_found_by_prefix_and_kind(self, state, reader):
        terms = {("karimov", "name", A), ("karim", "name", B), ("karimov", "key", C), ("kar", "name", D)}
        state.commit(Writes(terms_added=terms), 0, 1)
        assert reader.find(["kari"], ["name"], 10) == [("karim", "name", B), ("karimov", "name", A)]
        assert reader.find(["karimov", "karim"], ["key", "name"], 10) == [
            ("karim", "name", B),
            ("karimov", "key", C),
            ("karimov", "name", A),
        ]
        assert reader.find(["ka"], ["name"], 1) == [("kar", "name", D)]
        state.commit(Writes(terms_removed={("kar", "name", D)}), 1, 2)
        assert reader.find(["kar"], ["name"], 1) == [("karim", "name", B)]

    def test_a_device_tells_who_was_seen_on_it_in_order_of_time(self, state, reader):
        line = [Sighting(A, 5, C, D, False), Sighting(A, 5, D, b"", True), Sighting(A, -7, D, B, False)]
        state.commit(Writes(sightings_added={*line, Sighting(B, 1, C, D, False)}), 0, 1)
        assert reader.sightings([A, C], 9) == {A: [line[2], line[0], line[1]]}
        assert reader.sightings([A], 1) == {A: [line[2], line[0]]}, (
            "one more than asked for tells there is more"
        )
        assert reader.devices_of([D], 9) == [A, B]
        assert reader.devices_of([D], 1) == reader.devices_of([B, C], 9) == [A]
        assert reader.devices_of([A], 9) == []

    def test_a_sighting_that_changed_is_seen_as_it_is_now(self, state, reader):
        was, now = Sighting(A, 5, C, D, False), Sighting(A, 5, C, B, True)
        state.commit(Writes(sightings_added={was, Sighting(A, 6, D, D, False)}), 0, 1)
        state.commit(
            Writes(sightings_removed={was, Sighting(A, 6, D, D, False)}, sightings_added={now}), 1, 2
        )
        assert reader.sightings([A], 9) == {A: [now]}
        assert [table for table, _ in reader.walk()] == ["sightings"]

    @pytest.mark.parametrize("most", [1, 2, 3, 4, 9])
    def test_devices_are_walked_whole_and_each_once_with_all_who_were_seen(self, state, reader, most):
        people = {A: (B, C, D), B: (C, D, C), C: (D,)}
        seen = {
            Sighting(device, at, name(90 + 10 * at + number), it, False)
            for number, (device, line) in enumerate(people.items())
            for at, it in enumerate(line)
        }
        seen |= {Sighting(B, 9, name(80), b"", True), Sighting(D, 1, name(81), b"", True)}
        state.commit(Writes(sightings_added=seen), 0, 1)
        walked, after = [], b""
        while page := reader.seen_on(after, most):
            assert len(page) <= most
            walked.append(page)
            after = page[-1][0]
        devices = [it for page in walked for it in dict.fromkeys(device for device, _ in page)]
        assert sorted(devices) == sorted(people), "each once, and none where somebody only left"
        rows = sorted(row for page in walked for row in page)
        assert rows == sorted((it, who) for it, line in people.items() for who in line[:most])

    def test_passages_are_found_by_the_beginnings_of_their_words_newest_first(self, state, reader):
        said = {A: (5, "card gone"), B: (9, "cardinal gone"), C: (7, "card там"), D: (9, "else")}
        state.commit(Writes(passages={it: Passage(it, *of) for it, of in said.items()}), 0, 1)
        assert reader.heard(["card"], []) == [(9, B), (7, C), (5, A)]
        assert reader.heard(["go", "card"], []) == [(9, B), (5, A)]
        assert reader.heard(["та"], []) == [(7, C)]
        assert reader.heard(["ard"], []) == []
        assert reader.heard(["card"], [], most=1) == [(9, B)]
        assert reader.heard(["card"], [], before=(9, B)) == [(7, C), (5, A)]
        assert reader.heard(["e"], [], before=(9, D)) == []

    def test_passages_are_found_by_whom_they_are_about(self, state, reader):
        said = {A: f"card {owner_word(C)}", B: f"card {owner_word(C)} {owner_word(D)}", C: "card"}
        state.commit(Writes(passages={it: Passage(it, 1, of) for it, of in said.items()}), 0, 1)
        assert reader.heard(["card"], [C]) == [(1, B), (1, A)]
        assert reader.heard(["card"], [A, D]) == [(1, B)]
        assert reader.heard(["else"], [C]) == []
        assert len(reader.heard(["card"], [name(number) for number in range(300)] + [D])) == 2

    def test_a_passage_that_changed_or_went_is_found_by_its_old_words_no_more(self, state, reader):
        state.commit(Writes(passages={A: Passage(A, 1, "card gone"), B: Passage(B, 1, "card")}), 0, 1)
        state.commit(Writes(passages={A: Passage(A, 2, "loan"), B: None, C: None}), 1, 2)
        assert reader.heard(["card"], []) == reader.heard(["gone"], []) == []
        assert reader.heard(["loan"], []) == [(2, A)]
        before = state_hash(reader)
        state.tidy()
        assert state_hash(reader) == before
        assert reader.heard(["loan"], []) == [(2, A)]
        assert [table for table, _ in reader.walk()] == ["passages"]

    def test_buckets_add_up_over_commits_and_vanish_at_zero(self, state, reader):
        state.commit(Writes(buckets={(A, "credit", 10): 5, (A, "credit", 11): 2, (B, "debit", 10): 1}), 0, 1)
        state.commit(Writes(buckets={(A, "credit", 10): -5, (A, "credit", 11): 3}), 1, 2)
        assert reader.buckets([A, B, A], "credit", 0, 99) == [(A, 11, 5)]
        assert reader.buckets([A], "credit", 0, 11) == []
        assert sum(table == "buckets" for table, _ in reader.walk()) == 2

    def test_the_hash_is_of_the_rows_not_of_the_way_they_came(self, state, reader, other):
        one = Writes(
            fragments={A: fragment(A)}, buckets={(A, "credit", 1): 2}, members={A: A}, customers={A: 1}
        )
        two = Writes(
            fragments={B: fragment(B)}, buckets={(A, "credit", 1): 3}, terms_added={("x", "name", B)}
        )
        for writes, offset in ((one, 0), (two, 1)):
            state.commit(writes, offset, offset + 1)
        for writes, offset in ((two, 0), (one, 1)):
            other[0].commit(writes, offset, offset + 1)
        assert state_hash(reader) == state_hash(other[1])
        other[0].commit(Writes(buckets={(A, "credit", 1): 1}), 2, 3)
        assert state_hash(reader) != state_hash(other[1])

    def test_events_set_aside_are_rows_of_the_state(self, state, reader):
        aside = SetAside(A, B, "core", "customers", "1.0.0", "bad_date", "birth_date")
        for offset in (0, 1):
            state.commit(Writes(set_aside={A: aside}), offset, offset + 1)
        assert [table for table, _ in reader.walk()] == ["set_aside"]

    def test_facts_do_not_enter_the_hash(self, state, reader):
        before = state_hash(reader)
        state.commit(Writes(facts=[CustomerFact("CustomerMerged", (A, B), (A,))]), 0, 1)
        assert state_hash(reader) == before
