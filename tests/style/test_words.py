"""Docstrings and decision records: what lives here is said where it lives."""

from __future__ import annotations

import ast
import re

from tests.style.source import ROOT, Module, files, modules, package, report

ADR = ROOT / "docs" / "adr"
ADR_HEADINGS = ["Context", "Decision", "Consequences"]
ADR_LINES_MAX = 80
TODO = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))")
TEXT_SUFFIXES = {".py", ".ts", ".tsx", ".css", ".md", ".yaml", ".yml", ".toml", ".sh", ""}


def test_every_module_says_what_lives_in_it():
    faults = [it.at for it in modules("src", "bench", "tools", "tests") if not ast.get_docstring(it.tree)]
    assert not faults, report(faults)


def undocumented(module: Module) -> list[str]:
    """Public classes, and public functions of the module or of its public classes, that say nothing."""
    found = []
    scopes: list[ast.Module | ast.ClassDef] = [module.tree]
    while scopes:
        for node in scopes.pop().body:
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if node.name.startswith("_") or _inherits_its_words(node):
                continue
            if not ast.get_docstring(node):
                found.append(f"{module.at}:{node.lineno}: {node.name}")
            if isinstance(node, ast.ClassDef):
                scopes.append(node)
    return found


def _inherits_its_words(node: ast.stmt) -> bool:
    """Overloads, and overrides whose promise the parent or the Protocol states."""
    decorators = getattr(node, "decorator_list", [])
    return any(isinstance(it, ast.Name) and it.id in {"override", "overload"} for it in decorators)


def test_every_public_name_says_what_it_is():
    faults = [fault for it in package() for fault in undocumented(it)]
    assert not faults, report(faults)


def test_every_postponed_task_names_its_issue():
    faults = []
    for path in files():
        if path.suffix in TEXT_SUFFIXES and path.name not in {
            "package-lock.json",
            "LICENSE",
            "test_words.py",
        }:
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                if TODO.search(line):
                    faults.append(f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()}")
    assert not faults, report(faults)


def records() -> list[tuple[str, str]]:
    """Name and text of every decision record; the template is one of them in all but its number."""
    return [(path.name, path.read_text(encoding="utf-8")) for path in files() if path.parent == ADR]


def test_every_decision_record_has_its_number_its_three_parts_and_one_page():
    faults = []
    for name, text in records():
        numbered = re.fullmatch(r"(\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.md", name)
        number = numbered.group(1) if numbered else "NNNN"
        if not numbered and name not in {"template.md", "README.md"}:
            faults.append(f"{name}: is not called 0001-like-this.md")
        if name == "README.md":
            continue
        if not re.match(rf"# {number}: \S", text):
            faults.append(f"{name}: does not start with '# {number}: what was decided'")
        if re.findall(r"^## (.+)$", text, flags=re.MULTILINE) != ADR_HEADINGS:
            faults.append(f"{name}: has other headings than {', '.join(ADR_HEADINGS)}")
        if len(text.splitlines()) > ADR_LINES_MAX:
            faults.append(f"{name}: is longer than {ADR_LINES_MAX} lines")
    assert not faults, report(faults)


def test_decision_records_are_numbered_without_gaps():
    numbers = sorted(int(name[:4]) for name, _ in records() if name[:4].isdigit())
    assert numbers == list(range(1, len(numbers) + 1))
