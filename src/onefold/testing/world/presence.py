"""Which sources know whom, under which key, since when, and of which day their row speaks."""

from __future__ import annotations

from random import Random

from onefold.testing.world.draws import below, numbered, stream
from onefold.testing.world.figures import figure
from onefold.testing.world.habits import HABITS
from onefold.testing.world.model import Block, Company, Event, Person, Record, Setting

SOURCES = ("core-banking", "crm", "telecom", "digital", "marketing")
"""Sources that keep records of people. The sixth, anti-fraud, refers to customers of core banking."""

_OLDEST_DAYS = {"core-banking": 4300, "crm": 3000, "telecom": 4000, "digital": 1500, "marketing": 2200}
_COMPANY_SHARES = {"core-banking": 1.0, "crm": 0.55, "telecom": 0.25, "digital": 0.0, "marketing": 0.18}


def register(setting: Setting, block: Block) -> None:
    """Fills the block's records: everyone is known somewhere, guardians of minors always to core banking."""
    rng = stream(setting.seed, block.number, "presence")
    block.records = {source: [] for source in SOURCES}
    guardians = {person.guardian for person in block.people if person.guardian}
    for person in block.people:
        known = ["core-banking"] if not person.adult else _systems(rng, must_bank=person in guardians)
        for source in known:
            _enter(rng, setting, block, source, person)
    for company in block.companies:
        for source, share in _COMPANY_SHARES.items():
            if rng.random() < share:
                block.records[source].append(_company_record(rng, setting, source, company))


def _systems(rng: Random, *, must_bank: bool) -> list[str]:
    bank = must_bank or rng.random() < figure("source.core_adult")
    telecom = rng.random() < figure("source.telecom")
    digital = rng.random() < (
        figure("source.digital_bank") if bank else telecom * figure("source.digital_telecom")
    )
    crm = rng.random() < figure("source.crm_customer" if bank else "source.crm_lead")
    marketing = rng.random() < figure("source.marketing_digital" if digital else "source.marketing_other")
    if not (bank or telecom or digital or crm or marketing):
        bank, telecom = (True, False) if rng.random() < figure("source.only_core") else (False, True)
    chosen = {
        "core-banking": bank,
        "crm": crm,
        "telecom": telecom,
        "digital": digital,
        "marketing": marketing,
    }
    return [source for source in SOURCES if chosen[source]]


def _enter(rng: Random, setting: Setting, block: Block, source: str, person: Person) -> None:
    """One record, sometimes two; the second is made later and may speak of another life."""
    adult_on = person.born + int(18 * 365.25)
    if source == "core-banking" and not person.adult:
        adult_on = person.born + 40
    latest = setting.until - 20
    earliest = max(min(adult_on, latest - 30), setting.until - _OLDEST_DAYS[source])
    made = earliest + int((latest - earliest) * rng.random() ** 0.7)
    block.records[source].append(_record(rng, setting, source, person, made, 0))
    chance = 0.0 if source == "digital" or not person.adult else figure(f"duplicate.{source}")
    if rng.random() < chance and made < latest - 60:
        again = made + 30 + below(rng, latest - made - 30)
        second = _record(rng, setting, source, person, again, 1)
        block.records[source].append(second)
        block.events.append(Event("entered_twice", person.id, source, again))


def _record(rng: Random, setting: Setting, source: str, person: Person, made: int, ordinal: int) -> Record:
    stated = made
    if rng.random() >= HABITS[source].stale:
        stated = made + below(rng, setting.until - made)
    return Record(
        source, record_key(setting, source, person.index * 2 + ordinal), person, made, stated, ordinal > 0
    )


def _company_record(rng: Random, setting: Setting, source: str, company: Company) -> Record:
    made = company.since + below(rng, max(1, setting.until - 30 - company.since))
    key = record_key(setting, source, (setting.people + company.owner.index) * 2)
    return Record(source, key, company, made, made)


def record_key(setting: Setting, source: str, serial: int) -> str:
    """The key under which a source files a record, each source in its own manner."""
    if source == "core-banking":
        return f"{numbered(serial, 10**9, setting.seed):09d}"
    if source == "crm":
        return f"C-{numbered(serial, 10**9, setting.seed + 1):09d}"
    if source == "telecom":
        return f"{numbered(serial, 10**9, setting.seed + 2) + 7 * 10**9}"
    if source == "digital":
        return f"u{numbered(serial, 10**9, setting.seed + 3):08x}"
    return f"{numbered(serial, 10**9, setting.seed + 4):09d}@mk"
