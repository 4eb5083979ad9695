"""The rows that fragments imply, and the difference a batch makes to them.

Each derived table is a function of one fragment (`links_of`, `buckets_of`, `keys_of`, `terms_of`), so what a
change of a fragment does to it is: take out what the fragment implied before, put in what it implies now.
A delete implies nothing, hence takes everything out; folding the same events in another order ends in the
same fragments and therefore in the same rows.
"""

from __future__ import annotations

from onefold.customer.fragments.links import links_of
from onefold.customer.fragments.measures import buckets_of
from onefold.customer.fragments.model import Fragment, Values
from onefold.pipeline.model import Writes


def write_differences(before: dict[bytes, Fragment], writes: Writes) -> None:
    """Adds to the writes what `writes.fragments` implies over what `before` implied."""
    for key, fragment in writes.fragments.items():
        old, new = before.get(key), fragment.values
        if old is None:
            if new is not None:
                _write_first(fragment, new, writes)
        else:
            _write_change(old, fragment, new, writes)


def _write_first(fragment: Fragment, new: Values, writes: Writes) -> None:
    """A fragment nobody knew, which most transactions are: nothing to take out."""
    writes.links_added.update(links_of(fragment, new))
    buckets = writes.buckets
    for key, amount in buckets_of(fragment, new):
        buckets[key] = buckets.get(key, 0) + amount


def _write_change(was: Fragment, now: Fragment, new: Values | None, writes: Writes) -> None:
    old = was.values
    links_before = set(links_of(was, old)) if old is not None else set()
    links_after = set(links_of(now, new)) if new is not None else set()
    writes.links_removed |= links_before - links_after
    writes.links_added |= links_after - links_before
    differences = writes.buckets
    for key, amount in buckets_of(now, new) if new is not None else []:
        differences[key] = differences.get(key, 0) + amount
    for key, amount in buckets_of(was, old) if old is not None else []:
        differences[key] = differences.get(key, 0) - amount
