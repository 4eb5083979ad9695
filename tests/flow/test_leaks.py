"""No exit forgets to ask: routes, commands and use cases are found in the code, and each is asked about.

What needs neither permit nor session is on a list here. A new exit fails this file until somebody has looked.
"""

from __future__ import annotations

import ast
import inspect
from typing import Any

import httpx
import pytest
import typer
from rich.console import Console

from onefold.channels.api.application import OPENAPI
from onefold.channels.api.endpoint import Access, Endpoint
from onefold.channels.api.oauth import ENDPOINTS as ACCESS
from onefold.channels.api.registry import ENDPOINTS as REGISTRY
from onefold.channels.api.routes import ENDPOINTS
from onefold.channels.cli.main import create_app
from onefold.gate.words import ACTIONS
from tests.flow.server import ROOT, Server

pytestmark = pytest.mark.xdist_group("api")

OPEN = {"POST /api/session", "GET /api/health", "GET /healthz", "GET /api/session/ways"}
OPEN |= {"GET /api/session/provider", "GET /api/session/provider/callback", "GET /v1/opendsr/discovery"}
OPEN |= {"GET /v1/opendsr/certificate"}
"""Signing in must be open; health answers with counts, discovery with what of a protocol is there,
and a certificate is for everybody."""
OWN_SESSION = {"GET /api/session", "DELETE /api/session", "POST /api/session/password"}
TRACKING = ("batch", "identify", "track", "page", "screen", "group", "alias")
BY_WRITE_KEY = {f"POST /v1/{it}" for it in (*TRACKING, "events", "changes", *"btipsga")}
BY_WRITE_KEY |= {"GET /v1/projects/{key}/settings", "GET /sourceConfig/"}
BY_SIGNATURE = {"POST /v1/webhooks/{source}"}

_SUBJECT, _ID = "/registry/subjects/{subject}", "/registry/schemas/ids/{id}"
_COMPATIBILITY = "/registry/compatibility/subjects/{subject}/versions"
REGISTRY_BY_WRITE_KEY = {
    "GET /registry/schemas/types",
    "GET /registry/subjects",
    *(f"GET {_ID}{it}" for it in ("", "/schema", "/subjects", "/versions")),
    *(f"{it} {_SUBJECT}" for it in ("POST", "DELETE")),
    *(f"{it} {_SUBJECT}/versions" for it in ("GET", "POST")),
    *(f"{it} {_SUBJECT}/versions/{{version}}" for it in ("GET", "DELETE")),
    *(f"GET {_SUBJECT}/versions/{{version}}/{it}" for it in ("schema", "referencedby")),
    *(f"POST {_COMPATIBILITY}{it}" for it in ("", "/{version}")),
    *(f"{it} /registry/config" for it in ("GET", "PUT")),
    *(f"{it} /registry/config/{{subject}}" for it in ("GET", "PUT", "DELETE")),
    *(f"GET /registry/mode{it}" for it in ("", "/{subject}")),
}
"""Another protocol, with words and errors of its own, so not in our document; it holds no customer's data."""

OPERATOR_COMMANDS = {
    "contract lint",
    "contract diff",
    "contract test",
    "contract publish",
    "contract list",
    "diagnose",  # As `link`; what its page shows is masked (tests/unit/app/diagnosis).
    "link",  # Tables that whoever calls it has already; no folder of ours is opened.
    "plan check",
    "plan docs",
    *(f"policy {it}" for it in ("copy", "check", "explain")),
    "init",
    "serve",
    "demo",
    "openapi",
    "load",
    "verify",
    "replay",
    "user",
    "sessions",
    *(f"{kind} {it}" for kind in ("token", "client") for it in ("create", "list", "revoke")),
    "key",
    "secret",
    "world",
    "pull",
    "consume",
    "log stat",
    "log tail",
    "log verify",
    "keys rotate",
    "opendsr key",
    "opendsr certificate",
    "prove consent",
}
"""They work on the folder as a whole for whoever owns it, and print nobody's data."""
WITHOUT_PERMIT = {
    "lint_contracts",
    "diff_contracts",
    "try_contract",
    "publish_contract",
    "list_contracts",
    "told",
    "safe_cell",
    "deprecation",
    "judge",
    "check_plan",
    "plan_page",
    "draw",
    "sign_in",
    "sign_out",
    "turn_away",
    "change_password",
    "describe_session",
    "may_go_on",
    "admit_person",
    "begin_at_provider",
    "end_at_provider",
    "describe_ways",
    "by_service_token",
    "by_access",
    "grant_access",
    "check_health",
    "check_ready",
    "admit",
    "admit_webhook",
    "write_key_in",
    "plan_load",
    "plan_pull",
    "plan_topics",
    "counted_as_run",
    "tell_controllers",
    "signature_headers",
    "certificate_address",
    "show_certificate",
    "status_word",
    "end_of",
    "results_address",
    *("provider_under", "newest_day_of"),
}
"""They come before there is a permit, look at file names alone, only count what is offered, or tell what is
on record already to whom the house lists.
"""

AT_THE_FOLDER = {"show_model", "train_model", "compare_models", "adopt_model"}
"""Actions that the command line alone offers, since they take as long as the house is large. They show
nobody; test_models.py reads their records."""
PROBE = {"modality": "voice", "over": "call", "probe": "c2FtcGxl"}
NO_REQUEST = "a7551968-d5d6-44b2-9831-815ac9017798"
PERMITTED = [it for it in ENDPOINTS if it.access is Access.PERMIT]
USECASES = ROOT / "src" / "onefold" / "usecases"
CHANNELS = ROOT / "src" / "onefold" / "channels"


def label(it: Endpoint) -> str:
    return f"{it.method} {it.path}"


def parsed(folder) -> list[tuple[str, ast.Module]]:
    return [(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())) for path in folder.rglob("*.py")]


# ------------------------------------------------------------------ routes


def test_every_address_of_the_server_is_an_endpoint_the_document_or_the_console(server):
    unknown = [f"{it.path}/x/y.z" for it in ENDPOINTS] + [
        "/api",
        "/v1",
        "/metrics",
        "/docs",
        "/health",
        "/debug",
    ]
    with server.signed_in("rm") as client:
        for path in unknown:
            answer = client.get(server.url + path)
            console = answer.headers["content-type"].startswith("text/html")
            assert answer.status_code in (404, 405) or console, path
        document = client.get(server.url + OPENAPI).json()
    assert set(document["paths"]) == {it.path for it in ENDPOINTS}


def test_what_needs_no_permit_is_on_the_list():
    found = {access: {label(it) for it in ENDPOINTS if it.access is access} for access in Access}
    assert found[Access.OPEN] == OPEN
    assert found[Access.SESSION] == OWN_SESSION
    assert found[Access.WRITE_KEY] == BY_WRITE_KEY
    assert {label(it) for it in REGISTRY if it.access is Access.WRITE_KEY} == REGISTRY_BY_WRITE_KEY
    assert [label(it) for it in ACCESS] == ["POST /oauth/token"]
    assert len(REGISTRY) == len(REGISTRY_BY_WRITE_KEY)
    assert found[Access.SIGNATURE] == BY_SIGNATURE


def test_every_action_of_the_gate_has_an_exit_and_every_exit_an_action():
    assert {it.action for it in PERMITTED} == set(ACTIONS) - AT_THE_FOLDER


def call(
    server: Server, it: Endpoint, customer: str, client: httpx.Client, moment: str = "0" * 32
) -> httpx.Response:
    """A request that is well formed, whoever makes it."""
    places = {
        "customer": customer,
        "account": customer,
        "moment": moment,
        "segment": "balance-dip-fewer-logins",
        "source": "digital",
        "key": "none",
        "row": "1",
        "record": "1",
        "request": NO_REQUEST,
        "hold": "0" * 16,
    }
    bodies: dict[str, Any] = {
        "record_consent": {"purpose": "marketing", "channel": "sms", "fact": "withdrawn", "evidence": "test"},
        "suppress_customer": {"channel": "sms", "reason": "wish"},
        "lift_suppression": {"channel": "sms", "reason": "wish"},
        "decide_judgement": {"left": "0" * 32, "right": "1" * 32, "verdict": "same", "reason": "test"},
        "claim_review": {"left": "0" * 32, "right": "1" * 32},
        "release_review": {"left": "0" * 32, "right": "1" * 32},
        "skip_review": {"left": "0" * 32, "right": "1" * 32, "reason": "test"},
        "decide_review": {"left": "0" * 32, "right": "1" * 32, "verdict": "same", "reason": "test"},
        "unmerge_customer": {"fragments": ["1" * 32], "reason": "test"},
        "revoke_judgement": {"left": "0" * 32, "right": "1" * 32, "reason": "test"},
        "activate_segment": {"purpose": "marketing", "channel": "email"},
        "resubmit_quarantine": {"source": "crm", "reason": "none"},
        "erase_customer": {"because": "request"},
        "place_hold": {"matter": "a case", "reason": "a test"},
        "lift_hold": {"because": "a test"},
        "break_glass": {"because": "urgent"},
        "enrol_biometric": PROBE,
        "verify_biometric": PROBE,
        "revoke_biometric": {"modality": "voice"},
        "reveal_token": {"tokens": [f"tok_phone_{'a' * 26}"], "because": "investigation"},
        "open_request": {
            "subject_request_id": NO_REQUEST,
            "subject_request_type": "access",
            "submitted_time": "2026-01-01T00:00:00Z",
            "subject_identities": [
                {"identity_type": "email", "identity_value": "x@y.example", "identity_format": "raw"}
            ],
        },
        "take_in_request": {"id": NO_REQUEST, "kind": "access", "customer": customer},
        "answer_request": {"step": "complete"},
        "discard_quarantine": {"source": "crm", "reason": "none", "because": "test_data"},
    }
    karimov = {"q": "Karimov"}
    queries = dict.fromkeys(("search_customers", "search_conversations"), karimov)
    queries["count_audience"] = {"purpose": "marketing", "channel": "email"}
    return client.request(
        it.method,
        server.url + it.path.format(**places),
        params=queries.get(it.action),
        json=bodies.get(it.named, bodies.get(it.action)),
    )


@pytest.mark.parametrize("it", ENDPOINTS, ids=label)
def test_without_a_session_nothing_but_the_open_ones_answers(server, it):
    with httpx.Client() as client:
        answer = call(server, it, "0" * 32, client)
    assert (answer.status_code == 401) == (it.access is not Access.OPEN)


@pytest.mark.parametrize("it", REGISTRY, ids=label)
@pytest.mark.parametrize("auth", [None, ("not-a-key", "")], ids=["no key", "wrong key"])
def test_without_a_write_key_the_registry_answers_nothing(server, it, auth):
    path = it.path.format(subject="digital.identify-value", version="latest", id="1")
    answer = httpx.request(it.method, server.url + path, auth=auth)
    assert answer.status_code == answer.json()["error_code"] == 401
    assert answer.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize("it", PERMITTED, ids=label)
def test_whoever_has_no_role_for_it_is_refused_and_written_down(server, it):
    # An analyst by role has no use for it; an engineer has none for customers.
    login = "agent" if it.tag in ("sources", "audit", "requests") else "engineer"
    with server.signed_in("privacy") as privacy, server.signed_in(login) as client:
        answer = call(server, it, "0" * 32, client)
        assert answer.status_code == 403, answer.text
        record = privacy.get("/api/audit", params={"actor": login, "kind": "refusal", "limit": 1}).json()[
            "items"
        ][0]
    assert record["action"] == it.action
    assert record["outcome"] == "refused"


GRANTED = {
    "search_customers": "rm",
    "show_customer": "rm",
    "fetch_references": "rm",
    "list_transactions": "rm",
    "show_timeline": "rm",
    "show_relations": "rm",
    "open_conversation": "rm",
    "search_conversations": "rm",
    "record_consent": "agent",
    "show_consents": "agent",
    "suppress_customer": "agent",
    "explain_customer": "steward",
    "list_reviews": "steward",
    "list_hubs": "steward",
    "list_sources": "engineer",
    "show_source": "engineer",
    "list_quarantine": "engineer",
    "show_held_row": "steward",
    "resubmit_quarantine": "engineer",
    "discard_quarantine": "steward",
    "list_holds": "privacy",
    "verify_biometric": "agent",
    "list_audit": "privacy",
    "prove_audit": "privacy",
    "list_segments": "marketer",
    "evaluate_segment": "marketer",
    "count_audience": "marketer",
    "activate_segment": "marketer",
}
LOOKED_AT_ELSEWHERE = {
    "balance_history",
    "decide_judgement",
    "erase_customer",
    "lift_suppression",
    "unmerge_customer",
}
LOOKED_AT_ELSEWHERE |= {"decide_review"} | AT_THE_FOLDER
LOOKED_AT_ELSEWHERE |= {"break_glass", "reveal_token", "place_hold", "lift_hold"}
LOOKED_AT_ELSEWHERE |= {"enrol_biometric", "revoke_biometric"}
LOOKED_AT_ELSEWHERE |= {"open_request", "list_requests", "answer_request", "cancel_request", "fetch_package"}
"""They need an account, two fragments, something to lift, a portfolio, a token, an engine, or a world of
their own; test_api.py, test_biometrics.py, test_portfolios.py, test_suppressions.py, test_tokens.py,
test_erasure.py, test_holds.py, test_requests.py, test_requests_api.py, test_unmerge.py and test_reviews.py
read the records.
"""


def test_every_exit_that_gives_something_out_is_tried():
    assert set(GRANTED) | LOOKED_AT_ELSEWHERE == set(ACTIONS)


def somebody_who_said_something(rm: httpx.Client) -> tuple[str, str]:
    """A customer and a conversation with them."""
    for it in rm.get("/api/customers", params={"q": "Karimov"}).json()["items"]:
        path = f"/api/customers/{it['customer']}/timeline"
        for moment in rm.get(path, params={"kind": "interaction"}).json()["items"]:
            return it["customer"], moment["id"]
    raise AssertionError("nobody of that name ever said anything")


@pytest.mark.parametrize("it", [it for it in PERMITTED if it.action in GRANTED], ids=label)
def test_whatever_is_given_out_is_in_the_audit(server, it):
    login = GRANTED[it.action]
    with server.signed_in("rm") as rm:
        customer, moment = somebody_who_said_something(rm)
    with server.signed_in("privacy") as privacy, server.signed_in(login) as client:
        newest = {"params": {"actor": login, "limit": 1}}
        before = int(privacy.get("/api/audit", **newest).json()["items"][0]["id"])
        answer = call(server, it, customer, client, moment)
        assert answer.status_code == 200, answer.text
        records = privacy.get("/api/audit", params={"actor": login, "limit": 5}).json()["items"]
    fresh = [record for record in records if int(record["id"]) > before and record["action"] == it.action]
    assert fresh
    assert {record["outcome"] for record in fresh} == {"allowed"}


# ------------------------------------------------------------------ commands


def commands() -> dict[str, Any]:
    house: Any = None
    app = create_app(house, Console())
    found = {it.name: it.callback for it in app.registered_commands if it.name is not None}
    for group in app.registered_groups:
        assert group.typer_instance is not None
        assert not group.typer_instance.registered_groups
        inside = group.typer_instance.registered_commands
        found |= {f"{group.name} {it.name}": it.callback for it in inside}
    return found


def test_every_command_asks_the_gate_or_is_on_the_list():
    asking = set()
    for name, callback in commands().items():
        tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(callback)))
        called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        if "permit" in called:
            asking.add(name)
    assert set(commands()) - asking == OPERATOR_COMMANDS
    assert isinstance(create_app(None, Console()), typer.Typer)  # type: ignore[arg-type]


# ------------------------------------------------------------------ use cases, permits


def functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def offered_to_channels() -> dict[str, ast.FunctionDef]:
    """Every function of a use case that some channel, or the composition root, imports."""
    names = set()
    for folder in (CHANNELS, ROOT / "src" / "onefold" / "app"):
        for _, tree in parsed(folder):
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("onefold.usecases."):
                    names |= {alias.name for alias in node.names}
    every: dict[str, ast.FunctionDef] = {}
    for _, tree in parsed(USECASES):
        every |= functions(tree)
    return {name: every[name] for name in names if name in every}


def test_a_use_case_takes_a_permit_first_and_checks_what_it_is_for():
    faults = []
    for name, function in offered_to_channels().items():
        if name in WITHOUT_PERMIT | {"accounting"}:
            continue
        first = ast.unparse(function.args.args[0])
        body = [node for node in function.body if not isinstance(getattr(node, "value", None), ast.Constant)]
        if first != "permit: Permit" or not ast.unparse(body[0]).startswith("permit.needs("):
            faults.append(f"{name}({first}): {ast.unparse(body[0])}")
    assert not faults
    assert len(offered_to_channels()) > 15


def test_only_the_gate_mints_permits():
    minting = {
        path
        for path, tree in parsed(ROOT / "src")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Permit"
    }
    assert minting == {"src/onefold/gate/permits.py"}
    asking = {path for path, tree in parsed(ROOT / "src") if "onefold.gate.permits" in imports_of(tree)}
    assert asking == {"src/onefold/gate/service.py"}


def imports_of(tree: ast.AST) -> set[str]:
    """Every module that a file imports, or imports from, wherever it does."""
    nodes = list(ast.walk(tree))
    whole = {it.name for node in nodes if isinstance(node, ast.Import) for it in node.names}
    parts = {
        name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module
        for name in (node.module, *(f"{node.module}.{it.name}" for it in node.names))
    }
    return whole | parts


def test_channels_reach_no_room_but_the_gate_and_the_users():
    reached = {
        ast.unparse(node).split("rooms.")[1].split(".")[0]
        for _, tree in parsed(CHANNELS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and "rooms." in ast.unparse(node)
    }
    assert reached == {"gate", "users", "cell"}
