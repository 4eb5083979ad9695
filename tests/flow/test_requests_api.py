"""Requests of data subjects over HTTP, as the console works on them: a privacy officer's browser session."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from typing import Any

import httpx
import pytest

from onefold.usecases.request_views import Kind

pytestmark = pytest.mark.xdist_group("api")
REQUESTS = "/api/requests"


@pytest.fixture(scope="module")
def client(server):
    with server.signed_in("privacy") as client:
        yield client


@pytest.fixture(scope="module")
def customer(client) -> str:
    found = client.get("/api/customers", params={"q": "Karimov", "purpose": "compliance"}).json()
    return str(found["items"][0]["customer"])


def asked(customer: str, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "kind": "access", "customer": customer} | more


def opened(client: httpx.Client, customer: str, **more: Any) -> dict[str, Any]:
    taken = client.post(REQUESTS, json=asked(customer, **more))
    assert taken.status_code == 201, taken.text
    found: dict[str, Any] = taken.json()
    return found


def answer(client: httpx.Client, request: str, **said: str) -> httpx.Response:
    return client.post(f"{REQUESTS}/{request}/answer", json=said)


def listed(client: httpx.Client, status: str = "") -> dict[str, Any]:
    found: dict[str, Any] = client.get(REQUESTS, params={"status": status}).json()
    return found


def in_audit(client: httpx.Client, request: str) -> list[tuple[str, str]]:
    """(action, step or kind), oldest first."""
    page = client.get("/api/audit", params={"actor": "privacy", "limit": 100}).json()["items"]
    about = [it for it in reversed(page) if it["details"].get("request") == request]
    return [(it["action"], it["details"].get("step", it["kind"])) for it in about]


def test_a_request_is_taken_in_proven_answered_and_its_package_saved(client, customer):
    taken = opened(client, customer, received="2026-01-20", law="gdpr")
    request = taken["id"]
    assert (taken["status"], taken["proof"], taken["due_on"]) == ("received", "none", "2026-02-20")
    early = answer(client, request, step="complete")
    assert (early.status_code, early.json()["code"]) == (409, "request_stands")
    assert client.get(f"{REQUESTS}/{request}/package").status_code == 404
    assert answer(client, request, step="verify", proof="document").json()["proof"] == "document"
    done = answer(client, request, step="complete").json()
    assert [it["step"] for it in done["steps"]] == ["received", "verified", "begun", "completed"]
    package = client.get(f"{REQUESTS}/{request}/package")
    assert package.headers["content-type"] == "application/zip"
    assert package.headers["cache-control"] == "no-store"
    name = f'attachment; filename="request-{request[:8]}.zip"'
    assert package.headers["content-disposition"] == name
    with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["request"], manifest["customer"]) == (request, customer)
    assert in_audit(client, request) == [
        ("open_request", "received"),
        ("answer_request", "verified"),
        ("answer_request", "begun"),
        ("answer_request", "package"),
        ("answer_request", "completed"),
        ("fetch_package", "package_fetched"),
    ]


def test_those_that_are_due_come_first_and_what_is_overdue_is_counted(client, customer):
    before = listed(client, "open")["overdue"]
    late = opened(client, customer, received="2025-03-01")["id"]
    later = opened(client, customer)["id"]
    found = listed(client)
    ids = [it["id"] for it in found["items"]]
    assert ids.index(late) < ids.index(later)
    assert found["overdue"] == before + 1
    one = client.get(f"{REQUESTS}/{late}").json()
    assert one["days_left"] < 0
    overdue = {it["id"] for it in listed(client, "overdue")["items"]}
    assert late in overdue
    assert later not in overdue
    assert one == found["items"][ids.index(late)]
    assert answer(client, late, step="refuse", because="excessive").json()["because"] == "excessive"
    found = listed(client)
    ids = [it["id"] for it in found["items"]]
    assert ids.index(late) > ids.index(later)
    assert found["overdue"] == before
    assert late not in {it["id"] for it in listed(client, "open")["items"]}
    for status in ("refused", "ended"):
        shown = {it["id"] for it in listed(client, status)["items"]}
        assert late in shown
        assert later not in shown


def test_what_a_new_one_may_name_is_told_the_law_of_the_cell_first(client, customer):
    purposes = {it["name"] for it in listed(client)["purposes"]}
    assert {"marketing", "stewardship"} <= purposes
    assert not {"servicing", "fraud", "compliance"} & purposes
    laws = [it["name"] for it in listed(client)["laws"]]
    assert laws[0] == opened(client, customer)["law"] == "uz"
    assert set(laws) == {"uz", "gdpr", "ccpa"}


def test_a_request_is_cancelled_before_work_on_it_begins_and_not_after_its_end(client, customer):
    request = opened(client, customer, proof="login")["id"]
    gone = client.post(f"{REQUESTS}/{request}/cancel")
    assert (gone.status_code, gone.json()["status"]) == (200, "cancelled")
    again = client.post(f"{REQUESTS}/{request}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "request_stands")
    assert answer(client, request, step="complete").status_code == 409
    assert in_audit(client, request) == [("open_request", "received"), ("cancel_request", "cancelled")]


def test_the_same_sent_twice_is_one_and_something_else_under_its_id_is_refused(client, customer):
    said = asked(customer)
    first, second = (client.post(REQUESTS, json=said) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["steps"] == second.json()["steps"]
    other = client.post(REQUESTS, json=said | {"kind": "erasure"})
    assert (other.status_code, other.json()["code"]) == (409, "request_known")


def test_more_time_is_taken_once_and_a_reason_is_one_of_the_list(client, customer):
    request = opened(client, customer, law="gdpr")
    longer = answer(client, request["id"], step="extend", because="complex").json()
    assert longer["is_extended"]
    assert longer["due_on"] > request["due_on"]
    assert answer(client, request["id"], step="extend", because="many").status_code == 409
    for step in ("extend", "refuse"):
        assert answer(client, request["id"], step=step, because="no time").status_code == 400


def test_an_objection_names_what_it_is_against_and_is_in_force_once_completed(client, customer):
    request = opened(client, customer, kind=Kind.OBJECTION, proof="signature")
    assert request["purposes"] == ["marketing"]
    assert answer(client, request["id"], step="complete").json()["status"] == "completed"
    path = f"/api/customers/{customer}/consents"
    facts = client.get(path, params={"purpose": "compliance"}).json()["items"]
    assert ("objected", f"request {request['id']}") in {(it["fact"], it["evidence"]) for it in facts}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"id": "1"}, 400),
        ({"kind": "oblivion"}, 422),
        ({"customer": "anna@post.example"}, 422),
        ({"customer": "0" * 32}, 404),
        ({"law": "lgpd"}, 400),
        ({"received": "yesterday"}, 400),
        ({"received": "2999-01-01"}, 400),
        ({"purposes": ["marketing"]}, 400),
        ({"kind": "objection", "purposes": ["compliance"]}, 400),
        ({"proof": "looked honest"}, 422),
        ({"note": "called twice"}, 422),
    ],
)
def test_what_cannot_be_taken_in_is_told_as_a_problem_and_leaves_no_request(client, customer, more, status):
    before = len(listed(client)["items"])
    told = client.post(REQUESTS, json=asked(customer) | more)
    assert told.status_code == status, told.text
    assert told.headers["content-type"] == "application/problem+json"
    assert len(listed(client)["items"]) == before


@pytest.mark.parametrize("login", ["rm", "agent", "steward", "marketer", "engineer"])
def test_whoever_is_no_privacy_officer_is_refused_at_every_door(server, client, customer, login):
    request = opened(client, customer, proof="login")["id"]
    with server.signed_in(login) as other:
        answers = [
            other.get(REQUESTS),
            other.post(REQUESTS, json=asked(customer)),
            other.get(f"{REQUESTS}/{request}"),
            answer(other, request, step="complete"),
            other.post(f"{REQUESTS}/{request}/cancel"),
            other.get(f"{REQUESTS}/{request}/package"),
        ]
    assert [it.status_code for it in answers] == [403] * 6
    assert client.get(f"{REQUESTS}/{request}").json()["status"] == "received"


def test_a_page_elsewhere_takes_nothing_in_and_ends_nothing(server, client, customer):
    request = opened(client, customer)["id"]
    cookies = dict(client.cookies)
    with httpx.Client(base_url=server.url, cookies=cookies) as forged:
        assert forged.post(REQUESTS, json=asked(customer)).status_code == 403
        assert forged.post(f"{REQUESTS}/{request}/cancel").status_code == 403
    assert client.get(f"{REQUESTS}/{request}").json()["status"] == "received"
