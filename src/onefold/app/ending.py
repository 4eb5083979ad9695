"""Ending, while a folder is served, the biometric references whose consent a source took back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import structlog

from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.app.beside import beside
from onefold.app.folder import DataFolder
from onefold.kernel.errors import OnefoldError
from onefold.usecases.biometric_sweep import BiometricSweep
from onefold.usecases.rooms import Rooms

LOOK_SECONDS = 2.0
MORE_SECONDS = 0.1
"""The pause where a look did not come to its end: the next waits for no clock, and leaves room for others."""


@contextmanager
def ending_biometrics(folder: DataFolder, rooms: Rooms) -> Iterator[None]:
    """Looks every two seconds; what fails is logged and tried at the next look."""

    def run(stopping: threading.Event) -> None:
        pause = LOOK_SECONDS
        with closing(FileSegmentReader(folder.log("log"))) as frames:
            sweep = BiometricSweep(frames)
            while not stopping.wait(pause):
                try:
                    pause = MORE_SECONDS if sweep.look(rooms) else LOOK_SECONDS
                except OnefoldError as error:
                    structlog.get_logger("onefold.biometrics").warning("not looked", error=str(error))
                    pause = LOOK_SECONDS

    with beside("onefold-biometrics", run):
        yield
