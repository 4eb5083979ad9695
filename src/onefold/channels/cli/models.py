"""Commands for models of identity: train, show, compare, adopt one, and go back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, JsonOption, LoginOption
from onefold.channels.cli.watching import watching
from onefold.kernel.errors import CallerError
from onefold.usecases.adopt_model import Adopted, adopt_model, rollback_model
from onefold.usecases.compare_models import Change, Compared, compare_models
from onefold.usecases.import_model import Imported, import_model
from onefold.usecases.show_model import FieldShown, ModelShown, ModelsShown, show_model
from onefold.usecases.train_model import Trained, train_model

PURPOSE = "stewardship"
_BITS = "{:+.1f}".format


def add_model_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`model train`, `import`, `show`, `compare`, `adopt`, `rollback`."""
    model = typer.Typer(no_args_is_help=True, help="Learns and changes the rules of who is who.")
    _add_looking(model, house, console)
    _add_changing(model, house, console)
    app.add_typer(model, name="model")


def _add_looking(model: typer.Typer, house: House, console: Console) -> None:
    @model.command("train")
    def train(login: LoginOption = "", data: DataOption = Path(".onefold")) -> None:
        """Learns a model from the records there are; nothing changes before it is adopted."""
        with house.models(data) as models, watching(console) as watch:
            trained = train_model(permit(models, login, "train_model", PURPOSE), models, watch)
        print_trained(console, trained)

    @model.command("import")
    def import_(
        file: Annotated[Path, typer.Argument(help="What Splink wrote: save_model_to_json, version 4 or 5.")],
        fields: Annotated[
            list[str] | None,
            typer.Option(
                "--map", help="COLUMN=FIELD, or COLUMN=FIELD+FIELD: what a column of it is made of."
            ),
        ] = None,
        duckdb: Annotated[
            int | None,
            typer.Option(help="1 or 2: on which DuckDB it was trained, if its file does not tell."),
        ] = None,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Takes in a model that Splink trained; nothing changes before it is adopted."""
        stated = dict(_mapped(it) for it in fields or ())
        written = _read(file)
        with house.models(data) as models, watching(console) as watch:
            asked = permit(models, login, "train_model", PURPOSE)
            imported = import_model(asked, models, written, watch, stated=stated, duckdb=duckdb)
        print_imported(console, imported)

    @model.command("show")
    def show(
        version: Annotated[str, typer.Argument(help="Which; without it, the one in force.")] = "",
        as_json: JsonOption = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Says what decides who is who, since when, and what a model has learned."""
        with house.models(data) as models:
            shown = show_model(permit(models, login, "show_model", PURPOSE), models, version)
        if as_json:
            typer.echo(msgspec.json.encode(shown))
        else:
            print_shown(console, shown)

    @model.command("compare")
    def compare(
        old: Annotated[str, typer.Argument(help="A version, or: rules.")],
        new: Annotated[str, typer.Argument(help="A version, or: rules.")],
        examples: Annotated[int, typer.Option(min=0, help="So many of each kind are shown.")] = 10,
        as_json: JsonOption = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Says who would merge and who would split; nothing changes."""
        with house.models(data) as models, watching(console) as watch:
            asked = permit(models, login, "compare_models", PURPOSE)
            compared = compare_models(asked, models, old, new, _quiet if as_json else watch, examples)
        if as_json:
            typer.echo(msgspec.json.encode(compared))
        else:
            print_compared(console, compared)


def _add_changing(model: typer.Typer, house: House, console: Console) -> None:
    @model.command("adopt")
    def adopt(
        version: Annotated[str, typer.Argument(help="A version, or: rules.")],
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Puts a model in force, for all that is known; a server goes over to it while it runs."""
        with house.models(data) as models, watching(console) as watch:
            adopted = adopt_model(permit(models, login, "adopt_model", PURPOSE), models, version, watch)
        print_adopted(console, adopted)

    @model.command("rollback")
    def rollback(login: LoginOption = "", data: DataOption = Path(".onefold")) -> None:
        """Puts in force what was before the last adoption."""
        with house.models(data) as models, watching(console) as watch:
            adopted = rollback_model(permit(models, login, "adopt_model", PURPOSE), models, watch)
        print_adopted(console, adopted)


def _mapped(text: str) -> tuple[str, str]:
    column, _, field = text.partition("=")
    if not column or not field:
        raise CallerError(f"{text} is no mapping.", hint="Write --map COLUMN=FIELD.")
    return column.strip().lower(), field.strip()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CallerError(f"{path} cannot be read.", detail=f"{error.strerror}.") from None


def print_imported(console: Console, imported: Imported) -> None:
    """The version, what its columns are here, and what is odd."""
    news = "" if imported.is_new else " (it was there already)"
    console.print(f"model {imported.version}{news}")
    console.print(
        f"term frequencies of {imported.records:,} records; keys of {imported.rules} blocking rules"
    )
    for column, fields in imported.columns:
        console.print(f"  {column} is {fields}", highlight=False)
    if imported.hubs:
        console.print(
            f"{imported.hubs:,} keys are of too many records to bring any together: pairs that Splink would "
            "look at through these alone are not looked at.",
            style="yellow",
        )
    for it in imported.untrained:
        console.print(f"never trained, so with Splink's defaults: {it}", style="yellow", markup=False)
    console.print(f"Nothing has changed. Next: onefold model compare rules {imported.version}")


def _quiet(task: str, done: int, total: int | None) -> None:
    """For programs, which see no bars."""


def print_trained(console: Console, trained: Trained) -> None:
    """The version, what it was learned from, and what agreement is worth in each field."""
    news = "" if trained.is_new else " (nothing new was learned)"
    console.print(f"model {trained.version}{news}")
    console.print(f"learned from {_learned_from(trained)} on {trained.trained_on} by {trained.author}")
    console.print(f"data digest {trained.data_digest}")
    table = Table("field", "kind", box=None)
    for name in ("agreement, bits", "disagreement, bits"):
        table.add_column(name, justify="right")
    for it in trained.fields:
        table.add_row(it.name, it.kind, _BITS(it.same), _BITS(it.different))
    console.print(table)
    console.print(f"Nothing has changed. Next: onefold model compare rules {trained.version}")


def _learned_from(model: Trained | ModelShown) -> str:
    judged = f" and the judgements of {model.judged:,} pairs" if model.judged else ""
    return f"{model.records:,} records{judged}"


def print_shown(console: Console, shown: ModelsShown) -> None:
    """What is in force; then one model, or how many there are."""
    since = f" since {shown.in_force.since}, by {shown.in_force.by}" if shown.in_force.number else ""
    console.print(f"in force: {shown.in_force.version}{since}")
    console.print(f"models: {', '.join(shown.versions) or 'none; learn one with `onefold model train`'}")
    if shown.model is not None:
        _print_model(console, shown.model)


def _print_model(console: Console, model: ModelShown) -> None:
    console.print()
    console.print(
        f"model {model.version}, learned from {_learned_from(model)} on {model.trained_on} by {model.author}"
    )
    console.print(f"file digest       {model.digest}")
    console.print(f"frequency digest  {model.frequencies_digest}")
    console.print(f"data digest       {model.data_digest}")
    console.print(f"prior             {_BITS(model.prior)} bits that two records are of one party")
    console.print(f"hub limit         {model.hub_limit}")
    console.print(f"keys              {'; '.join(model.keys)}", soft_wrap=True)
    table = Table("field", "level", box=None)
    for name in ("of one party", "of two", "weight, bits"):
        table.add_column(name, justify="right")
    for field in model.fields:
        for at, level in enumerate(field.levels):
            name = _named(field) if at == 0 else ""
            table.add_row(
                name, level.name, f"{level.matches:.4f}", f"{level.others:.6f}", _range(level.weights)
            )
    console.print(table)


def _named(field: FieldShown) -> str:
    hangs = f", given {field.parent}" if field.parent else ""
    return f"{field.name} ({field.kind}{hangs})"


def _range(weights: Sequence[float]) -> str:
    """A weight, or from the least to the greatest where it hangs on another field."""
    if not weights:
        return ""
    low, high = _BITS(min(weights)), _BITS(max(weights))
    return low if low == high else f"{low} to {high}"


def print_compared(console: Console, compared: Compared) -> None:
    """Counts of both sides, of what would be otherwise, examples, and segments."""
    table = Table("", box=None)
    for name in ("customers", "of 1 record", "of 2", "of 3", "of 4", "of 5 and more", "largest"):
        table.add_column(name, justify="right")
    for it in (compared.old, compared.new):
        table.add_row(it.name, *(f"{count:,}" for count in (it.customers, *it.sizes, it.largest)))
    console.print(table)
    console.print(
        f"of {compared.records:,} records {compared.moved:,} would be of a customer with another id: "
        f"{compared.merges:,} customers merged of several, {compared.splits:,} split"
    )
    _print_changes(console, "would merge", compared.merging, compared.merges)
    _print_changes(console, "would split", compared.splitting, compared.splits)
    segments = Table("segment", "for", box=None)
    for name in ("members", "then", "in", "out", "would merge", "would split"):
        segments.add_column(name, justify="right")
    for line in compared.segments:
        counts = line.members, line.then, line.entering, line.leaving, line.merging, line.splitting
        segments.add_row(line.segment, line.as_of, *(f"{count:,}" for count in counts))
    console.print(segments)
    console.print("Nothing has changed.")


def _print_changes(console: Console, what: str, changes: Sequence[Change], among: int) -> None:
    if changes:
        console.print(f"{what} (the first {len(changes)} of {among:,}; records in brackets):")
    for it in changes:
        before, after = (
            " + ".join(f"{one.customer} ({one.records})" for one in side) for side in (it.before, it.after)
        )
        console.print(f"  {before} -> {after}", soft_wrap=True)


def print_adopted(console: Console, adopted: Adopted) -> None:
    """What is in force, or who will put it in force."""
    made = adopted.succeeded
    console.print(f"built from {made.frames:,} frames in {made.seconds:.1f} s, to log sequence {made.at:,}")
    if made.in_use:
        console.print(f"in force: {adopted.version}, which follows {adopted.was}")
    else:
        console.print(
            f"{adopted.version} lies ready; whoever serves the folder goes over to it. "
            "See with `onefold model show`.",
            style="yellow",
        )
