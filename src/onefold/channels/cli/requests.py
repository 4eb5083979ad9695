"""Commands of requests of data subjects: take one in, see what is due, answer it."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, LoginOption
from onefold.kernel.errors import CallerError
from onefold.usecases.answer_request import (
    complete_request,
    extend_request,
    refuse_request,
    verify_request,
)
from onefold.usecases.cancel_request import cancel_request
from onefold.usecases.fetch_package import fetch_package
from onefold.usecases.list_requests import list_requests, show_request
from onefold.usecases.open_request import AskedRequest, open_request
from onefold.usecases.request_views import Asker, Delay, Kind, Proof, Refusal, RequestView

PURPOSE = "compliance"
RequestArgument = Annotated[str, typer.Argument(help="The id of the request.")]


def add_request_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`request open | list | show | verify | extend | complete | refuse | cancel | package`."""
    group = typer.Typer(help="What data subjects ask about their own data.", no_args_is_help=True)
    _add_opening(group, house, console)
    _add_looking(group, house, console)
    _add_working(group, house, console)
    _add_ending(group, house, console)
    app.add_typer(group, name="request")


def _add_opening(group: typer.Typer, house: House, console: Console) -> None:
    @group.command("open")
    def opened(
        kind: Annotated[Kind, typer.Argument(help="What is asked for.")],
        customer: Annotated[str, typer.Argument(help="The customer's id; any id they ever had.")],
        asked_by: Annotated[Asker, typer.Option(help="Who asks.")] = Asker.SELF,
        proof: Annotated[Proof, typer.Option(help="How it was proven who asks.")] = Proof.NONE,
        law: Annotated[str, typer.Option(help="A law of laws.yaml; without it, that of the cell.")] = "",
        received: Annotated[str, typer.Option(help="A day or an instant (UTC); without it, now.")] = "",
        purpose: Annotated[
            list[str] | None, typer.Option(help="What an objection or a restriction is against.")
        ] = None,
        request_id: Annotated[str, typer.Option("--id", help="A UUID v4; without it, one is made.")] = "",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Takes in a request, and says until when it is to be answered."""
        asked = AskedRequest(
            id=request_id or str(uuid.uuid4()),
            kind=kind,
            customer=customer,
            asker=asked_by,
            proof=proof,
            law=law,
            asked_at=received,
            purposes=tuple(purpose or ()),
        )
        with house.working(data) as rooms:
            taken = open_request(permit(rooms, login, "open_request", PURPOSE), rooms, asked)
        _print(console, taken)


def _add_looking(group: typer.Typer, house: House, console: Console) -> None:
    @group.command("list")
    def listed(
        status: Annotated[
            str,
            typer.Option(
                help="open, overdue, ended, held, received, in_progress, completed, refused, cancelled, all."
            ),
        ] = "open",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Lists requests, those that are due first."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "list_requests", PURPOSE)
            found = list_requests(asked, rooms, "" if status == "all" else status)
        table = Table("request", "asks for", "status", "due", "days left", "law", box=None)
        for it in found.items:
            left = str(it.days_left) if it.status in ("received", "in_progress", "held") else ""
            table.add_row(it.id, it.kind, it.status, it.due_on, left, it.law)
        console.print(table)
        console.print(f"{len(found.items):,} requests, {found.overdue:,} overdue.")

    @group.command("show")
    def show(request: RequestArgument, login: LoginOption = "", data: DataOption = Path(".onefold")) -> None:
        """Shows one request with its steps."""
        with house.working(data) as rooms:
            found = show_request(permit(rooms, login, "list_requests", PURPOSE), rooms, request)
        _print(console, found)
        for it in found.steps:
            because = f" ({it.because})" if it.because else ""
            console.print(f"  {it.at[:16]}  {it.step}{because} by {it.actor}")

    @group.command("package")
    def package(
        request: RequestArgument,
        out: Annotated[Path, typer.Option(help="The file to write; it must not be there yet.")],
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Fetches the package that answers a request, to hand it over."""
        with house.working(data) as rooms:
            found = fetch_package(permit(rooms, login, "fetch_package", PURPOSE), rooms, request)
        _write(out, found)
        console.print(f"{out}: {len(found):,} bytes")


def _add_working(group: typer.Typer, house: House, console: Console) -> None:
    @group.command("verify")
    def verify(
        request: RequestArgument,
        proof: Annotated[Proof, typer.Option(help="How it was proven who asks.")],
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Keeps how it was proven who asks."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "answer_request", PURPOSE)
            _print(console, verify_request(asked, rooms, request, proof))

    @group.command("extend")
    def extend(
        request: RequestArgument,
        because: Annotated[Delay, typer.Option(help="Why more time is taken.")],
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Takes the time that the law gives once more."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "answer_request", PURPOSE)
            _print(console, extend_request(asked, rooms, request, because))


def _add_ending(group: typer.Typer, house: House, console: Console) -> None:
    @group.command("complete")
    def complete(
        request: RequestArgument, login: LoginOption = "", data: DataOption = Path(".onefold")
    ) -> None:
        """Does what is asked: makes the package, erases, or records the objection."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "answer_request", PURPOSE)
            _print(console, complete_request(asked, rooms, request))

    @group.command("refuse")
    def refuse(
        request: RequestArgument,
        because: Annotated[Refusal, typer.Option(help="Why.")],
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Ends a request with a reason."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "answer_request", PURPOSE)
            _print(console, refuse_request(asked, rooms, request, because))

    @group.command("cancel")
    def cancel(
        request: RequestArgument, login: LoginOption = "", data: DataOption = Path(".onefold")
    ) -> None:
        """Ends a request that is no longer wanted, before work on it has begun."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "cancel_request", PURPOSE)
            _print(console, cancel_request(asked, rooms, request))


def _print(console: Console, it: RequestView) -> None:
    """A line or two."""
    due = "" if it.status in ("completed", "refused", "cancelled") else f", due {it.due_on} by {it.law}"
    because = f" ({it.because})" if it.because else ""
    console.print(f"{it.id}: {it.kind} {it.status}{because}{due}")
    if it.outcome:
        console.print(f"answered by {it.outcome}", style="dim")


def _write(out: Path, data: bytes) -> None:
    try:
        with out.open("xb") as file:
            out.chmod(0o600)
            file.write(data)
    except OSError as error:
        raise CallerError("The file cannot be written.", detail=error.strerror or "") from error
