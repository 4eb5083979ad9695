"""What every index of a door must keep, whatever it is made of: the suite of DoorIndex.

An index's test subclasses `DoorIndexSuite` and says in `index` how one is made; the rest is inherited.
"""

from __future__ import annotations

import pytest

from onefold.kernel.errors import Unavailable
from onefold.kernel.time import MS_PER_DAY as DAY
from onefold.record.intake.model import Tally
from onefold.record.intake.runs import RUNS_KEPT, Run, Way

A, B, C = (number.to_bytes(16, "big") for number in (1, 2, 3))
TABLE = "core/customer"


class DoorIndexSuite:
    """The promises of the port; `index` gives an empty one."""

    @pytest.fixture
    def index(self):
        """Overridden by each index."""
        raise NotImplementedError

    def test_an_empty_index_has_seen_nothing(self, index):
        assert (index.log_offset, index.quarantine_offset, index.counts()) == (0, 0, [])
        assert index.last_as_of(TABLE) == 0

    def test_an_event_is_fresh_once_for_ever(self, index):
        with index.work() as work:
            assert work.claim([(1, A), (1, B)]) == {A, B}
            assert work.claim([(1, B), (1, C)]) == {C}
        with index.work() as work:
            assert work.claim([(1, A), (1, B), (1, C)]) == set()

    def test_an_event_twice_in_one_claim_is_fresh_once(self, index):
        with index.work() as work:
            assert work.claim([(1, A), (1, A)]) == {A}

    def test_the_same_id_on_another_day_is_another_event(self, index):
        with index.work() as work:
            work.claim([(1, A)])
            assert work.claim([(2, A)]) == {A}

    def test_many_claims_at_once_are_told_apart(self, index):
        ids = [number.to_bytes(16, "big") for number in range(3000)]
        with index.work() as work:
            work.claim([(number % 7, key) for number, key in enumerate(ids) if number % 2])
        with index.work() as work:
            fresh = work.claim([(number % 7, key) for number, key in enumerate(ids)])
        assert fresh == set(ids[::2])

    def test_a_released_claim_is_fresh_again(self, index):
        with index.work() as work:
            work.claim([(1, A), (1, B)])
            work.release([(1, A)])
        with index.work() as work:
            assert work.claim([(1, A), (1, B)]) == {A}

    def test_work_that_fails_leaves_nothing_behind(self, index):
        with pytest.raises(Unavailable):
            self.fail_in_the_middle(index)
        assert (index.log_offset, index.quarantine_offset, index.counts()) == (0, 0, [])
        with index.work() as work:
            assert work.claim([(1, A)]) == {A}
            assert work.snapshots(TABLE, [A]) == {}

    @staticmethod
    def fail_in_the_middle(index):
        """Changes everything there is to change, and fails."""
        with index.work() as work:
            work.claim([(1, A)])
            work.remember(TABLE, {A: (b"x", 5, "1.0.0")})
            work.count("core", "customer", Tally(1, 1), 9, 9)
            work.move(log=4, quarantine=2)
            raise Unavailable("The disk is full.")

    def test_the_last_row_of_each_fragment_is_remembered(self, index):
        with index.work() as work:
            work.remember(TABLE, {A: (b"old", 1, "1.0.0"), B: (b"other", 1, "1.0.0")})
            work.remember(TABLE, {A: (b"new", 7, "1.0.0")})
            work.remember("core/loan", {A: (b"loan", 3, "1.0.0")})
        with index.work() as work:
            assert work.snapshots(TABLE, [A, B, C]) == {A: (b"new", 7, "1.0.0"), B: (b"other", 1, "1.0.0")}
            assert work.snapshots("core/card", [A]) == {}
        assert (index.last_as_of(TABLE), index.last_as_of("core/loan")) == (7, 3)

    def test_remembering_nothing_is_nothing(self, index):
        with index.work() as work:
            work.remember(TABLE, {})
        assert index.last_as_of(TABLE) == 0

    def test_accounts_add_up_and_keep_the_newest_times(self, index):
        with index.work() as work:
            work.count("core", "customer", Tally(3, 1, 1, 0, 1, 0, {"bad_date": 1}), 100, 50)
            work.count("core", "customer", Tally(2, 0, 0, 0, 1, 1, {"bad_date": 1, "too_long": 1}), 90, 70)
            work.count("core", "account", Tally(1, 1), 80, 0)
        account, customer = index.counts()
        assert (account.object, customer.object) == ("account", "customer")
        assert customer.tally == Tally(5, 1, 1, 0, 2, 1, {"bad_date": 2, "too_long": 1})
        assert (customer.last_offered_at, customer.last_event_at) == (100, 70)

    def test_a_source_has_an_account_for_every_day(self, index):
        with index.work() as work:
            work.count("core", "customer", Tally(3, 2, 1), 5 * DAY, 0)
            work.count("core", "account", Tally(2, 1, 0, 0, 1, 0, {"bad_date": 1}), 6 * DAY - 1, 0)
            work.count("core", "account", Tally(1, 1), 6 * DAY, 0)
            work.count("crm", "contact", Tally(1, 1), 6 * DAY, 0)
        first, second = index.days("core", 5)
        assert (first.day, first.tally) == (5, Tally(5, 3, 1, 0, 1, 0, {"bad_date": 1}))
        assert (second.day, second.tally) == (6, Tally(1, 1))
        assert index.days("core", 6) == [second]
        assert sum(it.tally.offered for it in index.days("core", 0)) == sum(
            it.tally.offered for it in index.counts() if it.source == "core"
        )

    def test_runs_add_up_and_end(self, index):
        load, pull = Run(Way.FILES, 100, "anna", 2, "abc"), Run(Way.QUERY, 200, "schedule")
        with index.work() as work:
            work.count_run("core", load, Tally(3, 2, 1), 110)
            work.count_run("core", load, Tally(2, 1, 0, 0, 1, 0, {"bad_date": 1}), 120)
            work.count_run("core", pull, Tally(1, 1), 210)
            work.end_run("core", load, 130)
            work.end_run("crm", load, 130)
        newest, oldest = index.runs("core", 10)
        assert (newest.run, newest.tally, newest.last_at, newest.ended_at) == (pull, Tally(1, 1), 210, 0)
        assert (oldest.run, oldest.last_at, oldest.ended_at) == (load, 120, 130)
        assert oldest.tally == Tally(5, 3, 1, 0, 1, 0, {"bad_date": 1})
        assert index.runs("core", 1) == [newest]
        assert index.runs("crm", 10) == []

    def test_the_oldest_runs_are_let_go_of_each_source_alone(self, index):
        with index.work() as work:
            work.count_run("crm", Run(Way.FILES, 1), Tally(1, 1), 1)
            for at in range(1, RUNS_KEPT + 4):
                work.count_run("core", Run(Way.FILES, at), Tally(1, 1), at)
        kept = [it.run.began_at for it in index.runs("core", 10_000)]
        assert kept == list(range(RUNS_KEPT + 3, 3, -1))
        assert len(index.runs("crm", 10)) == 1

    def test_offsets_move_one_by_one(self, index):
        with index.work() as work:
            work.move(log=3)
        with index.work() as work:
            work.move(quarantine=8)
        assert (index.log_offset, index.quarantine_offset) == (3, 8)

    def test_a_cleared_index_is_an_empty_one(self, index):
        with index.work() as work:
            work.claim([(1, A)])
            work.remember(TABLE, {A: (b"x", 1, "1.0.0")})
            work.count("core", "customer", Tally(1, 1), 1, 1)
            work.count_run("core", Run(Way.FILES, 1), Tally(1, 1), 1)
            work.move(log=1, quarantine=1)
        index.clear()
        assert (index.days("core", 0), index.runs("core", 10)) == ([], [])
        assert (index.log_offset, index.quarantine_offset, index.counts()) == (0, 0, [])
        with index.work() as work:
            assert work.claim([(1, A)]) == {A}
            assert work.snapshots(TABLE, [A]) == {}

    def test_what_was_stated_is_walked_by_id(self, index):
        assert index.stated(TABLE, b"", 10) == []
        with index.work() as work:
            work.remember(TABLE, {C: (b"c", 3, "1.0.0"), A: (b"a", 1, "1.0.0"), B: (b"b", 2, "1.0.0")})
            work.remember("core/other", {A: (b"x", 9, "1.0.0")})
            work.remember(TABLE, {B: (b"B", 4, "1.0.0")})
        assert index.stated(TABLE, b"", 2) == [(A, b"a", 1), (B, b"B", 4)]
        assert index.stated(TABLE, B, 2) == [(C, b"c", 3)]
        assert index.stated(TABLE, C, 2) == []
