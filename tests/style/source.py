"""The files that the style tests look at, read once."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "onefold"
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file: where it is, its text and its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def at(self) -> str:
        """The path as a person would type it."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def lines(self) -> int:
        """Physical lines, comments and blanks included: what a reader scrolls through."""
        return len(self.text.splitlines())

    def functions(self) -> Iterator[FunctionNode]:
        """Every function and method, nested ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, FunctionNode))

    def imports(self) -> Iterator[tuple[str, int]]:
        """Dotted names that are imported, with their line; `from a import b` gives `a.b`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@cache
def files() -> tuple[Path, ...]:
    """Everything that is, or is about to be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


@cache
def _module(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(path, text, ast.parse(text, filename=str(path)))


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """The Python files under the folders, each a path from the root such as `src/onefold`."""
    roots = [ROOT / folder for folder in folders]
    python = (path for path in files() if path.suffix == ".py")
    return tuple(_module(path) for path in python if any(path.is_relative_to(root) for root in roots))


def package() -> tuple[Module, ...]:
    """The modules of the package itself."""
    return modules("src/onefold")


def report(faults: list[str]) -> str:
    """The message of a failed style test: one fault a line."""
    return "\n" + "\n".join(faults)
