"""One target under atheris, in a process of its own: `python -m tests.fuzz.one NAME [libFuzzer's arguments]`.

`python -m tests.fuzz.one NAME --input FILE` runs one input without the fuzzer, with its whole traceback; for
that atheris is not needed.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from tests.fuzz.planted import PLANTED
from tests.fuzz.target import Target, bounded

MODULES = ("tracking", "streams", "rows", "tables", "stored", "definitions", "documents", "requests")


def targets(*modules: str) -> dict[str, Target]:
    """Every target, or those of some modules, by its name, which begins with that of its module."""
    found: dict[str, Target] = {}
    for module in modules or MODULES:
        for target in import_module(f"tests.fuzz.targets.{module}").TARGETS:
            assert target.name not in found, f"two targets are called {target.name}"
            assert target.name.startswith(f"{module}-")
            found[target.name] = target
    return found


def _named(name: str) -> Target:
    """A target, or the planted one, which is of no use but to the test of the fuzzer itself."""
    return PLANTED if name == PLANTED.name else targets(name.partition("-")[0])[name]


def main() -> None:
    """Runs until the fuzzer has had enough, or the target finds something."""
    name, *arguments = sys.argv[1:]
    if arguments[:1] == ["--input"]:
        bounded(_named(name), Path(arguments[1]).read_bytes())
        print(f"{name}: nothing is wrong with {arguments[1]}")
        return
    import atheris  # Only where it is needed: it is not to be had everywhere.

    with atheris.instrument_imports(include=["onefold"]):
        target = _named(name)

    def once(data: bytes) -> None:
        bounded(target, data)

    for seed in target.seeds:
        target.run(seed)  # What is loaded at the first use is no input's cost.
    atheris.Setup([name, *arguments], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
