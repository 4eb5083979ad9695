"""What a process that another one of ours started has to be: quiet about data, and its parent's to end."""

from __future__ import annotations

import signal
import sys
import traceback
from types import TracebackType

from onefold.app.collecting import settle_down


def begin_as_child() -> None:
    """Leaves Ctrl-C, which goes to the whole group, to the parent; tells of a bug only where it happened."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.excepthook = _places_only
    settle_down()


def _places_only(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The message of an error may be somebody's data, and goes nowhere."""
    sys.stderr.write(f"bug: {kind.__name__}\n{''.join(traceback.format_tb(trace))}")
