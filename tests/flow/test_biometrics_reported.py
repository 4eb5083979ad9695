"""A consent that a source took back ends what was enrolled under it, without anybody asking."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest

from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.app.ending import ending_biometrics
from onefold.app.folder import read_folder
from onefold.kernel.time import iso_instant
from onefold.record.intake.model import Offered
from onefold.usecases import biometric_sweep
from onefold.usecases.biometric_sweep import BiometricSweep
from onefold.usecases.rooms import Rooms
from tests.canaries import canary, customer_of, rooms_of
from tests.flow.bodies import ANNA, BORIS, PEOPLE, engine, enrol, kept, make_house, newest, say

WISHES = """\
apiVersion: v3.1.0
kind: DataContract
id: wishes
name: Wishes
version: 1.0.0
status: active
team: {name: core}
customProperties:
  - {property: purposes, value: [servicing, stewardship, compliance, marketing]}
schema:
  - name: wish
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: client, logicalType: string, required: true, classification: pii}
      - {name: channel, logicalType: string, required: true}
      - {name: fact, logicalType: string, required: true}
      - {name: at, logicalType: string, required: true}
    customProperties:
      - {property: entity, value: consent}
      - {property: delivers, value: event}
      - {property: subject, value: {entity: party, source: bank, key: client}}
      - {property: occurredAt, value: {from: at, as: instant}}
      - property: map
        value:
          party: {from: client, as: ref, source: bank}
          purpose: {value: authentication}
          channel: channel
          fact: fact
          given_at: {event: occurredAt}
          evidence: id
"""
"""A source that reports what customers said elsewhere."""


def report(rooms: Rooms, n: int, channel: str = "any", fact: str = "withdrawn") -> None:
    """What a source says of somebody's consent, until it is in the state."""
    at = iso_instant(rooms.clock.now_ms())
    row = {"id": f"{n}-{at}", "client": f"client-{canary(n)}", "channel": channel, "fact": fact, "at": at}
    receipt = rooms.door.offer("wishes", "wish", [Offered(row)])
    assert receipt.tally.accepted == 1, receipt.tally.reasons
    rooms.barrier.wait_for(rooms.log.last_sequence, 30)


@pytest.fixture
def listening(tmp_path: Path) -> Path:
    """A house that such a source delivers to."""
    (tmp_path / "wishes.yaml").write_text(WISHES)
    return make_house(tmp_path, tmp_path / "wishes.yaml")


def test_a_withdrawal_that_a_source_reports_ends_the_reference_without_anybody_asking(listening):
    with rooms_of(listening) as rooms, closing(FileSegmentReader(read_folder(listening).log("log"))) as log:
        for n in (ANNA, BORIS):
            say(rooms, n)
            enrol(rooms, n)
        sweep = BiometricSweep(log)
        while sweep.look(rooms):
            pass
        report(rooms, ANNA, channel="branch")
        sweep.look(rooms)
        assert [it.status for it in kept(rooms, ANNA)] == ["active"], "another channel is left"
        report(rooms, ANNA)
        calls = engine(rooms).calls
        sweep.look(rooms)
        assert [it.status for it in kept(rooms, ANNA)] == ["revoked"]
        assert [it.status for it in kept(rooms, BORIS)] == ["active"]
        record = newest(rooms, kind="biometric")
        assert (record.actor, record.action, record.outcome) == ("onefold", "end_biometric", "done")
        assert record.details["engine"] == "told"
        assert record.customers == (customer_of(rooms, ANNA),)
        sweep.look(rooms)
        assert newest(rooms, kind="biometric").id == record.id, "it is ended once"
        assert engine(rooms).calls == calls, "no sample was asked about"


def test_what_was_reported_while_nobody_looked_is_found_by_the_first_pass(listening, monkeypatch):
    monkeypatch.setattr(biometric_sweep, "PARTIES_AT_ONCE", 1)
    with rooms_of(listening) as rooms, closing(FileSegmentReader(read_folder(listening).log("log"))) as log:
        for n in PEOPLE:
            say(rooms, n)
            enrol(rooms, n)
        for n in PEOPLE:
            report(rooms, n)
        sweep = BiometricSweep(log)
        looks = 1
        while sweep.look(rooms):
            looks += 1
        assert looks >= len(PEOPLE), "a window at a time"
        assert {it.status for n in PEOPLE for it in kept(rooms, n)} == {"revoked"}


def test_a_server_looks_by_itself(listening):
    with rooms_of(listening) as rooms:
        say(rooms, ANNA)
        enrol(rooms, ANNA)
        with ending_biometrics(read_folder(listening), rooms):
            report(rooms, ANNA)
            until = time.monotonic() + 30
            while [it.status for it in kept(rooms, ANNA)] != ["revoked"] and time.monotonic() < until:
                time.sleep(0.05)
        assert [it.status for it in kept(rooms, ANNA)] == ["revoked"]
