"""The rows that fragments imply, and the difference a batch makes to them.

Each derived table is a function of one fragment (`links_of`, `buckets_of`, `keys_of`, `terms_of`,
`passage_of`, `sighting_of`), so what a change of a fragment does to it is: take out what the fragment implied
before, put in what it implies now. A delete implies nothing, hence takes everything out; folding the same
events in another order ends in the same fragments and therefore in the same rows.
"""

from __future__ import annotations

from onefold.customer.fragments.links import links_of
from onefold.customer.fragments.measures import BucketKey, buckets_of
from onefold.customer.fragments.model import Fragment, Values
from onefold.customer.profile.attribution import sighting_of
from onefold.customer.profile.passages import passage_of
from onefold.customer.profile.terms import terms_of
from onefold.pipeline.model import Writes


def write_differences(before: dict[bytes, Fragment], writes: Writes) -> None:
    """Adds to the writes what `writes.fragments` implies over what `before` implied."""
    for key, fragment in writes.fragments.items():
        was, values = before.get(key), fragment.values
        if was is None:
            _write_first(fragment, values, writes)
        else:
            _write_change(was, fragment, values, writes)


def _write_first(fragment: Fragment, values: Values | None, writes: Writes) -> None:
    """A fragment nobody knew, which most transactions are: nothing to take out."""
    writes.links_added.update(links_of(fragment, values))
    if values is not None:
        writes.terms_added |= terms_of(fragment, values)
        _add_buckets(fragment, values, 1, writes.buckets)
        passage = passage_of(fragment, values)
        if passage is not None:
            writes.passages[fragment.fragment_id] = passage
        seen = sighting_of(fragment, values)
        if seen is not None:
            writes.sightings_added.add(seen)


def _write_change(was: Fragment, now: Fragment, new: Values | None, writes: Writes) -> None:
    old = was.values
    links_before, links_after = set(links_of(was, old)), set(links_of(now, new))
    writes.links_removed |= links_before - links_after
    writes.links_added |= links_after - links_before
    terms_before = terms_of(was, old) if old is not None else set()
    terms_after = terms_of(now, new) if new is not None else set()
    writes.terms_removed |= terms_before - terms_after
    writes.terms_added |= terms_after - terms_before
    passage = passage_of(now, new)
    if passage != passage_of(was, old):
        writes.passages[now.fragment_id] = passage
    seen_before, seen = sighting_of(was, old), sighting_of(now, new)
    if seen != seen_before:
        writes.sightings_removed |= {seen_before} if seen_before else set()
        writes.sightings_added |= {seen} if seen else set()
    if new is not None:
        _add_buckets(now, new, 1, writes.buckets)
    if old is not None:
        _add_buckets(was, old, -1, writes.buckets)


def _add_buckets(fragment: Fragment, values: Values, sign: int, buckets: dict[BucketKey, int]) -> None:
    for key, amount in buckets_of(fragment, values):
        buckets[key] = buckets.get(key, 0) + sign * amount
