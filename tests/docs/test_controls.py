"""The page of controls names tests that exist, and every control names one."""

from __future__ import annotations

import ast
import re

from tests.docs.console import ROOT

PAGE = ROOT / "docs" / "reference" / "controls.md"
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def rows() -> list[list[str]]:
    """The cells of every control."""
    lines = [it for it in PAGE.read_text(encoding="utf-8").splitlines() if it.startswith("| ")]
    cells = [[cell.strip() for cell in it.strip("|").split("|")] for it in lines]
    return [it for it in cells if it[0] != "it asks"]


def test_every_control_names_a_test_that_exists_and_its_records():
    assert len(rows()) > 15
    for asked, control, test, records in rows():
        assert asked
        assert control
        assert records
        found = TEST.fullmatch(test)
        assert found, f"{asked}: {test} is no test"
        path = ROOT / found.group(1)
        assert path.is_file(), path
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {it.name for it in ast.walk(tree) if isinstance(it, ast.FunctionDef)}
        name = found.group(2)
        assert (name in names) if name else any(it.startswith("test_") for it in names), test


def test_every_regulation_is_there():
    heads = re.findall(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [it.split()[0] for it in heads] == ["GDPR", "Gramm-Leach-Bliley", "Local", "Model"]
