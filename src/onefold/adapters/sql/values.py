"""Values of databases as what JSON can hold and a contract reads."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

_TURNS: dict[type, Callable[[Any], Any]] = {
    str: str,
    int: int,
    bool: bool,
    type(None): lambda _: None,
    float: lambda value: value if math.isfinite(value) else None,
    Decimal: lambda value: format(value, "f") if value.is_finite() else None,
    dt.datetime: dt.datetime.isoformat,
    dt.date: dt.date.isoformat,
    dt.time: dt.time.isoformat,
    dt.timedelta: str,
    UUID: str,
    bytes: bytes.hex,
    memoryview: lambda value: bytes(value).hex(),
    dict: dict,
    list: list,
}


def plain_of(value: Any) -> Any:
    """A value as what JSON can hold and a contract reads; kinds of other databases as their text."""
    turn = _TURNS.get(type(value))
    return turn(value) if turn is not None else str(value)
