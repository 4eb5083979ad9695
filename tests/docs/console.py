"""Runs the `console` blocks of a page in one shell and compares what they print.

A line that starts with `$ ` is run; the lines after it, up to the next `$ `, must appear in its output in
that order, `…` standing for anything. A block without expected lines must only exit with 0. A command with
`<<'WORD'` takes the lines up to `WORD` as its input. Commands that end in ` &` go to the background and are
ended with the page. `text` blocks are never run.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
ROOT = Path(__file__).resolve().parents[2]


class Step(NamedTuple):
    """One command of a page, and the lines it is said to print."""

    command: str
    expected: tuple[str, ...]


def steps_of(page: Path) -> list[Step]:
    """The commands of a page in order."""
    steps: list[Step] = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        lines = iter(block.splitlines())
        for line in lines:
            if line.startswith("$ "):
                steps.append(Step(line[2:] + _input_of(line, lines), ()))
            elif line.strip() and steps:
                steps[-1] = Step(steps[-1].command, (*steps[-1].expected, line.strip()))
    return steps


def _input_of(line: str, lines: Iterator[str]) -> str:
    """What a `<<'WORD'` at the end of a command takes from the lines behind it."""
    wanted = re.search(r"<<'(\w+)'$", line)
    if wanted is None:
        return ""
    text = ""
    for inner in lines:
        text += "\n" + inner
        if inner == wanted.group(1):
            return text
    raise AssertionError(f"{line}: {wanted.group(1)} never comes")


def pattern_of(line: str) -> re.Pattern[str]:
    """Matches the line with runs of spaces folded and `…` standing for anything."""
    parts = [re.sub(r"(?:\\ )+", r"\\s+", re.escape(part.strip())) for part in line.split("…")]
    return re.compile(r".*".join(parts))


def missing(step: Step, output: str) -> list[str]:
    """The expected lines that did not appear, in their order, in the output."""
    lines, at, absent = output.splitlines(), 0, []
    for line in step.expected:
        pattern = pattern_of(line)
        found = next((n for n in range(at, len(lines)) if pattern.search(lines[n])), None)
        if found is None:
            absent.append(line)
        else:
            at = found + 1
    return absent


class Shell:
    """One folder and one environment for all commands of a page."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "160", **environment}
        self.environment["PATH"] = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{self.environment['PATH']}"
        self.background: list[subprocess.Popen[bytes]] = []

    def run(self, step: Step) -> tuple[int, str]:
        """Exit code and everything printed; 0 and nothing for a command sent to the background."""
        if step.command.endswith(" &"):
            with (self.folder / "background.log").open("ab") as log:
                process = subprocess.Popen(
                    "exec " + step.command[:-2],
                    shell=True,
                    cwd=self.folder,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            self.background.append(process)
            if "$PORT" in step.command:
                self._wait_for(int(self.environment["PORT"]))
            return 0, ""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", step.command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout

    def _wait_for(self, port: int) -> None:
        """A reader types slower than a service starts, which looks up its own name before it listens."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(0.05)

    def close(self) -> None:
        """Ends what the page left running."""
        for process in self.background:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
