"""Telling customers by their body over the whole house: consent first, renewable, and gone at once."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from onefold.app.consent_proof import prove_consent
from onefold.app.demo import PASSWORD
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.channels.cli.house import Period
from onefold.gate.biometrics import references_of
from onefold.kernel.errors import CallerError, Forgotten, NotFound, Refused, Unavailable
from onefold.kernel.ids import id_from_text
from onefold.record.audit.model import AuditFilter
from onefold.record.erasure.model import Because
from onefold.testing.biometrics import FuzzyMatcher, noisy, sample_of
from onefold.usecases.biometrics import (
    PROBE_BYTES_MAX,
    VerifiedBiometric,
    revoke_biometric,
    verify_biometric,
)
from onefold.usecases.decide_judgement import decide_judgement
from onefold.usecases.rooms import Rooms
from onefold.usecases.unmerge_customer import revoke_judgement
from tests.canaries import customer_of, permit, rooms_of
from tests.flow.bodies import (
    ANNA,
    BORIS,
    PEOPLE,
    asked,
    engine,
    enrol,
    kept,
    make_house,
    newest,
    revoke,
    say,
    verify,
)
from tests.flow.server import Server


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_house(tmp_path)


@pytest.fixture
def rooms(data: Path) -> Iterator[Rooms]:
    with rooms_of(data) as found:
        yield found


# ------------------------------------------------------------------ who is who


def test_the_same_person_is_told_by_a_noisy_sample_and_nobody_else_is(rooms):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    assert {verify(rooms, ANNA, noisy(sample_of("1"), seed)).answer for seed in range(5)} == {"yes"}
    assert verify(rooms, ANNA, sample_of("2")).answer == "no"
    assert verify(rooms, ANNA, noisy(sample_of("1"), wrong=0.5)).answer == "no"


def test_a_voice_is_no_face_and_nobody_enrolled_is_unknown(rooms):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    assert verify(rooms, ANNA, modality="face").answer == "unknown"
    assert verify(rooms, BORIS).answer == "unknown"


def test_an_answer_holds_no_score(rooms):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    assert set(VerifiedBiometric.__struct_fields__) == {
        *("customer", "modality", "answer", "records", "whole", "decision"),
    }
    close, far = (verify(rooms, ANNA, it) for it in (noisy(sample_of("1"), wrong=0.45), sample_of("2")))
    assert (close.answer, close.records, close.whole) == (far.answer, far.records, far.whole)


# ------------------------------------------------------------------ consent


def test_without_consent_nobody_is_enrolled_the_engine_is_not_asked_and_the_way_is_told(rooms):
    with pytest.raises(Refused) as refused:
        enrol(rooms, ANNA)
    assert "authentication" in refused.value.hint
    assert "biometric" in refused.value.hint
    assert engine(rooms).calls == 0
    assert kept(rooms, ANNA) == []
    assert newest(rooms, kind="refusal").action == "enrol_biometric"


@pytest.mark.parametrize(
    "said",
    [
        {"data_class": "any"},
        {"data_class": "identity"},
        {"channel": "branch"},
        {"purpose": "marketing"},
        {"controller": "another-firm"},
        {"until_at": "2020-01-01", "from_at": "2019-01-01"},
    ],
    ids=str,
)
def test_a_yes_to_anything_else_is_no_yes_to_this(rooms, said):
    say(rooms, ANNA, **said)
    with pytest.raises(Refused):
        enrol(rooms, ANNA)
    assert engine(rooms).calls == 0


@pytest.mark.parametrize(
    "said",
    [
        {"fact": "withdrawn"},
        {"fact": "objected"},
        {"fact": "withdrawn", "data_class": "any"},
        {"fact": "withdrawn", "channel": "any", "data_class": ""},
    ],
    ids=str,
)
def test_a_withdrawal_ends_the_use_at_once_and_a_new_yes_does_not_bring_it_back(rooms, said):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    assert verify(rooms, ANNA).answer == "yes"
    calls = engine(rooms).calls
    say(rooms, ANNA, **said)
    assert verify(rooms, ANNA).answer == "unknown"
    say(rooms, ANNA)
    assert verify(rooms, ANNA).answer == "unknown"
    assert engine(rooms).calls == calls
    enrol(rooms, ANNA)
    assert verify(rooms, ANNA).answer == "yes"


def test_a_withdrawal_of_something_else_leaves_it(rooms):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    say(rooms, ANNA, "withdrawn", channel="branch")
    say(rooms, ANNA, "withdrawn", "any", purpose="marketing")
    assert verify(rooms, ANNA).answer == "yes"
    assert verify(rooms, ANNA, over="branch").answer == "unknown"


def test_consent_that_is_withdrawn_while_the_engine_thinks_gives_no_answer(rooms, monkeypatch):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    compare = FuzzyMatcher.compare

    def slow(*asked_for: Any) -> bytes | None:
        say(rooms, ANNA, "withdrawn")
        return compare(*asked_for)

    monkeypatch.setattr(FuzzyMatcher, "compare", slow)
    assert verify(rooms, ANNA).answer == "unknown"


def test_what_is_enrolled_while_consent_is_withdrawn_is_never_compared(rooms, monkeypatch):
    say(rooms, ANNA)
    made = FuzzyMatcher.enrol

    def slow(*asked_for: Any) -> bytes:
        say(rooms, ANNA, "withdrawn")
        return made(*asked_for)

    with monkeypatch.context() as slowly:
        slowly.setattr(FuzzyMatcher, "enrol", slow)
        enrol(rooms, ANNA)
    say(rooms, ANNA)
    assert verify(rooms, ANNA).answer == "unknown"


def test_each_comparison_is_proved_to_rest_on_consent_without_the_gate(data):
    with rooms_of(data) as rooms:
        say(rooms, ANNA)
        enrol(rooms, ANNA)
        verify(rooms, ANNA)
        say(rooms, ANNA, "withdrawn")
        verify(rooms, ANNA)
    everything = Period(0, 0, "", "")
    proved = prove_consent(read_folder(data), everything, lambda *_: None)
    assert proved.violations == ()
    assert proved.customers == 1


# ------------------------------------------------------------------ renewal, revocation


def test_a_renewed_reference_ends_the_one_before(rooms):
    say(rooms, ANNA)
    first, [before] = enrol(rooms, ANNA, sample_of("younger")), kept(rooms, ANNA)
    second, [after] = enrol(rooms, ANNA, sample_of("older")), kept(rooms, ANNA)
    assert (first.generation, second.generation) == (1, 2)
    assert first.reference != second.reference
    assert before.protected != after.protected
    assert verify(rooms, ANNA, sample_of("younger")).answer == "no"
    assert verify(rooms, ANNA, sample_of("older")).answer == "yes"


def test_of_one_sample_two_generations_have_nothing_in_common(rooms):
    say(rooms, ANNA)
    seen = []
    for _ in range(2):
        enrol(rooms, ANNA)
        seen.append((kept(rooms, ANNA)[0].protected, *engine(rooms).kept.values()))
    assert not set(seen[0]) & set(seen[1])


def test_a_revoked_reference_agrees_with_nobody_though_the_engine_is_put_back(rooms):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    of_old, [row] = dict(engine(rooms).kept), kept(rooms, ANNA)
    assert revoke(rooms, ANNA) == 1
    assert engine(rooms).kept == {}
    engine(rooms).kept |= of_old
    assert verify(rooms, ANNA).answer == "unknown"
    [now] = kept(rooms, ANNA)
    assert (now.status, now.protected, now.generation) == ("revoked", "", row.generation)
    enrol(rooms, ANNA, sample_of("somebody else"))
    engine(rooms).kept |= of_old
    assert verify(rooms, ANNA).answer == "no"


def test_revoking_again_tells_the_engine_again_and_what_never_was_is_said(rooms):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    with pytest.raises(NotFound):
        revoke(rooms, ANNA, "iris")
    assert [revoke(rooms, ANNA), revoke(rooms, ANNA)] == [1, 0]


def test_a_privacy_officer_revokes_and_does_neither_enrol_nor_verify(rooms):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    for action, purpose in (("enrol_biometric", "compliance"), ("verify_biometric", "servicing")):
        with pytest.raises(Refused):
            asked(rooms, action, purpose, "privacy_officer")
    allowed = asked(rooms, "revoke_biometric", "compliance", "privacy_officer")
    assert revoke_biometric(allowed, rooms, customer_of(rooms, ANNA), "voice").revoked == 1


# ------------------------------------------------------------------ merging joins nobody's body


def test_two_records_with_one_body_stay_two_customers(rooms):
    body = sample_of("one and the same")
    for n in (ANNA, BORIS):
        say(rooms, n)
        enrol(rooms, n, body)
    assert customer_of(rooms, ANNA) != customer_of(rooms, BORIS)
    assert kept(rooms, ANNA)[0].protected != kept(rooms, BORIS)[0].protected


def test_a_yes_speaks_for_no_record_that_only_a_steward_joined(rooms):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    alone = verify(rooms, ANNA)
    assert (alone.whole, len(alone.records)) == (True, 1)
    pair = customer_of(rooms, ANNA), customer_of(rooms, BORIS)
    judging = permit(rooms, "decide_judgement", "stewardship", "steward")
    decide_judgement(judging, rooms, *pair, verdict="same", reason="a test")
    assert customer_of(rooms, ANNA) == customer_of(rooms, BORIS)
    merged = verify(rooms, ANNA)
    assert (merged.answer, merged.whole, merged.records) == ("yes", False, alone.records)
    undoing = permit(rooms, "decide_judgement", "stewardship", "steward")
    revoke_judgement(undoing, rooms, *pair, "a test")
    again = verify(rooms, ANNA)
    assert (again.answer, again.whole, again.records) == ("yes", True, alone.records)
    assert verify(rooms, BORIS).answer == "unknown"


def test_a_no_of_any_record_of_the_customer_counts_while_they_are_one(rooms):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    say(rooms, BORIS, "objected")
    pair = customer_of(rooms, ANNA), customer_of(rooms, BORIS)
    judging = permit(rooms, "decide_judgement", "stewardship", "steward")
    decide_judgement(judging, rooms, *pair, verdict="same", reason="a test")
    assert verify(rooms, ANNA).answer == "unknown"
    undoing = permit(rooms, "decide_judgement", "stewardship", "steward")
    revoke_judgement(undoing, rooms, *pair, "a test")
    assert verify(rooms, ANNA).answer == "yes"


# ------------------------------------------------------------------ nothing of a sample stays


def test_no_byte_of_a_sample_nor_of_what_the_engine_makes_of_it_is_in_any_file(data, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    sample, told = sample_of("1"), []
    with rooms_of(data) as rooms:
        say(rooms, ANNA)
        made = engine(rooms).enrol

        def listened(*asked_for: Any) -> bytes:
            told.append(made(*asked_for))
            return told[-1]

        monkeypatch.setattr(engine(rooms), "enrol", listened)
        enrol(rooms, ANNA, sample)
        verify(rooms, ANNA, sample)
        verify(rooms, ANNA, sample_of("2"))
        with pytest.raises(CallerError) as unusable:
            verify(rooms, ANNA, sample[:-1])
        [row] = kept(rooms, ANNA)
        auxiliary = [bytes.fromhex(it) for it in engine(rooms).kept.values()]
    pieces = [it[at : at + 8] for it in (sample, sample_of("2"), *told, *auxiliary) for at in (0, 16)]
    forms = [form for it in pieces for form in (it, it.hex().encode(), it.hex().upper().encode())]
    assert len(told) == len(auxiliary) == 1
    files = [it for it in data.parent.rglob("*") if it.is_file() and it.name != "engine.json"]
    hits = [(it.name, form) for it in files for form in forms if form in it.read_bytes()]
    assert hits == []
    error = unusable.value
    said = f"{error!r} {error.message} {error.detail} {error.hint} {caplog.text}"
    assert not any(it.hex() in said or repr(it)[2:-1] in said for it in pieces)
    # What is kept is found where it has to be, so the search can find.
    state = read_folder(data).state.read_bytes()
    assert row.protected.encode() in state


def test_the_audit_names_the_reference_and_holds_neither_it_nor_a_sample(rooms):
    say(rooms, ANNA)
    done = enrol(rooms, ANNA)
    [row] = kept(rooms, ANNA)
    answers = verify(rooms, ANNA), verify(rooms, ANNA, sample_of("2"))
    revoke(rooms, ANNA)
    records = rooms.audit.page(AuditFilter(customer=customer_of(rooms, ANNA)), limit=50).items
    steps = [it for it in records if it.kind in ("biometric", "verification")]
    words = [it.details.get("stage", it.details["step"]) for it in steps]
    assert words == ["revoked", "verified", "verified", "enrolled", "begun"]
    assert [it.details["answer"] for it in steps[1:3]] == ["no", "yes"]
    assert {it.details["reference"] for it in steps} == {done.reference}
    assert {it.id for it in steps} >= {done.decision, *(it.decision for it in answers)}
    assert row.protected not in str(records)


def test_no_view_and_no_package_shows_a_reference_and_the_package_says_that_there_is_one(rooms):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    [row] = kept(rooms, ANNA)
    customer = id_from_text(customer_of(rooms, ANNA))
    for role, purpose in (
        ("agent", "servicing"),
        ("privacy_officer", "compliance"),
        ("steward", "stewardship"),
    ):
        looked = permit(rooms, "show_customer", purpose, role)
        shown = str(rooms.gate.view(looked, customer))
        assert row.protected not in shown
        assert "voice" not in shown
        timeline = rooms.gate.timeline(
            permit(rooms, "show_timeline", purpose, role), customer, kind="", cursor="", limit=50
        )
        assert row.protected not in str(timeline)
    everything, _ = rooms.gate.everything(permit(rooms, "answer_request"), customer)
    [told] = [it for it in everything.records if it.entity == "biometric"]
    assert (told.values["modality"], told.values["status"]) == ("voice", "active")
    assert told.values["since_at"]
    assert "protected" not in told.values
    assert row.protected not in str(everything)


# ------------------------------------------------------------------ limits, faults


@pytest.mark.parametrize("probe", [b"", bytes(PROBE_BYTES_MAX + 1)], ids=len)
def test_a_sample_of_no_size_or_too_great_a_one_is_not_handed_on(rooms, probe):
    allowed = asked(rooms, "verify_biometric")
    with pytest.raises(CallerError):
        verify_biometric(allowed, rooms, customer_of(rooms, ANNA), "voice", "call", probe)
    assert engine(rooms).calls == 0


@pytest.mark.parametrize(("modality", "over"), [("gait", "call"), ("voice", "telepathy")])
def test_words_that_are_on_no_list_are_refused(rooms, modality, over):
    with pytest.raises(CallerError, match="not one we know"):
        verify(rooms, ANNA, modality=modality, over=over)


def test_a_reference_that_somebody_changed_in_the_state_agrees_with_nobody(rooms, monkeypatch):
    say(rooms, ANNA)
    enrol(rooms, ANNA)
    [row] = kept(rooms, ANNA)
    place = row.party, "voice", row.generation
    assert rooms.biometrics.agrees(*place, row.protected, sample_of("1"))
    flipped = f"{int(row.protected[0], 16) ^ 1:x}{row.protected[1:]}"
    assert not rooms.biometrics.agrees(*place, flipped, sample_of("1"))
    assert not rooms.biometrics.agrees(*place, "", sample_of("1"))
    assert not rooms.biometrics.agrees(row.party, "voice", row.generation + 1, row.protected, sample_of("1"))


def test_a_house_without_an_engine_says_so_and_one_that_is_not_there_too(data):
    config = data / "config.toml"
    text = config.read_text()
    config.write_text(text.split("[biometrics]")[0])
    with rooms_of(data) as rooms:
        say(rooms, ANNA)
        with pytest.raises(Unavailable, match="no biometric engine"):
            enrol(rooms, ANNA)
        assert verify(rooms, ANNA).answer == "unknown"
    for wrong in ('"os"', '"no_such_package:x"', '"onefold.testing.biometrics:no_such"', "7"):
        config.write_text(f"{text.split('[biometrics]')[0]}[biometrics]\nmatcher = {wrong}\n")
        with pytest.raises(CallerError, match="biometrics"), LocalHouse().working(data):
            pass


def test_that_an_engine_was_asked_is_on_record_where_no_answer_came_of_it(rooms, monkeypatch):
    say(rooms, ANNA)
    done = enrol(rooms, ANNA)

    def away(*_: object) -> bytes:
        raise Unavailable("The engine is away.")

    with monkeypatch.context() as cut:
        cut.setattr(FuzzyMatcher, "compare", away)
        with pytest.raises(Unavailable):
            verify(rooms, ANNA)
    record = newest(rooms, kind="biometric")
    assert record.details == {"step": "undecided", "modality": "voice", "because": "unavailable"}
    assert record.fragments == (done.record,)


# ------------------------------------------------------------------ over HTTP


def test_over_http_a_sample_comes_in_base64_and_is_never_sent_back(data):
    LocalHouse().users(data).add("ali", PASSWORD, ("agent",))
    with rooms_of(data) as rooms:
        path = f"/api/customers/{customer_of(rooms, ANNA)}"
    sample, again, of_other = (
        base64.b64encode(it).decode() for it in (sample_of("1"), noisy(sample_of("1")), sample_of("2"))
    )
    place = {"modality": "voice", "over": "call"}
    consent = {"purpose": "authentication", "channel": "call", "data_class": "biometric"}
    with Server(data) as server, server.signed_in("ali") as client:

        def post(where: str, body: dict[str, Any]) -> httpx.Response:
            return client.post(f"{path}/{where}", json=body)

        asked_for = [
            post("biometrics", place | {"probe": sample}),
            post("consents", consent | {"fact": "granted", "evidence": "call 17"}),
            post("biometrics", place | {"probe": sample}),
            post("biometrics/verifications", place | {"probe": again}),
            post("biometrics/verifications", place | {"probe": of_other}),
            post("biometrics/verifications", place | {"probe": sample[:-9] + "!" * 9}),
            post("biometrics/verifications", place | {"probe": "A" * 4 * (PROBE_BYTES_MAX // 3 + 2)}),
            post("biometrics/verifications", place | {"probe": "A" * 70_000}),
            post("biometrics/verifications", place | {"probe": base64.b64encode(b"short").decode()}),
            post("biometrics/revocations", {"modality": "voice"}),
            post("biometrics/verifications", place | {"probe": again}),
        ]
    assert [it.status_code for it in asked_for] == [403, 200, 201, 200, 200, 422, 422, 413, 400, 200, 200]
    answers = [it.json().get("answer", "") for it in asked_for]
    assert answers == ["", "", "", "yes", "no", "", "", "", "", "", "unknown"]
    for it in asked_for:
        assert sample[:12] not in it.text
        assert again[:12] not in it.text
    written = [it.read_bytes() for it in data.rglob("*") if it.is_file()]
    assert not any(form in it for it in written for form in (sample[:12].encode(), sample_of("1")[:9]))


# ------------------------------------------------------------------ replay, erasure


def test_a_replay_gives_the_same_references(data):
    with rooms_of(data) as rooms:
        say(rooms, ANNA)
        enrol(rooms, ANNA)
        enrol(rooms, ANNA)
        say(rooms, BORIS)
        enrol(rooms, BORIS)
        revoke(rooms, BORIS)
        before = [kept(rooms, n) for n in PEOPLE]
    state = read_folder(data).state
    for it in state.parent.glob(f"{state.name}*"):
        it.unlink()
    with rooms_of(data) as rooms:
        assert [kept(rooms, n) for n in PEOPLE] == before
        assert verify(rooms, ANNA).answer == "yes"


def test_an_erasure_takes_the_reference_and_what_the_engine_keeps_and_leaves_that_of_others(rooms):
    for n in (ANNA, BORIS):
        say(rooms, n)
        enrol(rooms, n)
    [row], customer = kept(rooms, ANNA), customer_of(rooms, ANNA)
    of_old = dict(engine(rooms).kept)
    rooms.eraser.erase({row.party}, Because.REQUEST, "test")
    assert len(engine(rooms).kept) == 1
    with rooms.reader.snapshot() as reader:
        assert references_of(reader, [row.party], "voice") == []
    # A backup of the engine, of the row, and a willing hand: the key is gone.
    engine(rooms).kept |= of_old
    with pytest.raises(Forgotten):
        rooms.biometrics.agrees(row.party, "voice", row.generation, row.protected, sample_of("1"))
    with pytest.raises(Forgotten):
        verify_biometric(asked(rooms, "verify_biometric"), rooms, customer, "voice", "call", sample_of("1"))
    assert verify(rooms, BORIS).answer == "yes"


def test_an_erasure_that_cannot_reach_the_engine_is_finished_at_the_next_start(data, monkeypatch):
    def away(*_: object) -> int:
        raise Unavailable("The engine is away.")

    with rooms_of(data) as rooms:
        say(rooms, ANNA)
        enrol(rooms, ANNA)
        [row] = kept(rooms, ANNA)
        with monkeypatch.context() as cut:
            cut.setattr(FuzzyMatcher, "forget", away)
            with pytest.raises(Unavailable):
                rooms.eraser.erase({row.party}, Because.REQUEST, "test")
        assert engine(rooms).kept
        with pytest.raises(Forgotten):
            rooms.biometrics.agrees(row.party, "voice", row.generation, row.protected, sample_of("1"))
    with rooms_of(data) as rooms:
        assert engine(rooms).kept == {}
