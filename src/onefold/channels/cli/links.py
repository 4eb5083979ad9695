"""The command that finds out who is who in files, with no data folder."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefold.channels.cli.house import House
from onefold.channels.cli.linked import LinkAsked, LinkSummary
from onefold.kernel.errors import CallerError


def add_link_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`link`."""

    @app.command("link")
    def link(
        files: Annotated[
            list[Path], typer.Argument(help="Tables of people or companies: CSV, TSV, Parquet.")
        ],
        out: Annotated[Path, typer.Option(help="Where the answer goes, as Parquet.")],
        fields: Annotated[
            list[str] | None, typer.Option("--map", help="field=column, where a column's name does not tell.")
        ] = None,
        id: Annotated[str | None, typer.Option("--id", help="The column of record ids.")] = None,
        truth: Annotated[
            str | None, typer.Option(help="A column that says who is who: only measures, never helps.")
        ] = None,
        link_only: Annotated[
            bool, typer.Option("--link-only", help="Compares no two records of one file.")
        ] = False,
        threshold: Annotated[float, typer.Option(help="How probable a customer has to be.")] = 0.5,
        model: Annotated[Path | None, typer.Option(help="Where the trained model goes, as JSON.")] = None,
        splink: Annotated[
            Path | None, typer.Option(help="A model that Splink wrote, to link by instead of learning one.")
        ] = None,
        pairs: Annotated[
            Path | None, typer.Option(help="Where the weights of Splink's pairs go, as Parquet.")
        ] = None,
        duckdb: Annotated[
            int | None, typer.Option(min=1, max=2, help="Which DuckDB Splink ran on, if not the usual one.")
        ] = None,
    ) -> None:
        """Finds which records are one customer, without labels; writes who is who to a Parquet file."""
        asked = LinkAsked(
            files, out, stated(fields or []), id, truth, link_only, threshold, model,
            datetime.now(UTC).date().isoformat(), author(), splink, pairs, duckdb,
        )  # fmt: skip
        print_links(console, house.link(asked), out)


def author() -> str:
    """Who runs the command; nobody where the machine has no name for them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def stated(fields: list[str]) -> dict[str, str]:
    """Column → field."""
    stated: dict[str, str] = {}
    for it in fields:
        field, equals, column = it.partition("=")
        if not equals or not column:
            raise CallerError(f"{it} maps nothing.", hint="Write --map field=column, such as birth_date=dob.")
        stated[column] = field
    return stated


def print_links(console: Console, found: LinkSummary, out: Path) -> None:
    """What was recognised, counted and measured."""
    taken = ", ".join(f"{column} as {field}" for column, field in sorted(found.recognised.items()))
    console.print(f"compared {taken}", soft_wrap=True)
    if found.untrained:
        console.print(
            f"never trained, so with Splink's defaults: {', '.join(found.untrained)}", soft_wrap=True
        )
    console.print(
        f"{found.records:,} records are {found.customers:,} customers; {found.joined:,} records share one,"
        f" the largest has {found.largest:,}.",
        soft_wrap=True,
    )
    console.print(
        f"{found.candidates:,} pairs by {found.keys} keys; {found.hubs:,} hubs left out,"
        f" {found.raised:,} components taken apart.",
        soft_wrap=True,
    )
    if found.measures:
        said = ", ".join(f"{name.replace('_', ' ')} {value:.4f}" for name, value in found.measures.items())
        console.print(f"against the truth: {said}", soft_wrap=True)
    console.print(f"written to {out} in {found.seconds:.1f} s.", soft_wrap=True)
