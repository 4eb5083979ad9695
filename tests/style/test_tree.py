"""What must not be in the tree: paths of somebody's machine, addresses of downloads, tests of nothing."""

from __future__ import annotations

import ast
import json
import re

import pytest

from tests.style.source import PACKAGE, ROOT, FunctionNode, files, modules, report

# Written in two halves, so that this file passes its own test.
MACHINE_PATHS = ("/wo" + "rk/", "/ro" + "ot/", "/home/" + "runner")
REGISTRY_HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "registry." + "yarnpkg",
    "static.crates" + ".io",
    "proxy." + "golang.org",
    "repo1." + "maven.org",
    "deb." + "debian.org",
)
UNIT = ROOT / "tests" / "unit"
CHECKS = re.compile(r"(^|[._])(assert|check|expect|raises|warns|fail)")


def faults_with(needles: tuple[str, ...]) -> list[str]:
    """Each place in a committed text where one of the words stands."""
    found = []
    for path in files():
        text = path.read_bytes()
        if b"\0" in text[:8000]:
            continue
        for number, line in enumerate(text.decode("utf-8", errors="replace").splitlines(), 1):
            found += [f"{path.relative_to(ROOT)}:{number}: {needle}" for needle in needles if needle in line]
    return found


def test_no_file_names_a_path_of_one_machine():
    faults = faults_with(MACHINE_PATHS)
    assert not faults, report(faults)


def test_no_file_names_a_package_registry():
    faults = faults_with(REGISTRY_HOSTS)
    assert not faults, report(faults)


def test_no_python_lock_names_an_address():
    locks = [path for path in files() if path.parent == ROOT / "requirements"]
    faults = [
        f"{path.name}:{number}: {line.strip()}"
        for path in locks
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "://" in line or line.startswith(("--index", "--extra-index", "--find-links"))
    ]
    assert locks
    assert not faults, report(faults)


@pytest.mark.parametrize("name", ["uv.lock", "poetry.lock", "Pipfile.lock", "yarn.lock", "pnpm-lock.yaml"])
def test_no_lock_that_records_addresses_is_committed(name):
    assert not [path for path in files() if path.name == name]


def test_no_npm_lock_names_an_address():
    faults = []
    for path in files():
        if path.name == "package-lock.json":
            packages = json.loads(path.read_text(encoding="utf-8")).get("packages", {})
            faults += [
                f"{path.relative_to(ROOT)}: {key}"
                for key, it in packages.items()
                if "://" in it.get("resolved", "")
            ]
            faults += [
                f"{path.relative_to(ROOT)}: {key} has no integrity"
                for key, it in packages.items()
                if key and not it.get("link") and not it.get("integrity") and not it.get("inBundle")
            ]
    assert not faults, report(faults)


def test_unit_tests_mirror_the_package():
    """unit/record/log/test_frames.py, or test_frames_torn.py, is about record/log/frames.py."""
    faults = []
    for it in modules("tests/unit"):
        if it.path.name.startswith("test_"):
            folder = PACKAGE / it.path.parent.relative_to(UNIT)
            subject = it.path.stem.removeprefix("test_")
            names = {path.stem for path in folder.glob("*") if path.is_dir() or path.suffix == ".py"}
            if not any(subject == name or subject.startswith(f"{name}_") for name in names):
                faults.append(f"{it.at}: no {subject} in {folder.relative_to(ROOT).as_posix()}")
    assert not faults, report(faults)


def checks_something(test: FunctionNode) -> bool:
    """Whether a test can fail: it asserts, expects a raise, or calls something named as a check."""
    return any(
        isinstance(node, ast.Assert) or (isinstance(node, ast.Call) and CHECKS.search(ast.unparse(node.func)))
        for node in ast.walk(test)
    )


def test_every_test_can_fail():
    faults = [
        f"{it.at}:{test.lineno}: {test.name}"
        for it in modules("tests")
        for test in it.functions()
        if test.name.startswith("test_") and not checks_something(test)
    ]
    assert not faults, report(faults)


def test_no_assertion_is_always_true():
    faults = [
        f"{it.at}:{node.lineno}: {ast.unparse(node)}"
        for it in modules("tests")
        for node in ast.walk(it.tree)
        if isinstance(node, ast.Assert) and always_true(node.test)
    ]
    assert not faults, report(faults)


def always_true(test: ast.expr) -> bool:
    """A true constant, a tuple of something, or an `or` that holds one."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return any(always_true(value) for value in test.values)
    return (isinstance(test, ast.Constant) and bool(test.value)) or (
        isinstance(test, ast.Tuple) and bool(test.elts)
    )


def test_the_always_true_check_knows_one():
    assert always_true(ast.parse("x or True", mode="eval").body)
    assert always_true(ast.parse("(x, 'message')", mode="eval").body)
    assert not always_true(ast.parse("x == 1", mode="eval").body)
