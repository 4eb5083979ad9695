"""Which fragments are one party: the deterministic rules, as pure functions of two portraits.

Theory
------
1. *Who is who is a function of evidence.* Evidence between two fragments is computed from the two alone;
   nothing remembers that they were ever joined. So any order of arrival, one at a time or a million at once,
   gives the same partition (L3), and taking a fragment away gives what there would be without it (L4).
2. *Precision before recall.* A wrong merge shows one person's account to another; a missed one shows a
   profile twice. Every rule asks for agreement on things that are not shared by households, twins, or a
   father and son of one name, and that are not given to somebody else later, as phones are:

       who                       agree on                               differ in
       twins                     birth date, family name, home, phone   given name
       father and son            whole name, home, phone                birth date (and patronymic)
       household                 home, phone, often e-mail              given name, birth date
       recycled phone            phone                                  name, birth date

   So a rule needs the name (given name included), and either a birth date or an identifier of one person.
3. *Hierarchy.* A state or firm identifier joins as long as nothing else contradicts it; an e-mail, or a
   phone that one side has proof of, joins with the same whole name; a phone without proof needs a third
   agreement; weak things (phone, home, place) never join alone, and never two of them without a name.
4. *Conflicts are final.* Two state identifiers of one form that differ, or two birth dates that no slip of
   the pen explains, put two fragments into different customers whatever joins them through others. The one
   exception is a birth date under an equal sole identifier: there the date is the likelier mistake.
5. *A claim joins, proof lets consent follow.* Whoever can send a call can state the number of somebody else.
   So evidence is `verified` only if the rule rests on an identifier of one person and the contracts of both
   sources say that they verify them (`trusted`).
6. *Sensitive groups are joined by proof alone.* Where one of two records says that the person is vulnerable,
   protected or has a guardian, a wrong merge does the most harm: it shows that, or hides it. So agreement
   that is no proof (a name, a phone, a home) joins nothing there; what is left is a steward's to judge. It is
   what the two records say and no age, for an age depends on the day, and who is who must not (L2, L3).

Weights order the reasons: when joins compete (see `clusters.py`), the heavier goes first. They are not
probabilities; an engine that computes probabilities is another `EvidenceProvider` beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from enum import Enum
from typing import NamedTuple

import msgspec

from onefold.customer.identity.clusters import clusters
from onefold.customer.identity.keys import fields_of_keys, keys_of
from onefold.customer.identity.model import Bounds, Conflict, Edge, Evidence, Fates, Portrait
from onefold.customer.identity.names import Agreement, compare
from onefold.kernel.time import iso_day

STEWARD_WEIGHT = 1000
"""A steward's `same` outweighs every rule."""

FIRST_DAY, LAST_DAY = -719_162, 2_932_896
"""The days that have a date, from the year 1 to the year 9999."""


class Birth(Enum):
    """How two birth dates stand to each other. `NEAR`: one digit, or day and month exchanged."""

    UNKNOWN = 0
    SAME = 1
    NEAR = 2
    CONFLICT = 3


class Comparison(NamedTuple):
    """What two portraits of one kind agree on."""

    name: Agreement
    birth: Birth
    national_id: bool
    tax_id: bool
    customer_number: bool
    email: bool
    email_proven: bool
    phone: bool
    phone_proven: bool
    phone_proven_once: bool
    given: bool
    shared_names: int
    organisation: bool
    address: bool
    place: bool

    @property
    def sole_fits(self) -> bool:
        """Nothing contradicts an equal sole identifier, beyond a slip or a name changed by marriage."""
        if self.birth is Birth.CONFLICT:
            return self.name >= Agreement.CLOSE
        return self.birth is not Birth.UNKNOWN or self.name is not Agreement.DIFFERENT or self.given

    @property
    def same_person(self) -> bool:
        """The whole name agrees and no birth date contradicts."""
        return self.name is Agreement.SAME and self.birth is not Birth.CONFLICT

    @property
    def same_and_born(self) -> bool:
        """The whole name agrees, and so does the birth date but for a slip."""
        return self.name is Agreement.SAME and self.birth in (Birth.SAME, Birth.NEAR)


class Rule(NamedTuple):
    """One rule: what it is called, what it weighs, whether consent may follow proven ones, when it holds."""

    name: str
    weight: int
    verified: bool
    holds: Callable[[Comparison], bool]


RULES: tuple[Rule, ...] = (
    Rule("national id", 100, True, lambda it: it.national_id and it.sole_fits),
    Rule("tax id", 95, True, lambda it: it.tax_id and (it.organisation or it.sole_fits)),
    Rule("customer number", 90, True, lambda it: it.customer_number and (it.organisation or it.sole_fits)),
    Rule("proven e-mail and name", 80, True, lambda it: it.email_proven and it.same_person),
    Rule("proven phone and name", 75, True, lambda it: it.phone_proven and it.same_person),
    Rule("e-mail, name and birth date", 70, False, lambda it: it.email and it.same_and_born),
    Rule("e-mail, phone and name", 68, False, lambda it: it.email and it.phone and it.same_person),
    Rule("e-mail and name", 66, False, lambda it: it.email and it.same_person),
    Rule("phone, name and birth date", 65, False, lambda it: it.phone and it.same_and_born),
    Rule("phone proven by one, and name", 62, False, lambda it: it.phone_proven_once and it.same_person),
    Rule("phone and three names", 61, False, lambda it: it.phone and it.same_person and it.shared_names >= 3),
    Rule(
        "organisation and contact",
        60,
        False,
        lambda it: it.organisation and (it.email or it.phone or it.address),
    ),
    Rule(
        "name, birth date and address",
        60,
        False,
        lambda it: it.name is Agreement.SAME and it.birth is Birth.SAME and it.address,
    ),
    Rule(
        "e-mail, phone and given name",
        58,
        False,
        lambda it: it.email and it.phone and it.given and it.birth is not Birth.CONFLICT,
    ),
    Rule(
        "contact, given name and birth date",
        55,
        False,
        lambda it: (it.email or it.phone) and it.given and it.birth is Birth.SAME,
    ),
    Rule(
        "three names and birth date",
        50,
        False,
        lambda it: it.name is Agreement.SAME and it.birth is Birth.SAME and it.shared_names >= 3,
    ),
    Rule(
        "name, birth date and place",
        45,
        False,
        lambda it: it.name is Agreement.SAME and it.birth is Birth.SAME and it.place,
    ),
)


def births(left: int | None, right: int | None) -> Birth:
    """How two birth dates (days since the epoch) stand to each other; symmetric."""
    if left is None or right is None:
        return Birth.UNKNOWN
    if left == right:
        return Birth.SAME
    if not (FIRST_DAY <= left <= LAST_DAY and FIRST_DAY <= right <= LAST_DAY):
        return Birth.CONFLICT
    one, other = iso_day(left), iso_day(right)
    slips = sum(a != b for a, b in zip(one, other, strict=True))
    exchanged = one[:4] == other[:4] and one[5:7] == other[8:] and one[8:] == other[5:7]
    return Birth.NEAR if slips == 1 or exchanged else Birth.CONFLICT


def compare_portraits(left: Portrait, right: Portrait) -> Comparison:
    """What two portraits agree on; symmetric."""
    email = bool(left.email) and left.email == right.email
    phone = bool(left.phone) and left.phone == right.phone
    return Comparison(
        name=_names(left, right),
        birth=births(left.birth_date, right.birth_date),
        national_id=bool(left.national_id) and left.national_id == right.national_id,
        tax_id=bool(left.tax_id) and left.tax_id == right.tax_id,
        customer_number=bool(left.customer_number) and left.customer_number == right.customer_number,
        email=email,
        email_proven=email and left.email_verified and right.email_verified,
        phone=phone,
        phone_proven=phone and left.phone_verified and right.phone_verified,
        phone_proven_once=phone and (left.phone_verified or right.phone_verified),
        given=_same_given(left, right),
        shared_names=sum(len(token) > 1 for token in set(left.name) & set(right.name)),
        organisation=bool(left.organisation) and left.organisation == right.organisation,
        address=_same_address(left.address, right.address),
        place=bool(set(left.place) & set(right.place)),
    )


def evidence_between(left: Portrait, right: Portrait) -> tuple[Evidence, ...]:
    """Every rule that says the two are one party, strongest first; symmetric but for the order of ids.

    Between records of sensitive groups, those that rest on an identifier of one person or on proof.
    """
    if kinds_differ(left, right):
        return ()
    compared = compare_portraits(left, right)
    one, other = sorted((left.fragment_id, right.fragment_id))
    proven = left.identifiers_verified and right.identifiers_verified
    careful = left.careful or right.careful
    return tuple(
        Evidence(one, other, rule.weight, rule.name, rule.verified and proven)
        for rule in RULES
        if (rule.verified or not careful) and rule.holds(compared)
    )


def proof_between(left: Portrait, right: Portrait) -> tuple[Evidence, ...]:
    """The evidence that consent may follow, strongest first; symmetric but for the order of ids."""
    if not (left.identifiers_verified and right.identifiers_verified and _shares_what_proves(left, right)):
        return ()
    return tuple(it for it in evidence_between(left, right) if it.verified)


def conflicts_between(left: Portrait, right: Portrait) -> tuple[Conflict, ...]:
    """Every reason why the two can never be in one customer; symmetric but for the order of ids."""
    lasting = lasting_conflicts(left, right)
    if not births_contradict(left, right):
        return lasting
    return (*lasting, _conflict(left, right, "two birth dates"))


def births_contradict(left: Portrait, right: Portrait) -> bool:
    """Whether two birth dates are a conflict: no slip explains them, and no sole identifier is equal."""
    if births(left.birth_date, right.birth_date) is not Birth.CONFLICT:
        return False
    return not _shares_a_sole_identifier(left, right)


def lasting_conflicts(left: Portrait, right: Portrait) -> tuple[Conflict, ...]:
    """The reasons among them that are no matter of a mistaken date."""
    reasons = []
    if kinds_differ(left, right):
        reasons.append("a person and an organisation")
    if left.national_id != right.national_id and _are_of_one_form(left.national_id, right.national_id):
        reasons.append("two national ids")
    return tuple([_conflict(left, right, it) for it in reasons])


def _conflict(left: Portrait, right: Portrait, reason: str) -> Conflict:
    one, other = sorted((left.fragment_id, right.fragment_id))
    return Conflict(one, other, reason)


HUB_LIMIT = 50
COMPONENT_LIMIT = 200


class DeterministicRules:
    """The rules as an `EvidenceProvider`."""

    def __init__(self, hub_limit: int = HUB_LIMIT, component_limit: int = COMPONENT_LIMIT) -> None:
        self.hub_limit = hub_limit
        self.component_limit = component_limit

    def evidence(self, left: Portrait, right: Portrait) -> Sequence[Evidence]:
        """Every reason for, strongest first."""
        return evidence_between(left, right)

    def conflicts(self, left: Portrait, right: Portrait) -> Sequence[Conflict]:
        """Every reason against."""
        return conflicts_between(left, right)

    def hub_limit_of(self, key: bytes) -> int:
        """The same for every key."""
        return self.hub_limit

    def read(self, portrait: Portrait) -> Portrait:
        """Rules look at what is comparable alone."""
        return msgspec.structs.replace(portrait, said=())

    def keys_of(self, portraits: Sequence[Portrait]) -> list[frozenset[bytes]]:
        """The keys of each."""
        return [keys_of(it) for it in portraits]

    def fields_of_keys(self, portrait: Portrait) -> dict[bytes, tuple[str, ...]]:
        """Of each key of one, the fields it is made of."""
        return fields_of_keys(portrait)

    def weights(self, pairs: Sequence[tuple[Portrait, Portrait]]) -> list[int]:
        """The weight of the strongest rule that joins each pair; no rule speaks against one."""
        return [next((it.weight for it in evidence_between(*pair)), 0) for pair in pairs]

    def clusters(
        self,
        nodes: Collection[bytes],
        edges: Sequence[Edge],
        bounds: Bounds,
        fates: Fates | None = None,
    ) -> list[list[bytes]]:
        """Joined along the edges, the heaviest first."""
        return clusters(nodes, edges, bounds.apart, self.component_limit, bounds.parted, fates)

    def doubts(self, left: Portrait, right: Portrait) -> bool:
        """Never: every doubt of the rules is a conflict."""
        return False


def kinds_differ(left: Portrait, right: Portrait) -> bool:
    """Whether one is a person and the other an organisation."""
    return bool(left.kind and right.kind) and left.kind != right.kind


def _names(left: Portrait, right: Portrait) -> Agreement:
    """How far the whole names agree. A father is not found in his son's middle name.

    Where a side says which name is the given one, the other has to have it as a given name, or as a family
    name where the columns are exchanged.
    """
    agreement = compare(left.name, right.name)
    if agreement is Agreement.SAME and not (_calls_alike(left, right) and _calls_alike(right, left)):
        return Agreement.DIFFERENT
    return agreement


def _calls_alike(one: Portrait, other: Portrait) -> bool:
    if not (one.given and one.family):
        return True
    names = (*other.given, *other.family) if other.given and other.family else other.name
    return not set(one.given).isdisjoint(names)


def _same_given(left: Portrait, right: Portrait) -> bool:
    """A full given name in common, where both sources tell given from family names.

    A token that is a family name on the other side does not count: the two columns may be exchanged.
    """
    shared = set(left.given) & set(right.given) - set(left.family) - set(right.family)
    return any(len(token) > 2 for token in shared)


def _same_address(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """The same numbers, and a telling word in common."""
    numbers = [token for token in left if token.isdigit()]
    if not numbers or numbers != [token for token in right if token.isdigit()]:
        return False
    return any(not token.isdigit() for token in set(left) & set(right))


def _are_of_one_form(left: str, right: str) -> bool:
    """Length and pattern of identifiers: ids of different forms (a passport, a tax number) can be one's."""
    return len(left) == len(right) and all(
        one.isdigit() == other.isdigit() for one, other in zip(left, right, strict=True)
    )


def _shares_what_proves(left: Portrait, right: Portrait) -> bool:
    """Whether there is anything that a rule could take for proof; said much sooner than what it is worth."""
    return (
        bool(left.national_id and left.national_id == right.national_id)
        or bool(left.tax_id and left.tax_id == right.tax_id)
        or bool(left.customer_number and left.customer_number == right.customer_number)
        or (left.email_verified and right.email_verified and left.email == right.email)
        or (left.phone_verified and right.phone_verified and left.phone == right.phone)
    )


def _shares_a_sole_identifier(left: Portrait, right: Portrait) -> bool:
    compared = compare_portraits(left, right)
    return (compared.national_id or compared.customer_number or compared.tax_id) and compared.sole_fits
