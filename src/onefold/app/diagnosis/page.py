"""The page itself: the answer first, then pictures, columns, hubs, examples, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from onefold.app.diagnosis.answers import answer, customers, quality
from onefold.app.diagnosis.cases import cases
from onefold.app.diagnosis.health import health
from onefold.app.diagnosis.markup import count, table, text
from onefold.app.diagnosis.style import STYLE
from onefold.customer.identity.diagnostics.columns import SHARED_MOST
from onefold.customer.identity.diagnostics.masks import masked
from onefold.customer.identity.diagnostics.model import Facts
from onefold.customer.identity.linking.fields import KINDS
from onefold.customer.identity.linking.measures import Measures

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_PARTS = (
    ("answer", "Answer"), ("customers", "Customers and sources"), ("quality", "How sure this is"),
    ("columns", "Columns"), ("hubs", "Shared values"), ("examples", "Examples"),
    ("about", "About this report"),
)  # fmt: skip


class Origin(NamedTuple):
    """Where a report comes from. `files` are (name, bytes, SHA-256 in hex); none where tables were given."""

    files: Sequence[tuple[str, int, str]]
    author: str
    made_at: str
    release: str


def page(
    facts: Facts,
    recognised: Mapping[str, str],
    measures: Measures | None,
    origin: Origin,
    *,
    show_values: bool,
) -> str:
    """The whole report as HTML that is well-formed XML; values are masked unless they are to be shown."""
    title = f"Onefold: a look at {count(facts.records)} records"
    links = "".join(f'<li><a href="#{it}">{text(name)}</a></li>' for it, name in _PARTS)
    bodies = {
        "answer": answer(facts, measures),
        "customers": customers(facts),
        "quality": quality(facts, measures),
        "columns": health(facts),
        "hubs": _hubs(facts, show_values=show_values),
        "examples": cases(facts, show_values=show_values),
        "about": _about(facts, recognised, origin),
    }
    sections = "".join(
        f'<section id="{it}" aria-labelledby="h-{it}"><h2 id="h-{it}">{text(name)}</h2>{bodies[it]}</section>'
        for it, name in _PARTS
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"/>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f'<meta http-equiv="Content-Security-Policy" content="{text(_POLICY)}"/>'
        f'<meta name="robots" content="noindex"/><title>{text(title)}</title>'
        f"<style>{STYLE}</style></head><body><header><h1>{text(title)}</h1>"
        f'<p class="meta">{text(_made(origin))}</p>{_warning(show_values=show_values)}'
        f'<nav aria-label="Parts of this report"><ul>{links}</ul></nav></header>'
        f'<main>{sections}</main><footer><p class="meta">Made by Onefold {text(origin.release)}.</p></footer>'
        "</body></html>\n"
    )


def _made(origin: Origin) -> str:
    by = f" by {origin.author}" if origin.author else ""
    return f"Made{by} at {origin.made_at} with Onefold {origin.release}. Nothing was loaded or changed."


def _warning(*, show_values: bool) -> str:
    if show_values:
        said = (
            "<b>This file shows personal data as the sources said them.</b> It was made with --show-values."
            " Keep it as you keep the sources, and delete it when it has been read."
        )
    else:
        said = (
            "<b>Values are masked</b> (initials, last digits, year of birth), yet they are about people: keep"
            " this file among those who may see the sources. --show-values shows them."
        )
    return f'<p class="note">{said}</p>'


def _hubs(facts: Facts, *, show_values: bool) -> str:
    if not facts.hubs:
        return "<p>No phone, e-mail, id or address stands on many records of several customers.</p>"
    rows = [
        (
            it.kind,
            it.value if show_values else masked(it.kind, it.value),
            ", ".join(facts.sources[at].name for at in it.sources),
            count(it.records),
            count(it.customers),
        )
        for it in facts.hubs
    ]
    return (
        f"<p>Values of one person that stand on more than {SHARED_MOST} records and belong to several"
        " customers: a switchboard, a family, an agent's own number, a filler. They tell people apart badly;"
        f" {count(facts.dropped)} values and keys that are fuller still were not used to find pairs.</p>"
        + table(["field", "value", "sources", "records", "customers"], rows, words=3)
    )


def _about(facts: Facts, recognised: Mapping[str, str], origin: Origin) -> str:
    files = ""
    if origin.files:
        read = [(name, digest, count(size)) for name, size, digest in origin.files]
        files = f"<h3>Files</h3>{table(['file', 'SHA-256', 'bytes'], read, words=2)}"
    rows = [(it, kind.replace("_", " ")) for it, kind in recognised.items()]
    taken = table(["column", "taken for"], rows, words=2)
    left = ", ".join(name for name, _ in facts.unnamed)
    rest = f"<p>Not compared: {text(left)}.</p>" if left else ""
    return (
        f"<p>{text(_made(origin))}</p>{files}<h3>What columns were taken for</h3>"
        "<p>By their names, or by what stands in them. Where that is wrong, say so:"
        " <code>--map birth_date=dob</code> takes <code>dob</code> for a day of birth,"
        " <code>--map =notes</code> leaves <code>notes</code> out."
        f" Fields: {text(', '.join(KINDS))}.</p>{taken}{rest}"
    )
