"""Which facts speak of a use that somebody wants to make of data. Pure, and blind to time.

Restrictions and grants are read differently, so that each errs on the side of less:

- a restriction of a purpose is one of all its parts; a grant is one of them only where its notice said so;
- a grant of one class of data allows the use of that class and never of all; a restriction of one class stops
  the use of it, and the use of all;
- a grant of all data is none of a class that has to be named (`EXPLICIT`); a restriction of all is one of it;
- a grant names who may use the data, and allows it to nobody else; a restriction that names nobody stops all,
  and one that names somebody stops them alone;
- a fact for `any` channel is a fact for each;
- what rests on another basis than consent is told, and grants nothing.
"""

from __future__ import annotations

from onefold.customer.consent.model import (
    ANY_CHANNEL,
    ANY_PURPOSE,
    OURSELVES,
    ConsentFact,
    FactKind,
    Use,
)
from onefold.record.canon.data_classes import ANY_DATA, EXPLICIT
from onefold.record.canon.purposes import LINEAGE, Basis


def speaks_of(fact: ConsentFact, use: Use) -> bool:
    """Whether a fact, if it is in force, has a say about a use."""
    if fact.channel not in (use.channel, ANY_CHANNEL):
        return False
    grants = fact.kind is FactKind.GRANTED
    if fact.purpose != use.purpose and fact.purpose != ANY_PURPOSE:
        if grants and not fact.includes_parts:
            return False
        if fact.purpose not in LINEAGE.get(use.purpose, ()):
            return False
    if grants:
        return (
            fact.controller == use.controller
            and (fact.data_class == use.data_class or (_is_of_all(fact) and use.data_class not in EXPLICIT))
            and fact.basis in ("", Basis.CONSENT)
        )
    return fact.controller in (use.controller, OURSELVES) and (
        ANY_DATA in (fact.data_class, use.data_class) or fact.data_class == use.data_class
    )


def _is_of_all(fact: ConsentFact) -> bool:
    return fact.data_class == ANY_DATA
