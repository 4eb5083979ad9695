"""Options that several commands share."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

DataOption = Annotated[
    Path, typer.Option("--data", help="The data folder.", envvar="ONEFOLD_DATA", show_envvar=True)
]
LoginOption = Annotated[
    str,
    typer.Option(
        "--login", help="Whose rights count; the folder's owner acts for them.", envvar="ONEFOLD_LOGIN"
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
PurposeOption = Annotated[str, typer.Option(help="Why the data is asked for.")]


def operator() -> str:
    """Who is at the keyboard, as the audit names them."""
    return f"operator:{getpass.getuser()}"
