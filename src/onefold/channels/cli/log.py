"""`onefold log`: what stands in the logs, what comes in, and whether it is what was signed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from onefold.channels.cli.house import House
from onefold.channels.cli.logbook import FrameLine, LogStat
from onefold.channels.cli.options import DataOption, JsonOption
from onefold.channels.cli.proofs import EXIT_DAMAGED, print_verified
from onefold.channels.cli.watching import watching

_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
_ID_DIGITS = 12


def add_log_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`log stat`, `log tail`, `log verify`: all of them read alone, and may run beside a server."""
    log = typer.Typer(help="Looks at the logs of a folder.", no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(log, name="log")

    @log.command("stat")
    def stat(as_json: JsonOption = False, data: DataOption = Path(".onefold")) -> None:
        """Counts segments, records, bytes and events, by source and object."""
        if as_json:
            typer.echo(msgspec.json.encode(house.logbook().stat(data, _tell_nobody)))
            return
        with watching(console) as watch:
            found = house.logbook().stat(data, watch)
        print_stat(console, found)

    @log.command("tail")
    def tail(
        source: Annotated[str, typer.Option(help="Frames of this source alone.")] = "",
        object_name: Annotated[str, typer.Option("--object", help="Frames of this object alone.")] = "",
        last: Annotated[int, typer.Option(help="How many frames.", min=0, max=100_000)] = 20,
        follow: Annotated[bool, typer.Option(help="Goes on with what comes, until stopped.")] = False,
        as_json: JsonOption = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Prints the headers of the last frames: who sent how many events of what, never what they say."""
        for line in house.logbook().tail(data, source, object_name, last, follow=follow):
            if as_json:
                typer.echo(msgspec.json.encode(line))
            else:
                console.print(line_of(line), soft_wrap=True)

    @log.command("verify")
    def verify(as_json: JsonOption = False, data: DataOption = Path(".onefold")) -> None:
        """Checks log, audit and quarantine against their signed checkpoints, as `onefold verify` does."""
        verified = house.verify(data)
        if as_json:
            logs = [it._asdict() for it in verified.logs]
            typer.echo(msgspec.json.encode({"sound": verified.sound, "logs": logs}))
        else:
            print_verified(console, verified)
        if not verified.sound:
            raise typer.Exit(EXIT_DAMAGED)


def print_stat(console: Console, found: LogStat) -> None:
    """A line a log, then a line an object."""
    logs = Table("log", box=None, header_style="bold")
    for name in ("segments", "records", "size", "erased", "sealed through", "newest checkpoint"):
        logs.add_column(name, justify="right")
    for it in found.logs:
        age = it.checkpoint_age_seconds
        logs.add_row(
            it.name,
            f"{it.segments:,}",
            f"{it.records:,}",
            size_of(it.bytes),
            f"{it.compacted_share:.1%}",
            f"{it.checkpoint_through:,}",
            "none" if age is None else f"{age_of(age)} ago",
        )
    console.print(logs)
    if not found.objects:
        console.print("Nothing was logged yet.")
        return
    objects = Table("source", "object", box=None, header_style="bold")
    for name in ("frames", "events", "size", "bytes an event", "erased"):
        objects.add_column(name, justify="right")
    objects.add_column("happened")
    objects.add_column("came")
    for one in found.objects:
        objects.add_row(
            one.source,
            one.object,
            f"{one.frames:,}",
            f"{one.events:,}",
            size_of(one.bytes),
            f"{one.bytes_per_event:,.0f}",
            f"{one.compacted:,}",
            " to ".join(dict.fromkeys(one.occurred)),
            " to ".join(dict.fromkeys(one.recorded)),
        )
    console.print()
    console.print(objects)


def line_of(it: FrameLine) -> str:
    """One frame on one line."""
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in it.kinds.items())
    held = "erased" if it.compacted else size_of(it.bytes)
    return (
        f"{it.sequence:>10,}  {it.recorded_at}  {it.source}/{it.object} {it.contract}  {kinds}  "
        f"of {' to '.join(dict.fromkeys(it.occurred))}  {it.entity} of {it.subject[:_ID_DIGITS]}  {held}"
    )


def size_of(count: int) -> str:
    """Bytes in a unit in which they have at most four digits."""
    size, unit = float(count), 0
    while size >= 1024 and unit < len(_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:.1f} {_UNITS[unit]}" if unit else f"{count} bytes"


def age_of(seconds: float) -> str:
    """A duration in its largest unit that fits twice, roughly."""
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(0.0, seconds):.0f} s"


def _tell_nobody(task: str, done: int, total: int | None) -> None:
    """For programs, which see no bars."""
