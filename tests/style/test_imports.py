"""Who may import what, beyond the layers that import-linter holds (see pyproject.toml)."""

from __future__ import annotations

import ast
from collections.abc import Iterable

import grimp
import pytest

from tests.style.source import PACKAGE, Module, modules, package, report

PURE_NAMES = {"rules.py", "state.py"}

# What a pure decision may be made of. A list of what is allowed, not of what is banned: the next library that
# opens a socket is not on it.
PURE_IMPORTS = {
    "__future__", "abc", "base64", "binascii", "bisect", "calendar", "collections", "copy", "dataclasses",
    "datetime", "decimal", "difflib", "enum", "fractions", "functools", "graphlib", "hashlib", "heapq",
    "hmac", "itertools", "json", "math", "numbers", "operator", "re", "statistics", "string", "struct",
    "textwrap", "types", "typing", "typing_extensions", "unicodedata", "zlib",
    "cedarpy", "google_crc32c", "msgspec", "phonenumbers", "rapidfuzz", "stdnum",
}  # fmt: skip
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "breakpoint", "__import__", "globals"}
CLOCK_CALLS = {"now", "utcnow", "today", "monotonic", "perf_counter", "time", "time_ns", "now_us", "now_ms"}

# Inside our own package a pure module builds on facts and on other pure modules, never on what does things.
IMPURE_ROOMS = (
    "onefold.adapters",
    "onefold.channels",
    "onefold.runtimes",
    "onefold.usecases",
    "onefold.testing",
)
IMPURE_FILES = {"ports", "service"}

ADAPTER_BANS = {"rules", "state", "service"}


def pure_modules() -> list[Module]:
    """The modules that promise to be functions of their arguments alone."""
    return [it for it in package() if it.path.name in PURE_NAMES]


def impure_import(name: str) -> bool:
    """Whether a pure module may not have this import."""
    top, *rest = name.split(".")
    if top != "onefold":
        return top not in PURE_IMPORTS
    return name.startswith(IMPURE_ROOMS) or bool(IMPURE_FILES & set(rest))


def impure_calls(tree: ast.AST) -> Iterable[tuple[str, int]]:
    """Calls that do I/O or read a clock, by name and line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Name) and function.id in IMPURE_CALLS | CLOCK_CALLS:
                yield function.id, node.lineno
            elif isinstance(function, ast.Attribute) and function.attr in CLOCK_CALLS:
                owner = ast.unparse(function.value)
                if owner.endswith(("datetime", "date", "time", "clock")):
                    yield f"{owner}.{function.attr}", node.lineno


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "import sqlite3",
        "from pathlib import Path",
        "import random",
        "from time import time",
        "import uuid",
        "from onefold.record.log.ports import SegmentReader",
        "from onefold.adapters.files import segments",
    ],
)
def test_the_purity_check_knows_impure_imports(line):
    module = Module(PACKAGE / "x" / "rules.py", line, ast.parse(line))
    assert all(impure_import(name) for name, _ in module.imports())


def test_the_purity_check_knows_impure_calls():
    code = "datetime.now(UTC); date.today(); open('x'); dt.datetime.utcnow(); now_us()"
    assert len(list(impure_calls(ast.parse(code)))) == 5


def test_rules_and_state_import_no_io_clock_or_randomness():
    faults = [
        f"{it.at}:{line}: imports {name}"
        for it in pure_modules()
        for name, line in it.imports()
        if impure_import(name)
    ]
    assert not faults, report(faults)


def test_rules_and_state_call_no_io_or_clock():
    faults = [
        f"{it.at}:{line}: calls {name}" for it in pure_modules() for name, line in impure_calls(it.tree)
    ]
    assert not faults, report(faults)


def test_adapters_import_ports_and_models_never_rules():
    faults = [
        f"{it.at}:{line}: imports {name}"
        for it in modules("src/onefold/adapters")
        for name, line in it.imports()
        if name.startswith("onefold.")
        and not name.startswith("onefold.adapters")
        and ADAPTER_BANS & set(name.split("."))
    ]
    assert not faults, report(faults)


def cycles(edges: dict[str, set[str]]) -> list[set[str]]:
    """Strongly connected components of more than one node (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in edges.get(node, ()):
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            component = set(stack[stack.index(node) :])
            del stack[stack.index(node) :]
            if len(component) > 1:
                found.append(component)

    for node in edges:
        if node not in index:
            visit(node)
    return found


def test_the_cycle_check_finds_a_cycle():
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [{"b", "c"}]
    assert cycles({"a": {"b"}, "b": {"c"}, "c": set()}) == []


def test_no_modules_import_each_other_in_a_circle():
    graph = grimp.build_graph("onefold", cache_dir=None)
    found = cycles({name: graph.find_modules_directly_imported_by(name) for name in graph.modules})
    assert not found, report([" ↔ ".join(sorted(component)) for component in found])


def test_every_folder_of_the_package_is_a_package():
    folders = {it.path.parent for it in package()}
    faults = [folder.as_posix() for folder in folders if not (folder / "__init__.py").is_file()]
    assert not faults, report(faults)


RUN = {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}
UNSAFE = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
GOING_OUT = (
    *("http.client", "urllib.request", "socket", "ldap3"),
    *("confluent_kafka", "httpx", "sqlalchemy", "smtplib"),
)
GOES_OUT = {
    *(
        "kafka/feed",
        "kafka/schemas",
        "ldap/directory",
        "oidc/provider",
        "rest/lookup",
        "rest/poster",
        "rest/timely",
    ),
    *("sql/engines", "sql/lookup", "sql/query"),
}
"""Adapters that talk to others, as docs/reference/security.md tells."""


def test_nothing_runs_text_goes_through_a_shell_or_makes_objects_that_data_chose():
    faults = []
    for it in package():
        unsafe = [(name, at) for name, at in it.imports() if name.split(".")[0] in UNSAFE]
        faults += [f"{it.at}:{at}: imports {name}" for name, at in unsafe]
        for node in ast.walk(it.tree):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in RUN or any(word.arg == "shell" for word in node.keywords):
                    faults.append(f"{it.at}:{node.lineno}: calls {called}")
    assert not faults, report(faults)


def test_nothing_talks_to_others_but_what_is_written_down():
    found = {it.at for it in package() for name, _ in it.imports() if name.startswith(GOING_OUT)}
    own = "src/onefold/channels/api/server.py"  # It tries whether its own port is free.
    assert found == {f"src/onefold/adapters/{it}.py" for it in GOES_OUT} | {own}
