"""Statements, their signatures and their lines."""

from __future__ import annotations

import json
import os

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from onefold.adapters.files.keys import FileSigner
from onefold.kernel.errors import Damaged
from onefold.record.log.checkpoints import (
    Checkpoint,
    Compaction,
    from_line,
    holds,
    sign,
    signed_bytes,
    to_line,
)

CHECKPOINT = Checkpoint(
    log="log", cell="demo/uz", segment=11, size=5, root="ab" * 32, chain="cd" * 32, at=1_700_000_000_000
)
COMPACTION = Compaction(log="log", cell="demo/uz", segment=11, dropped=((11, 13), (15, 15)), at=1)


@pytest.fixture
def signer():
    return FileSigner(os.urandom(32))


@pytest.mark.parametrize("statement", [CHECKPOINT, COMPACTION])
def test_a_signed_statement_survives_its_line(signer, statement):
    signed = sign(statement, signer)
    line = to_line(signed)
    assert line.endswith(b"\n")
    assert b"\n" not in line[:-1]
    assert from_line(line) == signed
    assert holds(from_line(line), {signer.key_id: signer.public_key})


def test_a_checkpoint_names_its_last_record():
    assert CHECKPOINT.last_sequence == 15


def test_the_signed_bytes_are_json_that_anyone_can_make_again(signer):
    line = json.loads(to_line(sign(CHECKPOINT, signer)))
    plain = json.dumps(line["statement"], sort_keys=True, separators=(",", ":")).encode()
    assert plain == signed_bytes(CHECKPOINT)
    public = Ed25519PublicKey.from_public_bytes(signer.public_key)
    public.verify(bytes.fromhex(line["signature"]), plain)


@pytest.mark.parametrize(
    "change",
    [{"log": "audit"}, {"cell": "demo/de"}, {"segment": 1}, {"size": 6}, {"root": "00" * 32}, {"at": 0}],
)
def test_a_changed_statement_does_not_hold(signer, change):
    signed = sign(CHECKPOINT, signer)
    changed = msgspec.structs.replace(signed, statement=msgspec.structs.replace(CHECKPOINT, **change))
    assert not holds(changed, {signer.key_id: signer.public_key})


def test_a_statement_of_another_key_does_not_hold(signer):
    other = FileSigner(os.urandom(32))
    signed = sign(CHECKPOINT, other)
    assert not holds(signed, {signer.key_id: signer.public_key})
    posing = msgspec.structs.replace(signed, key_id=signer.key_id)
    assert not holds(posing, {signer.key_id: signer.public_key})


@pytest.mark.parametrize("signature", ["", "zz", "00" * 64])
def test_a_signature_that_is_none_does_not_hold(signer, signature):
    signed = msgspec.structs.replace(sign(CHECKPOINT, signer), signature=signature)
    assert not holds(signed, {signer.key_id: signer.public_key})


@pytest.mark.parametrize("line", [b"", b"{}", b"not json", b'{"statement":{"kind":"other"}}', b"\xff\xfe"])
def test_a_line_that_is_none_is_damage(line):
    with pytest.raises(Damaged):
        from_line(line)


def test_a_field_that_was_smuggled_in_is_damage(signer):
    line = json.loads(to_line(sign(CHECKPOINT, signer)))
    line["statement"]["note"] = "unsigned"
    with pytest.raises(Damaged):
        from_line(json.dumps(line).encode())
