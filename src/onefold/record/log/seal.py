"""Sealing frames under their subject's key, and opening them; whole batches, keys asked for once.

AES-256-GCM with a random 96-bit nonce and the encoded header as associated data: a payload opens only
under the header it was sealed with, so neither can be exchanged alone. Random nonces are safe to 2^32
frames a key (NIST SP 800-38D, 8.3); a subject has thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onefold.kernel.errors import Damaged, Refused
from onefold.record.log.frames import decode_bodies, decode_header, encode_bodies, encode_header
from onefold.record.log.model import FrameHeader, Record
from onefold.record.log.ports import SubjectKeys

NONCE_BYTES = 12

Opened = tuple[int, FrameHeader, list[bytes] | None]
"""Sequence, header, bodies; None where the subject's key is gone or the payload was compacted away."""


class Sealer:
    """Turns (header, bodies) into (header bytes, payload) and back.

    `entropy(n)` gives n unpredictable bytes (`os.urandom`).
    """

    def __init__(self, keys: SubjectKeys, entropy: Callable[[int], bytes]) -> None:
        self._keys = keys
        self._entropy = entropy

    def seal(self, frames: Sequence[tuple[FrameHeader, Sequence[bytes]]]) -> list[tuple[bytes, bytes]]:
        """Entries for `GroupCommit.append`, one a frame, in order.

        Whatever `nonce` a header holds is replaced. `Refused` when a subject was erased: its key is not
        made again, so intake asks the erasure ledger first.
        """
        ciphers = self._ciphers({header.subject_id for header, _ in frames})
        nonces = self._entropy(NONCE_BYTES * len(frames))
        sealed = []
        at = 0
        for header, bodies in frames:
            if len(bodies) != len(header.events):
                raise AssertionError("a frame has one body an event")
            nonce = nonces[at : at + NONCE_BYTES]
            at += NONCE_BYTES
            plain = encode_header(
                FrameHeader(
                    header.cell,
                    header.source,
                    header.object,
                    header.contract,
                    header.entity,
                    header.subject_id,
                    header.recorded_at,
                    nonce,
                    header.events,
                    header.as_of,
                )
            )
            payload = ciphers[header.subject_id].encrypt(nonce, encode_bodies(bodies), plain)
            sealed.append((plain, payload))
        return sealed

    def open(self, records: Iterable[Record]) -> list[Opened]:
        """Every record in order; `Damaged` when a payload does not belong to its header and key."""
        headers = [(record, decode_header(record.header)) for record in records]
        wanted = {header.subject_id for record, header in headers if record.payload is not None}
        ciphers = {subject: AESGCM(key) for subject, key in self._keys.find(list(wanted)).items()}
        opened: list[Opened] = []
        for record, header in headers:
            cipher = ciphers.get(header.subject_id)
            if cipher is None or record.payload is None:
                opened.append((record.sequence, header, None))
                continue
            try:
                plain = cipher.decrypt(header.nonce, record.payload, record.header)
            except InvalidTag as error:
                raise Damaged(
                    "A frame does not open under its subject's key.",
                    detail=f"Sequence {record.sequence}.",
                    hint="Either bytes were changed, which `onefold verify` shows, or the file of data keys "
                    "is not the one of this log: restore that from a backup.",
                ) from error
            opened.append((record.sequence, header, decode_bodies(plain)))
        return opened

    def _ciphers(self, subjects: set[bytes]) -> dict[bytes, AESGCM]:
        keys = self._keys.obtain(list(subjects))
        if len(keys) < len(subjects):
            raise Refused(
                "The subject of a frame was erased.",
                reasons=(f"{len(subjects) - len(keys)} of {len(subjects)} subjects have no key any more",),
            )
        return {subject: AESGCM(key) for subject, key in keys.items()}
