"""Randomness that no block shares with another, and serials that no counter hands out."""

from __future__ import annotations

from random import Random


def numbered(index: int, modulus: int, seed: int) -> int:
    """A number below `modulus`, a power of ten, that no other index below it gets."""
    return (index * 3_868_117 + seed * 7_777_783 + 12_345) % modulus


def stream(seed: int, block: int, room: str) -> Random:
    """The randomness of one room of one block: what one room draws never moves another's draws."""
    return Random(f"{seed}/{block}/{room}")


def own(seed: int, key: str, room: str) -> Random:
    """The randomness of one record in one room: who has it shares it with nobody."""
    return Random(f"{seed}/{key}/{room}")


def below(rng: Random, limit: int) -> int:
    """A whole number in [0, limit), faster than `randrange`."""
    return int(rng.random() * limit)
