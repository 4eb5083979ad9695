"""Who in the house reads which canonical fields: segments by their rules, identity, consent and blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from onefold.insight.segments.model import AnyAccount, Arithmetic, Comparison, Not, Segment, Sum
from onefold.record.contracts.model import Consumer

_IDENTITY = (
    "national_id", "tax_id", "customer_number", "email", "phone", "full_name", "given_name", "family_name",
    "organisation_name", "birth_date",
)  # fmt: skip
_TRANSACTION = ("transaction.account", "transaction.direction", "transaction.amount", "transaction.booked_at")
_BALANCE = ("balance.account", "balance.amount", "balance.day")
_INTERACTION = ("interaction.party", "interaction.happened_at")
_MEASURED: dict[str, tuple[str, ...]] = {
    "balance": _BALANCE,
    "balances": _BALANCE,
    "credit": _TRANSACTION,
    "debit": _TRANSACTION,
    "movements": _TRANSACTION,
    "logins": (*_INTERACTION, "interaction.action"),
    "interactions": _INTERACTION,
}
"""What a measure of day buckets is made of."""


def house_readers(segments: Mapping[str, Segment]) -> tuple[Consumer, ...]:
    """The readers inside Onefold, by the names under which people know them."""
    found = [
        Consumer("identity", tuple(f"party.{field}" for field in _IDENTITY)),
        Consumer("consent at the gate", ("consent", "suppression")),
        Consumer("blocks at the gate", ("risk.kind", "risk.status")),
    ]
    for name, segment in sorted(segments.items()):
        reads = {field for it in _measures(segment.rule) for field in _MEASURED[it]}
        found.append(Consumer(f"the segment {name}", tuple(sorted(reads))))
    return tuple(found)


def _measures(node: object) -> Iterator[str]:
    """Every measure an expression sums."""
    if isinstance(node, Sum):
        yield node.measure
        return
    inside: Iterable[object]
    if isinstance(node, Comparison | Arithmetic):
        inside = (node.left, node.right)
    elif isinstance(node, AnyAccount):
        inside = (node.condition,)
    elif isinstance(node, Not):
        inside = (node.of,)
    else:
        inside = getattr(node, "of", ())
    for it in inside:
        yield from _measures(it)
