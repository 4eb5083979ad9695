"""What every keeper of subject keys must keep: the suite of SubjectKeys.

A keeper's test subclasses `SubjectKeysSuite` and says in `keys` how one is made; the rest is inherited.
"""

from __future__ import annotations

import threading

import pytest


def subject(number: int) -> bytes:
    """An id that is told apart at sight."""
    return number.to_bytes(16, "big")


class SubjectKeysSuite:
    """The promises of the port; `keys` gives an empty keeper."""

    @pytest.fixture
    def keys(self):
        """Overridden by each keeper."""
        raise NotImplementedError

    def test_a_key_is_made_once_and_stays(self, keys):
        made = keys.obtain([subject(1)])
        assert len(made[subject(1)]) == 32
        assert keys.obtain([subject(1)]) == made
        assert keys.find([subject(1)]) == made

    def test_every_subject_has_a_key_of_its_own(self, keys):
        made = keys.obtain([subject(number) for number in range(1200)])
        assert len(made) == len(set(made.values())) == 1200

    def test_finding_makes_nothing(self, keys):
        assert keys.find([subject(1)]) == {}
        assert keys.find([subject(1)]) == {}

    def test_known_and_new_subjects_may_be_asked_for_together_and_twice(self, keys):
        first = keys.obtain([subject(1)])
        both = keys.obtain([subject(2), subject(1), subject(2)])
        assert set(both) == {subject(1), subject(2)}
        assert both[subject(1)] == first[subject(1)]

    def test_asking_for_nobody_gives_nobody(self, keys):
        assert keys.obtain([]) == {}
        assert keys.find([]) == {}

    def test_an_erased_subject_has_no_key_and_gets_none(self, keys):
        keys.obtain([subject(1), subject(2)])
        keys.destroy([subject(1)])
        assert keys.find([subject(1), subject(2)]).keys() == {subject(2)}
        assert keys.obtain([subject(1), subject(2)]).keys() == {subject(2)}

    def test_erasing_twice_or_erasing_somebody_unknown_is_no_error(self, keys):
        keys.obtain([subject(1)])
        keys.destroy([subject(1)])
        keys.destroy([subject(1)])
        keys.destroy([subject(9)])
        assert keys.obtain([subject(1), subject(9)]) == {}

    def test_threads_that_ask_at_once_get_the_same_keys(self, keys):
        subjects = [subject(number) for number in range(200)]
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(keys.obtain(subjects))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 4
        assert all(answer == answers[0] for answer in answers)
