"""Commands that list what too many share: keys that bring nobody together for it, and devices."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, JsonOption, LoginOption, PurposeOption
from onefold.gate.model import Withheld
from onefold.usecases.list_hubs import (
    LIMIT_MAX,
    Hub,
    SharedDevice,
    list_hubs,
    list_shared_devices,
)

LimitOption = Annotated[int, typer.Option(min=1, max=LIMIT_MAX, help="How many at most.")]
CursorOption = Annotated[str, typer.Option(help="Where the page before ended.")]


def add_sharing_commands(group: typer.Typer, house: House, console: Console) -> None:
    """`review hubs | devices`."""

    @group.command("hubs")
    def hubs(
        limit: LimitOption = 20,
        cursor: CursorOption = "",
        purpose: PurposeOption = "stewardship",
        as_json: JsonOption = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Lists the keys that so many records share that they bring nobody together."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "list_hubs", purpose)
            found = list_hubs(asked, rooms, cursor=cursor, limit=limit, whole=True)
        if as_json:
            typer.echo(msgspec.json.encode(found).decode())
            return
        for it in found.items:
            _print_hub(console, it)
        _print_end(console, len(found.items), found.next, found.withheld)

    @group.command("devices")
    def devices(
        limit: LimitOption = 20,
        cursor: CursorOption = "",
        purpose: PurposeOption = "stewardship",
        as_json: JsonOption = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Lists the devices on which more people were seen than one may be of."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "list_hubs", purpose)
            found = list_shared_devices(asked, rooms, cursor=cursor, limit=limit, whole=True)
        if as_json:
            typer.echo(msgspec.json.encode(found).decode())
            return
        for it in found.items:
            _print_device(console, it)
        _print_end(console, len(found.items), found.next, found.withheld)


def _print_hub(console: Console, it: Hub) -> None:
    more = " or more" if it.is_cut else ""
    made_of = " and ".join(it.fields).replace("_", " ") or "unknown"
    console.print(
        f"{made_of}: {it.records:,}{more} records, {it.customers:,} customers, of {', '.join(it.sources)}"
    )
    if it.record:
        said = ", ".join(it.values.values())
        console.print(f"  {said}  as {it.record} says", style="dim")


def _print_device(console: Console, it: SharedDevice) -> None:
    more = " or more" if it.is_cut else ""
    what = " ".join(filter(None, (it.platform, it.model)))
    console.print(f"{it.source} {it.key}  {it.people:,}{more} people{what and f', {what}'}")
    console.print(f"  from {it.first_at[:10]} to {it.last_at[:10]}  {it.id}", style="dim")


def _print_end(console: Console, shown: int, cursor: str | None, withheld: Sequence[Withheld]) -> None:
    for it in withheld:
        console.print(f"withheld: {it.what}: {it.reason}", style="dim")
    more = f"; more with --cursor {cursor}" if cursor else ""
    console.print(f"{shown} shown{more}.")
