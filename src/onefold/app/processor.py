"""What this house is to controllers whose requests it answers by OpenDSR, and telling them how these stand.

[opendsr]
domain = "opendsr.bank.example"              what the certificate is for, and where controllers reach us
callbacks = ["dsr.controller.example"]       hosts that may be told, with a port where it is not 443
ca_file = "controllers-ca.pem"               where their certificates are signed by an authority of theirs
loopback = true                              this machine may be called, over http too: to try it out
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import msgspec
import structlog

from onefold.adapters.files.processor import (
    ProcessorKeyFile,
    install_certificate,
    make_next_key,
    sign_for_trial,
)
from onefold.adapters.rest.poster import HttpsPoster
from onefold.app.connections import settings
from onefold.app.folder import CONFIG, DataFolder
from onefold.kernel.errors import CallerError, OnefoldError
from onefold.kernel.time import Clock
from onefold.record.requests.callbacks import Callbacks, is_name, listed
from onefold.record.requests.telling import Pace
from onefold.usecases.processor import Poster, Processor
from onefold.usecases.rooms import Rooms
from onefold.usecases.tell_controllers import tell_controllers

LOOK_SECONDS = 1.0
_UNFORESEEN = (
    ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, LookupError,
    MemoryError, OSError, RuntimeError, TypeError, ValueError, msgspec.MsgspecError, sqlite3.Error,
)  # fmt: skip
"""All that Python and what is called here raise where something is wrong with us or this machine."""


class _Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    domain: str
    callbacks: tuple[str, ...] = ()
    ca_file: str = ""
    loopback: bool = False


def processor_of(folder: DataFolder) -> Processor:
    """What the settings say, and the key to sign with; `CallerError` for what cannot be read."""
    said = _said(folder)
    if said is None:
        return Processor()
    callbacks = Callbacks(listed(said.callbacks, loopback=said.loopback), said.loopback)
    return Processor(said.domain, callbacks, ProcessorKeyFile(folder.keys))


@contextmanager
def telling(folder: DataFolder, rooms: Rooms) -> Iterator[None]:
    """Tells controllers of changes until the block ends, where the settings list any.

    An answer never waits for it: it reads what the register holds, on a thread of its own.
    """
    said = _said(folder)
    if said is None or not said.callbacks:
        yield
        return
    stopping = Event()
    poster = HttpsPoster(folder.root / said.ca_file if said.ca_file else None)
    teller = Thread(target=_tell, args=(rooms, poster, stopping), name="onefold-telling", daemon=True)
    teller.start()
    try:
        yield
    finally:
        stopping.set()
        teller.join()


def ask_for_certificate(folder: DataFolder) -> bytes:
    """The request for a certificate of the key that waits for one, which is made if there is none (PEM)."""
    return make_next_key(folder.keys, _domain(folder))


def put_certificate(folder: DataFolder, clock: Clock, file: Path | None) -> str:
    """Puts the certificate of a file in use, or one signed by itself, to try things out; returns its id."""
    domain, now = _domain(folder), datetime.fromtimestamp(clock.now_ms() / 1000, UTC)
    if file is None:
        make_next_key(folder.keys, domain)
        return install_certificate(folder.keys, domain, sign_for_trial(folder.keys, domain, now), now)
    try:
        pem = file.read_bytes()
    except OSError as error:
        raise CallerError("The certificate cannot be read.", detail=error.strerror or "") from error
    return install_certificate(folder.keys, domain, pem, now)


def _tell(rooms: Rooms, poster: Poster, stopping: Event) -> None:
    """Looks for what is new, and tries again what has to wait no longer; whatever fails, it goes on.

    Of a bug its kind is told and no word, which may be somebody's data.
    """
    pace = Pace(time.monotonic)
    log = structlog.get_logger("onefold.callbacks")
    while True:
        try:
            told = tell_controllers(rooms, poster, pace, stopping.is_set)
        except OnefoldError as error:
            log.warning("not told", error=str(error))
            told = 0
        except _UNFORESEEN as error:
            log.error("not told", error=type(error).__name__)  # noqa: TRY400  # Its words may be data.
            told = 0
        if stopping.wait(0.0 if told else LOOK_SECONDS):
            return


def _said(folder: DataFolder) -> _Settings | None:
    found = settings(folder, "opendsr")
    try:
        said = None if found is None else msgspec.convert(found, _Settings)
    except msgspec.ValidationError as error:
        raise CallerError(f"[opendsr] in {CONFIG} cannot be read.", detail=str(error)) from None
    if said is not None and not is_name(said.domain):
        raise CallerError(f"The domain of [opendsr] in {CONFIG} is no name of a host in small letters.")
    return said


def _domain(folder: DataFolder) -> str:
    said = _said(folder)
    if said is None:
        raise CallerError(
            "It is not said for which domain.",
            hint=f'Put [opendsr] with domain = "opendsr.bank.example" into {CONFIG}.',
        )
    return said.domain
