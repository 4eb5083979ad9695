"""What is read of one customer before anything is cut: all that was said of consent, however much it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from onefold.customer.fragments.model import Fragment
from onefold.gate.dossier import read_consents, read_dossier
from onefold.gate.gathering import Gathered
from onefold.gate.ledger import fragments_in
from tests.unit.gate.bank import Bank, ms, permit, scope

NOW = ms(20_000)
SINCE = 12_000
"""More than anybody would think of as a limit."""


class Flooded:
    """A reader of a bank in which a source has said ever so much more of one party since."""

    def __init__(self, bank: Bank, party: bytes, entity: str, like: bytes) -> None:
        self._state = bank.state
        self._party, self._relation = party, f"{entity}.party"
        said: Fragment = bank.state.fragments([like])[like]
        ids = [number.to_bytes(16, "big") for number in range(1, SINCE + 1)]
        self._more = {it: msgspec.structs.replace(said, fragment_id=it) for it in ids}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._state, name)

    def referring(self, *_: Any) -> None:
        """There is too much of it to be read ahead."""

    def linked(
        self, to_ids: list[bytes], relation: str, *, before: Any = None, most: int = 1000
    ) -> list[Any]:
        found = self._state.linked(to_ids, relation, before=before, most=most)
        if relation == self._relation and self._party in to_ids:
            found = [*((NOW, it, self._party) for it in sorted(self._more, reverse=True)), *found]
        return found[:most]

    def fragments(self, ids: list[bytes]) -> dict[bytes, Fragment]:
        return self._state.fragments(ids) | {it: self._more[it] for it in ids if it in self._more}


SAID: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "consent": (
        {"purpose": "stewardship", "channel": "any", "fact": "objected", "given_at": ms(1)},
        {"purpose": "analytics", "channel": "any", "fact": "withdrawn", "given_at": ms(2)},
    ),
    "suppression": (
        {"channel": "any", "reason": "wish", "state": "on"},
        {"channel": "any", "reason": "wish", "state": "off"},
    ),
}


@pytest.fixture(params=sorted(SAID))
def flooded(request: pytest.FixtureRequest) -> tuple[str, Bank, bytes, Flooded]:
    """Anna, who said no long ago, and of whom a source told thousands of other things since."""
    bank = Bank()
    anna = bank.add("party", "core", "C1", full_name="Anna Karimova")
    bank.join(anna)
    no, other = SAID[request.param]
    bank.add(request.param, "crm", "first", party=anna, **no)
    like = bank.add(request.param, "crm", "other", party=anna, **other)
    return request.param, bank, anna, Flooded(bank, anna, request.param, like)


def test_the_oldest_no_stands_whatever_else_was_said_since(flooded):
    entity, bank, anna, reader = flooded
    consents = read_consents(Gathered(reader), bank.state.fragments([anna]), NOW)
    if entity == "consent":
        assert not consents.permits(anna, "stewardship", "any")
    else:
        assert consents.suppression_word("email") == "suppressed: wish"


def test_the_ledger_looks_for_all_of_it_too(flooded):
    _, _, anna, reader = flooded
    asked = replace(scope(Bank(), permit("compliance", role="privacy_officer")), reader=Gathered(reader))
    assert len(fragments_in(asked, read_dossier(asked, anna, NOW))) == SINCE + 2
