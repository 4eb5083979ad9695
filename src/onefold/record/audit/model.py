"""What the audit keeps of one access, decision or change: ids, words of ours and numbers, no personal data.

Customers and fragments are ids, people who ask are login names. What a person *wrote* (the reason for a
judgement, a note) may hold anybody's name and is kept where it belongs, sealed under the subject's key;
here stand only its keyed digest and length, enough to prove later that a shown text is the one given.
"""

from __future__ import annotations

import msgspec

from onefold.record.canon.data_classes import ANY_DATA


class Said(msgspec.Struct, frozen=True):
    """A text a person gave, without the text: its digest under the cell's key (hex), its characters."""

    digest: str
    characters: int


class Rests(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a release rested on, so that it can be judged again from the log alone.

    `sequence` is the log sequence that the state had reached, `at` the instant it was decided for. `members`
    are, for each of the record's customers, the fragments that were held to be that customer. What a view
    combined of them are the record's own `fragments`. `data_class` is the class of data that was asked for;
    where a customer's consents told classes apart, `uses` has for that customer each class with the fragments
    that permitted it, and that is what was asked for. `chosen_by` are the classes of the data by which the
    customers were chosen to be reached, if they were.
    """

    sequence: int
    at: int
    members: tuple[tuple[str, ...], ...] = ()
    data_class: str = ANY_DATA
    uses: tuple[dict[str, tuple[str, ...]], ...] = ()
    chosen_by: tuple[str, ...] = ()


class AuditRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the audit. `id` is its place in the log, so it can be found and proved by it.

    `kind` says what sort of thing happened (`view`, `decision`, `sign_in`, …), `controller` for which firm
    (empty: ourselves), `outcome` how it ended (`allowed`, `refused`, …), `reasons` are sentences of the
    policy, `counts` how many of what. `details` are short words of ours by name. `at` is milliseconds since
    the epoch.
    """

    id: str = ""
    at: int
    cell: str
    kind: str
    actor: str
    role: str = ""
    action: str = ""
    purpose: str = ""
    channel: str = ""
    controller: str = ""
    outcome: str = ""
    customers: tuple[str, ...] = ()
    fragments: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    policy_version: str = ""
    consent_basis: str = ""
    counts: dict[str, int] = msgspec.field(default_factory=dict)
    details: dict[str, str] = msgspec.field(default_factory=dict)
    said: Said | None = None
    rests: Rests | None = None
    obligations: tuple[str, ...] = ()
    """What had to be done as well, and was: `mask`, `token`, `redact`, `aggregate`, `watermark`."""


class AuditHeader(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a record is filtered by, so that the rest need not be decoded to pass it over."""

    at: int
    kind: str
    actor: str
    action: str
    outcome: str
    customers: tuple[str, ...]


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which records are wanted; an empty field asks for nothing. `from_at` ≤ at < `to_at`."""

    customer: str = ""
    actor: str = ""
    kind: str = ""
    action: str = ""
    outcome: str = ""
    from_at: int = 0
    to_at: int = 0

    def takes(self, header: AuditHeader) -> bool:
        """Whether a record with this header is wanted."""
        return (
            (not self.actor or self.actor == header.actor)
            and (not self.customer or self.customer in header.customers)
            and (not self.kind or self.kind == header.kind)
            and (not self.action or self.action == header.action)
            and (not self.outcome or self.outcome == header.outcome)
            and self.from_at <= header.at
            and (not self.to_at or header.at < self.to_at)
        )


class AuditFound(msgspec.Struct, frozen=True):
    """Records newest first, and the cursor that goes on; None at the end.

    A page may hold fewer than asked for, even none, and still go on: where the index of the audit is far
    behind, a search reads so far and no further.
    """

    items: tuple[AuditRecord, ...]
    next: str | None
