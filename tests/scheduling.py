"""Which tests run on one worker: those of a file, or of files that name one group, since they share fixtures.

A fixture of a module or of the session is made by each worker that needs it. Where the tests of a file are
dealt out one by one, both workers make a world, a server, a broker. A file says its group by
`pytestmark = pytest.mark.xdist_group("api")`; the browser's room is one. xdist 3.8 reads that marker and puts
it into the id of a test, where pytest 9.2 does not look any more, so every test was dealt out by itself; here
the file's text is asked, which needs neither.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parents[1]
_GROUP = re.compile(r'^pytestmark = .*\bxdist_group\("(\w+)"\)', re.MULTILINE)
_KAFKA = re.compile(r"^pytestmark = .*\bTOGETHER\b", re.MULTILINE)
_BY_ITSELF = ("tests/docs/test_guides.py", "tests/faults/test_kill.py")
"""Files of long tests that share nothing."""


class ByFixture(LoadScopeScheduling):  # type: ignore[misc]
    """Deals out groups as they come: the order is that of the collection."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """What a test runs together with, on one worker."""
    path = nodeid.partition("::")[0]
    if path in _BY_ITSELF:
        return nodeid
    return "e2e" if path.startswith("tests/e2e/") else _group_of_file(path)


@cache
def _group_of_file(path: str) -> str:
    try:
        text = (ROOT / path).read_text(encoding="utf-8")
    except OSError:
        return path
    if _KAFKA.search(text):
        return "kafka"
    found = _GROUP.search(text)
    return found.group(1) if found else path
