"""How a load ends: with exit code 1 where a person must look, for whoever runs it by a clock."""

from __future__ import annotations

from io import StringIO

import pytest
import typer
from rich.console import Console

from onefold.channels.cli.accounts import end
from onefold.channels.cli.house import ObjectLoaded
from onefold.usecases.model import Accounting


def loaded(counts: dict[str, int], *, stopped: bool = False) -> ObjectLoaded:
    """One object of a load."""
    names = ("accepted", "duplicate", "unchanged", "quarantined", "refused")
    account = Accounting(sum(counts.values()), *(counts.get(name, 0) for name in names))
    return ObjectLoaded("clients", (), account, {}, is_stopped=stopped)


def ended(*objects: ObjectLoaded) -> tuple[int, str]:
    """The exit code, and what was said."""
    out = StringIO()
    try:
        end(Console(file=out, width=200), objects)
    except typer.Exit as error:
        return error.exit_code, out.getvalue()
    return 0, out.getvalue()


@pytest.mark.parametrize(
    "counts",
    [
        {"accepted": 1, "quarantined": 9},
        {"duplicate": 3, "quarantined": 1},
        {"unchanged": 3, "quarantined": 1},
        {"refused": 4},
        {},
    ],
)
def test_a_load_of_which_something_was_known_or_let_in_ends_well(counts: dict[str, int]) -> None:
    assert ended(loaded(counts)) == (0, "")


@pytest.mark.parametrize("counts", [{"quarantined": 9}, {"quarantined": 2, "refused": 1}])
def test_an_object_of_which_every_row_was_held_does_not(counts: dict[str, int]) -> None:
    code, said = ended(loaded({"accepted": 5}), loaded(counts))
    assert code == 1
    assert said.startswith("No row of clients was let in: ")


def test_nor_does_a_snapshot_in_doubt() -> None:
    assert ended(loaded({"accepted": 5}, stopped=True)) == (1, "")
