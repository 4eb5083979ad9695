"""An Apache Kafka broker of our own in a temporary folder: for tests, and to try a source.

`python tools/services/kafka.py` starts one, prints its address and ends it with Ctrl-C; with `--fetch` it
only gets what is needed: Kafka's own artefacts through Maven (kafka.xml says which), held against
kafka.sha256 and kept in the user's cache. One node without ZooKeeper, on loopback alone, with a small heap.
It needs Java 17 or newer, and Maven the first time (Debian: default-jre-headless, maven).
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

HERE = Path(__file__).resolve().parent
POM, DIGESTS = HERE / "kafka.xml", HERE / "kafka.sha256"
JAVA_MIN = 17
START_SECONDS = 60.0
STOP_SECONDS = 15.0
FETCH_SECONDS = 300.0
_JAVA = ("-Xms64m", "-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_QUIET = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",)
_SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
num.network.threads=2
num.io.threads=2
auto.create.topics.enable=false
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
log.cleaner.dedupe.buffer.size=4194304
log.retention.check.interval.ms=1000
"""


def version() -> str:
    """The version of Kafka that is pinned."""
    found = re.search(r"kafka_2\.13</artifactId>\s*<version>([\d.]+)<", POM.read_text(encoding="utf-8"))
    assert found is not None
    return found.group(1)


def library() -> Path:
    """The folder of its files; it may not be there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    digest = hashlib.sha256(DIGESTS.read_bytes()).hexdigest()[:12]
    return cache / "onefold" / f"kafka-{version()}-{digest}"


def java() -> str | None:
    """A Java that is new enough; None where there is none."""
    found = shutil.which("java")
    if found is None:
        return None
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    number = re.search(r'version "(\d+)', said)
    return found if number and int(number.group(1)) >= JAVA_MIN else None


def is_here() -> bool:
    """Whether a broker can be started without asking anybody for anything."""
    return library().is_dir() and java() is not None


def fetch() -> Path:
    """Gets what is missing, checks every file, and puts them into the cache; the folder."""
    folder = library()
    if folder.is_dir():
        return folder
    maven = shutil.which("mvn")
    if maven is None or java() is None:
        raise SystemExit("Kafka needs Java 17 and Maven; Debian: apt-get install default-jre-headless maven")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        command = [maven, "-q", "-B", "-f", str(POM), "dependency:copy-dependencies"]
        done = subprocess.run(
            [*command, f"-DoutputDirectory={place}/jars"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=FETCH_SECONDS,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"Maven could not get Kafka:\n{done.stdout.decode(errors='replace')}")
        check(Path(place) / "jars", DIGESTS.read_text(encoding="utf-8"))
        (Path(place) / "jars").rename(folder)
    return folder


def check(folder: Path, digests: str) -> None:
    """Stops unless the folder holds exactly the files of the list, byte for byte."""
    wanted = {name: digest for digest, name in (line.split() for line in digests.splitlines())}
    found = {it.name: hashlib.sha256(it.read_bytes()).hexdigest() for it in folder.iterdir()}
    wrong = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if wrong:
        raise SystemExit(f"These files are not what kafka.sha256 says: {', '.join(wrong)}")


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def cluster_id() -> str:
    """A random one as Kafka writes them; none begins with a dash, which its tool would take for an option."""
    return base64.b64encode(uuid.uuid4().bytes, altchars=b"az").decode().rstrip("=")


class PrivateKafka:
    """A broker on a free port, its data gone with it. Use as a context; `stop` and `start` between."""

    def __init__(self) -> None:
        program = java()
        if program is None or not library().is_dir():
            raise SystemExit("There is no Kafka here; python tools/services/kafka.py --fetch gets it.")
        self._folder = Path(tempfile.mkdtemp(prefix="onefold-kafka-"))
        self._command = [program, *_JAVA, *_QUIET, "-cp", f"{library()}/*"]
        self.port, controller = free_ports(2)
        self._settings = self._folder / "server.properties"
        self._settings.write_text(
            _SETTINGS.format(port=self.port, controller=controller, data=self._folder / "data")
        )
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """What clients call `bootstrap.servers`."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Makes its data the first time and starts it; returns when it takes connections."""
        if not (self._folder / "data").exists():
            self._run("kafka.tools.StorageTool", "format", "-t", cluster_id(), "-c", str(self._settings))
        with (self._folder / "broker.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._command, "kafka.Kafka", str(self._settings)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("Kafka did not start:\n" + self.log())
            time.sleep(0.05)

    def stop(self) -> None:
        """Ends it in its own time, which is short; its data stays."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it as kill -9 does: what it had not written is gone."""
        self._end(signal.SIGKILL)

    def log(self) -> str:
        """What it said."""
        return (self._folder / "broker.log").read_text(encoding="utf-8", errors="replace")

    def remove(self) -> None:
        """Ends it and removes what it kept."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _answers(self) -> bool:
        """Whether it answers a client's first question (ApiVersions, version 0)."""
        asked = b"\x00\x12\x00\x00\x00\x00\x00\x01\xff\xff"
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                connection.sendall(len(asked).to_bytes(4, "big") + asked)
                return len(connection.recv(8)) > 0
        except OSError:
            return False

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(
            [*self._command, *arguments],
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=START_SECONDS,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{arguments[0]} failed:\n{done.stdout.decode(errors='replace')}")

    def __enter__(self) -> Self:
        try:
            self.start()
        except SystemExit:
            self.remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()


def main() -> None:
    """Gets what is needed; without `--fetch` runs a broker until Ctrl-C."""
    fetch()
    if sys.argv[1:] == ["--fetch"]:
        return
    with PrivateKafka() as broker:
        print(broker.address, flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            signal.pause()
        except KeyboardInterrupt:
            sys.exit(0)


if __name__ == "__main__":
    main()
