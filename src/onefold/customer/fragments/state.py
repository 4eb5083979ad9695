"""The fold of one fragment: registers that keep the statement with the greatest stamp.

`model.py` states why the order of statements cannot matter. Nothing here knows what a field means.
"""

from __future__ import annotations

from typing import Any

import msgspec

from onefold.customer.fragments.model import Fragment, Stamp, Statement, Values

EXISTS = ""
"""The register of a patch that states no field: no value, but the thing is there."""


def fold(fragment: Fragment | None, statement: Statement) -> Fragment:
    """The fragment after one more statement; the very same object when the statement changes nothing."""
    if statement.partial and statement.values is not None:
        return _patched(fragment, statement, statement.values)
    return _stated(fragment, statement)


def _stated(fragment: Fragment | None, statement: Statement) -> Fragment:
    """Puts the row register, and drops the patches it overrules."""
    row, stamp = _without_none(statement.values), statement.stamp
    if fragment is None:
        return _born(statement, stamp, row, {})
    if fragment.row_stamp is not None and stamp <= fragment.row_stamp:
        return fragment
    newer = {name: held for name, held in fragment.patches.items() if held[0] > stamp}
    subject = fragment.subject_id if newer else statement.subject_id
    return msgspec.structs.replace(fragment, subject_id=subject, row_stamp=stamp, row=row, patches=newer)


def _patched(fragment: Fragment | None, statement: Statement, values: Values) -> Fragment:
    """Puts the register of each patched field, where the patch is newer than the row and the field."""
    stamp = statement.stamp
    stated = values or {EXISTS: None}
    if fragment is None:
        return _born(statement, None, None, {name: (stamp, value) for name, value in stated.items()})
    if fragment.row_stamp is not None and stamp <= fragment.row_stamp:
        return fragment
    held = fragment.patches
    fresh = {name: (stamp, it) for name, it in stated.items() if name not in held or stamp > held[name][0]}
    if not fresh:
        return fragment
    subject = statement.subject_id if stamp > fragment.stamp else fragment.subject_id
    return msgspec.structs.replace(fragment, subject_id=subject, patches={**held, **fresh})


def _born(
    statement: Statement, stamp: Stamp | None, row: Values | None, patches: dict[str, tuple[Stamp, Any]]
) -> Fragment:
    return Fragment(
        statement.fragment_id,
        statement.entity,
        statement.source,
        statement.key,
        statement.subject_id,
        stamp,
        row,
        patches,
    )


def _without_none(values: Values | None) -> Values | None:
    if values is None or None not in values.values():
        return values
    return {name: value for name, value in values.items() if value is not None}
