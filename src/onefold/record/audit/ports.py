"""What a search of the audit needs besides the log: an index of its headers, which can be made again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from onefold.record.audit.model import AuditFilter, AuditHeader


class Reach(NamedTuple):
    """Up to which sequence an index reflects a log, and the digest of the header that stands there."""

    sequence: int = 0
    digest: bytes = b""


class AuditIndex(Protocol):
    """Which records have which actor, kind, action, outcome, time and customers; nothing else of them.

    It may be missing, behind the log or that of another log: whoever uses it finds that out by `reach`, and
    makes it again from the headers. Safe to share by threads.
    """

    @property
    def reach(self) -> Reach:
        """How far it goes."""
        ...

    def add(self, headers: Sequence[tuple[int, AuditHeader]], reach: Reach) -> None:
        """Takes in the (sequence, header) pairs between the old reach and the new one, all or none."""
        ...

    def find(self, wanted: AuditFilter, below: int, most: int) -> list[int]:
        """Up to `most` sequences below one, newest first, of records that are wanted."""
        ...

    def clear(self) -> None:
        """Forgets everything, so that it is made again."""
        ...
