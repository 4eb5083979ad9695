"""What the use cases of models share: a house as models see it, and who is who under one of them.

A model decides who is who for a whole house and shows nobody's data. It takes a permit as everything does,
and each step is kept on the shelf before anything is said, from where whoever has the folder open takes it
into the audit: who trains or compares need not have it open. What changes something is kept twice, when it is
begun and when it is so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from onefold.customer.identity.adoption import RULES, Adoption
from onefold.customer.identity.judgements import LEFT, standing_judgements
from onefold.customer.identity.model import EvidenceProvider, Judgement, Pair, Portrait
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.identity.rules import DeterministicRules
from onefold.customer.profile.ports import CustomerReader
from onefold.gate.model import Permit
from onefold.gate.service import Gate
from onefold.insight.segments.model import Segment
from onefold.insight.segments.ports import SupposingReader
from onefold.kernel.errors import CallerError, Damaged
from onefold.kernel.ids import Cell
from onefold.usecases.model_shelf import ModelNote, ModelShelf, Successor, Told
from onefold.usecases.ports import Users

_PAGE = 1_000
_MOST_JUDGEMENTS = 10_000_000


@dataclass(frozen=True, slots=True)
class ModelHouse:
    """A house as models see it: their shelf, the state in use, and under which model its rows are.

    Its gate gives permits and does nothing else: what it refuses is kept on the shelf, too.
    """

    cell: Cell
    gate: Gate
    users: Users
    shelf: ModelShelf
    reader: CustomerReader
    bulk: SupposingReader
    segments: Mapping[str, Segment]
    newest_day: Callable[[Segment], int]
    standing: Adoption
    successor: Successor
    now_ms: Callable[[], int]


def noted(house: ModelHouse, permit: Permit, step: str, version: str, **more: Any) -> None:
    """Keeps on the shelf that a step was taken, or begun, under a permit."""
    house.shelf.note(
        ModelNote(
            step,
            version,
            permit.actor.id,
            house.now_ms(),
            role=permit.role,
            purpose=permit.purpose,
            channel=permit.channel,
            policy=permit.policy_version,
            **more,
        )
    )


class Population(NamedTuple):
    """What tells of every party record who it is, in order of id, and whose it is in the state (by id)."""

    portraits: list[Portrait]
    members: dict[bytes, bytes]


def population_in(reader: CustomerReader, told: Told) -> Population:
    """Every party record that stands, read a page at a time: portraits are held, and nothing else of them."""
    found = Population([], {})
    last = b""
    while page := reader.customers(last, _PAGE):
        last = page[-1]
        for customer, records in reader.records_of(page).items():
            portraits = [portrait_of(it.fragment_id, it.values) for it in records if it.values is not None]
            found.portraits.extend(portraits)
            found.members.update((it.fragment_id, customer) for it in portraits)
        told("reading", len(found.portraits), None)
    told("reading", len(found.portraits), len(found.portraits))
    found.portraits.sort(key=lambda it: it.fragment_id)
    return found


def judgements_in(reader: CustomerReader) -> dict[Pair, Judgement]:
    """The stewards' words that stand."""
    ids = [it for _, it, _ in reader.every_link(LEFT, _MOST_JUDGEMENTS)]
    pages = (reader.fragments(ids[at : at + _PAGE]) for at in range(0, len(ids), _PAGE))
    return standing_judgements(it for page in pages for it in page.values())


def digests_of(shelf: ModelShelf, version: str) -> tuple[str, str, str]:
    """A version as it is adopted: with the digests of its file and of the term frequencies in it."""
    from onefold.customer.identity.linking.model import model_from_json
    from onefold.customer.identity.splink.pinned import is_pinned, pinned_from_json

    if version == RULES:
        return RULES, "", ""
    data = shelf.read(version)
    terms: object
    if is_pinned(data):
        terms = sorted(pinned_from_json(data).terms.items())
    else:
        terms = [
            (it.name, it.said, it.unlisted, sorted(it.frequencies.items()))
            for it in model_from_json(data).fields
        ]
    return version, sha256(data).hexdigest(), sha256(msgspec.json.encode(terms)).hexdigest()


def provider_under(shelf: ModelShelf, adoption: Adoption) -> EvidenceProvider:
    """Who is who under an adoption; `Damaged` where its model is not what was adopted."""
    if adoption.is_of_rules:
        return DeterministicRules()
    named = f"The model {adoption.version}, which is in force,"
    hint = f"Put models/{adoption.version}.json back from a backup; or go back: onefold model rollback."
    if adoption.version not in shelf.versions():
        raise Damaged(f"{named} is missing.", hint=hint)
    data = shelf.read(adoption.version)
    if sha256(data).hexdigest() != adoption.digest:
        raise Damaged(f"{named} is not what was adopted.", detail="Its file has changed.", hint=hint)
    try:
        return _read(data)
    except CallerError as error:
        raise Damaged(
            f"{named} cannot be used by this release.",
            detail=error.detail or error.message,
            hint="Serve it with the release that trained it; or go back: onefold model rollback.",
        ) from error


def provider_of(shelf: ModelShelf, version: str) -> EvidenceProvider:
    """Who is who under a version, adopted or not, or under the rules."""
    return DeterministicRules() if version == RULES else _read(shelf.read(version))


def _read(data: bytes) -> EvidenceProvider:
    # Where no model is in force, nothing that models need is imported: it takes longer than most commands.
    from onefold.customer.identity.adopted.provider import ModelProvider
    from onefold.customer.identity.adopted.splinked import SplinkProvider
    from onefold.customer.identity.linking.model import model_from_json
    from onefold.customer.identity.splink.pinned import is_pinned, pinned_from_json

    if is_pinned(data):
        return SplinkProvider(pinned_from_json(data))
    return ModelProvider(model_from_json(data))
