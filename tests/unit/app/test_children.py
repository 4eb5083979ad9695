"""A process that another one of ours started: what it tells of a bug."""

from __future__ import annotations

import subprocess
import sys

BROKEN = """
from onefold.app.children import begin_as_child
begin_as_child()
{}["Anna Karimova"]
"""


def test_a_bug_is_told_by_its_place_and_kind_and_not_by_what_it_says():
    done = subprocess.run([sys.executable, "-c", BROKEN], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "bug: KeyError" in done.stderr
    assert "line 4" in done.stderr
    assert "Karimova" not in done.stderr
