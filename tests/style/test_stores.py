"""Every place where a folder keeps something is known to the eraser, or holds nobody's data and says why.

A new store has a path in `DataFolder`, or a log among `LOGS`, or tables of its own in an adapter: none of
these can be added without this file being asked.
"""

from __future__ import annotations

import re
from pathlib import Path

from onefold.app.folder import DataFolder
from onefold.app.rooms import LOGS
from tests.style.source import PACKAGE, ROOT

ERASED_BY = {
    "log": "the room log, and the destruction of the keys of subjects",
    "quarantine": "the room quarantine",
    "state": "the room state",
    "next_state": "what the log says of erasures, before it is put in use",
    "exports": "the room exports",
    "packages": "the room packages",
    "tokens": "the room tokens",
    "subject_keys": "destroyed one by one; tests/ports/subject_keys.py",
}
"""Stores of personal data, and what erases them."""

IN_MEMORY = {"cuts that are kept": "the room cuts", "samples that did not agree": "the room tries"}
"""Personal data that outlives a question and is in no file."""

ELSEWHERE = {"what a biometric engine keeps": "the room biometrics"}
"""Personal data that others keep for us."""

HOLDS_NOBODY = {
    "audit": "ids, words of ours, digests",
    "settled": "numbers of rows",
    "requests": "ids, words of ours, days",
    "told": "ids and words of ours",
    "laws": "deadlines, which name nobody",
    "ages": "ages of majority, which name nobody",
    "devices": "how far a login reaches, which names nobody",
    "erasures": "digests: the ledger itself",
    "quarantine_keys": "a key a source; what it opens is erased",
    "door": "digests of what was seen",
    "audit_index": "ids and words of ours",
    "bookmarks": "how far inputs were taken",
    "schemas": "schemas of sources",
    "contacting": "rules of contacting, which name nobody",
    "policies": "policies, which name nobody",
    "policies_kept": "the same, as they were",
    "contracts": "contracts",
    "models": "weights, and digests of names and places that ten records or more say",
    "keys": "keys of the house",
    "checkpoints": "roots and ranges",
}
"""What may stand in a folder after a person was erased from it, and why."""

TABLES = {
    "audit.py",
    "door.py",
    "present.py",
    "schema.py",
    "schemas.py",
    "subject_keys.py",
    "tokens.py",
    "unswept.py",
}
"""Adapters that make tables; each is one of the stores above, a scratch file (`present.py`), or a number
that two of the stores have (`unswept.py`)."""

PATHS = {"root", "cell", "origins", "least_group", "of_cell", "is_used", "log"}


def test_every_path_of_a_folder_is_erased_or_holds_nobody():
    names = {it for it in dir(DataFolder) if not it.startswith("_")} - PATHS
    assert names | set(LOGS) == ERASED_BY.keys() | HOLDS_NOBODY.keys()
    assert not ERASED_BY.keys() & HOLDS_NOBODY.keys()


def test_every_adapter_with_tables_is_one_of_the_stores():
    made = {
        path.name
        for path in (PACKAGE / "adapters").rglob("*.py")
        if re.search(r"CREATE (VIRTUAL )?TABLE", path.read_text(encoding="utf-8"))
    }
    assert made == TABLES


def test_the_room_of_every_store_is_tried_by_the_suite():
    suites = Path(ROOT / "tests" / "ports" / "test_erasables.py").read_text(encoding="utf-8")
    rooms = set(re.findall(r'room = "(\w+)"', suites))
    known = (*ERASED_BY.values(), *IN_MEMORY.values(), *ELSEWHERE.values())
    assert rooms == {it.removeprefix("the room ").split(",")[0] for it in known if "room" in it}
