"""Renewable biometric references: what is kept of them, under which keys, and what makes them end.

Theory, in the terms of ISO/IEC 24745:2022. A *renewable biometric reference* is made of two parts: the
*pseudonymous identifier* (PI), which is compared, and the *auxiliary data* (AD), without which no probe
yields the PI again. The standard asks for three things of it, and allows the parts to be kept by two parties
who would both have to be broken into. Here the engine behind `BiometricMatcher` keeps AD, and we keep

    protected = HMAC(k, "reference", PI),   k = HMAC(data key of the subject, cell, modality, generation)

and no PI, no AD, no sample, no template, not even encrypted. A sample passes through on its way to the engine
and is in no log, error, audit record or file of ours.

- *Irreversibility.* `protected` is 256 bits of a keyed hash. Who has it and `k` can test a guess of a PI, and
  has learnt nothing of a face: from a PI back to a feature is for the engine to make infeasible. Who has it
  without `k` cannot even test.
- *Unlinkability.* `k` hangs on a random key of one person in one cell. Nothing that we keep of one person in
  two cells, or in two generations, can be told from what we keep of two people. Handles, which the engine
  sees, are digests under the key of the cell. What AD tells two engines is the engine's to say; it is given
  another secret (`renewal`, derived from `k`) at each enrolment to diversify AD with, and keeps none of it.
- *Renewability.* A new generation has another `k`. Whatever an engine still answers for an older one, even
  one that was put back from a backup, comes to another digest and agrees with nothing. Generations only
  grow: they are said in the log, as an ordinary register, so a replay ends with the one that stands.

Derivation is HMAC-SHA-256 as a PRF; the data key seals frames too (AES-256-GCM), and labels keep the uses
apart. Nothing here is a secret of its own to be lost or rotated: a new master key wraps the same data keys.

*Erasure.* The rows of a reference go with the log and the state. The data key goes, and with it `k`: nothing
that anybody kept can ever be compared again. The engine is told to forget the handles of the parties, which
are made of their ids alone, so it is told again whenever an erasure is done again.

Rules. Whether a reference may be used is not decided here: `gate/biometrics.py` does, from consents.
"""

from __future__ import annotations

import hmac

from onefold.kernel.errors import Forgotten, Unavailable
from onefold.kernel.ids import CellKey, id_text
from onefold.record.biometrics.ports import BiometricMatcher
from onefold.record.canon.vocabulary import VOCABULARY
from onefold.record.erasure.model import Erased
from onefold.record.log.ports import SubjectKeys

MODALITIES = tuple(sorted(VOCABULARY["biometric", "modality"]))
PI_BYTES_MIN = 16


class BiometricReferences:
    """The references of one cell; thread-safe. Implements `Erasable` for what the engine keeps."""

    room = "biometrics"

    def __init__(self, cell_key: CellKey, keys: SubjectKeys, matcher: BiometricMatcher) -> None:
        self._cell_key = cell_key
        self._keys = keys
        self._matcher = matcher

    def name(self, party: bytes, modality: str, generation: int) -> str:
        """What one generation of a reference is called where it is written down; made of no sample."""
        return id_text(
            self._cell_key.digest(b"biometric name", party, modality.encode(), _number(generation))
        )

    def enrol(self, party: bytes, modality: str, generation: int, probe: bytes) -> str:
        """What is to be kept of a probe, as hexadecimal digits. `Forgotten` where the party was erased."""
        key = self._key(party, modality, generation)
        handle = self._handle(party, modality)
        return _protected(key, self._matcher.enrol(handle, modality, probe, _renewal(key)))

    def agrees(self, party: bytes, modality: str, generation: int, protected: str, probe: bytes) -> bool:
        """Whether a probe is of whom a reference was made of, as the engine says and our key bears out."""
        key = self._key(party, modality, generation)
        handle = self._handle(party, modality)
        found = self._matcher.compare(handle, modality, probe, _renewal(key))
        return found is not None and hmac.compare_digest(_protected(key, found), protected)

    def forget(self, party: bytes, modality: str) -> None:
        """Has the engine forget whatever it keeps of a modality of a party."""
        self._matcher.forget([self._handle(party, modality)])

    def erase(self, erased: Erased) -> int:
        """As the port says; what the engine kept."""
        handles = [self._handle(party, it) for party in sorted(erased.parties) for it in MODALITIES]
        return self._matcher.forget(handles) if handles else 0

    def _handle(self, party: bytes, modality: str) -> bytes:
        return self._cell_key.digest(b"biometric handle", party, modality.encode())

    def _key(self, party: bytes, modality: str, generation: int) -> bytes:
        known = self._keys.obtain([party])
        if party not in known:
            raise Forgotten("The customer was erased.", detail="Nothing is known of them but that they were.")
        cell = self._cell_key.digest(b"biometric key", party, modality.encode(), _number(generation))
        return _derived(known[party], b"biometric key", cell)


def _protected(key: bytes, identifier: bytes) -> str:
    if len(identifier) < PI_BYTES_MIN:
        raise Unavailable("The biometric engine answered what is no protected reference.")
    return _derived(key, b"reference", identifier).hex()


def _renewal(key: bytes) -> bytes:
    return _derived(key, b"renewal", b"")


def _derived(key: bytes, label: bytes, value: bytes) -> bytes:
    return hmac.digest(key, len(label).to_bytes(4, "big") + label + value, "sha256")


def _number(generation: int) -> bytes:
    return generation.to_bytes(8, "big")
