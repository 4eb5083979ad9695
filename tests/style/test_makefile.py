"""The Makefile: every target that a person may call says in one line what it does."""

from __future__ import annotations

import re

from tests.style.source import ROOT, files, report

TEXT = (ROOT / "Makefile").read_text(encoding="utf-8")
PROMISED = {"setup", "demo", "check", "test", "bench", "bench-main", "docs", "web", "clean", "lint", "lock"}


def targets() -> dict[str, str]:
    """Target → its help text, empty where there is none."""
    rules = re.findall(r"^([a-z][a-z0-9-]*):(?!=)(?:[^#\n]*)(?:## (.*))?$", TEXT, flags=re.MULTILINE)
    return dict(rules)


def test_every_target_has_a_line_of_help():
    faults = [name for name, words in targets().items() if not words]
    assert not faults, report(faults)


def test_the_targets_of_the_house_exist():
    assert set(targets()) >= PROMISED


def test_every_target_is_declared_phony():
    declared = re.search(r"^\.PHONY: (.*)$", TEXT, flags=re.MULTILINE)
    assert declared
    assert set(declared.group(1).split()) == set(targets())


def test_every_make_target_that_a_document_names_exists():
    faults = []
    for path in files():
        if path.suffix == ".md":
            for name in re.findall(r"`make ([a-z][a-z0-9-]*)[^`]*`", path.read_text(encoding="utf-8")):
                if name not in targets():
                    faults.append(f"{path.relative_to(ROOT).as_posix()}: make {name}")
    assert not faults, report(faults)
