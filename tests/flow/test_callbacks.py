"""Controllers are told of each change, signed and at least once, wherever a process dies; nobody waits."""

from __future__ import annotations

import base64
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from onefold.adapters.rest.poster import SECONDS
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.app.processor import processor_of
from onefold.kernel.errors import CallerError, Unavailable
from onefold.record.audit.model import AuditFilter
from onefold.record.requests.callbacks import Address, CallbackRefused, Callbacks
from onefold.record.requests.model import Asker, Kind, Proof, Refusal
from onefold.record.requests.telling import GIVE_UP_MS, Pace
from onefold.usecases.answer_request import complete_request, extend_request, refuse_request, verify_request
from onefold.usecases.hold_customer import place_hold
from onefold.usecases.model import TOKEN
from onefold.usecases.open_request import AskedRequest, open_request
from onefold.usecases.processor import NotTold
from onefold.usecases.request_views import Delay
from onefold.usecases.tell_controllers import tell_controllers
from tests.canaries import CELL, CONTRACT, canary, customer_of, deliver, permit, rooms_of
from tests.flow.server import Server

pytestmark = pytest.mark.xdist_group("callbacks")
DOMAIN = "opendsr.bank.example"
TOLD, OTHER = "https://dsr.controller.example/told", "https://other.example/told"
ACTIONS = ["open_request", "list_requests", "answer_request", "cancel_request", "erase_customer"]


def configure(data, *callbacks: str, loopback: bool = False) -> None:
    hosts = ", ".join(f'"{it}"' for it in callbacks)
    lines = [
        "[opendsr]",
        f'domain = "{DOMAIN}"',
        f"callbacks = [{hosts}]",
        f"loopback = {str(loopback).lower()}",
    ]
    with (data / "config.toml").open("a") as config:
        config.write("\n" + "\n".join(lines) + "\n")


@pytest.fixture(scope="module")
def certified(tmp_path_factory):
    """A folder of keys with one that is certified, to copy from: making one takes a second."""
    base = tmp_path_factory.mktemp("certified")
    (base / "bank.yaml").write_text(CONTRACT, encoding="utf-8")
    LocalHouse().create(base / "data", CELL, [base / "bank.yaml"], None)
    configure(base / "data")
    LocalHouse().put_certificate(base / "data", "operator", None)
    return (base / "data" / "keys" / "opendsr.pem").read_bytes()


@pytest.fixture
def data(tmp_path, certified):
    (tmp_path / "bank.yaml").write_text(CONTRACT, encoding="utf-8")
    LocalHouse().create(tmp_path / "data", CELL, [tmp_path / "bank.yaml"], None)
    key = tmp_path / "data" / "keys" / "opendsr.pem"
    key.write_bytes(certified)
    key.chmod(0o600)
    with rooms_of(tmp_path / "data") as rooms:
        deliver(rooms.door, [1, 2], [])
        rooms.barrier.wait_for(rooms.log.last_sequence, 60)
    return tmp_path / "data"


@pytest.fixture
def rooms(data):
    configure(data, "dsr.controller.example", "other.example")
    with rooms_of(data) as rooms:
        yield rooms


def opened(rooms, kind: Kind = Kind.ACCESS, *urls: str, proof: Proof = Proof.CONTROLLER) -> str:
    asked = AskedRequest(
        id=str(uuid.uuid4()),
        kind=kind,
        customer=customer_of(rooms, 1),
        asker=Asker.CONTROLLER,
        proof=proof,
        callbacks=urls or (TOLD,),
    )
    return open_request(permit(rooms, "open_request"), rooms, asked).id


class Sink:
    """A poster that keeps what it is given, and fails where it is told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[Address, dict[str, Any], dict[str, str], bytes]] = []
        self.failing: dict[str, NotTold] = {}

    def post(self, address: Address, body: bytes, headers: dict[str, str]) -> None:
        if address.host in self.failing:
            raise self.failing[address.host]
        self.sent.append((address, json.loads(body), headers, body))

    @property
    def statuses(self) -> list[str]:
        return [it[1]["request_status"] for it in self.sent]


class Watch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def verify(certificate: bytes, headers, body: bytes) -> None:
    key: Any = x509.load_pem_x509_certificate(certificate).public_key()
    signature = base64.b64decode(headers["X-OpenDSR-Signature"], validate=True)
    key.verify(signature, body, PKCS1v15(), hashes.SHA256())


def tell(rooms, sink, pace=None) -> int:
    pace, told = pace or Pace(Watch()), 0
    while more := tell_controllers(rooms, sink, pace):
        told += more
    return told


def audited(rooms) -> list[tuple[str, str]]:
    page = rooms.audit.page(AuditFilter(kind="callback"), limit=100)
    return [(it.outcome, it.details["status"]) for it in reversed(page.items)]


# ------------------------------------------------------------------ what is told


def test_each_change_is_told_once_in_order_signed_and_without_a_word_of_the_person(rooms):
    sink, request = Sink(), opened(rooms)
    assert tell(rooms, sink) == 1
    complete_request(permit(rooms, "answer_request"), rooms, request)
    assert tell(rooms, sink) == 2
    assert tell(rooms, sink) == 0
    assert sink.statuses == ["pending", "in_progress", "completed"]
    for address, said, headers, body in sink.sent:
        assert (address.scheme, address.host, address.path) == ("https", "dsr.controller.example", "/told")
        assert set(said) == {
            "controller_id",
            "status_callback_url",
            "subject_request_id",
            "request_status",
            "expected_completion_time",
            "results_url",
        }
        assert (said["subject_request_id"], said["status_callback_url"]) == (request, TOLD)
        assert headers["X-OpenDSR-Processor-Domain"] == DOMAIN
        verify(rooms.processor.key.certificate, headers, body)
        assert canary(1) not in body.decode()
        assert customer_of(rooms, 1) not in body.decode()
    assert [it[1]["results_url"] for it in sink.sent] == [
        "",
        "",
        f"https://{DOMAIN}/v1/opendsr/requests/{request}/package",
    ]


def test_every_address_is_told_and_a_refusal_is_a_cancellation(rooms):
    sink, request = Sink(), opened(rooms, Kind.ERASURE, TOLD, OTHER)
    refuse_request(permit(rooms, "answer_request"), rooms, request, Refusal.LEGAL_DUTY)
    assert tell(rooms, sink) == 4
    by_host = {host: [it[1]["request_status"] for it in sink.sent if it[0].host == host] for host in
               ("dsr.controller.example", "other.example")}  # fmt: skip
    assert set(map(tuple, by_host.values())) == {("pending", "cancelled")}


def test_what_changes_no_status_is_not_told_and_neither_is_a_hold(rooms):
    sink, request = Sink(), opened(rooms, Kind.ERASURE, proof=Proof.NONE)
    tell(rooms, sink)
    verify_request(permit(rooms, "answer_request"), rooms, request, Proof.LOGIN)
    extend_request(permit(rooms, "answer_request"), rooms, request, Delay.COMPLEX)
    place_hold(permit(rooms, "place_hold"), rooms, customer_of(rooms, 1), "Case 7", "asked")
    assert tell(rooms, sink) == 0


def test_a_call_is_in_the_audit_before_it_is_made_and_where_that_fails_nobody_is_called(rooms, monkeypatch):
    sink = Sink()
    opened(rooms)

    def full(*_: object, **__: object) -> str:
        raise Unavailable("The disk is full.")

    with monkeypatch.context() as failing:
        failing.setattr(rooms.audit, "record", full)
        with pytest.raises(Unavailable):
            tell(rooms, sink)
    assert sink.sent == []
    tell(rooms, sink)
    assert audited(rooms) == [("allowed", "pending")]
    (record,) = rooms.audit.page(AuditFilter(kind="callback"), limit=5).items
    assert record.details["host"] == "dsr.controller.example:443"
    assert record.customers == (customer_of(rooms, 1),)


# ------------------------------------------------------------------ what goes wrong


def test_who_was_told_just_before_a_crash_is_told_again_and_then_not_any_more(data, monkeypatch):
    configure(data, "dsr.controller.example")
    sink = Sink()
    with rooms_of(data) as rooms:
        opened(rooms)

        def died(*_: object) -> None:
            raise Unavailable("The process died here.")

        monkeypatch.setattr(type(rooms.tellings), "mark", died)
        pace = Pace(Watch())
        with pytest.raises(Unavailable):
            tell(rooms, sink, pace)
        assert tell(rooms, sink, pace) == 0, "it does not wait"
        assert sink.statuses == ["pending"]
    monkeypatch.undo()
    for _ in range(2):
        with rooms_of(data) as rooms:
            tell(rooms, sink)
    assert sink.statuses == ["pending", "pending"]
    assert sink.sent[0][3] == sink.sent[1][3]
    assert LocalHouse().verify(data).sound


def test_who_answers_with_an_error_is_tried_again_later_and_holds_up_no_other(rooms):
    sink, watch = Sink(), Watch()
    pace = Pace(watch, 10.0)
    opened(rooms, Kind.ACCESS, TOLD, OTHER)
    sink.failing["dsr.controller.example"] = NotTold("it answered 500", reached=True)
    tell(rooms, sink, pace)
    tell(rooms, sink, pace)
    assert [it[0].host for it in sink.sent] == ["other.example"]
    assert sorted(audited(rooms)) == [("allowed", "pending"), ("allowed", "pending"), ("failed", "pending")]
    watch.now = 11.0
    sink.failing.clear()
    assert tell(rooms, sink, pace) == 1


def test_a_host_that_cannot_be_reached_is_tried_once_for_all_that_it_is_to_be_told(rooms):
    sink, pace = Sink(), Pace(Watch(), 10.0)
    for _ in range(5):
        opened(rooms)
    sink.failing["dsr.controller.example"] = NotTold("its host cannot be reached", reached=False)
    tell(rooms, sink, pace)
    assert audited(rooms) == [("allowed", "pending"), ("failed", "pending")]


class Later:
    """The clock of some rooms, a week and more from now."""

    def __init__(self, rooms) -> None:
        self._clock = rooms.clock

    def now_ms(self) -> int:
        return self._clock.now_ms() + GIVE_UP_MS + 1000


@pytest.mark.parametrize("reached", [True, False])
def test_who_was_tried_for_days_is_given_up_and_that_is_kept(rooms, reached):
    sink, watch = Sink(), Watch()
    pace = Pace(watch)
    request = opened(rooms)
    sink.failing["dsr.controller.example"] = NotTold("it was not there", reached=reached)
    later = replace(rooms, clock=Later(rooms))
    tell(rooms, sink, pace)
    watch.now = GIVE_UP_MS / 1000 + 1
    tell(later, sink, pace)
    assert audited(rooms)[-1] == ("given up", "pending")
    sink.failing.clear()
    complete_request(permit(rooms, "answer_request"), rooms, request)
    tell(rooms, sink)
    assert sink.statuses == ["in_progress", "completed"]


def test_what_happened_long_ago_is_not_given_up_after_one_try(rooms):
    sink = Sink()
    opened(rooms)
    sink.failing["dsr.controller.example"] = NotTold("it answered 500", reached=True)
    later = replace(rooms, clock=Later(rooms))
    tell(later, sink)
    assert audited(rooms)[-1] == ("failed", "pending")
    sink.failing.clear()
    assert tell(later, sink) == 1


@pytest.mark.parametrize("reached", [True, False])
def test_what_happens_at_an_address_that_failed_for_days_is_not_given_up_at_once(rooms, reached):
    sink, watch = Sink(), Watch()
    pace = Pace(watch)
    sink.failing["dsr.controller.example"] = NotTold("it was not there", reached=reached)
    first = opened(rooms)
    tell(rooms, sink, pace)
    watch.now = GIVE_UP_MS / 1000 + 1
    later = replace(rooms, clock=Later(rooms))
    tell(later, sink, pace)
    # The address begins anew whenever it happened; what a host failed before it happened does not count.
    complete_request(permit(rooms, "answer_request"), rooms if reached else later, first)
    watch.now += 86_400
    tell(later, sink, pace)
    assert audited(rooms)[-1] == ("failed", "in_progress")


def test_a_bug_in_a_call_does_not_call_every_second(rooms, monkeypatch):
    sink, pace = Sink(), Pace(Watch())
    opened(rooms)

    def broken(*_: object) -> None:
        raise TypeError

    with monkeypatch.context() as failing:
        failing.setattr(sink, "post", broken)
        with pytest.raises(TypeError):
            tell(rooms, sink, pace)
    assert tell(rooms, sink, pace) == 0
    assert audited(rooms) == [("allowed", "pending")]


def test_a_host_that_is_taken_off_the_list_is_not_called_any_more(rooms):
    sink = Sink()
    opened(rooms)
    callbacks = Callbacks(frozenset({("other.example", 443)}))
    narrowed = replace(rooms, processor=replace(rooms.processor, callbacks=callbacks))
    assert tell(narrowed, sink) == 0
    assert audited(rooms) == [("failed", "pending")]
    assert tell(rooms, sink) == 1


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "http://dsr.controller.example/", "https://10.0.0.1/"]
)
def test_an_address_that_is_not_listed_opens_nothing(rooms, url):
    with pytest.raises(CallbackRefused):
        opened(rooms, Kind.ACCESS, TOLD, url)
    assert rooms.requests.all() == []


def test_without_a_certificate_no_address_is_taken(data):
    configure(data, "dsr.controller.example")
    (data / "keys" / "opendsr.pem").unlink()
    with rooms_of(data) as rooms, pytest.raises(CallbackRefused, match="makes no callbacks"):
        opened(rooms)


@pytest.mark.parametrize(
    "lines",
    [
        'domain = "10.0.0.1"',
        'domain = "bank.example"\ncallbacks = ["*"]',
        'domain = "bank.example"\nurls = 1',
        "",
    ],
)
def test_settings_that_cannot_be_kept_stop_the_start(data, lines):
    with (data / "config.toml").open("a") as config:
        config.write(f"\n[opendsr]\n{lines}\n")
    with pytest.raises(CallerError), rooms_of(data):
        pass


# ------------------------------------------------------------------ served


class Listener:
    """A controller on this machine: `answer` says with what status it answers, after what."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answer = lambda: 202

    def statuses(self) -> list[str]:
        return [json.loads(body)["request_status"] for _, body in self.got]


@contextmanager
def listening() -> Iterator[tuple[Listener, str]]:
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.got.append((dict(self.headers), body))
            status = listener.answer()
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield listener, f"127.0.0.1:{server.server_port}"
        server.shutdown()


def until(condition, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def submit(server: Server, token: str, url: str, n: int = 1) -> httpx.Response:
    identity = {"identity_type": "email", "identity_value": f"{canary(n)}@bank.uz", "identity_format": "raw"}
    body = {
        "regulation": "gdpr",
        "subject_request_id": str(uuid.uuid4()),
        "subject_request_type": "access",
        "submitted_time": "2026-01-02T15:00:00Z",
        "subject_identities": [identity],
        "status_callback_urls": [url],
    }
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.post(f"{server.url}/v1/opendsr/requests", json=body, headers=headers, timeout=30)


def token_of(data) -> str:
    return LocalHouse().new_machine(data, TOKEN, "controller", "privacy_officer", "compliance", ACTIONS, 1)[1]


def test_a_controller_proves_answers_and_callbacks_by_the_certificate_that_discovery_names(data):
    with listening() as (listener, host):
        configure(data, host, loopback=True)
        with Server(data) as server:
            found = httpx.get(f"{server.url}/v1/opendsr/discovery")
            assert found.json()["processor_certificate"] == f"https://{DOMAIN}/v1/opendsr/certificate"
            given = httpx.get(f"{server.url}/v1/opendsr/certificate")
            assert given.headers["content-type"] == "application/pem-certificate-chain"
            verify(given.content, found.headers, found.content)
            taken = submit(server, token_of(data), f"http://{host}/told")
            assert taken.status_code == 201, taken.text
            assert taken.headers["x-opendsr-processor-domain"] == DOMAIN
            verify(given.content, taken.headers, taken.content)
            until(lambda: listener.statuses() == ["pending"])
            request = taken.json()["subject_request_id"]
            with httpx.Client(headers={"Authorization": f"Bearer {token_of(data)}"}) as client:
                status = client.get(f"{server.url}/v1/opendsr/requests/{request}")
                verify(given.content, status.headers, status.content)
                gone = client.delete(f"{server.url}/v1/opendsr/requests/{request}")
                verify(given.content, gone.headers, gone.content)
            until(lambda: listener.statuses() == ["pending", "cancelled"])
            for headers, body in listener.got:
                verify(given.content, headers, body)


def test_kill_9_between_the_call_and_its_record_calls_again(data):
    with listening() as (listener, host):
        configure(data, host, loopback=True)
        with Server(data) as server:

            def kill() -> int:
                server.kill()
                return 202

            listener.answer = kill
            token = token_of(data)
            with suppress(httpx.HTTPError):  # It may be killed before it has answered us, too.
                submit(server, token, f"http://{host}/told")
            until(lambda: not server.is_running)
            listener.answer = lambda: 202
            server.start()
            until(lambda: len(listener.got) == 2)
            assert listener.got[0][1] == listener.got[1][1]
            time.sleep(2.5)
            server.stop()
    assert listener.statuses() == ["pending", "pending"]
    assert LocalHouse().verify(data).sound


def test_a_controller_that_does_not_answer_holds_up_no_answer_of_ours(data):
    waiting = threading.Event()
    with listening() as (listener, host):
        listener.answer = lambda: 202 if waiting.wait(30) else 500
        configure(data, host, loopback=True)
        with Server(data) as server:
            token = token_of(data)
            for n in (1, 2):
                assert submit(server, token, f"http://{host}/told", n).status_code == 201
            until(lambda: len(listener.got) == 1)
            began = time.monotonic()
            assert submit(server, token, f"http://{host}/told").status_code == 201
            assert time.monotonic() - began < SECONDS / 2
            waiting.set()
            until(lambda: len(listener.got) == 3)


def test_the_key_is_replaced_while_it_is_served_and_that_is_in_the_audit(data):
    configure(data)
    house = LocalHouse()
    with Server(data) as server:
        before = httpx.get(f"{server.url}/v1/opendsr/certificate").content
        made = house.put_certificate(data, "operator", None)
        found = httpx.get(f"{server.url}/v1/opendsr/discovery")
        after = httpx.get(f"{server.url}/v1/opendsr/certificate").content
        assert after != before
        verify(after, found.headers, found.content)
        assert processor_of(read_folder(data)).key_id == made
        until(lambda: "opendsr" in rotations(server))


def rotations(server: Server) -> str:
    users = LocalHouse().users(server.data)
    users.add("privacy", "correct-horse-battery-9", ("privacy_officer",))
    with httpx.Client(base_url=server.url) as client:
        said = {"login": "privacy", "password": "correct-horse-battery-9"}
        client.headers["X-CSRF"] = client.post("/api/session", json=said).json()["csrf"]
        return client.get("/api/audit", params={"kind": "key_rotation"}).text
