"""The security checklist: every line names a test that is there, or says plainly that there is none yet."""

from __future__ import annotations

import ast
import re

from onefold.app.rooms import LOGS
from tests.style.source import ROOT, files, report

PAGE = ROOT / "docs" / "reference" / "security.md"
LINE = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \|$", flags=re.MULTILINE)
NAMED = re.compile(r"`(tests/[a-z0-9_/]+\.py)(?:::(test_[a-z0-9_]+))?`")
LINES_LEAST = 120


def test_every_line_of_the_security_checklist_names_a_test_that_is_there_or_says_not_yet():
    lines = LINE.findall(PAGE.read_text(encoding="utf-8"))
    assert len(lines) > LINES_LEAST
    assert len({number for number, *_ in lines}) == len(lines)
    faults = []
    for number, _, how in lines:
        named = NAMED.fullmatch(how)
        if named is None:
            if not how.startswith(("not yet", "does not apply: ")):
                faults.append(f"{number}: {how}")
            continue
        path = ROOT / named[1]
        tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
        tests = {
            it.name for it in tree.body if isinstance(it, ast.FunctionDef) and it.name.startswith("test_")
        }
        if not tests or (named[2] and named[2] not in tests):
            faults.append(f"{number}: {how}")
    assert not faults, report(faults)


def test_every_log_and_logger_stands_in_what_is_logged_where():
    _, _, rest = PAGE.read_text(encoding="utf-8").partition("\n## What is logged where\n")
    told = set(re.findall(r"`([a-z.]+)`", rest.partition("\n## ")[0]))
    loggers: set[str] = set()
    for path in files():
        if path.is_relative_to(ROOT / "src") and path.suffix == ".py":
            asked = re.findall(r"\bget_?[lL]ogger\(([^)]*)\)", path.read_text(encoding="utf-8"))
            assert all(it.startswith('"onefold.') for it in asked), f"{path.name}: a logger without a name"
            loggers.update(it.strip('"') for it in asked)
    assert len(loggers) > 5
    assert told - {"onefold verify"} == loggers | set(LOGS)
