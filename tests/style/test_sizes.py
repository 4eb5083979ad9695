"""Budgets: a file, a function and a folder stay small enough to be read in one go."""

from __future__ import annotations

import ast
import statistics

from tests.style.source import PACKAGE, ROOT, FunctionNode, files, modules, package, report

FILE_LINES_MAX = 600
FILE_LINES_MEDIAN = 150
FILE_LINES_P95 = 400
FUNCTION_LINES_MAX = 70
DEPTH_MAX = 3
WEB_LINES_MAX = 250
WEB_SUFFIXES = {".ts", ".tsx", ".css", ".mjs"}
CODE = ("src", "tests", "bench", "tools")


def own_lines(function: FunctionNode) -> int:
    """Lines of a function less those of the functions within it, which are measured on their own."""
    end = function.end_lineno or function.lineno
    total = end - function.lineno + 1
    inner = [node for child in function.body for node in ast.walk(child) if isinstance(node, FunctionNode)]
    outermost = [
        node for node in inner if not any(node is not other and _holds(other, node) for other in inner)
    ]
    return total - sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in outermost)


def _holds(outer: FunctionNode, inner: FunctionNode) -> bool:
    return outer.lineno < inner.lineno and (inner.end_lineno or 0) <= (outer.end_lineno or 0)


def test_no_file_is_longer_than_600_lines():
    faults = [f"{it.at}: {it.lines} lines" for it in modules(*CODE) if it.lines > FILE_LINES_MAX]
    assert not faults, report(faults)


def test_most_files_of_the_package_are_short():
    lengths = sorted(it.lines for it in package() if it.path.name != "__init__.py")
    median = statistics.median(lengths)
    p95 = lengths[int(0.95 * (len(lengths) - 1))]
    longest = report([f"{it.lines:5} {it.at}" for it in sorted(package(), key=lambda it: -it.lines)[:10]])
    assert median <= FILE_LINES_MEDIAN, f"median {median} lines, at most {FILE_LINES_MEDIAN}{longest}"
    assert p95 <= FILE_LINES_P95, f"95th percentile {p95} lines, at most {FILE_LINES_P95}{longest}"


def test_no_function_is_longer_than_70_lines():
    faults = [
        f"{it.at}:{function.lineno}: {function.name} has {own_lines(function)} lines"
        for it in modules(*CODE)
        for function in it.functions()
        if own_lines(function) > FUNCTION_LINES_MAX
    ]
    assert not faults, report(faults)


def test_folders_are_at_most_three_deep():
    faults = [it.at for it in package() if len(it.path.relative_to(PACKAGE).parts) - 1 > DEPTH_MAX]
    assert not faults, report(faults)


def test_no_file_of_the_console_is_longer_than_250_lines():
    source = ROOT / "web" / "src"
    generated = source / "api" / "generated"
    faults = []
    for path in files():
        if path.suffix in WEB_SUFFIXES and path.is_relative_to(source) and not path.is_relative_to(generated):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > WEB_LINES_MAX:
                faults.append(f"{path.relative_to(ROOT).as_posix()}: {lines} lines")
    assert not faults, report(faults)
