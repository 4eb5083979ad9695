"""The contacts that were made: counted from the audit, which names everybody a release reached."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from onefold.gate.contacting.model import Contact, Contacting, ContactingRules
from onefold.kernel.ids import id_from_text
from onefold.kernel.time import MS_PER_DAY
from onefold.record.audit.model import AuditFilter, AuditFound, AuditRecord

RELEASE = "release"
"""The kind of the records that name who a release reached, by customer and by record."""
_PAGE = 500


class Audited(Protocol):
    """The audit as far as it is read here."""

    def page(self, wanted: AuditFilter, *, cursor: str = "", limit: int = 50) -> AuditFound:
        """Records newest first."""
        ...


class Contacts:
    """One release at a time: two that counted at once would both find room for one more."""

    def __init__(self, audit: Audited, rules: ContactingRules) -> None:
        self._audit = audit
        self._rules = rules
        self._turn = threading.Lock()

    @contextmanager
    def taking(self, campaign: str, now: int) -> Iterator[Contacting]:
        """What decides for a release that is written down before the block ends."""
        with self._turn:
            yield self.standing(campaign, now)

    def standing(self, campaign: str, now: int) -> Contacting:
        """What decides at this instant, for whoever counts and releases nothing: no turn is taken."""
        days = self._rules.days_most
        records = self._since(now - days * MS_PER_DAY) if days else ()
        return Contacting(self._rules, campaign, contacts_of(records))

    def _since(self, from_at: int) -> Iterator[AuditRecord]:
        wanted = AuditFilter(kind=RELEASE, from_at=max(1, from_at))
        cursor: str | None = ""
        while cursor is not None:
            page = self._audit.page(wanted, cursor=cursor, limit=_PAGE)
            yield from page.items
            cursor = page.next


def contacts_of(records: Iterable[AuditRecord]) -> dict[bytes, tuple[Contact, ...]]:
    """Who was reached by which releases: each customer by the id they had, and each of their records."""
    made: dict[bytes, list[Contact]] = {}
    for it in records:
        # Records of before releases had ids count one by one: no more customers than were reached.
        release = it.details.get("release") or it.details.get("file") or it.id
        contact = Contact(release, it.at, it.purpose, it.channel, it.details.get("segment", ""))
        members = it.rests.members if it.rests else ()
        for text in {*it.customers, *(one for found in members for one in found)}:
            made.setdefault(id_from_text(text), []).append(contact)
    return {key: tuple(found) for key, found in made.items()}
