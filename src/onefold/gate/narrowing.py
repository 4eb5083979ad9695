"""Bounding a scope to what a customer's consents allow class by class: who permits it, and what they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from onefold.gate.attributing import Attributed, attributed_to
from onefold.gate.consented import Consented
from onefold.gate.dossier import Dossier
from onefold.gate.products import Holding, holdings_of
from onefold.gate.scope import Scope

OF_PRODUCTS = ("account", "balance", "transaction")
"""Classes of which a line of a product shows something."""


def narrowed(scope: Scope, dossier: Dossier) -> Scope:
    """The scope in which nothing of the customer is read but what may be used; mostly the one given."""
    if dossier.serving is None:
        return scope
    attributed = attributed_to(scope, sorted(frozenset[bytes]().union(*dossier.serving.values())))
    found: dict[frozenset[bytes], tuple[frozenset[bytes], dict[bytes, str]]] = {}
    for members in dossier.serving.values():
        if members not in found:
            found[members] = _of_parties(scope, members, attributed)
    of = {it: found[members] for it, members in dossier.serving.items()}
    return replace(
        scope,
        consented=Consented(
            {it: owners for it, (owners, _) in of.items()},
            {it: roles for it, (_, roles) in of.items()},
            attributed.stretches,
        ),
    )


def _of_parties(
    scope: Scope, members: frozenset[bytes], attributed: Attributed
) -> tuple[frozenset[bytes], dict[bytes, str]]:
    """The parties with devices they were on and products, and the role in which each product is held."""
    parties = sorted(members)
    held = {key: it.role for key, it in holdings_of(scope, parties).items()}
    return frozenset((*parties, *attributed.devices_of(members), *held)), held


def held_of(scope: Scope, dossier: Dossier, classes: Iterable[str] = OF_PRODUCTS) -> dict[bytes, Holding]:
    """The products of which data of some of these classes may be used."""
    if scope.consented is None:
        return holdings_of(scope, list(dossier.permitting))
    roles = scope.consented.roles
    ids = dict.fromkeys(key for it in classes for key in roles[it])
    as_held = roles["account"]
    return {key: Holding(it, as_held.get(key, "")) for key, it in scope.standing(ids).items()}
