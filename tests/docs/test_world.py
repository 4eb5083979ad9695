"""The page of the world states every figure and every rate as the generator uses them, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from onefold.testing.world.figures import FIGURES
from onefold.testing.world.generate import SHEETS
from onefold.testing.world.habits import HABITS, RATES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "world.md").read_text(encoding="utf-8")


def percent(share: float) -> str:
    """A share as the page writes it."""
    return f"{share * 100:.10g} %"


def table_of(heading: str) -> list[str]:
    """The lines of the first table under a heading, without its head."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("| `")]


def test_every_figure_is_stated() -> None:
    expected = [f"| `{name}` | {percent(value)} | {about} |" for name, (value, about) in FIGURES.items()]
    assert table_of("Figures") == expected


def test_every_rate_of_every_source_is_stated() -> None:
    expected = [
        f"| `{name}` | {' | '.join(percent(getattr(it, name)) for it in HABITS.values())} | {about} |"
        for name, about in RATES
    ]
    assert table_of("What sources get wrong") == expected


def test_every_file_is_named() -> None:
    for sheet in SHEETS:
        name = sheet.path.rpartition("/")[2]
        assert f"`{name}`" in PAGE or f"`{name.partition('.')[0]}`" in PAGE, sheet.path


def test_every_kind_of_event_is_named() -> None:
    sources = Path(__file__).resolve().parents[2] / "src" / "onefold" / "testing" / "world"
    texts = "".join(path.read_text(encoding="utf-8") for path in sources.rglob("*.py"))
    kinds = set(re.findall(r'Event\(\s*"([a-z_]+)"', texts))
    assert len(kinds) > 10
    assert all(f"`{kind}`" in PAGE for kind in kinds)


def test_the_cultures_and_households_are_whole() -> None:
    for room in ("culture", "household"):
        shares = [value for name, (value, _) in FIGURES.items() if name.startswith(f"{room}.")]
        assert abs(sum(shares) - 1) < 1e-9
