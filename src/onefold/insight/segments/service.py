"""Answers who is in a segment: one customer now, or all of them, from the same definition."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

from onefold.customer.profile.ports import CustomerReader
from onefold.insight.segments.bulk import members_query
from onefold.insight.segments.model import Segment
from onefold.insight.segments.parse import segment_from_yaml
from onefold.insight.segments.ports import SegmentReader
from onefold.insight.segments.rules import Holdings, holds

_MOST_LINKS = 100_000


def shipped_segments() -> dict[str, Segment]:
    """The definitions that come with Onefold, by id."""
    folder = resources.files("onefold.insight.segments") / "definitions"
    files = sorted((it for it in folder.iterdir() if it.name.endswith(".yaml")), key=lambda it: it.name)
    segments = [segment_from_yaml(it.read_text(encoding="utf-8")) for it in files]
    return {segment.id: segment for segment in segments}


def holdings_of(reader: CustomerReader, customer_id: bytes) -> Holdings:
    """Accounts the customer holds or may use, and the owners of what the customer is said to have done.

    What is only held to be theirs of what was done on a device is shown and not counted (ADR 0041).
    """
    parties = reader.fragments_of(customer_id)
    direct = _referring(reader, parties, "account.party")
    holders = reader.fragments(_referring(reader, parties, "holder.party"))
    shared = [(it.values or {}).get("account") for it in holders.values()]
    accounts = {*direct, *(it for it in shared if it is not None)}
    return Holdings(sorted(accounts), parties)


def _referring(reader: CustomerReader, ids: Sequence[bytes], relation: str) -> list[bytes]:
    return list(dict.fromkeys(it[1] for it in reader.linked(ids, relation, most=_MOST_LINKS)))


def is_member(segment: Segment, reader: CustomerReader, customer_id: bytes, as_of: int) -> bool:
    """Whether one customer is in the segment on a day, read from the live state."""

    def buckets(owners: Sequence[bytes], measure: str, first: int, behind: int) -> int:
        return sum(amount for _, _, amount in reader.buckets(owners, measure, first, behind))

    return holds(segment.rule, holdings_of(reader, customer_id), buckets, as_of)


def members(segment: Segment, reader: SegmentReader, as_of: int) -> list[bytes]:
    """Everybody in the segment on a day, in order of id."""
    query = members_query(segment.rule, as_of)
    return reader.select_ids(query.text, query.parameters)
