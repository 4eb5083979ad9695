"""What changed in the rows of an object: how they come, their properties, their keys."""

from __future__ import annotations

from onefold.record.canon.entities import STRICTNESS
from onefold.record.contracts.changes import Breaks, Changes
from onefold.record.contracts.documents import DocumentShape
from onefold.record.contracts.limits import changed
from onefold.record.contracts.model import Delivers, FileShape, ObjectContract, Property, Store, Subject
from onefold.record.contracts.quality import halts, is_of_row
from onefold.record.log.model import EventKind

_P, _R, _H, _PEOPLE = Breaks.PRODUCERS, Breaks.READERS, Breaks.HISTORY, Breaks.PEOPLE
_ROWS = Breaks.ROW_READERS

WIDER: dict[str, frozenset[str]] = {
    "integer": frozenset({"number", "string"}),
    "number": frozenset({"string"}),
    "boolean": frozenset({"string"}),
    "date": frozenset({"string"}),
    "timestamp": frozenset({"string"}),
    "time": frozenset({"string"}),
}
"""Type → the types that hold each of its values."""

_KEPT = {Store.REFUSE: 0, Store.DROP: 0, Store.REFERENCE: 1, Store.KEEP: 2}


def compare_rows(old: ObjectContract, new: ObjectContract, changes: Changes) -> None:
    """Adds every change of the rows of one object."""
    place = f"contract.schema.{new.name}"
    _nature(old, new, place, changes)
    _keys(old, new, place, changes)
    _times(old, new, place, changes)
    if old.file is not None:
        _file(old.file, new.file, place, changes)
    if old.envelope is not new.envelope or set(old.called) - set(new.called):
        changes.add(f"{place}.envelope", "changed: messages as before are not taken", _P)
    for word in sorted(set(old.absent) - set(new.absent)):
        changes.add(f"{place}.absent", f"{word} no longer means empty", _P)
    _quality(old, new, place, changes)
    if old.fetch != new.fetch and new.fetch is not None:
        changes.add(f"{place}.fetch", "is new" if old.fetch is None else "asks otherwise")
    before, after = {it.path: it for it in old.properties}, {it.path: it for it in new.properties}
    for path, item in before.items():
        if path in after:
            _property(old, item, after[path], f"{place}.properties.{path}", changes)
        else:
            _removed(old, new, item, f"{place}.properties.{path}", changes)
    for path, item in after.items():
        if path not in before:
            _added(new, item, f"{place}.properties.{path}", changes)


def _nature(old: ObjectContract, new: ObjectContract, place: str, changes: Changes) -> None:
    touches = (old.name, old.entity)
    if old.entity != new.entity:
        changes.add(
            f"{place}.entity", f"{old.entity} became {new.entity}: another thing", _H, _R, touches=touches
        )
    if old.delivers is not new.delivers:
        was, now = old.delivers.value, new.delivers.value
        changes.add(f"{place}.delivers", f"{was} became {now}: rows sent again count otherwise", _H)
    if old.kind is EventKind.PATCH and new.kind is EventKind.UPSERT:
        changes.add(f"{place}.kind", "patch became upsert: what a row leaves out is now blanked", _P)
    elif old.kind is not new.kind:
        changes.add(f"{place}.kind", "upsert became patch: a row may leave out anything", _R, touches=touches)
    for name in sorted(set(old.also) - set(new.also)):
        changes.add(f"{place}.also", f"{name} is no longer made of the same row", _R, touches=(name,))


def _keys(old: ObjectContract, new: ObjectContract, place: str, changes: Changes) -> None:
    """The same thing under another key is another fragment, and stands there twice.

    Properties that were merely renamed are told as such: their values are for the producer to keep.
    """
    if old.key_prefix != new.key_prefix:
        changes.add(f"{place}.keyPrefix", "changed: everything that is known would be known again", _H)
    if old.key != new.key:
        delivered = {it.path for it in new.properties}
        moved = len(old.key) != len(new.key) or any(path in delivered for path in set(old.key) - set(new.key))
        said = f"{', '.join(old.key)} became {', '.join(new.key)}"
        if moved or set(old.key) == set(new.key):
            changes.add(f"{place}.key", f"{said}: everything that is known would be known again", _H)
        else:
            changes.add(f"{place}.key", f"{said}: it must hold the same values under the new name", _P)
    if [_whom(it, old) for it in old.subjects] != [_whom(it, new) for it in new.subjects]:
        changes.add(f"{place}.subject", "changed: what is erased with whom would not be what it was", _H)


def _whom(subject: Subject, item: ObjectContract) -> tuple[object, ...]:
    """Whose key it is, whatever the properties are called that say so."""
    if (subject.entity, subject.sources, subject.prefix) == (item.entity, item.key, item.key_prefix):
        return ("itself",)
    return subject.entity, subject.source, subject.object, subject.prefix, len(subject.sources)


def _times(old: ObjectContract, new: ObjectContract, place: str, changes: Changes) -> None:
    if (old.occurred is None) != (new.occurred is None):
        breaks = (_H,) if old.delivers is Delivers.EVENT else (_R,)
        said = "is gone" if new.occurred is None else "is new"
        changes.add(f"{place}.occurredAt", f"{said}: rows sent again fall on other days", *breaks)
    elif old.occurred is not None and new.occurred is not None:
        was, now = old.occurred.options, new.occurred.options
        if was.get("zone") != now.get("zone"):
            changes.add(f"{place}.occurredAt", "is in another zone: rows sent again fall on other days", _H)
        elif (old.occurred.transform, was) != (new.occurred.transform, now):
            changes.add(f"{place}.occurredAt", "is written otherwise: rows as before are not read", _P)
    gone = set(old.deleted.values) - set(new.deleted.values if new.deleted else ()) if old.deleted else set()
    if gone:
        words = ", ".join(sorted(gone))
        changes.add(f"{place}.deletedWhen", f"{words} no longer deletes: what is gone would come back", _P)


def _file(old: FileShape, new: FileShape | None, place: str, changes: Changes) -> None:
    if new is None:
        changes.add(f"{place}.file", "is gone: its files are no longer taken", _P)
        return
    for field in ("name", "format", "delimiter", "encoding", "quote", "header"):
        was, now = getattr(old, field), getattr(new, field)
        if was != now:
            changes.add(f"{place}.file.{field}", f"{was} became {now}: files as before are not read", _P)
    if new.line_limit_bytes < old.line_limit_bytes:
        changes.add(f"{place}.file.lineLimit", "is smaller: lines that were taken are too long", _P)
    _documents(old.documents, new.documents, f"{place}.file", changes)


def _documents(old: DocumentShape | None, new: DocumentShape | None, place: str, changes: Changes) -> None:
    """A change of the kind of document is told as one of the format."""
    if old is None or new is None:
        return
    if new.limit_bytes < old.limit_bytes:
        changes.add(f"{place}.documentLimit", "is smaller: documents that were taken are too large", _P)
    for field in ("pattern", "own", "manifest"):
        if getattr(old, field) != getattr(new, field):
            changes.add(f"{place}.{field}", "changed: documents sent again would say something else", _H)


def _quality(old: ObjectContract, new: ObjectContract, place: str, changes: Changes) -> None:
    """Rules of severity error keep data out; any that was not there before may keep out what was taken."""
    known = {_said(it) for it in old.quality if halts(it) or is_of_row(it)}
    for rule in new.quality:
        if (halts(rule) or is_of_row(rule)) and _said(rule) not in known:
            changes.add(f"{place}.quality", f"{rule.name} now keeps data out", _P)
    now = {_said(it) for it in new.quality}
    for rule in old.quality:
        if _said(rule) not in now:
            touches = tuple(f"{old.name}.{path}" for path in rule.paths)
            changes.add(
                f"{place}.quality", f"{rule.name} is no longer held as before", _ROWS, touches=touches
            )


def _said(rule: object) -> str:
    """A rule without its words for people."""
    return repr([getattr(rule, it) for it in _RULE_FIELDS])


_RULE_FIELDS = (
    "metric", "paths", "operator", "limits", "percent", "severity", "valid", "pattern", "missing",
)  # fmt: skip


def _property(item: ObjectContract, old: Property, new: Property, place: str, changes: Changes) -> None:
    touches = (f"{item.name}.{old.path}",)
    if old.logical_type != new.logical_type:
        said = f"{old.logical_type} became {new.logical_type}"
        if new.logical_type in WIDER.get(old.logical_type, ()):
            changes.add(f"{place}.logicalType", f"{said}, which is wider", _ROWS, touches=touches)
        elif old.logical_type in WIDER.get(new.logical_type, ()):
            changes.add(f"{place}.logicalType", f"{said}, which is narrower", _P)
        else:
            changes.add(f"{place}.logicalType", f"{said}, which is another type", _P, _ROWS, touches=touches)
    if new.required and not old.required:
        changes.add(f"{place}.required", "must now be there", _P)
    if old.required and not new.required:
        changes.add(f"{place}.required", "may now be empty", _ROWS, touches=touches)
    _values(old, new, f"{place}.enum", touches, changes)
    if old.limits != new.limits:
        _limits(old, new, f"{place}.logicalTypeOptions", touches, changes)
    _class(old, new, f"{place}.classification", touches, changes)
    _store(old, new, f"{place}.store", touches, changes)


def _values(old: Property, new: Property, place: str, touches: tuple[str, ...], changes: Changes) -> None:
    was, now = set(old.allowed), set(new.allowed)
    if now and (not was or was - now):
        lost = ", ".join(sorted(was - now)) or "other values"
        changes.add(place, f"no longer allows {lost}", _P)
    if was and (not now or now - was):
        fresh = ", ".join(sorted(now - was)) or "any value"
        changes.add(place, f"now allows {fresh}", _ROWS, touches=touches)


def _limits(old: Property, new: Property, place: str, touches: tuple[str, ...], changes: Changes) -> None:
    """Of another type they cannot be held against each other; that it is another is told already."""
    if old.logical_type != new.logical_type:
        tighter, looser = sorted(new.limits), sorted(old.limits)
    else:
        tighter, looser = changed(new.logical_type, old.limits, new.limits)
    for name in tighter:
        changes.add(f"{place}.{name}", "is tighter: values as before are not taken", _P)
    for name in looser:
        changes.add(f"{place}.{name}", "is looser", _ROWS, touches=touches)


def _class(old: Property, new: Property, place: str, touches: tuple[str, ...], changes: Changes) -> None:
    if old.field_class is new.field_class:
        return
    said = f"{old.field_class} became {new.field_class}"
    step = STRICTNESS[new.field_class] - STRICTNESS[old.field_class]
    if step < 0:
        changes.add(place, f"{said}, which is less strict", _PEOPLE)
    elif step > 0:
        changes.add(place, f"{said}, which is stricter", _ROWS, touches=touches)
    else:
        changes.add(place, f"{said}, which is as strict")


def _store(old: Property, new: Property, place: str, touches: tuple[str, ...], changes: Changes) -> None:
    if old.store is new.store:
        return
    said = f"{old.store} became {new.store}"
    step = _KEPT[new.store] - _KEPT[old.store]
    if step > 0:
        changes.add(place, f"{said}: more is kept than was said", _PEOPLE)
    elif new.store is Store.REFUSE:
        breaks = (_P, _ROWS) if step < 0 else (_P,)
        changes.add(place, f"{said}: rows with a value are refused whole", *breaks, touches=touches)
    else:
        changes.add(
            place, f"{said}: the value is no longer there", *((_ROWS,) if step else ()), touches=touches
        )


def _removed(old: ObjectContract, new: ObjectContract, item: Property, place: str, changes: Changes) -> None:
    breaks = [_ROWS] if item in old.stored else []
    what = "is gone, and was always there" if item.required else "is gone: it is no longer kept"
    if new.file is not None and not new.file.header:
        breaks.append(_P)
        what += "; the columns of a file without a header shift"
    changes.add(place, what, *breaks, touches=(f"{old.name}.{item.path}",))


def _added(new: ObjectContract, item: Property, place: str, changes: Changes) -> None:
    columns = new.file is not None and not new.file.is_nested and new.file.documents is None
    stored = item in new.stored
    if item.path in new.fetched:
        changes.add(place, "is new and fetched")
    elif item.required:
        changes.add(place, "is new and required: rows as before lack it", _P)
    elif columns and stored:
        changes.add(place, "is a new column: files without it are not taken", _P)
    elif item.store is Store.REFUSE:
        changes.add(place, "is new and refuses rows that hold a value there", _P)
    else:
        changes.add(place, "is new and optional")
