"""A house with an engine and three people, and what is asked of it in few words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from onefold.app.house import LocalHouse
from onefold.gate.biometrics import Reference, references_of
from onefold.gate.model import Permit
from onefold.kernel.ids import id_from_text
from onefold.record.audit.model import AuditFilter, AuditRecord
from onefold.testing.biometrics import FuzzyMatcher, noisy, sample_of
from onefold.usecases.biometrics import (
    EnrolledBiometric,
    VerifiedBiometric,
    enrol_biometric,
    revoke_biometric,
    verify_biometric,
)
from onefold.usecases.record_consent import ConsentFact, record_consent
from onefold.usecases.rooms import Rooms
from tests.canaries import CELL, CONTRACT, customer_of, deliver, permit, rooms_of

ANNA, BORIS, CLARA = 1, 2, 3
PEOPLE = (ANNA, BORIS, CLARA)
ENGINE = '\n[biometrics]\nmatcher = "onefold.testing.biometrics:open_matcher"\nat = "{}"\n'


def make_house(folder: Path, *more: Path) -> Path:
    """A house with three people and an engine, which keeps what it keeps beside the data folder."""
    contract = folder / "bank.yaml"
    contract.write_text(CONTRACT, encoding="utf-8")
    data = folder / "data"
    LocalHouse().create(data, CELL, [contract, *more], None)
    config = data / "config.toml"
    config.write_text(config.read_text() + ENGINE.format(folder / "engine.json"))
    with rooms_of(data) as rooms:
        deliver(rooms.door, PEOPLE, [])
    return data


def asked(rooms: Rooms, action: str, purpose: str = "servicing", role: str = "agent") -> Permit:
    return permit(rooms, action, purpose, role)


def say(rooms: Rooms, n: int, fact: str = "granted", data_class: str = "biometric", **more: Any) -> None:
    said: dict[str, Any] = {"purpose": "authentication", "channel": "call", "evidence": "form 9"} | more
    allowed = asked(rooms, "record_consent", "servicing")
    record_consent(
        allowed, rooms, customer_of(rooms, n), ConsentFact(fact=fact, data_class=data_class, **said)
    )


def enrol(rooms: Rooms, n: int, sample: bytes = b"", modality: str = "voice") -> EnrolledBiometric:
    body = sample or sample_of(str(n))
    allowed = asked(rooms, "enrol_biometric")
    return enrol_biometric(allowed, rooms, customer_of(rooms, n), modality, "call", body)


def verify(
    rooms: Rooms, n: int, sample: bytes = b"", modality: str = "voice", over: str = "call"
) -> VerifiedBiometric:
    body = sample or noisy(sample_of(str(n)))
    allowed = asked(rooms, "verify_biometric")
    return verify_biometric(allowed, rooms, customer_of(rooms, n), modality, over, body)


def revoke(rooms: Rooms, n: int, modality: str = "voice") -> int:
    allowed = asked(rooms, "revoke_biometric", "servicing")
    return revoke_biometric(allowed, rooms, customer_of(rooms, n), modality).revoked


def kept(rooms: Rooms, n: int, modality: str = "voice") -> list[Reference]:
    with rooms.reader.snapshot() as reader:
        parties = reader.fragments_of(id_from_text(customer_of(rooms, n)))
        return references_of(reader, parties, modality)


def engine(rooms: Rooms) -> FuzzyMatcher:
    found = rooms.biometrics._matcher
    assert isinstance(found, FuzzyMatcher)
    return found


def newest(rooms: Rooms, **wanted: Any) -> AuditRecord:
    return rooms.audit.page(AuditFilter(**wanted), limit=1).items[0]
