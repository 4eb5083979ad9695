"""What is kept of a body: keyed digests that two cells, two people and two generations do not share."""

from __future__ import annotations

import pytest

from onefold.kernel.errors import Forgotten, Unavailable
from onefold.kernel.ids import CellKey
from onefold.record.biometrics.ports import NoMatcher
from onefold.record.biometrics.service import MODALITIES, BiometricReferences
from onefold.record.erasure.model import Erased
from onefold.testing.biometrics import PROBE_BYTES, REPEATED, SECRET_BITS, FuzzyMatcher, noisy, sample_of
from onefold.testing.segments import MemorySubjectKeys

ANNA, BORIS = b"a" * 16, b"b" * 16
PEOPLE = [n.to_bytes(16, "big") for n in range(1, 301)]


class Cell:
    """The references of one cell, whose parts a test may reach."""

    def __init__(self, key: bytes = b"1" * 32) -> None:
        self.keys = MemorySubjectKeys()
        self.matcher = FuzzyMatcher()
        self.room = BiometricReferences(CellKey(key), self.keys, self.matcher)

    def enrol(self, party: bytes = ANNA, generation: int = 1, modality: str = "face") -> str:
        """Of one sample, whoever it is enrolled for."""
        return self.room.enrol(party, modality, generation, sample_of("anna"))

    def agrees(self, protected: str, party: bytes = ANNA, generation: int = 1) -> bool:
        """Whether another sample of the same body agrees."""
        return self.room.agrees(party, "face", generation, protected, noisy(sample_of("anna")))


def alike(pairs: list[tuple[str, str]]) -> float:
    """How far from a half the part of equal bits is, in standard deviations of bits that are no kin."""
    of = sum(len(one) * 4 for one, _ in pairs)
    unlike = sum((int(one, 16) ^ int(other, 16)).bit_count() for one, other in pairs)
    return float(abs(unlike - of / 2) / (of / 4) ** 0.5)


def test_a_noisy_sample_of_the_same_body_agrees_and_another_body_does_not():
    cell = Cell()
    protected = cell.enrol()
    assert cell.agrees(protected)
    assert not cell.room.agrees(ANNA, "face", 1, protected, sample_of("boris"))


def test_one_body_in_two_cells_leaves_bytes_that_are_no_kin():
    """Of 300 people: the digests we keep, the handles, and what the engines keep, over every bit of them."""
    kept = []
    for key in (b"1" * 32, b"2" * 32):
        cell = Cell(key)
        digests = [cell.room.enrol(it, "face", 1, sample_of(it.hex())) for it in PEOPLE]
        kept.append((digests, list(cell.matcher.kept), list(cell.matcher.kept.values())))
    for here, there in zip(*kept, strict=True):
        assert not set(here) & set(there)
        assert alike(list(zip(here, there, strict=True))) < 5


def test_where_two_cells_shared_their_keys_that_test_would_find_it():
    cell = Cell()
    once, again = ([cell.room.enrol(it, "face", 1, sample_of(it.hex())) for it in PEOPLE] for _ in range(2))
    assert alike(list(zip(once, again, strict=True))) > 50


def decodable(one: str, other: str) -> float:
    """How much the difference of two pieces of auxiliary data looks like a codeword: 1 is one, 0.14 none.

    That is how auxiliary data of one body is told in two stores, though not a bit of it is the same.
    """
    unlike = int.from_bytes(bytes.fromhex(one), "little") ^ int.from_bytes(bytes.fromhex(other), "little")
    places = (range(it, 8 * PROBE_BYTES, SECRET_BITS) for it in range(SECRET_BITS))
    blocks = [sum(unlike >> at & 1 for at in of_one) for of_one in places]
    return sum(abs(2 * it / REPEATED - 1) for it in blocks) / SECRET_BITS


@pytest.mark.parametrize(("secrets", "is_told"), [((b"f" * 32, b"s" * 32), False), ((b"f" * 32,) * 2, True)])
def test_what_the_engine_keeps_is_told_to_be_one_body_only_under_one_secret(secrets, is_told):
    kept = []
    for seed, secret in enumerate(secrets):
        matcher = FuzzyMatcher()
        matcher.enrol(ANNA, "face", noisy(sample_of("anna"), seed), secret)
        kept += matcher.kept.values()
    assert (decodable(*kept) > 0.5) is is_told
    assert (decodable(*kept) < 0.2) is not is_told


def test_generations_modalities_and_people_have_keys_of_their_own():
    cell = Cell()
    told = [
        cell.enrol(),
        cell.enrol(generation=2),
        cell.enrol(modality="voice"),
        cell.enrol(BORIS),
    ]
    assert len(set(told)) == 4
    names = [
        cell.room.name(ANNA, "face", 1),
        cell.room.name(ANNA, "face", 2),
        cell.room.name(ANNA, "voice", 1),
        cell.room.name(BORIS, "face", 1),
        Cell(b"2" * 32).room.name(ANNA, "face", 1),
    ]
    assert len(set(names)) == 5


def test_of_a_former_generation_nothing_agrees_though_its_engine_is_put_back():
    cell = Cell()
    first = cell.enrol()
    of_old = dict(cell.matcher.kept)
    second = cell.enrol(generation=2)
    cell.matcher.kept |= of_old
    assert not cell.agrees(second, generation=2)
    assert not cell.agrees(first, generation=2)


def test_what_is_kept_is_no_function_of_the_identifier_alone(monkeypatch):
    """Whoever knows what the engine answered cannot find it among what we keep without the person's key."""
    monkeypatch.setattr(FuzzyMatcher, "enrol", lambda *_: b"the same of all!")
    cell = Cell()
    assert cell.enrol(ANNA) != cell.enrol(BORIS)


def test_after_an_erasure_nothing_is_made_or_compared_any_more():
    cell = Cell()
    protected = cell.enrol()
    cell.keys.destroy([ANNA])
    with pytest.raises(Forgotten):
        cell.agrees(protected)
    with pytest.raises(Forgotten):
        cell.enrol()


def test_erasing_has_the_engine_forget_every_modality_of_these_people_and_no_other():
    cell = Cell()
    for modality in MODALITIES:
        cell.enrol(ANNA, modality=modality)
    kept = cell.enrol(BORIS)
    erased = Erased(frozenset({ANNA}), frozenset(), frozenset())
    assert (cell.room.erase(erased), cell.room.erase(erased)) == (len(MODALITIES), 0)
    assert cell.agrees(kept, BORIS)
    assert cell.room.erase(Erased(frozenset(), frozenset(), frozenset({BORIS}))) == 0


def test_an_engine_that_answers_next_to_nothing_is_not_believed(monkeypatch):
    monkeypatch.setattr(FuzzyMatcher, "enrol", lambda *_: b"short")
    with pytest.raises(Unavailable, match="no protected reference"):
        Cell().enrol()


def test_without_an_engine_nothing_is_made_or_compared_and_there_is_nothing_to_forget():
    room = BiometricReferences(CellKey(bytes(32)), MemorySubjectKeys(), NoMatcher())
    for asked in (
        lambda: room.enrol(ANNA, "face", 1, b"x"),
        lambda: room.agrees(ANNA, "face", 1, "00", b"x"),
    ):
        with pytest.raises(Unavailable, match="no biometric engine"):
            asked()
    assert room.erase(Erased(frozenset({ANNA}), frozenset(), frozenset())) == 0
