"""L5: for a fixed partition no event but an explicit grant widens; merging and unmerging never widen."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from onefold.customer.consent.model import ConsentFact, FactKind, Suppression
from onefold.customer.consent.rules import Consents
from onefold.customer.identity.rules import DeterministicRules
from onefold.gate.dossier import read_consents
from onefold.gate.gathering import Gathered
from onefold.kernel.time import MS_PER_DAY
from onefold.record.canon.data_classes import ANY_DATA, DATA_CLASSES
from onefold.record.canon.purposes import PURPOSES
from onefold.record.canon.vocabulary import CHANNELS
from onefold.record.log.model import EventKind
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import Saying
from tests.properties.folding import MANY, folded, stirred, take
from tests.properties.strategies import GRANTED, KNOWN, PARTLY, numbered, permissions

RULES = DeterministicRules()
NOW = 6 * MS_PER_DAY

Uses = set[tuple[bytes, str, str]]


def uses(consents: Consents, members: list[bytes]) -> Uses:
    """What each fragment may be used for, and for what the customer may be contacted (without a fragment)."""
    found: Uses = set()
    for purpose in PURPOSES:
        for channel in CHANNELS:
            found |= {(it, purpose, channel) for it in members if consents.permits(it, purpose, channel)}
            if consents.obstacle(purpose, channel) is None:
                found.add((b"", purpose, channel))
        found |= {
            (it, purpose, f"somewhere with {data_class}")
            for it in members
            for data_class in (*DATA_CLASSES, ANY_DATA)
            if consents.permits_somewhere(it, purpose, data_class)
        }
    return found


def allowed(state: MemoryState) -> dict[bytes, Uses]:
    """What is allowed with each customer of a state, as the gate reads it."""
    found = {}
    for customer in state.customers(b"", 1000):
        members = state.fragments_of(customer)
        consents = read_consents(Gathered(state), state.fragments(members), NOW)
        found[customer] = uses(consents, members)
    return found


def grants(saying: Saying) -> bool:
    """Whether an event says yes in so many words: a consent `granted`, a suppression `off`."""
    return "granted" in saying.values.values() or saying.values.get("state") == "off"


@MANY
@given(st.sampled_from((GRANTED, PARTLY)), st.lists(permissions(), max_size=5), permissions())
def test_no_event_but_an_explicit_grant_widens_what_is_allowed(granted, said, event):
    assume(not grants(event))
    history = numbered([*KNOWN, *granted, *said, event])
    state = folded([history[:-1]], RULES)
    before = allowed(state)
    take(state, history[-1:], RULES)
    after = allowed(state)
    assert before.keys() == after.keys()
    for customer, present in after.items():
        assert present <= before[customer]


@given(st.data(), st.lists(permissions(), min_size=1, max_size=10))
def test_what_is_allowed_does_not_depend_on_the_order_of_events(data, said):
    history = numbered([*KNOWN, *GRANTED, *said])
    assert allowed(folded([history], RULES)) == allowed(folded(data.draw(stirred(history)), RULES))


@MANY
@given(
    st.lists(permissions(), max_size=6), st.sampled_from(KNOWN), st.sampled_from(("withdrawn", "objected"))
)
def test_a_restriction_as_late_as_every_grant_wins(said, party, word):
    """Whoever of the customer said it, nobody may use any of it for that purpose, on any channel."""
    latest = max(it.values.get("given_at") or 0 for it in (*GRANTED, *said))
    values = GRANTED[0].values | {
        "party": party.fragment_id,
        "fact": word,
        "given_at": max(latest, 9 * MS_PER_DAY),
    }
    last = Saying("core", "consent", "last", EventKind.UPSERT, 0, 0, values)
    state = folded([numbered([*KNOWN, *GRANTED, *said, last])], RULES)
    assert not {it for uses in allowed(state).values() for it in uses if it[1] == "marketing"}


MEMBERS = [bytes([it]) * 16 for it in range(4)]
instants = st.integers(0, 5)
facts = st.builds(
    ConsentFact,
    fact_id=st.binary(min_size=1, max_size=2),
    party=st.sampled_from(MEMBERS),
    purpose=st.sampled_from(("marketing", "stewardship")),
    channel=st.sampled_from(("email", "sms", "any")),
    kind=st.sampled_from(list(FactKind)),
    at=instants,
    until_at=st.none() | instants,
    source=st.just("crm"),
    evidence=st.just("form"),
    data_class=st.sampled_from(("any", "any", "contact", "balance")),
    controller=st.sampled_from(("", "", "tpp")),
)
suppressions = st.builds(
    Suppression,
    suppression_id=st.binary(min_size=1, max_size=2),
    party=st.sampled_from(MEMBERS),
    channel=st.sampled_from(("email", "any")),
    reason=st.just("wish"),
    at=instants,
    source=st.just("crm"),
)
pairs = st.sets(st.tuples(st.sampled_from(MEMBERS[:2]), st.sampled_from(MEMBERS[:2])))


@MANY
@given(st.lists(facts, max_size=8), st.lists(suppressions, max_size=1), pairs)
def test_merging_two_customers_never_widens(said, stopped, verified):
    """Two customers become one by evidence that is no verified identifier."""
    one, other = MEMBERS[:2], MEMBERS[2:]
    merged = uses(Consents(MEMBERS, said, stopped, verified, 4), MEMBERS)
    apart = [uses(Consents(part, said, stopped, verified, 4), part) for part in (one, other)]
    assert {it for it in merged if it[0]} <= apart[0] | apart[1]
    assert {it for it in merged if not it[0]} <= apart[0] & apart[1]


@given(st.lists(facts, max_size=8), pairs)
def test_a_grant_goes_no_further_than_verified_identifiers(said, verified):
    one, other = MEMBERS[:2], MEMBERS[2:]
    elsewhere = [it for it in said if it.kind is not FactKind.GRANTED or it.party in other]
    allowed_here = uses(Consents(MEMBERS, elsewhere, [], verified, 4), one)
    needed = {name for name, purpose in PURPOSES.items() if purpose.needs_consent}
    assert not {it for it in allowed_here if it[1] in needed}
