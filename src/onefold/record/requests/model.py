"""One request of a data subject as it is kept: ids, closed words, days. It outlives whom it is about.

A request is a fold of its steps. Nothing here may be personal data: who the customer is stands as an id of
ours, who asked and how that was proven as words of a list, why something was refused too. So a request stays
readable after the customer was erased, and needs no key.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What is asked for (GDPR articles 15 to 21)."""

    ACCESS = "access"
    PORTABILITY = "portability"
    ERASURE = "erasure"
    RECTIFICATION = "rectification"
    OBJECTION = "objection"
    RESTRICTION = "restriction"


class Step(StrEnum):
    """What happened to a request."""

    RECEIVED = "received"
    VERIFIED = "verified"
    """It was proven that who asks is who they say."""
    BEGUN = "begun"
    EXTENDED = "extended"
    """More time was taken, once, as the law allows."""
    COMPLETED = "completed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Status(StrEnum):
    """Where a request stands; the last three are ends."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    HELD = "held"
    """An erasure that waits for a legal hold. No step makes it: it is so while the hold stands, and where it
    stood before once that is lifted."""
    COMPLETED = "completed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Asker(StrEnum):
    """Who asks."""

    SELF = "self"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"
    HEIR = "heir"
    CONTROLLER = "controller"
    """The firm for which we hold the data hands on what it was asked."""


class Proof(StrEnum):
    """How it was proven who asks."""

    NONE = "none"
    """Not yet: such a request is not completed."""
    DOCUMENT = "document"
    """A document that was shown."""
    LOGIN = "login"
    """They were signed in at the firm."""
    SIGNATURE = "signature"
    """An electronic signature."""
    KNOWN_ADDRESS = "known_address"
    """They answered at an address that the firm had proven before."""
    MANDATE = "mandate"
    """A document that lets them act for the customer, and one of their own."""
    CONTROLLER = "controller"
    """The controller vouches for it."""


class Refusal(StrEnum):
    """Why a request is refused."""

    IDENTITY_UNPROVEN = "identity_unproven"
    NOT_HELD = "not_held"
    """Nothing is held of them, or nothing any more."""
    LEGAL_DUTY = "legal_duty"
    """A law says that it is kept."""
    LEGAL_HOLD = "legal_hold"
    """It is kept for a court."""
    RIGHTS_OF_OTHERS = "rights_of_others"
    EXCESSIVE = "excessive"
    """The same again and again."""
    NO_SUCH_RIGHT = "no_such_right"
    """The law that applies does not give it."""


class Delay(StrEnum):
    """Why more time is taken (GDPR article 12(3))."""

    COMPLEX = "complex"
    MANY = "many"
    """There are many requests."""


class Received(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a request says when it comes in.

    `customer` is empty where nobody was found. `law` is a name of the settings, `received_at` when they
    asked, `due_on` the last day to answer. `purposes` are what an objection is against, `callbacks` the
    addresses on the house's list at which its controller wants to be told how it stands.
    """

    kind: Kind
    customer: bytes
    asker: Asker
    law: str
    received_at: int
    due_on: int
    purposes: tuple[str, ...] = ()
    callbacks: tuple[str, ...] = ()


class Happened(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One step, as it stands in its log. `actor` is a login or a program.

    `due_on` is set where more time is taken, `because` is a word of `Refusal` or `Delay`, `outcome` the id of
    what answered the request: a package, an erasure, a consent.
    """

    cell: str
    request: str
    step: Step
    at: int
    actor: str
    received: Received | None = None
    proof: Proof = Proof.NONE
    because: str = ""
    due_on: int = 0
    outcome: str = ""


class SubjectRequest(msgspec.Struct, frozen=True):
    """One request as its steps have made it."""

    id: str
    kind: Kind
    status: Status
    customer: bytes
    asker: Asker
    proof: Proof
    law: str
    received_at: int
    due_on: int
    purposes: tuple[str, ...]
    steps: tuple[Happened, ...]
    is_extended: bool = False
    because: str = ""
    outcome: str = ""
    callbacks: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is still to be answered."""
        return self.status in (Status.RECEIVED, Status.IN_PROGRESS)
