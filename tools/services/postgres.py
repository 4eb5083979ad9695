"""A PostgreSQL server of our own in a temporary folder: for tests, and to try a connection.

`python tools/services/postgres.py` starts one, prints its address and ends it with Ctrl-C. It needs Debian's
`postgresql` package and no rights of its own: started by root it runs as the user `postgres`, as the
server demands, otherwise as whoever starts it.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

SERVER_USER = "postgres"
START_SECONDS = 30.0
_SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    "log_timezone=UTC",
)


def binaries() -> Path | None:
    """Where the server's programs are: the newest of Debian's, or those on the path; None without any."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda it: int(it.parts[-3]))
    path = str(found[-1]) if found else shutil.which("initdb")
    return Path(path).resolve().parent if path else None


class PrivatePostgres:
    """A server on a free port, its data gone with it. Use as a context."""

    def __init__(self) -> None:
        programs = binaries()
        if programs is None:
            raise SystemExit("There is no PostgreSQL here; Debian: apt-get install postgresql")
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="onefold-postgres-"))
        self._as_server = ["runuser", "-u", SERVER_USER, "--"] if os.geteuid() == 0 else []
        if self._as_server:
            shutil.chown(self._folder, SERVER_USER)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://{SERVER_USER}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Makes its data and starts it; returns when it answers."""
        data = str(self._folder / "data")
        self._run(
            "initdb", "-D", data, "-U", SERVER_USER, "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        settings = [part for it in _SETTINGS for part in ("-c", it)]
        where = ("-D", data, "-h", "127.0.0.1", "-p", str(self.port), "-k", str(self._folder))
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._as_server, str(self._programs / "postgres"), *where, *settings],
                stdout=log,
                stderr=log,
                cwd=self._folder,
            )
        deadline = time.monotonic() + START_SECONDS
        ready = [str(self._programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.call(ready) != 0:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("PostgreSQL did not start:\n" + (self._folder / "server.log").read_text())
            time.sleep(0.05)

    def create(self, database: str) -> str:
        """A new empty database; its address."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", SERVER_USER, database)
        return self.url(database)

    def stop(self) -> None:
        """Ends it and removes what it kept."""
        if self._process is not None:
            # At once: nobody needs what is in it any more. A terminal's Ctrl-C may have reached it already.
            self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop", may_fail=True)
            self._process.wait(30)
            self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str, may_fail: bool = False) -> None:
        command = [*self._as_server, str(self._programs / program), *arguments]
        done = subprocess.run(
            command, cwd=self._folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        if done.returncode and not may_fail:
            raise SystemExit(f"{program} failed:\n{done.stdout.decode(errors='replace')}")

    def __enter__(self) -> Self:
        try:
            self.start()
        except SystemExit:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def main() -> None:
    """Runs a server until Ctrl-C."""
    with PrivatePostgres() as server:
        print(server.url(), flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            signal.pause()
        except KeyboardInterrupt:
            sys.exit(0)


if __name__ == "__main__":
    main()
