"""A biometric engine without a camera: samples are bits, and a probe of somebody has some of them wrong.

It is a fuzzy commitment (Juels and Wattenberg, 1999), so that tests try what a real engine does and not a
table of names. A secret of 16 bytes is written as a codeword, each bit `REPEATED` times; auxiliary data is
the codeword XOR the features, and who brings nearly the same features gets the codeword back by majority.
The order of features is shuffled by the secret of the enrolment, or auxiliary data of one person in two
places would be close to each other (Kelkboom and others, 2011). It is a fake: bits of faces are not
independent.
"""

from __future__ import annotations

import hmac
import json
import random
import threading
from collections.abc import Collection
from pathlib import Path

from onefold.kernel.errors import CallerError

SECRET_BITS = 128
REPEATED = 31
"""At 8 % of wrong features somebody is not known again once in 10⁷ samples."""
PROBE_BYTES = SECRET_BITS * REPEATED // 8
"""Every sample is so long: 3,968 features of one bit."""


class FuzzyMatcher:
    """Implements `BiometricMatcher`. With a path what is kept lies in that file, else in memory alone."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._guard = threading.Lock()
        self.kept: dict[str, str] = {}
        """Handle → auxiliary data, both as hexadecimal digits."""
        self.calls = 0
        """How often a probe was handed over."""
        if path is not None and path.is_file():
            self.kept = json.loads(path.read_text("utf-8"))

    def enrol(self, handle: bytes, modality: str, probe: bytes, renewal: bytes) -> bytes:
        """As the port says."""
        features = self._features(probe, modality, renewal)
        secret = _digest(renewal, b"secret", probe)[: SECRET_BITS // 8]
        with self._guard:
            self.kept[handle.hex()] = _packed(_xor(features, _codeword(secret))).hex()
            self._keep()
        return _digest(renewal, b"identifier", secret)

    def compare(self, handle: bytes, modality: str, probe: bytes, renewal: bytes) -> bytes | None:
        """As the port says."""
        features = self._features(probe, modality, renewal)
        with self._guard:
            auxiliary = self.kept.get(handle.hex())
        if auxiliary is None:
            return None
        read = _xor(features, _bits(bytes.fromhex(auxiliary)))
        ones = [sum(read[at::SECRET_BITS]) for at in range(SECRET_BITS)]
        secret = _packed([int(it > REPEATED // 2) for it in ones])
        return _digest(renewal, b"identifier", secret)

    def forget(self, handles: Collection[bytes]) -> int:
        """As the port says."""
        with self._guard:
            found = [it.hex() for it in handles if it.hex() in self.kept]
            for it in found:
                del self.kept[it]
            self._keep()
        return len(found)

    def _features(self, probe: bytes, modality: str, renewal: bytes) -> list[int]:
        self.calls += 1
        if len(probe) != PROBE_BYTES:
            raise CallerError("The sample cannot be used.", hint="Take it once more.")
        features = _bits(probe)
        random.Random(_digest(renewal, b"order", modality.encode())).shuffle(features)
        return features

    def _keep(self) -> None:
        if self._path is not None:
            self._path.write_text(json.dumps(self.kept), encoding="utf-8")


def open_matcher(at: str) -> FuzzyMatcher:
    """The engine that keeps what it keeps in the file `at`, for settings of a house that tries it."""
    return FuzzyMatcher(Path(at) if at else None)


def sample_of(person: str) -> bytes:
    """A sample of somebody, always the same."""
    return random.Random(f"body of {person}").randbytes(PROBE_BYTES)


def noisy(sample: bytes, seed: int = 1, wrong: float = 0.08) -> bytes:
    """Another sample of the same person: so great a part of the features is read wrongly."""
    chance = random.Random(seed)
    return _packed([it ^ (chance.random() < wrong) for it in _bits(sample)])


def _digest(key: bytes, label: bytes, value: bytes) -> bytes:
    return hmac.digest(key, label + b":" + value, "sha256")


def _codeword(secret: bytes) -> list[int]:
    """The bits of a secret, over and over."""
    return _bits(secret) * REPEATED


def _bits(data: bytes) -> list[int]:
    return [byte >> shift & 1 for byte in data for shift in range(8)]


def _packed(bits: list[int]) -> bytes:
    return bytes(
        sum(bit << shift for shift, bit in enumerate(bits[at : at + 8])) for at in range(0, len(bits), 8)
    )


def _xor(one: list[int], other: list[int]) -> list[int]:
    return [a ^ b for a, b in zip(one, other, strict=True)]
