"""The fold of one fragment: registers that keep the statement with the greatest stamp.

`model.py` states why the order of statements cannot matter. Nothing here knows what a field means.
"""

from __future__ import annotations

from typing import Any

import msgspec

from onefold.customer.fragments.enduring import said
from onefold.customer.fragments.model import Fragment, Stamp, Statement, Values

EXISTS = ""
"""The register of a patch that states no field: no value, but the thing is there."""

replace = msgspec.structs.replace


def fold(fragment: Fragment | None, statement: Statement) -> Fragment:
    """The fragment after one more statement; the very same object when the statement changes nothing."""
    partial = statement.partial and statement.values is not None
    if fragment is None:
        return erased(statement) if statement.erases else _born(statement, partial)
    if fragment.row_stamp is None and not fragment.patches:
        return fragment
    if statement.erases:
        return erased(statement)
    ever = said(fragment.ever, statement)
    if fragment.row_stamp is None or statement.stamp > fragment.row_stamp:
        fragment = _patched(fragment, statement) if partial else _stated(fragment, statement)
    return fragment if ever is fragment.ever else replace(fragment, ever=ever)


def erased(statement: Statement) -> Fragment:
    """What is left of a fragment: that there was one. It takes in whatever comes, and stays as it is."""
    return Fragment(statement.fragment_id, statement.entity, "", "", b"", None, None, {})


def _born(statement: Statement, partial: bool) -> Fragment:
    """The first that is said of a thing."""
    row_stamp: Stamp | None = None
    row: Values | None = None
    patches: dict[str, tuple[Stamp, Any]] = {}
    if partial:
        stated = statement.values or {EXISTS: None}
        patches = {name: (statement.stamp, value) for name, value in stated.items()}
    else:
        row_stamp, row = statement.stamp, _without_none(statement.values)
    return Fragment(
        statement.fragment_id,
        statement.entity,
        statement.source,
        statement.key,
        statement.subject_id,
        row_stamp,
        row,
        patches,
        said({}, statement),
    )


def _stated(fragment: Fragment, statement: Statement) -> Fragment:
    """Puts the row register, and drops the patches it overrules."""
    stamp = statement.stamp
    newer = {name: held for name, held in fragment.patches.items() if held[0] > stamp}
    subject = fragment.subject_id if newer else statement.subject_id
    row = _without_none(statement.values)
    return replace(fragment, subject_id=subject, row_stamp=stamp, row=row, patches=newer)


def _patched(fragment: Fragment, statement: Statement) -> Fragment:
    """Puts the register of each patched field, where the patch is the newest of the field."""
    stamp, held = statement.stamp, fragment.patches
    stated = statement.values or {EXISTS: None}
    fresh = {name: (stamp, it) for name, it in stated.items() if name not in held or stamp > held[name][0]}
    if not fresh:
        return fragment
    subject = statement.subject_id if stamp > fragment.stamp else fragment.subject_id
    return replace(fragment, subject_id=subject, patches={**held, **fresh})


def _without_none(values: Values | None) -> Values | None:
    if values is None or None not in values.values():
        return values
    return {name: value for name, value in values.items() if value is not None}
