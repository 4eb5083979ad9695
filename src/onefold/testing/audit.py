"""The index of the audit in memory: the port of record/audit without a disk."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from onefold.record.audit.model import AuditFilter, AuditHeader
from onefold.record.audit.ports import Reach


class MemoryAuditIndex:
    """Implements `AuditIndex` by looking at every header it was given."""

    def __init__(self) -> None:
        self._headers: list[tuple[int, AuditHeader]] = []
        self.reach = Reach()
        """How far it goes."""

    def add(self, headers: Sequence[tuple[int, AuditHeader]], reach: Reach) -> None:
        """Takes in the headers between the old reach and the new one."""
        self._headers += headers
        self.reach = reach

    def find(self, wanted: AuditFilter, below: int, most: int) -> list[int]:
        """Up to `most` sequences below one, newest first, of records that are wanted."""
        found = (it for it, header in reversed(self._headers) if it < below and wanted.takes(header))
        return list(islice(found, most))

    def clear(self) -> None:
        """Forgets everything."""
        self._headers = []
        self.reach = Reach()
