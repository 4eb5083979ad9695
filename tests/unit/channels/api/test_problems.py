"""Problems say what went wrong in our words, and never repeat what was sent."""

from __future__ import annotations

import msgspec
import pytest

from onefold.channels.api.parameters import ConsentBody, JudgementBody, TransactionsQuery
from onefold.channels.api.problems import invalid, of_status, problem_of
from onefold.kernel.errors import CallerError, NotFound, Refused, Unavailable

CANARY = "anna.karimova@example.com"


@pytest.mark.parametrize(
    ("type_", "sent"),
    [
        (ConsentBody, {CANARY: 1}),
        (ConsentBody, {"purpose": CANARY, "channel": "email", "fact": "granted", "evidence": "form"}),
        (ConsentBody, {"purpose": "marketing", "channel": CANARY, "fact": "granted", "evidence": "form"}),
        (ConsentBody, {"purpose": "marketing", "channel": "email", "fact": 7, "evidence": CANARY}),
        (JudgementBody, {"left": CANARY, "right": CANARY, "verdict": "same", "reason": CANARY}),
        (JudgementBody, [CANARY]),
        (TransactionsQuery, {"limit": CANARY}),
        (TransactionsQuery, {"from": CANARY}),
    ],
)
def test_what_was_sent_is_not_in_the_problem(type_, sent):
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(sent, type_, strict=False)
    problem, _ = problem_of(invalid(caught.value, "body"))
    assert problem.status == 422
    assert "anna" not in msgspec.json.encode(problem).decode()


def test_the_problem_says_where_and_what_was_expected():
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert({"limit": "many"}, TransactionsQuery, strict=False)
    assert problem_of(invalid(caught.value, "query"))[0].detail == "Expected `int`, got `str` at limit."


def test_text_that_is_no_json_is_said_to_be_none():
    with pytest.raises(msgspec.DecodeError) as caught:
        msgspec.json.decode(f'{{"purpose": {CANARY}'.encode())
    problem, _ = problem_of(invalid(caught.value, "body"))
    assert (problem.status, problem.title) == (400, "The body is not readable JSON.")
    assert "anna" not in msgspec.json.encode(problem).decode()


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (CallerError("a"), 400, "bad_request"),
        (NotFound("a"), 404, "not_found"),
        (Refused("a", reasons=("b", "c")), 403, "refused"),
        (Unavailable("a"), 503, "unavailable"),
    ],
)
def test_each_error_has_its_status_and_its_stable_code(error, status, code):
    problem, _ = problem_of(error)
    assert (problem.status, problem.code, problem.title) == (status, code, "a")
    assert problem.type == f"urn:onefold:problem:{code}"


def test_a_refusal_lists_its_reasons():
    assert problem_of(Refused("a", reasons=("b", "c")))[0].reasons == ("b", "c")


def test_what_is_down_says_when_to_try_again():
    assert problem_of(Unavailable("a", retry_after_seconds=7))[1] == {"Retry-After": "7"}


@pytest.mark.parametrize(
    ("status", "code"), [(404, "not_found"), (405, "method_not_allowed"), (400, "bad_request")]
)
def test_the_frameworks_errors_are_problems_too(status, code):
    assert (of_status(status).status, of_status(status).code) == (status, code)
