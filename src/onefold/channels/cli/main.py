"""The `onefold` command: its subcommands, and errors as one readable line."""

from __future__ import annotations

import os
import sys

import typer
from rich.console import Console

from onefold.channels.cli.audit import add_audit_commands
from onefold.channels.cli.biometrics import add_biometric_commands
from onefold.channels.cli.consents import add_consent_commands
from onefold.channels.cli.contracts import add_contract_commands
from onefold.channels.cli.customers import add_customer_commands
from onefold.channels.cli.diagnose import add_diagnose_commands
from onefold.channels.cli.explaining import add_explaining_commands
from onefold.channels.cli.failures import exit_code, line
from onefold.channels.cli.folders import add_folder_commands
from onefold.channels.cli.holds import add_hold_commands
from onefold.channels.cli.house import House
from onefold.channels.cli.links import add_link_commands
from onefold.channels.cli.loads import add_load_commands
from onefold.channels.cli.log import add_log_commands
from onefold.channels.cli.machines import add_machine_commands
from onefold.channels.cli.models import add_model_commands
from onefold.channels.cli.opendsr import add_opendsr_commands
from onefold.channels.cli.people import add_people_commands
from onefold.channels.cli.plans import add_plan_commands
from onefold.channels.cli.policies import add_policy_commands
from onefold.channels.cli.privacy import add_privacy_commands
from onefold.channels.cli.proofs import add_proof_commands
from onefold.channels.cli.proving import add_proving_commands
from onefold.channels.cli.pulls import add_pull_commands
from onefold.channels.cli.requests import add_request_commands
from onefold.channels.cli.reviewing import add_reviewing_commands
from onefold.channels.cli.segments import add_segment_commands
from onefold.channels.cli.settling import add_settling_commands
from onefold.channels.cli.suppressions import add_suppression_commands
from onefold.channels.cli.tokens import add_token_commands
from onefold.channels.cli.undoing import add_undoing_commands
from onefold.kernel.errors import OnefoldError

PIPE_COLUMNS = 160
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
    add_pull_commands(app, house, console)
    add_diagnose_commands(app, house, console)
    add_link_commands(app, house, console)
    add_settling_commands(app, house, console)
    add_customer_commands(app, house, console)
    add_explaining_commands(app, house, console)
    add_undoing_commands(app, house, console)
    add_reviewing_commands(app, house, console)
    add_privacy_commands(app, house, console)
    add_consent_commands(app, house, console)
    add_suppression_commands(app, house, console)
    add_biometric_commands(app, house, console)
    add_token_commands(app, house, console)
    add_request_commands(app, house, console)
    add_hold_commands(app, house, console)
    add_segment_commands(app, house, console)
    add_proof_commands(app, house, console)
    add_proving_commands(app, house, console)
    add_log_commands(app, house, console)
    add_audit_commands(app, house, console)
    add_people_commands(app, house, console)
    add_machine_commands(app, house, console)
    add_opendsr_commands(app, house, console)
    add_contract_commands(app, house, console)
    add_model_commands(app, house, console)
    add_plan_commands(app, house, console)
    add_policy_commands(app, house, console)
    return app


def create_console() -> Console:
    """Where tables are printed: as wide as the terminal, and wide enough for ids where there is none."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPE_COLUMNS
    return Console(markup=False, highlight=False, soft_wrap=False, width=width)


def run(house: House, arguments: list[str] | None = None) -> None:
    """Runs the command and ends the process with its exit code."""
    app = create_app(house, create_console())
    try:
        ended: int | None = app(args=arguments, standalone_mode=False)
    except typer.Exit as error:
        ended = error.exit_code
    except OnefoldError as error:
        typer.echo(line(error), err=True)
        ended = exit_code(error)
    except typer.TyperException as error:
        # Without a command at all, the message is the whole help.
        message = error.format_message()
        hint = "" if "\n" in message else "onefold: "
        typer.echo(f"{hint}{message}{hint and ' `onefold --help` lists what there is.'}", err=True)
        ended = 2
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("onefold: stopped", err=True)
        ended = 130
    sys.exit(ended)
