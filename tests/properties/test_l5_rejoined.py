"""L5, once more: what is judged again from the log, by code of its own, is what the gate decides."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.consent.model import Use
from onefold.customer.consent.rejoin import contact_fault, look_fault
from onefold.customer.identity.rules import DeterministicRules
from onefold.gate.dossier import read_consents
from onefold.gate.gathering import Gathered
from onefold.kernel.time import MS_PER_DAY
from onefold.pipeline.rejoin import Asked, rejoined
from onefold.record.canon.purposes import PURPOSES
from onefold.record.canon.vocabulary import CHANNELS
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import PlainMapping, opened
from tests.properties.folding import MANY, folded
from tests.properties.strategies import GRANTED, KNOWN, PARTLY, finer_permissions, numbered, permissions

USES = [(data_class, by) for data_class in ("any", "contact", "balance") for by in ("", "another")]
RULES = DeterministicRules()
NOW = 6 * MS_PER_DAY


def contacts() -> list[Use]:
    """Every way of reaching somebody, by ourselves and by another."""
    return [
        Use(purpose, channel, "contact", by)
        for purpose in PURPOSES
        for channel in CHANNELS
        for by in ("", "another")
    ]


def looks() -> list[Use]:
    """Every way of looking, over whatever channel."""
    return [Use(purpose, "", *it) for purpose in PURPOSES for it in USES]


def decided(state: MemoryState) -> dict[tuple[bytes, ...], set[tuple[bytes, Use]]]:
    """By the members of a customer, what the gate allows: with each of them, or to contact (without one)."""
    found = {}
    for customer in state.customers(b"", 1000):
        members = state.fragments_of(customer)
        consents = read_consents(Gathered(state), state.fragments(members), NOW)
        allowed = {
            (b"", use)
            for use in contacts()
            if consents.obstacle(use.purpose, use.channel, use.controller) is None
        }
        allowed |= {
            (it, use)
            for it in members
            for use in looks()
            if consents.permits_somewhere(it, use.purpose, use.data_class, use.controller)
        }
        found[tuple(members)] = allowed
    return found


@MANY
@given(
    st.sampled_from(([], GRANTED, PARTLY)),
    st.lists(finer_permissions(), max_size=6),
    st.lists(permissions(), max_size=3),
)
def test_every_release_is_judged_from_the_log_as_the_gate_decided_it(granted, said, later):
    before = numbered([*KNOWN, *granted, *said])
    everything = numbered([*KNOWN, *granted, *said, *later])
    gate = decided(folded([before], RULES))
    asked = [Asked(number, len(before), NOW, members) for number, members in enumerate(gate)]

    def frames(wanted):
        return (it for it in opened(everything) if wanted(it[1]))

    judged = dict(rejoined(asked, frames, PlainMapping()))
    assert len(judged) == len(asked)
    for it, found in judged.items():
        assert found is not None
        again = {(b"", use) for use in contacts() if not contact_fault(found, use)}
        again |= {(one, use) for one in it.members for use in looks() if not look_fault(found, [one], use)}
        assert again == gate[it.members]


def test_whoever_was_erased_since_cannot_be_judged():
    history = numbered([*KNOWN])
    members = next(iter(decided(folded([history], RULES))))

    def frames(wanted):
        return ((sequence, frame, None) for sequence, frame, _ in opened(history) if wanted(frame))

    assert [found for _, found in rejoined([Asked(1, 99, NOW, members)], frames, PlainMapping())] == [None]
