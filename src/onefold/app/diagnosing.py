"""A diagnosis of extracts before anything is loaded: tables or files in, facts and one HTML page out."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import msgspec

from onefold import RELEASE
from onefold.app.diagnosis.page import Origin, page
from onefold.app.extracts import read_extract, source_names
from onefold.app.headings import shown_names
from onefold.app.linking import check_places, write_whole
from onefold.app.resolving import Resolver
from onefold.channels.cli.diagnosed import DiagnoseAsked, DiagnoseSummary, Estimated
from onefold.customer.identity.diagnostics.facts import facts_of
from onefold.customer.identity.diagnostics.model import Facts, Range, Said
from onefold.customer.identity.linking.measures import Measures
from onefold.kernel.errors import CallerError

Watch = Callable[[str, int, int | None], None]


class Diagnosis(NamedTuple):
    """What was found out about some tables: all facts, and where they came from."""

    facts: Facts
    recognised: dict[str, str]
    measures: Measures | None
    origin: Origin

    def to_html(self, *, show_values: bool = False) -> str:
        """One page that needs nothing else; values of people are masked unless `show_values` is set."""
        facts, recognised = (self.facts, self.recognised) if show_values else self.masked_names()
        return page(facts, recognised, self.measures, self.origin, show_values=show_values)

    def masked_names(self) -> tuple[Facts, dict[str, str]]:
        """The facts, and what columns were taken for, with no name of a column that looks like data."""
        facts = self.facts
        names = [*self.recognised, *(it.column for it in facts.columns), *(it for it, _ in facts.unnamed)]
        shown = shown_names(names)
        columns = tuple(msgspec.structs.replace(it, column=shown[it.column]) for it in facts.columns)
        unnamed: dict[str, int] = {}
        for name, holders in facts.unnamed:
            unnamed[shown[name]] = max(holders, unnamed.get(shown[name], 0))
        masked = msgspec.structs.replace(facts, columns=columns, unnamed=tuple(unnamed.items()))
        return masked, {shown[name]: kind for name, kind in self.recognised.items()}


def diagnose(
    *tables: Any,
    sources: Sequence[str] = (),
    fields: Mapping[str, str] | None = None,
    id: str | None = None,
    truth: str | None = None,
    author: str = "",
    made_at: datetime | None = None,
) -> Diagnosis:
    """Looks at tables (polars, pandas, arrow) as a `Resolver` would resolve them; nothing is written.

    `sources` names the tables; `fields`, `id` and `truth` are those of `Resolver`. `CallerError` where there
    is nothing to look at.
    """
    resolver = Resolver(fields, id=id, truth=truth, author=author)
    return _diagnosed(resolver, tables, sources, (), made_at or datetime.now(UTC), lambda *_: None)


def diagnose_files(asked: DiagnoseAsked, watch: Watch) -> DiagnoseSummary:
    """Looks at files and writes the report for its owner alone."""
    began = time.perf_counter()
    check_places(asked.files, [asked.out])
    if asked.out.exists() and not asked.force:
        raise CallerError(
            f"{asked.out.name} is there already.",
            hint="Give --out another name, or --force to write over it.",
        )
    tables, files = [], []
    total, done = sum(it.stat().st_size for it in asked.files if it.is_file()), 0
    for path in asked.files:
        tables.append(read_extract(path))
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = path.stat().st_size
        files.append((path.name, size, digest))
        done += size
        watch("reading files", done, total)
    resolver = Resolver(asked.fields, id=asked.id, truth=asked.truth, author=asked.author)
    names = source_names(asked.files)
    found = _diagnosed(resolver, tables, names, files, asked.made_at, watch)
    html = found.to_html(show_values=asked.show_values).encode("utf-8")
    write_whole({asked.out: html})
    facts, recognised = found.masked_names()
    quality = facts.quality
    measured = found.measures
    return DiagnoseSummary(
        records=facts.records,
        customers=facts.customers,
        sources=len(facts.sources),
        inside=sum(it.inside + it.both for it in facts.sources),
        across=sum(it.across + it.both for it in facts.sources),
        precision=_estimated(quality.precision),
        recall=_estimated(quality.recall),
        hubs=len(facts.hubs),
        recognised=recognised,
        unnamed=tuple(name for name, _ in facts.unnamed),
        measures=dict(measured._asdict()) if measured else {},
        bytes=len(html),
        seconds=time.perf_counter() - began,
    )


def _estimated(it: Range) -> Estimated:
    return Estimated(it.low, it.middle, it.high)


def _diagnosed(
    resolver: Resolver,
    tables: Sequence[Any],
    sources: Sequence[str],
    files: Sequence[tuple[str, int, str]],
    made_at: datetime,
    watch: Watch,
) -> Diagnosis:
    prepared = resolver.prepare(*tables, sources=sources)
    records = len(prepared.order)
    watch("finding who is who", 0, None)
    linked, measures = resolver.link(prepared)
    watch("finding who is who", records, records)
    rows = prepared.rows
    hidden = {it for it in (*rows.id_columns, resolver.truth) if it}
    said = Said(
        names=tuple(rows.names),
        sources=rows.sources,
        ids=rows.ids,
        texts={name: rows.texts(name) for name in rows.columns if name not in hidden},
        holders=rows.holders,
        kinds=prepared.recognised,
        order=prepared.order,
        fields=prepared.fields,
        linked=linked,
    )
    today: date = made_at.date()
    origin = Origin(files, resolver.author, made_at.strftime("%Y-%m-%d %H:%M UTC"), RELEASE)
    return Diagnosis(facts_of(said, today, watch), prepared.recognised, measures, origin)
