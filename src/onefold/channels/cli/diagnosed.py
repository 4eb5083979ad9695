"""What `onefold diagnose` asks for, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple


class DiagnoseAsked(NamedTuple):
    """Files to look at, where the report goes, and what is stated about columns (column → field)."""

    files: Sequence[Path]
    out: Path
    fields: Mapping[str, str]
    id: str | None
    truth: str | None
    show_values: bool
    force: bool
    author: str
    made_at: datetime


class Estimated(NamedTuple):
    """An estimated share and the ends of its interval."""

    low: float
    middle: float
    high: float


class DiagnoseSummary(NamedTuple):
    """Counts of records, of customers, and of records with company inside their source and across sources.

    `measures` is empty without a truth.
    """

    records: int
    customers: int
    sources: int
    inside: int
    across: int
    precision: Estimated
    recall: Estimated
    hubs: int
    recognised: Mapping[str, str]
    unnamed: Sequence[str]
    measures: Mapping[str, float]
    bytes: int
    seconds: float
