"""Biometric engines keep the promises of their port; only the fake ships with us."""

from __future__ import annotations

import pytest

from onefold.testing.biometrics import FuzzyMatcher, noisy, open_matcher, sample_of
from tests.ports.biometric_matcher import BiometricMatcherSuite


class Fuzzy(BiometricMatcherSuite):
    """Samples of the fake."""

    def sample(self, person, take):
        return noisy(sample_of(person), take)


class TestFuzzyMatcher(Fuzzy):
    """The fake in memory."""

    @pytest.fixture
    def matcher(self):
        return FuzzyMatcher()


class TestFuzzyMatcherInAFile(Fuzzy):
    """The fake as a house opens it that tries it."""

    @pytest.fixture
    def matcher(self, tmp_path):
        return open_matcher(str(tmp_path / "engine.json"))

    def test_what_was_enrolled_is_known_to_who_opens_it_next(self, tmp_path):
        place = str(tmp_path / "engine.json")
        made = open_matcher(place).enrol(b"1", "face", sample_of("anna"), bytes(32))
        assert open_matcher(place).compare(b"1", "face", noisy(sample_of("anna")), bytes(32)) == made
