"""Everything that is held about one customer, record by record, for the customer: who asks has a right to it.

Rules. What is told is what a permit for compliance may see, and of that what is the customer's own:
- records that refer to the customer, what is held to be theirs of what was done on devices, and accounts the
  customer owns with what hangs on them; of an account somebody else owns, that the customer may use it and
  nothing more;
- nothing that names another party: neither the other holders of an account nor a card of theirs, no case or
  visit that nobody says whose it is, no text with the name of another holder (`others.py`);
- that a relation is kept about the customer, of which kind and since when, and not to whom; the name of a
  household where it names nobody else of it;
- nobody of the firm: neither who wrote a note nor who looks after the customer;
- no alerts of anti-fraud, and no words on them: the law forbids to tell, so that there are none is not told
  either; no legal holds. What is left out is named with its reason, the same whether or not there is any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from onefold.customer.profile.model import Survivorship
from onefold.gate.attributing import attributed_to
from onefold.gate.dossier import Dossier
from onefold.gate.masks import key_as_shown
from onefold.gate.model import Shown, Value, Withheld
from onefold.gate.others import Others
from onefold.gate.products import is_of_another
from onefold.gate.scope import Scope, Standing
from onefold.gate.views import cut_view
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_instant
from onefold.record.canon.entities import ENTITIES, FieldType

RECORDS_MAX = 200_000
OWNERS = frozenset({"owner", "joint"})
NEVER_TOLD = (
    Withheld("alerts and blocks of anti-fraud", "the law forbids to tell whether there are any"),
    Withheld("legal holds", "they are work of the firm's lawyers; whether there are any is not told"),
    Withheld("names of our people", "they are data of theirs"),
)
_OF_PARTY = (
    "consent", "suppression", "holder", "account", "case", "interaction", "device", "relation", "biometric",
)  # fmt: skip
_OF_ACCOUNT = ("transaction", "balance", "order", "account", "case")
_UNSAID = {"employee", "manager"}
"""Fields that name people of the firm."""
_OF_OTHERS = _UNSAID | {name for name, it in ENTITIES["party"].refs.items() if it.to == "party"}
"""Fields of a profile that are about somebody else."""
UNTOLD_REASONS = frozenset({"fraud", "litigation"})
"""Reasons of suppressions that would tell what is not told."""
_SAYS_WHOSE = {"case", "interaction"}
"""Of these nobody can tell whose they are on a shared account, unless they say so."""


class HeldRecord(msgspec.Struct, frozen=True):
    """What one source says of one thing. `said_at` is when it last did, `withheld` the fields left out."""

    entity: str
    source: str
    id: str
    key: str
    said_at: str
    values: dict[str, Shown]
    withheld: tuple[str, ...] = ()


class Everything(msgspec.Struct, frozen=True):
    """One customer: the golden record with where each value comes from, and every record behind it."""

    customer: str
    members: tuple[str, ...]
    name: str
    profile: dict[str, Value]
    records: tuple[HeldRecord, ...]
    withheld: tuple[Withheld, ...]
    decision: str
    """Id of the audit record of this answer."""


@dataclass(slots=True)
class _Found:
    """Records by fragment, and the other people behind them."""

    records: dict[bytes, Standing] = field(default_factory=dict)
    others: set[bytes] = field(default_factory=set)
    left_out: Counter[str] = field(default_factory=Counter)

    def take(self, records: Iterable[Standing]) -> None:
        """Takes records in, as far as one answer goes."""
        self.records.update((it.fragment.fragment_id, it) for it in records)
        if len(self.records) > RECORDS_MAX:
            raise CallerError(f"More than {RECORDS_MAX:,} records are held; one answer has no more.")


def everything_of(
    scope: Scope, dossier: Dossier, policy: Sequence[Survivorship], now: int
) -> tuple[Everything, Others]:
    """All of it, but for the id of its audit record; and what names the others, for what is told besides."""
    view = cut_view(scope, dossier, policy, now)
    found = _Found(dict(dossier.permitting))
    members = frozenset(dossier.members)
    hanging = _referring(scope, list(dossier.permitting), _OF_PARTY, "party")
    found.take(_told(hanging, members))
    _take_accounts(scope, found, members)
    _take_relations(scope, found, members)
    attributed = attributed_to(scope, list(dossier.permitting), RECORDS_MAX + 1)
    found.take(_told(scope.standing(attributed.stretches).values(), members))
    unnamed = attributed.newest(scope, None, RECORDS_MAX + 1)
    found.take(scope.standing(key for _, key in unnamed).values())
    people = scope.reader.fragments(list(found.others)).values()
    others = Others(dossier.members.values(), people)
    records = tuple(
        sorted(
            (_shown(scope, it, members, others, found.left_out) for it in found.records.values()),
            key=lambda it: (it.entity, it.source, it.said_at, it.id),
        )
    )
    everything = Everything(
        customer=id_text(dossier.customer),
        members=tuple(id_text(it) for it in sorted(dossier.members)),
        name=view.name,
        profile={name: it for name, it in view.profile.items() if name not in _OF_OTHERS},
        records=records,
        withheld=(*view.withheld, *_counted(found.left_out), *NEVER_TOLD),
        decision="",
    )
    return everything, others


def _take_accounts(scope: Scope, found: _Found, members: frozenset[bytes]) -> None:
    """Accounts that the customer owns, and what hangs on them; over and over for accounts on accounts."""
    waiting = {
        it.values["account"]
        for it in found.records.values()
        if it.fragment.entity == "holder"
        and it.values.get("account")
        and str(it.values.get("role") or "owner") in OWNERS
    }
    waiting |= {key for key, it in found.records.items() if it.fragment.entity == "account"}
    holders = [key for key, it in found.records.items() if it.fragment.entity == "holder"]
    waiting |= {it.fragment.fragment_id for it in _referring(scope, holders, ("account",), "holder")}
    seen: set[bytes] = set()
    while waiting := waiting - seen:
        seen |= waiting
        accounts = scope.standing(waiting)
        found.take(accounts.values())
        shared = _shared(scope, found, accounts, members)
        following: set[bytes] = set()
        for it in _referring(scope, list(accounts), _OF_ACCOUNT, "account"):
            whose = it.values.get("party")
            if it.fragment.entity == "account":
                other = is_of_another(scope, it, members)
                if other is None and it.values["account"] in shared:
                    found.left_out["products on shared accounts that do not say whose they are"] += 1
                elif not other:
                    following.add(it.fragment.fragment_id)
            elif whose is None and it.fragment.entity in _SAYS_WHOSE and it.values["account"] in shared:
                found.left_out["records on shared accounts that do not say whose they are"] += 1
            elif whose is None or whose in members:
                found.take((it,))
        waiting = following


def _take_relations(scope: Scope, found: _Found, members: frozenset[bytes]) -> None:
    """Relations in which the customer is the other, and households; who else is in them is kept."""
    found.take(_referring(scope, list(members & found.records.keys()), ("relation",), "other"))
    relations = [it.values for it in found.records.values() if it.fragment.entity == "relation"]
    homes = [home for it in relations if (home := it.get("household")) is not None]
    found.take(scope.standing(homes).values())
    links = scope.reader.linked(homes, "relation.household", most=RECORDS_MAX + 1) if homes else ()
    beside = scope.reader.fragments([from_id for _, from_id, _ in links]).values()
    for values in (*relations, *(it.values or {} for it in beside)):
        named = (values.get(name) for name in ("party", "other"))
        found.others.update(it for it in named if it is not None and it not in members)


def _shared(
    scope: Scope, found: _Found, accounts: dict[bytes, Standing], members: frozenset[bytes]
) -> set[bytes]:
    """Those of the accounts that other people hold, too; who they are is kept, to be left out."""
    shared = set()
    for it in _referring(scope, list(accounts), ("holder",), "account"):
        if (whose := it.values.get("party")) is not None and whose not in members:
            shared.add(it.values["account"])
            found.others.add(whose)
    for key, it in accounts.items():
        if (whose := it.values.get("party")) is not None and whose not in members:
            shared.add(key)
            found.others.add(whose)
    return shared


def _told(records: Iterable[Standing], members: frozenset[bytes]) -> list[Standing]:
    """Those that are about the customer, and no word of anti-fraud or of a hold."""
    return [
        it
        for it in records
        if it.values.get("party") in (None, *members)
        and not (it.fragment.entity == "suppression" and it.values.get("reason") in UNTOLD_REASONS)
    ]


def _referring(scope: Scope, ids: Sequence[bytes], entities: Sequence[str], by: str) -> list[Standing]:
    """Records of these entities that refer to any of the ids by the field `by`."""
    if not ids:
        return []
    found: dict[bytes, None] = {}
    for entity in entities:
        links = scope.reader.linked(list(ids), f"{entity}.{by}", most=RECORDS_MAX + 1)
        found.update((from_id, None) for _, from_id, _ in links)
    return list(scope.standing(found).values())


def _shown(
    scope: Scope, it: Standing, members: frozenset[bytes], others: Others, left_out: Counter[str]
) -> HeldRecord:
    """One record field by field; a text that names another holder is left out and counted."""
    entity = it.fragment.entity
    key = key_as_shown(entity, it.fragment.key, scope.permit.fields)
    values: dict[str, Shown] = {}
    withheld = []
    for name, kept in it.values.items():
        declared = ENTITIES[entity].fields[name]
        if name in _UNSAID or (declared.to == "party" and kept not in members):
            continue
        value = scope.shown(it, name)
        if value is None:
            withheld.append(name)
        elif entity != "party" and declared.type is FieldType.TEXT and others.named_in(str(value)):
            withheld.append(name)
            left_out["texts that name other people"] += 1
        else:
            values[name] = value
    return HeldRecord(
        entity=entity,
        source=it.fragment.source,
        id=id_text(it.fragment.fragment_id),
        key="" if entity != "party" and others.marked_in(key) else key,
        said_at=iso_instant(it.fragment.stamp[0]),
        values=values,
        withheld=tuple(withheld),
    )


def _counted(left_out: Counter[str]) -> list[Withheld]:
    return [
        Withheld(f"{count:,} {what}", "they would say something about other people")
        for what, count in sorted(left_out.items())
    ]
