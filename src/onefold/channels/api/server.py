"""Serving the application from this very process: one worker, one event loop, threads for whatever waits."""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvloop
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.server.embed import Server
from starlette.types import ASGIApp

from onefold.kernel.errors import CallerError

LOOK_SECONDS = 1.0


def serve(
    application: ASGIApp,
    host: str,
    port: int,
    *,
    ready: Callable[[], None],
    over: Callable[[], bool] = lambda: False,
    tls: tuple[Path, Path] | None = None,
) -> bool:
    """Serves until SIGINT or SIGTERM, or until it is over; requests that are under way are answered first.

    `ready` is called once the port is ours; `CallerError` where it is not to be had. Whether it was `over`,
    which is asked every second. With `tls`, a certificate (with those that vouch for it) and its key, both
    PEM, it speaks TLS 1.2 or later and no other.
    """
    check_free(host, port)
    if tls is not None:
        check_certificate(*tls)
    return uvloop.run(_serve(application, host, port, ready, over, tls))


async def _serve(
    application: ASGIApp,
    host: str,
    port: int,
    ready: Callable[[], None],
    over: Callable[[], bool],
    tls: tuple[Path, Path] | None,
) -> bool:
    certificate, key = tls or (None, None)
    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=1024,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        log_enabled=False,
        ssl_cert=certificate,
        ssl_key=key,
        ssl_protocol_min=SSLProtocols.tls12,
    )
    server.on_startup(ready)
    loop, told = asyncio.get_running_loop(), asyncio.Event()

    end: Callable[[], None] = server.stop

    def stop() -> None:
        told.set()
        end()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)

    async def look() -> None:
        while not (told.is_set() or over()):
            with suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), LOOK_SECONDS)
        if not told.is_set():
            end()

    looking = asyncio.create_task(look())
    try:
        await server.serve()
    finally:
        looking.cancel()
    return not told.is_set()


def check_certificate(certificate: Path, key: Path) -> None:
    """`CallerError` where the two are not a certificate and its key, or others can read the key."""
    try:
        mode = key.stat().st_mode & 0o777
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key, password="")
    except (OSError, ValueError) as error:
        raise CallerError(
            f"{certificate.name} and {key.name} are no certificate with its key.",
            detail=getattr(error, "reason", None) or getattr(error, "strerror", None) or "",
            hint="Both are PEM files; the key has no password.",
        ) from error
    if mode & 0o077:
        raise CallerError(
            f"The key file {key.name} can be read by others.",
            detail=f"Its permissions are {mode:04o}.",
            hint="Make it yours alone (chmod 600), and ask who may have read it.",
        )


def check_free(host: str, port: int) -> None:
    """The server binds with SO_REUSEPORT, which would share a port in silence.

    So it is tried without first.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CallerError(
                f"Port {port} of {host} is not free.",
                hint="Stop what uses it, or choose another with --port.",
            ) from None
