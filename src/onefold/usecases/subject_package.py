"""The package that answers a request for access or portability: what it holds, and the page to begin with.

An answer to access (GDPR article 15) has everything: the golden record with the source of each value, every
record behind it, why data is used and on what basis, consents with their history, who was sent anything, how
long things are kept. An answer to portability (article 20) has what the customer and their dealings gave, as
tables and JSON, and leaves out what was made of it. Equal content gives equal bytes.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from onefold.gate.everything import Everything, HeldRecord
from onefold.gate.ledger import ConsentEvent, ConsentStands, SuppressionView
from onefold.gate.model import Withheld
from onefold.record.canon.purposes import PURPOSES
from onefold.record.requests.model import Kind, SubjectRequest
from onefold.usecases.packing import digests, document, html_table, table, zipped

FORMAT = "onefold-subject-package/1"
MANIFEST = "manifest.json"
RECORDS = "records.json"
PACKED = frozenset({Kind.ACCESS, Kind.PORTABILITY})
"""The kinds of requests that are answered by a package."""
_SHOWN_MAX = 200
_STYLE = (
    "body{font:15px/1.5 system-ui;margin:2rem;max-width:70rem}table{border-collapse:collapse}"
    "td,th{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #ccc}"
)
_RIGHTS = (
    "You may ask to have it corrected, erased, restricted or handed over, object to its use, take back what "
    "you agreed to, and complain to the supervisory authority."
)
_HISTORY = ("at", "fact", "purpose", "channel", "until", "notice", "notice_version", "mechanism", "evidence")


class PackageManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a package says of itself: the request, the customer and their records, every file by SHA-256."""

    format: str
    request: str
    kind: str
    cell: str
    customer: str
    members: tuple[str, ...]
    made_at: str
    records: int
    decision: str
    files: dict[str, str]


class SourceHeld(msgspec.Struct, frozen=True):
    """A source that knows the customer: what it is, what its data may be used for, how much it has."""

    source: str
    name: str
    about: str
    purposes: tuple[str, ...]
    records: dict[str, int]


class Recipient(msgspec.Struct, frozen=True):
    """One release in which the customer was: when, for what, over which channel, in which campaign.

    `controller` is the firm that something was given to; empty where it was sent for ourselves.
    """

    at: str
    purpose: str
    channel: str
    campaign: str
    release: str
    controller: str


class Looked(msgspec.Struct, frozen=True):
    """How often the customer's data was looked at or changed inside the firm, by which role, for what."""

    role: str
    purpose: str
    kind: str
    times: int


class Consented(msgspec.Struct, frozen=True):
    """What stands, what stops contacting, and every fact that was ever said."""

    standing: tuple[ConsentStands, ...]
    suppressions: tuple[SuppressionView, ...]
    history: tuple[ConsentEvent, ...]


class Contents(msgspec.Struct, frozen=True):
    """All that a package is made of."""

    everything: Everything
    consents: Consented
    sources: tuple[SourceHeld, ...]
    recipients: tuple[Recipient, ...]
    looked: tuple[Looked, ...]
    keep: dict[str, int]


def package_of(request: SubjectRequest, cell: str, made_at: str, contents: Contents, mark: str = "") -> bytes:
    """The zip; `mark` is its comment."""
    held = contents.everything
    files = {RECORDS: document(held.records), **_tables(held.records)}
    files["consents.json"] = document(contents.consents)
    files["tables/consent-history.csv"] = _history(contents.consents.history)
    if request.kind is Kind.ACCESS:
        files |= {
            "profile.json": document(held.profile),
            "sources.json": document(contents.sources),
            "purposes.json": document(_purposes(contents.consents.standing)),
            "recipients.json": document({"releases": contents.recipients, "inside": contents.looked}),
            "retention.json": document(_retention(contents.keep, held.records)),
            "withheld.json": document(held.withheld),
        }
    names = sorted((*files, "index.html"))
    files["index.html"] = _page(request, made_at, contents, names).encode()
    manifest = PackageManifest(
        format=FORMAT,
        request=request.id,
        kind=request.kind,
        cell=cell,
        customer=held.customer,
        members=held.members,
        made_at=made_at,
        records=len(held.records),
        decision=held.decision,
        files=digests(files),
    )
    return zipped({**files, MANIFEST: document(manifest)}, packed=True, comment=mark)


def _by_entity(records: Iterable[HeldRecord]) -> dict[str, list[HeldRecord]]:
    found: dict[str, list[HeldRecord]] = {}
    for it in records:
        found.setdefault(it.entity, []).append(it)
    return found


def _tables(records: Iterable[HeldRecord]) -> dict[str, bytes]:
    """A table an entity, with a column for each field that any of its records has."""
    files = {}
    for entity, some in _by_entity(records).items():
        fields = sorted({name for it in some for name in it.values})
        rows = (
            (it.source, it.key, it.said_at, *(_text(it.values.get(name)) for name in fields)) for it in some
        )
        files[f"tables/{entity}.csv"] = table(("source", "key", "said_at", *fields), rows)
    return files


def _history(history: Iterable[ConsentEvent]) -> bytes:
    return table(
        ("source", "recorded_at", *_HISTORY),
        ((it.source, it.recorded_at, *(_text(getattr(it, name)) for name in _HISTORY)) for it in history),
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _purposes(standing: Sequence[ConsentStands]) -> list[dict[str, object]]:
    """Every purpose, what it rests on, and what stands for each use of it that somebody spoke of."""
    return [
        {
            "purpose": it.name,
            "about": it.about,
            "basis": it.basis.value,
            "dpv": it.dpv,
            "part_of": it.part_of,
            "uses": [one for one in standing if one.purpose == it.name],
        }
        for it in PURPOSES.values()
    ]


def _retention(keep: Mapping[str, int], records: Iterable[HeldRecord]) -> list[dict[str, object]]:
    """For each kind of record that is held, for how many days it is kept; None: as long as the customer."""
    return [{"kind": entity, "days": keep.get(entity)} for entity in _by_entity(records)]


def _page(request: SubjectRequest, made_at: str, contents: Contents, names: Sequence[str]) -> str:
    """The page to begin with; it loads nothing, and everything in it is text."""
    held = contents.everything
    intro = (
        f"This answers your request for {request.kind} ({html.escape(request.id)}), made {made_at}. "
        f"{len(held.records):,} records of {len(contents.sources):,} sources. The same is in the files "
        "below, for programs."
    )
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Your data</title>',
        f"<style>{_STYLE}</style>",
        f"<h1>What is held about {html.escape(held.name or 'you')}</h1>",
        f"<p>{intro}</p>",
    ]
    if request.kind is Kind.ACCESS:
        parts += _of_access(contents)
    parts += _records(held.records)
    parts += ["<h2>What is not in here, and why</h2>", _withheld(held.withheld)]
    parts += ["<h2>Files</h2>", html_table(("file",), [(it,) for it in names]), "</html>", ""]
    return "\n".join(parts)


def _of_access(contents: Contents) -> list[str]:
    held, consents = contents.everything, contents.consents
    return [
        "<h2>Who you are to us</h2>",
        html_table(
            ("field", "value", "said by", "at"),
            [(name, str(it.value), it.source, it.at[:10]) for name, it in held.profile.items()],
        ),
        "<h2>Where it comes from</h2>",
        html_table(
            ("source", "what it is", "may be used for", "records"),
            [
                (it.name, it.about, ", ".join(it.purposes), str(sum(it.records.values())))
                for it in contents.sources
            ],
        ),
        "<h2>Why it is used</h2>",
        html_table(
            ("purpose", "that is", "rests on"),
            [(it.name, it.about, it.basis.value) for it in PURPOSES.values()],
        ),
        f"<h2>What you agreed to, took back and objected to{_newest(len(consents.history))}</h2>",
        html_table(
            ("purpose", "channel", "stands", "may we", "since"),
            [
                (it.purpose, it.channel, it.state, "yes" if it.may else "no", it.since[:10])
                for it in consents.standing
            ],
        ),
        html_table(
            ("when", "what", "purpose", "channel", "evidence", "said to"),
            [
                (it.at[:10], it.fact, it.purpose, it.channel, it.evidence, it.source)
                for it in consents.history[:_SHOWN_MAX]
            ],
        ),
        f"<h2>Who was sent anything of it{_newest(len(contents.recipients))}</h2>",
        html_table(
            ("when", "purpose", "channel", "campaign", "for"),
            [
                (it.at[:10], it.purpose, it.channel, it.campaign, it.controller or "us")
                for it in contents.recipients[::-1][:_SHOWN_MAX]
            ],
        )
        if contents.recipients
        else "<p>Nobody outside.</p>",
        "<h2>How long it is kept</h2>",
        html_table(
            ("kind of record", "days"),
            [
                (it, f"{contents.keep[it]:,}" if it in contents.keep else "as long as you are a customer")
                for it in _by_entity(held.records)
            ],
        ),
        "<h2>Your rights</h2>",
        f"<p>{_RIGHTS}</p>",
    ]


def _records(records: Sequence[HeldRecord]) -> list[str]:
    """A table an entity, the newest of them."""
    parts = []
    for entity, some in _by_entity(records).items():
        shown = sorted(some, key=lambda it: it.said_at, reverse=True)[:_SHOWN_MAX]
        fields = sorted({name for it in shown for name in it.values})
        parts += [
            f"<h2>{entity.capitalize()} ({len(some):,}){_newest(len(some))}</h2>",
            html_table(
                ("source", "said at", *fields),
                [
                    (it.source, it.said_at[:10], *(_text(it.values.get(name)) for name in fields))
                    for it in shown
                ],
            ),
        ]
    return parts


def _newest(many: int) -> str:
    """What a heading says where the page has not all of it."""
    return f", the newest {_SHOWN_MAX} of {many:,}" if many > _SHOWN_MAX else ""


def _withheld(withheld: Sequence[Withheld]) -> str:
    return html_table(("what", "why"), [(it.what, it.reason) for it in withheld])


def sources_in(records: Iterable[HeldRecord]) -> dict[str, dict[str, int]]:
    """Source → kind of record → how many."""
    found: dict[str, Counter[str]] = {}
    for it in records:
        found.setdefault(it.source, Counter())[it.entity] += 1
    return {source: dict(sorted(it.items())) for source, it in sorted(found.items())}
