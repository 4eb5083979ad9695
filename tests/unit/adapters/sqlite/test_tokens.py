"""The file of the token vault: for its owner alone, durable, and without a byte of what was forgotten."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from contextlib import closing

import pytest

from onefold.adapters.sqlite import tokens
from onefold.adapters.sqlite.tokens import SqliteTokens
from onefold.kernel.errors import Damaged, Unavailable
from onefold.record.tokens.model import Sealed

ADDING = """
import sys
from pathlib import Path
from onefold.adapters.sqlite.tokens import SqliteTokens
from onefold.record.tokens.model import Sealed
store = SqliteTokens(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    store.add([Sealed(f"tok_phone_{number}", bytes(16), bytes(16), "phone", b"sealed")])
    print(number, flush=True)
"""


def row(fragment: bytes, sealed: bytes) -> Sealed:
    return Sealed("tok_phone_x", fragment, fragment, "phone", sealed)


def test_its_owner_alone_may_read_it(tmp_path):
    path = tmp_path / "tokens.db"
    with closing(SqliteTokens(path)) as store:
        store.add([row(bytes(16), b"sealed")])
        for it in tmp_path.iterdir():
            assert stat.S_IMODE(it.stat().st_mode) == 0o600, it.name


def test_what_was_added_is_there_when_it_is_opened_again(tmp_path):
    with closing(SqliteTokens(tmp_path / "tokens.db")) as store:
        store.add([row(bytes(16), b"sealed")])
    with closing(SqliteTokens(tmp_path / "tokens.db")) as store:
        assert store.of("tok_phone_x") == [row(bytes(16), b"sealed")]


def test_killed_at_any_moment_it_has_all_that_was_said_to_be_added(tmp_path):
    path = tmp_path / "tokens.db"
    told = 0
    for lines in (1, 7, 40):
        process = subprocess.Popen(
            [sys.executable, "-c", ADDING.replace("number = 0", f"number = {told}"), str(path)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        for _ in range(lines):
            told = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        told = max([told, *(int(it) for it in process.stdout.read().split("\n")[:-1])])
        process.wait()
        process.stdout.close()
        with closing(SqliteTokens(path)) as store:
            assert all(store.of(f"tok_phone_{it}") for it in range(1, told + 1))


def test_no_byte_of_what_is_forgotten_stays_in_any_file(tmp_path):
    gone, stays = b"kanarienvogel-goes", b"kanarienvogel-stays"
    with closing(SqliteTokens(tmp_path / "tokens.db")) as store:
        store.add([row(it.to_bytes(16, "big"), gone + bytes([it])) for it in range(1, 200)])
        store.add([row((200).to_bytes(16, "big"), stays)])
        store.forget([it.to_bytes(16, "big") for it in range(1, 200)])
        store.sweep()
        held = b"".join(it.read_bytes() for it in tmp_path.iterdir())
    assert gone not in held
    assert stays in held


def test_all_that_is_held_is_found_whatever_a_page_takes(tmp_path, monkeypatch):
    monkeypatch.setattr(tokens, "_PAGE_IDS", 3)
    ids = [it.to_bytes(16, "big") for it in range(1, 11)]
    with closing(SqliteTokens(tmp_path / "tokens.db")) as store:
        store.add([Sealed("tok_phone_x", it, bytes(15) + b"z", "phone", b"sealed") for it in ids])
        assert store.held({*ids[::2], bytes(15) + b"z", b"a" * 16}) == {*ids[::2], bytes(15) + b"z"}


def test_what_is_forgotten_while_pages_are_swept_is_swept_the_next_time(tmp_path, monkeypatch):
    swept: list[int] = []
    with closing(SqliteTokens(tmp_path / "tokens.db")) as store:
        store.add([row(bytes(16), b"sealed"), row(b"b" * 16, b"sealed")])

        def sweeping(*_: object) -> int:
            if not swept:
                store.forget([b"b" * 16])
            swept.append(1)
            return 0

        monkeypatch.setattr(tokens, "sweep", sweeping)
        store.forget([bytes(16)])
        for _ in range(3):
            store.sweep()
    assert swept == [1, 1]


def test_what_could_not_be_swept_is_swept_at_the_next_start(tmp_path, monkeypatch):
    swept: list[int] = []

    def busy(*_: object) -> int:
        raise Unavailable("Readers keep old pages in use.")

    with closing(SqliteTokens(tmp_path / "tokens.db")) as store:
        store.add([row(bytes(16), b"sealed")])
        with monkeypatch.context() as failing:
            failing.setattr(tokens, "sweep", busy)
            store.forget([bytes(16)])
            with pytest.raises(Unavailable):
                store.sweep()

    with closing(SqliteTokens(tmp_path / "tokens.db")) as store:
        assert store.of("tok_phone_x") == []

        def sweeping(*_: object) -> int:
            swept.append(1)
            return 0

        monkeypatch.setattr(tokens, "sweep", sweeping)
        store.sweep()
        store.sweep()
    assert swept == [1]


def test_a_file_that_is_something_else_is_damaged_and_is_left_as_it_is(tmp_path):
    path = tmp_path / "tokens.db"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(Damaged, match="token vault"):
        SqliteTokens(path)
    assert path.read_bytes() == b"no database" * 1000
