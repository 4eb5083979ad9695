"""What the gate reads of one customer before it cuts anything: members, consents, who permits the purpose.

A view combines only the fragments that permit its purpose: those whose source's contract allows it and, where
the purpose rests on consent, those for which a grant stands on some channel. Where somebody spoke of one
class of data, each fragment is asked for each class, and gives what is of those it permits. Consent facts and
suppressions are read from every source, whatever it may serve: a restriction counts wherever it was said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from onefold.customer.consent.model import ANY_CHANNEL, FactKind, State, Suppression
from onefold.customer.consent.rules import Consents
from onefold.customer.fragments.model import Fragment
from onefold.customer.fragments.permissions import facts_of, suppressions_of
from onefold.customer.identity.model import Pair
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.identity.proven import proven_pairs
from onefold.customer.profile.groups import Ages, births_at, groups_of, signs_of
from onefold.gate.consented import ASKED, Serving, part_of
from onefold.gate.gathering import OF_PARTY, Gathered
from onefold.gate.model import Permit, Withheld
from onefold.gate.portfolios import WITHIN, Barred, Relation, relation_to
from onefold.gate.scope import Scope, Standing
from onefold.gate.shields import Shield, Shielded
from onefold.kernel.errors import Forgotten, NotFound
from onefold.record.canon.data_classes import ANY_DATA
from onefold.record.canon.groups import Groups
from onefold.record.canon.purposes import PURPOSES

EVERY_LINK = 1 << 31
"""What was said of consent is read whole: whoever leaves out the oldest may leave out the no that stands."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """One customer as read.

    `permit` is the one it was read under, with a glass only where that was needed: write down under it.
    `standing` are the members whose source's contract allows the purpose, `permitting` those of them that a
    view of this purpose may combine, with what it may combine of them. `serving` says which of them permit
    which class of data; None where nobody told classes apart, so that whoever permits one permits all.
    `lacking` has, by class, of how many records it is left out, and what stands there instead of a yes.
    """

    permit: Permit
    customer: bytes
    relation: Relation
    members: dict[bytes, Fragment]
    consents: Consents
    standing: dict[bytes, Standing]
    permitting: dict[bytes, Standing] = field(default_factory=dict)
    withheld: tuple[Withheld, ...] = ()
    serving: Serving | None = None
    lacking: Mapping[str, tuple[int, State]] = field(default_factory=dict)

    def of(self, data_class: str) -> Collection[bytes]:
        """The members that permit the use of a class of data."""
        return self.permitting if self.serving is None else self.serving[data_class]

    def left_out(self, classes: Iterable[str] = ASKED) -> tuple[Withheld, ...]:
        """What of these classes of data is left out, a line for each number of records and reason."""
        purpose = self.permit.purpose
        no = f"no {PURPOSES[purpose].basis} to {purpose} with"
        lines: dict[tuple[str, str], list[str]] = {}
        for data_class in classes:
            if data_class in self.lacking:
                count, state = self.lacking[data_class]
                of, data = f"of {count} of {len(self.permitting)} records", "such"
                if data_class == ANY_DATA:
                    # Found by looking at all data, and so a use of all.
                    of, data = f"alerts and blocks {of}", "all"
                lines.setdefault((of, f"{no} {data} data stands: {state}"), []).append(data_class)
        return tuple(
            Withheld(of if names == [ANY_DATA] else f"{', '.join(names)} data {of}", reason)
            for (of, reason), names in lines.items()
        )


def read_dossier(scope: Scope, id_bytes: bytes, now: int) -> Dossier:
    """The dossier of the customer behind any id ever seen; `NotFound` where there is none.

    `Barred` where the permit does not hold for whose customer it is, `Shielded` where it does not for the
    sensitive groups they are of.
    """
    customer = scope.reader.customer_of(id_bytes)
    if customer is None:
        if any(it.is_erased for it in scope.reader.fragments([id_bytes]).values()):
            raise Forgotten("The customer was erased.", detail="Nothing is known of them but that they were.")
        raise _unknown()
    members = scope.reader.members_of(customer)
    scope.reader.gather(list(members), OF_PARTY)
    consents = read_consents(scope.reader, members, now)
    standing = scope.standing_of(members.values())
    if not standing:
        # Not even that somebody is known: the source that knows them is closed to this purpose.
        raise _unknown()
    permit = scope.permit
    keeper = permit.actor
    relation = relation_to(keeper.portfolios, (it.fragment for it in standing.values()), members.values())
    glass = permit.glass
    is_through = glass is not None and (glass.customer, glass.relation) == (customer, relation)
    if relation not in permit.relations and not is_through:
        raise Barred(customer, relation)
    if permit.shields:
        _ask_shields(scope, customer, relation, members, consents, now)
    if glass is not None and relation in permit.relations:
        permit = msgspec.structs.replace(permit, glass=None)  # Nothing rests on it.
    purpose, by = permit.purpose, keeper.controller
    if consents.is_of_classes(by) and PURPOSES[purpose].heeds_them:
        return _by_classes(scope, Dossier(permit, customer, relation, members, consents, standing))
    permitting = {
        it: found for it, found in standing.items() if consents.permits_somewhere(it, purpose, controller=by)
    }
    withheld = _withheld(scope, standing, permitting)
    return Dossier(permit, customer, relation, members, consents, standing, permitting, withheld)


def groups_among(members: Mapping[bytes, Fragment], consents: Consents, ages: Ages, now: int) -> Groups:
    """The sensitive groups that the records of a customer, and the desk, tell of."""
    signs = signs_of((it.values for it in members.values()), consents.suppressions)
    return groups_of(signs, births_at(ages, now))


def _ask_shields(
    scope: Scope,
    customer: bytes,
    relation: Relation,
    members: dict[bytes, Fragment],
    consents: Consents,
    now: int,
) -> None:
    """`Shielded` where the permit does not hold for the groups; every record tells of them, and the desk."""
    shield = Shield(relation, groups_among(members, consents, scope.ages, now))
    if shield in scope.permit.shields:
        raise Shielded(customer, shield)


def _by_classes(scope: Scope, read: Dossier) -> Dossier:
    """The dossier where each fragment is asked for each class of data."""
    purpose, by = read.permit.purpose, read.permit.actor.controller
    serving = {
        data_class: frozenset(
            it for it in read.standing if read.consents.permits_somewhere(it, purpose, data_class, by)
        )
        for data_class in ASKED
    }
    permitting = {}
    for key, it in read.standing.items():
        classes = frozenset(data_class for data_class, members in serving.items() if key in members)
        if classes - {ANY_DATA}:
            part = part_of(it.fragment, classes)
            permitting[key] = Standing(part, part.values or {})
    lacking = _lacking(read, permitting, serving)
    cut = replace(read, permitting=permitting, serving=serving, lacking=lacking)
    return replace(cut, withheld=(*_withheld(scope, read.standing, permitting), *cut.left_out()))


def _lacking(
    read: Dossier, permitting: dict[bytes, Standing], serving: Serving
) -> dict[str, tuple[int, State]]:
    purpose, by = read.permit.purpose, read.permit.actor.controller
    found = {}
    for data_class, members in serving.items():
        if lacking := [it for it in permitting if it not in members]:
            stands = read.consents.standing(lacking[0], purpose, ANY_CHANNEL, data_class, by)
            found[data_class] = (len(lacking), stands.state)
    return found


def within(scope: Scope, customers: Sequence[bytes]) -> set[bytes]:
    """Those whose relation the permit holds for, told from their records and nothing else of them."""
    permit = scope.permit
    if not permit.actor.portfolios or set(WITHIN) <= set(permit.relations):
        return set(customers)
    kept = set()
    for customer, records in scope.reader.records_of(customers).items():
        standing = (it.fragment for it in scope.standing_of(records).values())
        if relation_to(permit.actor.portfolios, standing, records) in permit.relations:
            kept.add(customer)
    return kept


def _unknown() -> NotFound:
    return NotFound("There is no such customer.", hint="Search by name, phone, e-mail or account.")


def read_consents(reader: Gathered, members: dict[bytes, Fragment], now: int) -> Consents:
    """All that was said about consent and suppression by the members of one customer."""
    ids = list(members)
    facts = [it for found in _referring(reader, ids, "consent.party") for it in facts_of(found)]
    suppressions = _suppressions(reader, ids)
    verified: list[Pair] = []
    if len(ids) > 1 and any(it.kind is FactKind.GRANTED for it in facts):
        verified = verified_pairs(members)
    return Consents(ids, facts, suppressions, verified, now)


def _suppressions(reader: Gathered, ids: Sequence[bytes]) -> list[Suppression]:
    return [it for found in _referring(reader, ids, "suppression.party") for it in suppressions_of(found)]


def verified_pairs(members: dict[bytes, Fragment]) -> list[Pair]:
    """Pairs joined by an identifier that is proven: the edges a grant may follow."""
    portraits = [
        portrait_of(it, values) for it, fragment in members.items() if (values := fragment.values) is not None
    ]
    return list(proven_pairs(portraits))


def _referring(reader: Gathered, ids: Sequence[bytes], relation: str) -> list[Fragment]:
    found = reader.linked(ids, relation, most=EVERY_LINK)
    return list(reader.fragments([from_id for _, from_id, _ in found]).values()) if found else []


def _withheld(
    scope: Scope, standing: dict[bytes, Standing], permitting: dict[bytes, Standing]
) -> tuple[Withheld, ...]:
    """What is left out. Sources closed to the purpose are named whether or not they know the customer.

    That a source such as anti-fraud knows somebody is itself nobody's business.
    """
    purpose = scope.permit.purpose
    found = [
        Withheld(f"everything from {source}", f"its contract does not allow {purpose}")
        for source in scope.sources.sources()
        if not scope.allows(source)
    ]
    silent = [it for it in standing if it not in permitting]
    if silent:
        basis = PURPOSES[purpose].basis
        count = f"{len(silent)} of {len(standing)} records"
        found.append(Withheld(count, f"no {basis} to {purpose} stands for them"))
    return tuple(found)
