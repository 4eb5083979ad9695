"""What consent facts add up to, promise by promise."""

from __future__ import annotations

import pytest

from onefold.customer.consent.model import ConsentFact, FactKind, State, Suppression
from onefold.customer.consent.rules import Consents

A, B, C = (letter * 16 for letter in (b"a", b"b", b"c"))
NOW = 1_000


def fact(
    party: bytes,
    kind: FactKind,
    at: int,
    *,
    purpose: str = "marketing",
    channel: str = "email",
    until: int | None = None,
) -> ConsentFact:
    fact_id = f"{kind}{at}{channel}".encode()[:15] + party[:1]
    return ConsentFact(fact_id, party, purpose, channel, kind, at, until, "crm", "form")


def granted(party: bytes, at: int, **more: object) -> ConsentFact:
    return fact(party, FactKind.GRANTED, at, **more)  # type: ignore[arg-type]


def withdrawn(party: bytes, at: int, **more: object) -> ConsentFact:
    return fact(party, FactKind.WITHDRAWN, at, **more)  # type: ignore[arg-type]


def consents(
    *facts: ConsentFact,
    members: tuple[bytes, ...] = (A, B),
    verified: tuple[tuple[bytes, bytes], ...] = (),
    suppressions: tuple[Suppression, ...] = (),
) -> Consents:
    return Consents(members, facts, suppressions, verified, NOW)


def state(standing: Consents, party: bytes, channel: str = "email") -> State:
    return standing.standing(party, "marketing", channel).state


def test_nothing_said_is_no() -> None:
    assert state(consents(), A) is State.UNKNOWN
    assert not consents().permits(A, "marketing", "email")
    assert consents().obstacle("marketing", "email") == "consent unknown"


def test_a_grant_stays_with_the_fragment_it_was_given_to() -> None:
    standing = consents(granted(A, 1))
    assert standing.permits(A, "marketing", "email")
    assert not standing.permits(B, "marketing", "email")


def test_a_grant_follows_a_path_of_verified_evidence() -> None:
    standing = consents(granted(A, 1), members=(A, B, C), verified=((A, B), (B, C)))
    assert all(standing.permits(it, "marketing", "email") for it in (A, B, C))


def test_a_withdrawal_reaches_every_fragment() -> None:
    standing = consents(granted(B, 1), withdrawn(A, 2))
    assert state(standing, A) is State.WITHDRAWN
    assert state(standing, B) is State.WITHDRAWN


def test_a_newer_grant_beats_an_older_withdrawal_only_where_it_reaches() -> None:
    standing = consents(withdrawn(A, 1), granted(B, 2))
    assert state(standing, B) is State.GRANTED
    assert state(standing, A) is State.WITHDRAWN


def test_withdrawal_wins_at_the_same_instant() -> None:
    assert state(consents(granted(A, 5), withdrawn(A, 5)), A) is State.WITHDRAWN


def test_any_channel_is_each_channel_and_one_channel_is_not_another() -> None:
    assert state(consents(granted(A, 1, channel="any")), A, "sms") is State.GRANTED
    assert state(consents(granted(A, 1, channel="email")), A, "sms") is State.UNKNOWN
    assert state(consents(granted(A, 1), withdrawn(A, 2, channel="any")), A) is State.WITHDRAWN


def test_a_grant_ends_at_its_end_and_an_older_one_does_not_come_back() -> None:
    assert state(consents(granted(A, 1), granted(A, 2, until=NOW)), A) is State.EXPIRED
    assert state(consents(granted(A, 2, until=NOW + 1)), A) is State.GRANTED


def test_a_grant_from_tomorrow_is_not_yet_one_but_a_withdrawal_is() -> None:
    assert state(consents(granted(A, NOW + 1)), A) is State.UNKNOWN
    assert state(consents(granted(A, 1), withdrawn(A, NOW + 1)), A) is State.WITHDRAWN


def test_contacting_needs_every_fragment_to_permit() -> None:
    assert consents(granted(A, 1)).obstacle("marketing", "email") == "consent unknown"
    assert consents(granted(A, 1), granted(B, 1)).obstacle("marketing", "email") is None
    assert consents(members=()).obstacle("marketing", "email") == "consent unknown"


def test_a_suppression_of_one_fragment_stops_contact_with_the_customer() -> None:
    deceased = Suppression(b"s", B, "any", "deceased", 1, "crm")
    standing = consents(granted(A, 1), granted(B, 1), suppressions=(deceased,))
    assert standing.obstacle("marketing", "sms") == "suppressed: deceased"


def test_facts_of_somebody_else_do_not_count() -> None:
    assert state(consents(granted(C, 1), withdrawn(C, 2)), A) is State.UNKNOWN


@pytest.mark.parametrize(
    ("purpose", "permitted"), [("servicing", True), ("fraud", True), ("nonsense", False)]
)
def test_purposes_without_consent_rest_on_their_basis_and_unknown_ones_are_refused(
    purpose: str, permitted: bool
) -> None:
    assert consents().permits(A, purpose, "console") is permitted


def test_an_objection_stops_a_legitimate_interest() -> None:
    objection = fact(A, FactKind.OBJECTED, 1, purpose="stewardship", channel="any")
    assert consents().permits(B, "stewardship", "console")
    assert not consents(objection).permits(B, "stewardship", "console")


def test_looking_needs_one_channel_that_permits() -> None:
    standing = consents(granted(A, 1, channel="sms"))
    assert standing.permits_somewhere(A, "marketing")
    assert not standing.permits_somewhere(B, "marketing")


def test_at_one_instant_a_grant_that_lasts_comes_before_one_that_is_over() -> None:
    assert state(consents(granted(A, 5, until=5), granted(A, 5, channel="any")), A) is State.GRANTED
