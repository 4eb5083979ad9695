"""Whether a new version of a contract may go live: what changed, whom it breaks, who said they would be.

Theory. A contract stands between those who write rows and those who read what the rows mean. A new version
takes effect at once and for both, while neither of them has moved; so each change is asked what it does to
whoever goes on as before:

* **producers** still send rows as the old version has them. They break when such a row is no longer taken,
  or is taken to say something else: a property that must now be there, a narrower type, a value that is no
  longer allowed, a file of another shape.
* **readers** still expect what the old version promised of the canonical fields made by `map`. They break
  when something is no longer there, or holds values they have never seen: a field that is gone, a new word.
* **readers of rows** have the raw properties, from a topic or a file of their own. Onefold shows nobody raw
  rows, so whoever reads them must be named in the contract; then a property that is gone, may be empty, is
  of a wider type or a stricter class breaks them.
* **history**: rows under the old version are in the log for ever. It breaks when what they said and what
  comes now would not be about the same thing: another key or prefix makes every customer anew beside the
  old one, another subject encrypts and erases with somebody else, other days let a repeated row count twice.
* **people** were told why data is taken and how it is kept. They break when a purpose is added, a class
  becomes less strict, or more is kept than was said. Nobody's program fails, so somebody must look.

Old rows are always readable: each is mapped by the version it was logged under. So the words of the schema
registries mean here: *backward*, the new version reads what is written by the old one, that is, producers
need not move first; *forward*, what is written by the new one can be read by those who know the old, that
is, readers need not move first; *full*, both. *Transitive* asks it of every version in force instead of the
newest.

Under `forward` a source can be replaced by another system: rows may look different in everything, if what
they mean stays. What breaks a reader that is **known** (a consumer the contract names, a segment, a rule of
the house) is refused under `backward` too: they were promised it by name. History and people are refused
under every mode but `none`. The mode that counts is that of the version in force: the promise that was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from onefold.record.contracts.changed_maps import compare_maps
from onefold.record.contracts.changed_rows import compare_rows
from onefold.record.contracts.changes import Breaks, Change, Changes
from onefold.record.contracts.model import Compatibility, Consumer, Contract, ObjectContract
from onefold.record.contracts.stamps import compare_stamped

_REFUSED = {
    Compatibility.BACKWARD: {Breaks.PRODUCERS, Breaks.HISTORY, Breaks.PEOPLE},
    Compatibility.FORWARD: {Breaks.READERS, Breaks.HISTORY, Breaks.PEOPLE},
    Compatibility.FULL: set(Breaks) - {Breaks.ROW_READERS},
    Compatibility.NONE: set(),
}


def compare(old: Contract, new: Contract) -> tuple[Change, ...]:
    """Every change from one version to another, those that break nobody included."""
    changes = Changes()
    _promises(old, new, changes)
    compare_stamped(old, new, changes)
    pairs = _paired(old, new)
    for before, after in pairs:
        if before.name != after.name:
            changes.add(
                f"contract.schema.{after.name}", f"takes the place of {before.name}", Breaks.PRODUCERS
            )
        compare_rows(before, after, changes)
        if before.entity == after.entity:
            compare_maps(before, after, changes)
    kept, fresh = {it.name for it, _ in pairs}, {it.name for _, it in pairs}
    for name, item in old.objects.items():
        if name not in kept:
            changes.add(
                f"contract.schema.{name}",
                "is gone: its rows are no longer taken",
                Breaks.PRODUCERS,
                Breaks.READERS,
                touches=_everything(item),
            )
    for name in new.objects:
        if name not in fresh:
            changes.add(f"contract.schema.{name}", "is new")
    return tuple(changes.found)


def with_consumers(changes: Iterable[Change], consumers: Sequence[Consumer]) -> tuple[Change, ...]:
    """The changes with the names of those known to read what they touch."""
    return tuple(
        msgspec.structs.replace(it, consumers=tuple(who.name for who in consumers if _reads(who, it)))
        if {Breaks.READERS, Breaks.ROW_READERS} & set(it.breaks)
        else it
        for it in changes
    )


def refused(changes: Iterable[Change], mode: Compatibility) -> tuple[Change, ...]:
    """Those that the mode does not let go live."""
    if mode is Compatibility.NONE:
        return ()
    barred = _REFUSED[Compatibility(mode.value.removesuffix("_transitive"))]
    return tuple(it for it in changes if set(it.breaks) & barred or it.consumers)


def _reads(consumer: Consumer, change: Change) -> bool:
    """A consumer of a whole object or entity reads each of its parts, and the other way round."""
    return any(
        read == touched or touched.startswith(f"{read}.") or read.startswith(f"{touched}.")
        for read in consumer.reads
        for touched in change.touches
    )


def _everything(item: ObjectContract) -> tuple[str, ...]:
    return (item.name, *(f"{item.entity}.{field}" for field in item.rules))


def _paired(old: Contract, new: Contract) -> list[tuple[ObjectContract, ObjectContract]]:
    """Objects of the same name; and those that came for one that went, the same thing under the same keys."""
    pairs = [(it, new.objects[name]) for name, it in old.objects.items() if name in new.objects]
    free = [it for name, it in new.objects.items() if name not in old.objects]
    for name, item in old.objects.items():
        if name in new.objects:
            continue
        other = next((it for it in free if _kind(it) == _kind(item)), None)
        if other is not None:
            free.remove(other)
            pairs.append((item, other))
    return pairs


def _kind(item: ObjectContract) -> tuple[object, ...]:
    return item.entity, item.key_prefix, item.kind, item.delivers


def _promises(old: Contract, new: Contract, changes: Changes) -> None:
    """What the contract says of the source as a whole."""
    everything = tuple(old.objects) + tuple({it.entity for it in old.objects.values()})
    wider = [it for it in new.purposes if it not in old.purposes]
    if wider:
        changes.add("contract.purposes", f"now serves {', '.join(wider)} as well", Breaks.PEOPLE)
    narrower = [it for it in old.purposes if it not in new.purposes]
    if narrower:
        said = f"no longer serves {', '.join(narrower)}"
        changes.add("contract.purposes", said, Breaks.READERS, touches=everything)
    if new.trusted and not old.trusted:
        changes.add("contract.trusted", "what it claimed is now proof", Breaks.PEOPLE)
    if old.trusted and not new.trusted:
        changes.add("contract.trusted", "its proof is now a claim", Breaks.READERS, touches=("party",))
    was, now = old.freshness_hours, new.freshness_hours
    if was is not None and (now is None or now > was):
        changes.add("contract.slaProperties.freshness", "may be older", Breaks.READERS, touches=everything)
    if new.future_tolerance_days < old.future_tolerance_days:
        changes.add("contract.slaProperties.futureTolerance", "is shorter", Breaks.PRODUCERS)
    if new.owner != old.owner:
        changes.add("contract.team", f"{old.owner} handed over to {new.owner}")
    if new.compatibility is not old.compatibility:
        changes.add("contract.compatibility", f"{old.compatibility} became {new.compatibility}")
