"""What is about somebody, read from the state: all that goes with them, and what others still need.

Rules. Whatever refers to one of the person's records is theirs: consents, cases, notes, alerts, judgements,
holdings, and what is held to be theirs of what was done on devices (`devices.py`). An account is theirs when
nobody else owns it; then all that hangs on it is, too. A shared account stands, with its movements, for who
is left; the holding of the one who goes does not. A consent or a suppression that also names somebody else
stands: erasing one person never widens what another allowed. A child stays, though the guardian goes: a
relation goes with either of its ends and takes nobody along. A household goes with the last who is of it, and
what it is called goes with whom alone it names: who is left stays together without it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from onefold.customer.erasure.devices import done_on_devices
from onefold.customer.fragments.model import Fragment
from onefold.customer.fragments.naming import name_words, words_in
from onefold.customer.profile.attribution import USUAL, DeviceRules
from onefold.customer.profile.ports import CustomerReader
from onefold.record.canon.entities import ENTITIES, FieldClass, FieldType

OWNERS = frozenset({"", "owner", "joint"})
"""Roles of a holder that make an account theirs; who may only use it does not keep it alive."""
_ALL = 1 << 31
_ENTITIES_OF = {
    target: tuple(
        f"{entity.name}.{name}"
        for entity in ENTITIES.values()
        for name, it in entity.refs.items()
        if it.to == target and (entity.name, name) != ("party", "guardian")
    )
    for target in ("party", "account", "holder", "household")
}
"""Entity → the relations by which others hang on it."""
_NAMED = ("party", "account", "household")
_NAMING = (FieldClass.PII, FieldClass.PCI)
_OF_MANY = ("city", "address")
_WORD_LEAST = 6
"""A shorter text stands in too many rows to say whom one is about."""


@dataclass(slots=True)
class Reach:
    """`parties` and all `fragments` that go, `kept` what hangs on accounts that others still own.

    `words` are the texts that name the people in a row that belongs to nobody yet.
    """

    parties: frozenset[bytes]
    fragments: set[bytes] = field(default_factory=set)
    kept: set[bytes] = field(default_factory=set)
    words: set[str] = field(default_factory=set)


def reach_of(reader: CustomerReader, parties: Collection[bytes], devices: DeviceRules = USUAL) -> Reach:
    """All that is about the people behind these party fragments; ask within one snapshot."""
    reach = Reach(frozenset(parties), set(parties))
    hanging = _fragments(reader, parties, _ENTITIES_OF["party"])
    accounts: set[bytes] = set()
    for it in hanging.values():
        if it.entity in ("consent", "suppression") and _names_others(it, reach.parties):
            reach.kept.add(it.fragment_id)
            continue
        if it.entity == "account":
            accounts.add(it.fragment_id)
            continue
        reach.fragments.add(it.fragment_id)
        if it.entity == "holder" and it.values:
            accounts.add(it.values.get("account", b""))
    accounts.discard(b"")
    _take_accounts(reader, reach, accounts)
    _take_households(reader, reach, hanging.values())
    reach.fragments |= done_on_devices(reader, parties, devices)
    reach.kept -= reach.fragments
    _take_words(reader, reach)
    return reach


def untraced(
    reader: CustomerReader,
    accounts: Collection[bytes],
    devices: Collection[bytes],
    bereft: AbstractSet[bytes] = frozenset(),
) -> frozenset[bytes]:
    """Those of the accounts and devices of which nobody can say whose they are; within one snapshot.

    An account without an owner, unless all that it hangs on leads to somebody; one of the `bereft`, which
    lost a holder; a device whose row was deleted. A device on which nobody ever logged in is nobody's, and
    not among them.
    """
    above: dict[bytes, frozenset[bytes]] = {}
    traced: set[bytes] = set()
    waiting = set(accounts)
    while waiting:
        found = reader.fragments(list(waiting))
        holders = _links(reader, waiting, ("holder.account",))
        rows = reader.fragments(list({it for ids in holders.values() for it in ids}))
        for it in waiting:
            fragment = found.get(it)
            values = (fragment.values if fragment is not None else None) or {}
            owners = _owners(fragment, (rows[row] for row in holders.get(it, ()) if row in rows))
            hangs_on = frozenset(values[name] for name in ("account", "holder") if values.get(name))
            is_holder = fragment is not None and fragment.entity == "holder"
            above[it] = frozenset() if is_holder else hangs_on
            if owners and it not in bereft:
                traced.add(it)
        waiting = {it for level in waiting for it in above[level]} - above.keys()
    more = True
    while more:
        more = False
        for it, hangs_on in above.items():
            if it not in traced and it not in bereft and hangs_on and hangs_on <= traced:
                traced.add(it)
                more = True
    gone = {it for it, was in reader.fragments(list(devices)).items() if was.values is None}
    return frozenset(accounts).difference(traced).union(gone)


def _take_accounts(reader: CustomerReader, reach: Reach, accounts: set[bytes]) -> None:
    """Accounts that nobody else owns, and all that hangs on them; the others with all of theirs are kept.

    A product without an owner of its own (a card) goes with what it hangs on.
    """
    seen: set[bytes] = set()
    waiting = dict.fromkeys(accounts, False)
    while waiting:
        seen |= waiting.keys()
        found = reader.fragments(list(waiting))
        hanging = _links(reader, waiting, _ENTITIES_OF["account"])
        fragments = reader.fragments(list({it for ids in hanging.values() for it in ids}))
        following: dict[bytes, bool] = {}
        for account, goes_along in waiting.items():
            dependents = [fragments[it] for it in hanging.get(account, ()) if it in fragments]
            owners = _owners(found.get(account), dependents)
            theirs = owners <= reach.parties if owners else goes_along
            into = reach.fragments if theirs else reach.kept
            into.update((account, *(it.fragment_id for it in dependents)))
            following.update({it.fragment_id: theirs for it in dependents if it.entity == "account"})
            holders = [it.fragment_id for it in dependents if it.entity == "holder"]
            for holder, ids in _links(reader, holders, _ENTITIES_OF["holder"]).items():
                goes = theirs or holder in reach.fragments
                (reach.fragments if goes else reach.kept).update(ids)
                following.update(dict.fromkeys(ids, goes))
        waiting = {it: goes for it, goes in following.items() if it not in seen}


def _take_households(reader: CustomerReader, reach: Reach, hanging: Iterable[Fragment]) -> None:
    """Households of which nobody is left, and the names of those that are called after who goes."""
    named = {(it.values or {}).get("household", b"") for it in hanging if it.entity == "relation"} - {b""}
    links = _links(reader, named, _ENTITIES_OF["household"])
    homes = reader.fragments(list(links))
    for household, relations in links.items():
        left = reader.fragments(list(relations - reach.fragments)).values()
        home = homes.get(household)
        if not left or (home is not None and _is_called_after(reader, home, reach.parties, left)):
            reach.fragments.add(household)


def _is_called_after(
    reader: CustomerReader, home: Fragment, going: Collection[bytes], left: Iterable[Fragment]
) -> bool:
    """Whether the name of a household names who goes, and nobody who is left bears that word, too."""
    called = words_in(str((home.values or {}).get("name", "")))
    staying = {party for it in left if (party := (it.values or {}).get("party")) is not None}
    gone, kept = (name_words(reader.fragments(list(ids)).values()) for ids in (going, staying))
    return not called.isdisjoint(gone - kept)


def _owners(account: Fragment | None, dependents: Iterable[Fragment]) -> set[bytes]:
    """Who owns an account; none where nobody says."""
    values = account.values if account is not None else None
    owners = {values["party"]} if values and values.get("party") else set()
    for it in dependents:
        held = it.values or {}
        if it.entity == "holder" and held.get("party") and held.get("role", "") in OWNERS:
            owners.add(held["party"])
    return owners


def _names_others(fragment: Fragment, parties: frozenset[bytes]) -> bool:
    """Whether a restriction was ever about somebody who stays."""
    return not parties.issuperset(fragment.ever.get("party", ()))


def _take_words(reader: CustomerReader, reach: Reach) -> None:
    """Keys, numbers, names and addresses of what goes, where they are long enough to name somebody."""
    naming = [it for it in reader.fragments(list(reach.fragments)).values() if it.entity in _NAMED]
    for it in naming:
        texts = [it.key]
        fields = ENTITIES[it.entity].fields
        for name, value in (it.values or {}).items():
            declared = fields.get(name)
            if declared and declared.type is FieldType.TEXT and name not in _OF_MANY:
                texts += [str(value)] if declared.field_class in _NAMING else []
        reach.words.update(text for text in texts if len(text) >= _WORD_LEAST)


def _fragments(
    reader: CustomerReader, to_ids: Collection[bytes], relations: tuple[str, ...]
) -> dict[bytes, Fragment]:
    found = _links(reader, to_ids, relations)
    return reader.fragments(list({it for ids in found.values() for it in ids}))


def _links(
    reader: CustomerReader, to_ids: Collection[bytes], relations: tuple[str, ...]
) -> dict[bytes, set[bytes]]:
    """Target → all who refer to it by any of the relations."""
    found: dict[bytes, set[bytes]] = {}
    if to_ids:
        for _, _, from_id, to_id in reader.related(list(to_ids), relations, _ALL):
            found.setdefault(to_id, set()).add(from_id)
    return found
