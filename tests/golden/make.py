"""Writes a log that is kept for ever, to prove that what was once written stays readable.

`python -m tests.golden.make 1` wrote `format-1.json` and is not run again: a new format gets a new number and
the files before it stay as they are. Nobody's data is in it; the keys in it guard nothing. 2 has a frame that
was deflated (ADR 0023).
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.app.creating import create
from onefold.app.folder import read_folder
from onefold.app.rooms import open_rooms
from onefold.customer.fragments.model import Fragment
from onefold.kernel.ids import Cell
from onefold.record.intake.model import Offered
from tests.clients import client, clients, corrected, put_contract

FOLDER = Path(__file__).parent
KEPT = (
    "cell.key",
    "master.key",
    "signing.*",
    "*.seg",
    "subject-keys.db",
    "quarantine-keys.db",
    "bank-*.yaml",
    "*.jsonl",
    "config.toml",
)


def write(number: int) -> Path:
    """Makes a folder, puts a few clients in, and keeps its files in one text file."""
    with tempfile.TemporaryDirectory() as base:
        data = Path(base) / "data"
        create(data, Cell("golden", "zz"), [put_contract(Path(base), corrected("1.0.0"))], None)
        with open_rooms(read_folder(data)) as opened:
            opened.rooms.door.offer("bank", "client", clients(1, 2, 3))
            opened.rooms.door.offer("bank", "client", clients(4, type="f"))
            changed = client(1, email="new@karimov.uz", changed="2026-02-01T00:00:00Z")
            opened.rooms.door.offer("bank", "client", [Offered(changed)])
            opened.rooms.door.offer("bank", "client", clients(5, last_name="Karimova " * 200))
            opened.rooms.barrier.wait_for(opened.rooms.log.last_sequence, 30)
            expected = said_by(data)
        found = sorted({path for pattern in KEPT for path in Path(base).rglob(pattern)})
        files = {
            path.relative_to(base).as_posix(): base64.b85encode(path.read_bytes()).decode() for path in found
        }
    path = FOLDER / f"format-{number}.json"
    path.write_text(json.dumps({"expected": expected, "files": files}, indent=1) + "\n", encoding="utf-8")
    return path


def said_by(data: Path) -> list[Any]:
    """What the log of a folder says once it is folded: every fragment, in words that outlive the state."""
    reader = SqliteCustomerReader(read_folder(data).state)
    fragments = [
        msgspec.msgpack.decode(row, type=Fragment) for table, row in reader.walk() if table == "fragments"
    ]
    reader.close()
    said = [(it.source, it.entity, it.key, it.values, it.fragment_id, it.subject_id) for it in fragments]
    plain: list[Any] = json.loads(msgspec.json.encode(sorted(said, key=lambda it: it[:3])))
    return plain


def restore(path: Path, base: Path) -> list[Any]:
    """Puts the files of a kept log back below a folder; what was expected of it then."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    for name, text in kept["files"].items():
        target = base / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(base64.b85decode(text))
        target.chmod(0o600)
    expected: list[Any] = kept["expected"]
    return expected


if __name__ == "__main__":
    print(write(int(sys.argv[1])))
