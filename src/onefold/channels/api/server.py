"""Serving the application from this very process: one worker, one event loop, threads for whatever waits."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server
from starlette.types import ASGIApp

from onefold.kernel.errors import CallerError


def serve(application: ASGIApp, host: str, port: int, *, ready: Callable[[], None]) -> None:
    """Serves until SIGINT or SIGTERM; requests that are under way are answered first.

    `ready` is called once the port is ours; `CallerError` where it is not to be had.
    """
    check_free(host, port)
    asyncio.run(_serve(application, host, port, ready))


async def _serve(application: ASGIApp, host: str, port: int, ready: Callable[[], None]) -> None:
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
    )
    server.on_startup(ready)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    await server.serve()


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
