"""What every biometric engine must keep: the suite of BiometricMatcher.

An engine's test subclasses `BiometricMatcherSuite`, says in `matcher` how one is made that keeps nothing yet,
and in `sample` how another sample of somebody is taken.
"""

from __future__ import annotations

import pytest

from onefold.kernel.errors import OnefoldError

ONE, TWO = b"1" * 16, b"2" * 16
FIRST, SECOND = b"f" * 32, b"s" * 32


class BiometricMatcherSuite:
    """The promises of the port."""

    @pytest.fixture
    def matcher(self):
        """Overridden by each engine."""
        raise NotImplementedError

    def sample(self, person: str, take: int) -> bytes:
        """Overridden by each engine: no two takes of a person are alike, bit by bit."""
        raise NotImplementedError

    def test_another_sample_of_the_same_person_gives_the_same_bytes(self, matcher):
        made = matcher.enrol(ONE, "face", self.sample("anna", 1), FIRST)
        assert len(made) >= 16
        assert self.sample("anna", 1) != self.sample("anna", 2)
        assert {matcher.compare(ONE, "face", self.sample("anna", it), FIRST) for it in range(1, 6)} == {made}

    def test_a_sample_of_somebody_else_does_not(self, matcher):
        made = matcher.enrol(ONE, "face", self.sample("anna", 1), FIRST)
        for it in range(5):
            assert matcher.compare(ONE, "face", self.sample(f"boris {it}", 1), FIRST) != made

    def test_who_was_never_enrolled_is_compared_with_nobody(self, matcher):
        assert matcher.compare(ONE, "face", self.sample("anna", 1), FIRST) is None

    def test_under_another_secret_one_person_has_other_bytes(self, matcher):
        made = matcher.enrol(ONE, "face", self.sample("anna", 1), FIRST)
        other = matcher.enrol(TWO, "face", self.sample("anna", 1), SECOND)
        assert made != other
        assert matcher.compare(ONE, "face", self.sample("anna", 2), SECOND) not in (made, other)

    def test_a_second_enrolment_ends_the_first(self, matcher):
        made = matcher.enrol(ONE, "face", self.sample("anna", 1), FIRST)
        again = matcher.enrol(ONE, "face", self.sample("anna", 1), SECOND)
        assert matcher.compare(ONE, "face", self.sample("anna", 2), SECOND) == again
        assert matcher.compare(ONE, "face", self.sample("anna", 2), FIRST) != made

    def test_what_was_forgotten_is_compared_with_nobody_and_others_stand(self, matcher):
        matcher.enrol(ONE, "face", self.sample("anna", 1), FIRST)
        other = matcher.enrol(TWO, "face", self.sample("boris", 1), FIRST)
        assert (matcher.forget([ONE, b"3" * 16]), matcher.forget([ONE]), matcher.forget([])) == (1, 0, 0)
        assert matcher.compare(ONE, "face", self.sample("anna", 2), FIRST) is None
        assert matcher.compare(TWO, "face", self.sample("boris", 2), FIRST) == other

    def test_an_error_repeats_nothing_of_a_sample(self, matcher):
        with pytest.raises(OnefoldError) as failed:
            matcher.enrol(ONE, "face", b"kanarel", FIRST)
        assert "kanarel" not in f"{failed.value!r} {vars(failed.value)}"
