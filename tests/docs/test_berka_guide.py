"""The guide to the Berka example does what it says, on the real files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.console import ROOT, Shell, missing, steps_of
from tests.shared_data import shared_data

GUIDE = ROOT / "examples" / "berka" / "README.md"


@pytest.mark.timeout(600)
def test_the_berka_guide_does_what_it_says(tmp_path: Path) -> None:
    shell = Shell(tmp_path, {"ONEFOLD": str(ROOT), "BERKA": str(shared_data("berka"))})
    steps = steps_of(GUIDE)
    assert len(steps) >= 8
    try:
        for step in steps:
            code, output = shell.run(step)
            assert code == 0, f"`{step.command}` ended with {code}:\n{output}"
            assert not missing(step, output), f"`{step.command}` printed:\n{output}"
    finally:
        shell.close()
