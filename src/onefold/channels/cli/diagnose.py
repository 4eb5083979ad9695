"""The command that looks at extracts before anything is loaded, with no data folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefold.channels.cli.diagnosed import DiagnoseAsked, DiagnoseSummary, Estimated
from onefold.channels.cli.house import House
from onefold.channels.cli.links import author, stated
from onefold.channels.cli.watching import watching


def add_diagnose_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`diagnose`."""

    @app.command("diagnose")
    def diagnose(
        files: Annotated[
            list[Path],
            typer.Argument(help="Tables of people or companies: CSV, TSV, JSON Lines, Parquet, Excel."),
        ],
        out: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("onefold-report.html"),
        fields: Annotated[
            list[str] | None, typer.Option("--map", help="field=column, where a column's name does not tell.")
        ] = None,
        id: Annotated[str | None, typer.Option("--id", help="The column of record ids.")] = None,
        truth: Annotated[
            str | None, typer.Option(help="A column that says who is who: only measures, never helps.")
        ] = None,
        show_values: Annotated[
            bool, typer.Option("--show-values", help="Shows values of people in examples as they are.")
        ] = False,
        force: Annotated[bool, typer.Option("--force", help="Writes over a report that is there.")] = False,
    ) -> None:
        """Looks at files before anything is loaded, and writes a page: duplicates, health, examples."""
        asked = DiagnoseAsked(
            files, out, stated(fields or []), id, truth, show_values, force, author(), datetime.now(UTC)
        )
        with watching(console) as watch:
            found = house.diagnose(asked, watch)
        print_diagnosis(console, found, out)


def print_diagnosis(console: Console, found: DiagnoseSummary, out: Path) -> None:
    """The answer in a few lines."""
    taken = ", ".join(f"{column} as {field}" for column, field in sorted(found.recognised.items()))
    lines = [
        f"compared {taken}",
        _counted(found),
        f"estimated without labels: precision {_range(found.precision)}, recall {_range(found.recall)}",
    ]
    if found.unnamed:
        lines.insert(1, f"not compared {', '.join(found.unnamed)}; --map field=column says what it is")
    if found.measures:
        said = ", ".join(f"{name.replace('_', ' ')} {value:.4f}" for name, value in found.measures.items())
        lines.append(f"against the truth: {said}")
    if found.hubs:
        lines.append(f"{found.hubs:,} values stand on too many records; the report names them.")
    lines.append(f"written to {out} ({found.bytes / 1024:,.0f} kB) in {found.seconds:.1f} s.")
    for it in lines:
        console.print(it, soft_wrap=True)


def _counted(found: DiagnoseSummary) -> str:
    sources = "1 source" if found.sources == 1 else f"{found.sources} sources"
    return (
        f"{found.records:,} records of {sources} seem to be {found.customers:,} customers; {found.inside:,}"
        f" records have company in their own source, {found.across:,} in another."
    )


def _range(it: Estimated) -> str:
    return f"{it.middle:.3f} ({it.low:.3f} to {it.high:.3f})"
