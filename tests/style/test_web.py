"""What the linter of the console cannot be asked: nothing there reaches into the prototype of objects."""

from __future__ import annotations

import re
from pathlib import Path

from tests.style.source import ROOT, files, report

REACHES = re.compile(
    r"__proto__|\.prototype\b|setPrototypeOf|\.constructor\b|Object\.(assign|defineProperty)|\bReflect\.(set|defineProperty|setPrototypeOf)\b"
    r"|\bmerge(With|Deep)?\(|\bfor \((const|let) \w+ in "
)
"""To name it, to write through it, and to copy whatever keys a foreign object has."""
MERGING = {"lodash", "lodash.merge", "deepmerge", "merge-deep", "jquery"}
"""Libraries whose merging did, in some version."""


STORES = re.compile(r"\b(sessionStorage|localStorage|indexedDB|caches\.open|document\.cookie)\b")
HOW_IT_LOOKS = ROOT / "web" / "src" / "lib" / "scheme.ts"
"""Keeps light or dark, and nothing else."""


def sources() -> list[Path]:
    """The console, but for its tests."""
    found = [
        it
        for it in files()
        if it.is_relative_to(ROOT / "web" / "src")
        and it.suffix in (".ts", ".tsx")
        and not it.name.endswith(".test.ts")
    ]
    assert len(found) > 50
    return found


def test_the_console_stores_nothing_in_the_browser_but_how_it_looks():
    storing = {it for it in sources() if STORES.search(it.read_text(encoding="utf-8"))}
    assert storing == {HOW_IT_LOOKS}
    assert set(re.findall(r"localStorage\.setItem\((\w+), (\w+)\)", HOW_IT_LOOKS.read_text())) == {
        ("KEY", "next")
    }


def test_nothing_in_the_console_reaches_the_prototype_of_objects():
    faults = [
        f"{it.relative_to(ROOT)}: {found[0]}"
        for it in sources()
        for found in REACHES.finditer(it.read_text(encoding="utf-8"))
    ]
    assert not faults, report(faults)


def test_the_console_has_no_library_that_merges_foreign_objects():
    named = set(re.findall(r'^ +"([\w@/.-]+)": "', (ROOT / "web" / "package.json").read_text(), re.MULTILINE))
    assert "react" in named
    assert not named & MERGING


def test_what_reaches_it_is_seen():
    for line in ("a.__proto__ = b", "Object.assign(a, b)", "for (const key in found) {", "Array.prototype.x"):
        assert REACHES.search(line)
