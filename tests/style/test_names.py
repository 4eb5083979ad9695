"""Names say what a thing is; these say nothing."""

from __future__ import annotations

import ast
import re

from tests.style.source import ROOT, files, modules, report

EMPTY_WORDS = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"}
CODE_SUFFIXES = {".py", ".ts", ".tsx"}


def words(name: str) -> set[str]:
    """The words of a snake_case, kebab-case or CamelCase name, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def test_words_are_found_in_every_case_style():
    assert words("state_utils") & EMPTY_WORDS
    assert words("StateManager") & EMPTY_WORDS
    assert words("query-helpers") & EMPTY_WORDS
    assert not words("commonest_city") & EMPTY_WORDS


def test_no_file_or_folder_has_an_empty_name():
    faults = []
    for path in files():
        place = path.relative_to(ROOT)
        if path.suffix in CODE_SUFFIXES:
            parts = [*place.parts[:-1], place.stem]
            faults += [place.as_posix() for part in parts if words(part) & EMPTY_WORDS]
    assert not faults, report(faults)


def test_no_class_or_function_has_an_empty_name():
    faults = [
        f"{it.at}:{node.lineno}: {node.name}"
        for it in modules("src", "bench", "tools")
        for node in ast.walk(it.tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and words(node.name) & EMPTY_WORDS
    ]
    assert not faults, report(faults)
