"""Key files: made once, closed to others, and what they are good for."""

from __future__ import annotations

import os
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from onefold.adapters.files.keys import (
    PRIVATE_NAMES,
    FileKeyCustody,
    KeyFiles,
    create_key_files,
    public_key_id,
    read_public_key,
    require_key_files,
    rotate_master_key,
)
from onefold.adapters.files.session_keys import SessionKeyFiles
from onefold.kernel.errors import CallerError, Damaged, Unavailable
from onefold.kernel.ids import Cell

CELL = Cell("demo", "uz")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "keys"
    create_key_files(made)
    return made


def everything(folder) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def use(name: str, folder) -> object:
    """Reads one of the key files through what it is for."""
    keys = KeyFiles(folder)
    uses = {
        "cell": lambda: keys.cell_key(CELL),
        "master": keys.custody,
        "signing": keys.signer,
        "session": SessionKeyFiles(folder).signing,
    }
    return uses[name]()


def test_private_keys_are_readable_by_their_owner_alone(folder):
    assert {path.name for path in folder.iterdir()} == {
        "cell.key", "master.key", "signing.key", "session.key", "signing.pub",
    }  # fmt: skip
    for name in PRIVATE_NAMES:
        assert stat.S_IMODE((folder / f"{name}.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["cell", "master", "signing"])
def test_a_lost_key_that_cannot_be_made_again_is_named(folder, name):
    (folder / f"{name}.key").unlink()
    with pytest.raises(CallerError, match=f"{name}.key is missing") as caught:
        require_key_files(folder)
    assert "backup" in caught.value.hint


def test_a_lost_session_key_only_ends_sessions(folder):
    (folder / "session.key").unlink()
    require_key_files(folder)
    create_key_files(folder)
    assert use("session", folder)


def test_no_two_keys_are_the_same(folder, tmp_path):
    create_key_files(tmp_path / "other")
    texts = [path.read_text() for it in (folder, tmp_path / "other") for path in it.iterdir()]
    assert len(set(texts)) == len(texts) == 10


def test_keys_that_exist_are_never_made_again(folder):
    before = everything(folder)
    create_key_files(folder)
    assert everything(folder) == before


def test_a_public_key_that_was_lost_is_the_same_again(folder):
    before = everything(folder)
    (folder / "signing.pub").unlink()
    create_key_files(folder)
    assert everything(folder) == before


@pytest.mark.parametrize("name", PRIVATE_NAMES)
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o666])
def test_a_key_that_others_may_read_is_refused(folder, name, mode):
    (folder / f"{name}.key").chmod(mode)
    with pytest.raises(CallerError, match=rf"{name}\.key.*{mode:04o}.*chmod 600"):
        use(name, folder)


@pytest.mark.parametrize("name", PRIVATE_NAMES)
@pytest.mark.parametrize("text", ["", "ab", "zz" * 32, "00" * 31, "00" * 33, "ключ"])
def test_a_file_that_is_no_key_is_refused_without_showing_it(folder, name, text):
    (folder / f"{name}.key").write_text(text)
    with pytest.raises(CallerError, match="is not a key") as refused:
        use(name, folder)
    assert not text or text not in str(refused.value)


@pytest.mark.parametrize("name", PRIVATE_NAMES)
def test_a_missing_key_says_where_keys_come_from(folder, name):
    (folder / f"{name}.key").unlink()
    with pytest.raises(CallerError, match=rf"{name}\.key is missing.*onefold init.*backup"):
        use(name, folder)


def test_a_key_that_is_a_folder_is_refused(folder):
    (folder / "cell.key").unlink()
    (folder / "cell.key").mkdir()
    with pytest.raises(CallerError, match="cannot be read"):
        use("cell", folder)


def test_ids_of_two_cells_of_one_folder_cannot_be_linked(folder):
    keys = KeyFiles(folder)
    here = keys.cell_key(CELL).birth_id("core", "party", "42")
    assert here == KeyFiles(folder).cell_key(CELL).birth_id("core", "party", "42")
    assert here != keys.cell_key(Cell("demo", "de")).birth_id("core", "party", "42")


def test_a_signature_is_checked_with_the_public_file_alone(folder):
    signer = KeyFiles(folder).signer()
    public = read_public_key(folder / "signing.pub")
    assert public == signer.public_key
    assert public_key_id(public) == signer.key_id
    Ed25519PublicKey.from_public_bytes(public).verify(signer.sign(b"statement"), b"statement")


def test_a_public_key_that_cannot_be_read_is_the_callers_mistake(tmp_path):
    with pytest.raises(CallerError):
        read_public_key(tmp_path / "missing.pub")
    (tmp_path / "bad.pub").write_text("not hex")
    with pytest.raises(CallerError):
        read_public_key(tmp_path / "bad.pub")


KEYS = [(os.urandom(32), b"owner %d" % number) for number in range(20)]


def opened(custody: FileKeyCustody, master_id: str, wrapped: list[bytes]) -> list[bytes]:
    """Unwraps for the owners of KEYS."""
    return custody.unwrap(master_id, [(it, owner) for it, (_, owner) in zip(wrapped, KEYS, strict=True)])


def test_what_was_wrapped_opens_for_its_owner():
    custody = FileKeyCustody(os.urandom(32))
    assert opened(custody, custody.current, custody.wrap(KEYS)) == [key for key, _ in KEYS]


def test_wrapping_twice_looks_different_and_shows_nothing():
    custody = FileKeyCustody(os.urandom(32))
    once, twice = custody.wrap(KEYS), custody.wrap(KEYS)
    assert not set(once) & set(twice)
    assert not any(key in it for (key, _), it in zip(KEYS, once, strict=True))


def test_a_wrapped_key_opens_for_nobody_else():
    custody = FileKeyCustody(os.urandom(32))
    wrapped = custody.wrap(KEYS)
    with pytest.raises(Damaged):
        custody.unwrap(custody.current, [(wrapped[0], b"owner 1")])


@pytest.mark.parametrize("at", [0, 12, 30, 59])
def test_a_changed_wrapped_key_is_damage(at):
    custody = FileKeyCustody(os.urandom(32))
    changed = bytearray(custody.wrap(KEYS)[0])
    changed[at] ^= 1
    with pytest.raises(Damaged):
        custody.unwrap(custody.current, [(bytes(changed), b"owner 0")])


def test_a_cut_wrapped_key_is_damage():
    custody = FileKeyCustody(os.urandom(32))
    for size in (0, 5, 12, 59):
        with pytest.raises(Damaged):
            custody.unwrap(custody.current, [(custody.wrap(KEYS)[0][:size], b"owner 0")])


def test_without_the_master_key_the_hint_names_the_file():
    with pytest.raises(Unavailable, match=r"master-0123\.key"):
        FileKeyCustody(os.urandom(32)).unwrap("0123", [(bytes(60), b"owner")])


def test_after_a_rotation_new_keys_are_wrapped_anew_and_old_ones_still_open(folder):
    before = KeyFiles(folder).custody()
    wrapped = before.wrap(KEYS)
    new_id = rotate_master_key(folder)
    after = KeyFiles(folder).custody()
    assert after.current == new_id != before.current
    assert opened(after, before.current, wrapped) == [key for key, _ in KEYS]
    with pytest.raises(Unavailable):
        opened(before, after.current, after.wrap(KEYS))
    kept = folder / f"master-{before.current}.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_former_master_keys_are_guarded_like_the_present_one(folder):
    former = KeyFiles(folder).custody().current
    rotate_master_key(folder)
    (folder / f"master-{former}.key").chmod(0o644)
    with pytest.raises(CallerError):
        KeyFiles(folder).custody()


def test_every_rotation_keeps_every_former_key(folder):
    ids = [KeyFiles(folder).custody().current]
    for _ in range(3):
        ids.append(rotate_master_key(folder))
    assert len(set(ids)) == 4
    assert all((folder / f"master-{it}.key").exists() for it in ids[:-1])
    assert KeyFiles(folder).custody().current == ids[-1]


def test_an_interrupted_rotation_can_be_made_again(folder):
    (folder / "master.key.new").write_text("half")
    rotate_master_key(folder)
    assert not (folder / "master.key.new").exists()
