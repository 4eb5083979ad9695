"""The `onefold` command: its subcommands, and errors as one readable line."""

from __future__ import annotations

import sys

import click
import typer
from rich.console import Console

from onefold.channels.cli.customers import add_customer_commands
from onefold.channels.cli.failures import exit_code, line
from onefold.channels.cli.folders import add_folder_commands
from onefold.channels.cli.house import House
from onefold.channels.cli.loads import add_load_commands
from onefold.channels.cli.people import add_people_commands
from onefold.channels.cli.proofs import add_proof_commands
from onefold.channels.cli.segments import add_segment_commands
from onefold.kernel.errors import OnefoldError

_HELP = "One fold over one immutable log: one customer from many sources."


def create_app(house: House, console: Console) -> typer.Typer:
    """The command with all its subcommands."""
    app = typer.Typer(
        help=_HELP,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    add_folder_commands(app, house, console)
    add_load_commands(app, house, console)
    add_customer_commands(app, house, console)
    add_segment_commands(app, house, console)
    add_proof_commands(app, house, console)
    add_people_commands(app, house, console)
    return app


def run(house: House, arguments: list[str] | None = None) -> None:
    """Runs the command and ends the process with its exit code."""
    console = Console(markup=False, highlight=False, soft_wrap=False)
    app = create_app(house, console)
    try:
        app(args=arguments, standalone_mode=False)
    except OnefoldError as error:
        typer.echo(line(error), err=True)
        sys.exit(exit_code(error))
    except click.ClickException as error:
        typer.echo(f"onefold: {error.format_message()} (`onefold --help` lists what there is)", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        typer.echo("onefold: stopped", err=True)
        sys.exit(130)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
