"""Compatibility of a subject: the contract says the least that is promised; a subject may promise more."""

from __future__ import annotations

from onefold.record.contracts.model import Compatibility
from onefold.record.contracts.schemas.errors import LevelInvalid

_WAYS = {
    "backward": {"backward"},
    "forward": {"forward"},
    "full": {"backward", "forward"},
    "none": set[str](),
}


def ways(level: Compatibility) -> set[str]:
    """In which directions schemas must read each other."""
    return _WAYS[level.value.removesuffix("_transitive")]


def promises(level: Compatibility, least: Compatibility) -> bool:
    """Whether one level promises at least what another does."""
    return ways(level) >= ways(least) and level.is_transitive >= least.is_transitive


def level_named(word: str, contract: Compatibility) -> Compatibility:
    """The level of a word of the protocol; `LevelInvalid` where it is none or less than the contract's."""
    try:
        level = Compatibility(word.lower())
    except ValueError:
        known = ", ".join(it.value.upper() for it in Compatibility)
        raise LevelInvalid("There is no such compatibility.", hint=f"It is one of {known}.") from None
    if not promises(level, contract):
        raise LevelInvalid(
            f"{level.value.upper()} promises less than the contract, which says {contract.value.upper()}.",
            hint="Change compatibility in the contract, or choose a level that includes it.",
        )
    return level
