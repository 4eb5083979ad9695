"""What a token stood for when it was shown, and how the vault keeps it. All frozen."""

from __future__ import annotations

import msgspec


class Minted(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A token that is about to be shown, and the value it stands for.

    `fragment_id` is the record that says the value, `field` the field, `subject_id` whose key that record is
    sealed under.
    """

    token: str
    fragment_id: bytes
    subject_id: bytes
    field: str
    value: str


class Sealed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`Minted` as it lies on the disk: the value is `nonce ‖ AES-256-GCM` under its subject's key."""

    token: str
    fragment_id: bytes
    subject_id: bytes
    field: str
    sealed: bytes
