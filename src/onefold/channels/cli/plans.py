"""Commands for tracking plans: check messages in a build, write the plan down, see what broke it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onefold.channels.cli.asking import permit
from onefold.channels.cli.contracts import contract_file
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, LoginOption
from onefold.kernel.errors import CallerError
from onefold.usecases.check_plan import check_plan
from onefold.usecases.describe_plan import plan_page
from onefold.usecases.list_violations import list_violations


def add_plan_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`plan check`, `plan docs`, `plan violations`."""
    plan = typer.Typer(no_args_is_help=True, help="Checks and describes tracking plans.")

    @plan.command("check")
    def check(
        file: Annotated[Path, typer.Argument(help="Calls as JSON Lines, one call or batch a line.")],
        contract: Annotated[Path, typer.Option(help="The contract that is the plan.")],
    ) -> None:
        """Says every violation with its line; exit code 1 if there is one."""
        if not file.is_file():
            raise CallerError(f"There is no file {file}.")
        with file.open("rb") as lines:
            found = check_plan(contract_file(contract), lines)
        for it in found.violations:
            where = ": ".join(part for part in (it.event, it.property) if part)
            typer.echo(f"{file}:{it.line}: {where}{': ' if where else ''}expected {it.expected}")
        if found.faulty:
            said = f"{found.faulty} of {found.messages} messages break {found.plan}"
            typer.echo(f"onefold: {said}", err=True)
            raise typer.Exit(1)
        console.print(f"{found.messages:,} messages keep {found.plan}.")

    @plan.command("docs")
    def docs(
        contract: Annotated[Path, typer.Argument(help="The contract that is the plan.")],
        out: Annotated[Path | None, typer.Option(help="Where to write; without it, printed.")] = None,
    ) -> None:
        """Writes the plan down as Markdown."""
        page = plan_page(contract_file(contract))
        if out is None:
            typer.echo(page, nl=False)
        else:
            out.write_text(page, encoding="utf-8")

    @plan.command("violations")
    def violations(
        source: Annotated[str, typer.Option(help="Only this source.")] = "",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Counts what was held since the beginning, by source, version and property; never what it says."""
        with house.working(data) as rooms:
            allowed = permit(rooms, login, "list_quarantine", "stewardship")
            found = list_violations(allowed, rooms, source=source)
        table = Table("source", "version", "object", "field", "reason", "first", "last", box=None)
        table.add_column("rows", justify="right")
        for it in found:
            days = it.first_at[:10], it.last_at[:10]
            table.add_row(it.source, it.version, it.object, it.field, it.reason, *days, f"{it.rows:,}")
        console.print(table if found else "Nothing was held.")

    app.add_typer(plan, name="plan")
