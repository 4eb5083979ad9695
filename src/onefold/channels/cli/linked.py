"""What `onefold link` asks for, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class LinkAsked(NamedTuple):
    """Files to resolve, where the answer goes, and what is stated about columns (column → field).

    With `splink`, a model that Splink wrote decides, and nothing is learned; `pairs` is where the weights of
    its pairs go, and `duckdb` the version that it was trained on.
    """

    files: Sequence[Path]
    out: Path
    fields: Mapping[str, str]
    id: str | None
    truth: str | None
    link_only: bool
    threshold: float
    model: Path | None
    trained_on: str
    author: str
    splink: Path | None = None
    pairs: Path | None = None
    duckdb: int | None = None


class LinkSummary(NamedTuple):
    """Counts of records, of customers, of records that share one, and of what was compared.

    `hubs` are key values that were left out whole because too many records share them, and keys that
    would bring too many pairs, `raised`
    components that were too large. `measures` is empty without a truth. `untrained` names the levels of a
    model of Splink that were never trained.
    """

    records: int
    customers: int
    joined: int
    largest: int
    candidates: int
    keys: int
    hubs: int
    raised: int
    recognised: Mapping[str, str]
    measures: Mapping[str, float]
    seconds: float
    untrained: Sequence[str] = ()
