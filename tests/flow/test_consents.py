"""The consent ledger over HTTP: a privacy officer sees what stood, when, and how we know."""

from __future__ import annotations

import httpx
import pytest

from tests.flow.server import Server

pytestmark = pytest.mark.xdist_group("api")

SAID = {
    "purpose": "marketing",
    "channel": "post",
    "evidence": "signed at the counter",
    "notice": "privacy-notice",
    "notice_version": "2026-09",
    "language": "uz",
    "mechanism": "signed",
    "jurisdiction": "UZ",
}


@pytest.fixture(scope="module")
def customer(server: Server) -> str:
    """Somebody of whom no source says what the tests are about; ids are random, and so is who comes first."""
    with server.signed_in("privacy") as privacy:
        found = privacy.get("/api/customers", params={"q": "Karimov", "purpose": "compliance"}).json()
        ids = [str(it["customer"]) for it in found["items"]]
        return next(it for it in ids if not _is_asked(privacy, it))


def _is_asked(client: httpx.Client, customer: str) -> bool:
    return any(it["purpose"] == "personalised_offers" for it in ledger(client, customer)["standing"])


def record(client: httpx.Client, customer: str, **said: object) -> httpx.Response:
    return client.post(
        f"/api/customers/{customer}/consents", params={"purpose": "compliance"}, json=SAID | said
    )


def ledger(client: httpx.Client, customer: str, **query: str) -> dict:
    answer = client.get(f"/api/customers/{customer}/consents", params={"purpose": "compliance", **query})
    assert answer.status_code == 200, answer.text
    found: dict = answer.json()
    return found


def standing(ledger: dict, purpose: str, **use: str) -> dict:
    wanted = {"purpose": purpose, "channel": "post", "data_class": "any", "controller": ""} | use
    return next(it for it in ledger["standing"] if wanted.items() <= it.items())


def test_what_was_granted_and_withdrawn_is_told_with_its_evidence_and_stands_as_of_each_instant(
    server, customer
):
    with server.signed_in("privacy") as privacy:
        before = ledger(privacy, customer)["at"]
        granted = record(privacy, customer, fact="granted", includes_parts=True, until_at="2099-01-01")
        assert granted.status_code == 200, granted.text
        between = ledger(privacy, customer)
        assert record(privacy, customer, fact="withdrawn").status_code == 200
        after = ledger(privacy, customer)

        for known in ("now", "then"):
            then = ledger(privacy, customer, at=between["at"], known=known)
            said_to = {it["source"] for it in then["standing"] if it["state"] == "granted"}
            assert "onefold" in said_to
            earlier = ledger(privacy, customer, at=before, known=known)
            assert not any(it["purpose"] == "personalised_offers" for it in earlier["standing"])
        known_later = ledger(privacy, customer, at=between["at"], known=after["at"])
        known_before = ledger(privacy, customer, at=between["at"], known=before)
        assert standing(known_later, "personalised_offers")["state"] == "granted"
        assert not any(it["purpose"] == "personalised_offers" for it in known_before["standing"])
        assert (known_later["known"], known_before["known"]) == (after["at"], before)
        path = f"/api/customers/{customer}/consents"
        for wrong in ("always", "Then", "9999-12-31T23:59:59.9999", "0001-01-01T00:00:00+14:00"):
            answer = privacy.get(path, params={"purpose": "compliance", "known": wrong})
            assert (answer.status_code, answer.json()["title"]) == (400, "That is not an instant."), (
                answer.text
            )
            assert answer.json()["hint"].startswith("Say now or then.")
            answer = privacy.get(path, params={"purpose": "compliance", "at": wrong})
            assert (answer.status_code, answer.json()["hint"][:8]) == (400, "Write it"), answer.text
    assert standing(after, "marketing")["state"] == "withdrawn"
    assert standing(after, "direct_marketing")["state"] == "withdrawn"
    assert not standing(after, "marketing")["may"]
    withdrawals = [it for it in after["items"] if it["fact"] == "withdrawn" and it["source"] == "onefold"]
    grant = next(it for it in after["items"] if it["fact"] == "granted" and it["source"] == "onefold")
    assert len(withdrawals) >= 1
    assert {it: grant[it] for it in SAID} == SAID
    assert (grant["includes_parts"], grant["until"][:10]) == (True, "2099-01-01")
    assert after["decision"]


def test_a_consent_for_another_firm_is_told_apart_from_ours(server, customer):
    with server.signed_in("privacy") as privacy:
        given = {"purpose": "account_information", "controller": "tpp-1", "data_class": "balance"}
        assert record(privacy, customer, fact="granted", **given).status_code == 200
        found = ledger(privacy, customer)
    line = standing(found, "account_information", controller="tpp-1", data_class="balance")
    assert (line["basis"], line["since"] != "") == ("consent", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"fact": "granted", "data_class": "everything"},
        {"fact": "granted", "mechanism": "guessed"},
        {"fact": "granted", "basis": "because"},
        {"fact": "granted", "until_at": "tomorrow"},
        {"fact": "granted", "from_at": "2030-01-01", "until_at": "2029-01-01"},
        {"fact": "withdrawn", "until_at": "2030-01-01"},
        {"fact": "withdrawn", "includes_parts": True},
        {"fact": "granted", "purpose": "servicing"},
        {"fact": "granted", "purpose": "nonsense"},
    ],
)
def test_what_cannot_be_is_refused_and_recorded_nowhere(server, customer, wrong):
    with server.signed_in("privacy") as privacy:
        before = ledger(privacy, customer)["items"]
        answer = record(privacy, customer, **wrong)
        assert 400 <= answer.status_code < 500, answer.text
        assert ledger(privacy, customer)["items"] == before


@pytest.mark.parametrize(
    "query", [{"at": "yesterday"}, {"at": "9" * 40}, {"known": "later"}, {"cursor": "x"}, {"limit": "0"}]
)
def test_a_question_that_cannot_be_read_is_told_so(server, customer, query):
    with server.signed_in("privacy") as privacy:
        path = f"/api/customers/{customer}/consents"
        answer = privacy.get(path, params={"purpose": "compliance", **query})
    assert 400 <= answer.status_code < 500


def test_a_marketer_sees_no_ledger(server, customer):
    with server.signed_in("marketer") as marketer:
        path = f"/api/customers/{customer}/consents"
        assert marketer.get(path, params={"purpose": "marketing"}).status_code == 403
