"""Errors: the project raises its own, and swallows nothing."""

from __future__ import annotations

import ast

from tests.style.source import modules, package, report

BLIND = {"Exception", "BaseException"}
# An assertion is a bug and crashes; the others are how Python, typer or PyYAML's loader is told to stop.
ALLOWED = {"AssertionError", "ConstructorError", "Exit", "StopAsyncIteration", "StopIteration", "SystemExit"}


def own_errors() -> set[str]:
    """Names of the classes of the package that descend from OnefoldError."""
    bases = {
        node.name: {
            base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases
        }
        for it in package()
        for node in ast.walk(it.tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"OnefoldError"}
    while more := {name for name, parents in bases.items() if parents & found} - found:
        found |= more
    return found


def raised(node: ast.Raise) -> str:
    """The class that is raised; empty for a re-raise or a variable that holds an error."""
    called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name if name[:1].isupper() else ""


def test_every_raise_uses_an_error_of_the_project():
    known = own_errors() | ALLOWED
    faults = [
        f"{it.at}:{node.lineno}: raises {raised(node)}"
        for it in package()
        for node in ast.walk(it.tree)
        if isinstance(node, ast.Raise) and raised(node) and raised(node) not in known
    ]
    assert not faults, report(faults)


def caught(handler: ast.ExceptHandler) -> set[str]:
    """The names a handler catches; a bare `except:` counts as BaseException."""
    if handler.type is None:
        return {"BaseException"}
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {kind.attr if isinstance(kind, ast.Attribute) else getattr(kind, "id", "") for kind in kinds}


def test_nothing_catches_every_exception():
    faults = [
        f"{it.at}:{node.lineno}: catches {', '.join(sorted(caught(node) & BLIND))}"
        for it in modules("src", "bench", "tools")
        for node in ast.walk(it.tree)
        if isinstance(node, ast.ExceptHandler) and caught(node) & BLIND
    ]
    assert not faults, report(faults)


def test_no_handler_swallows_a_failure_in_silence():
    """`except X: pass` hides a failure; contextlib.suppress with a reason beside it says what is meant."""
    faults = [
        f"{it.at}:{node.lineno}: except … pass"
        for it in modules("src", "bench", "tools")
        for node in ast.walk(it.tree)
        if isinstance(node, ast.ExceptHandler) and all(isinstance(line, ast.Pass) for line in node.body)
    ]
    assert not faults, report(faults)
