"""The thread that tells controllers goes on whatever fails, and says of a bug its kind alone."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import MutableMapping
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from onefold.app import processor
from onefold.kernel.errors import Unavailable


def rounds(monkeypatch, *errors: Exception) -> list[MutableMapping[str, Any]]:
    """Looks until all of the errors were raised, and once more; what was logged."""
    stopping, left = threading.Event(), list(errors)
    monkeypatch.setattr(processor, "LOOK_SECONDS", 0.0)

    def look(*_: object) -> int:
        if left:
            raise left.pop(0)
        stopping.set()
        return 0

    monkeypatch.setattr(processor, "tell_controllers", look)
    with capture_logs() as logged:
        processor._tell(None, None, stopping)  # type: ignore[arg-type]
    assert stopping.is_set()
    return logged


@pytest.mark.parametrize(
    "kind",
    [
        AssertionError,
        AttributeError,
        KeyError,
        MemoryError,
        OSError,
        RuntimeError,
        TypeError,
        UnicodeError,
        ValueError,
        ZeroDivisionError,
        msgspec.ValidationError,
        sqlite3.OperationalError,
    ],
)
def test_a_bug_ends_no_thread_and_is_told_without_a_word_of_it(monkeypatch, kind):
    logged = rounds(monkeypatch, kind("Anna Karimova"), kind("Anna Karimova"))
    assert [(it["log_level"], it["error"]) for it in logged] == [("error", kind.__name__)] * 2
    assert "Karimova" not in repr(logged)


def test_an_error_of_ours_is_told_in_its_words(monkeypatch):
    (logged,) = rounds(monkeypatch, Unavailable("The disk is full."))
    assert (logged["log_level"], "disk is full" in str(logged["error"])) == ("warning", True)
