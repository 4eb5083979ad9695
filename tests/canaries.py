"""People with a word of their own in all that a bank knows of them, so that a grep finds what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from onefold.app.folder import read_folder
from onefold.app.rooms import open_rooms
from onefold.gate.model import Actor, Permit
from onefold.kernel.ids import Cell, id_text
from onefold.record.intake.door import Door
from onefold.record.intake.model import Offered
from onefold.usecases.rooms import Rooms
from onefold.usecases.search_customers import search_customers

CELL = Cell("demo", "uz")
CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: bank
name: Bank
version: 1.0.0
status: active
domain: banking
description: {purpose: A bank that does not exist.}
team: {name: core}
customProperties:
  - {property: purposes, value: [servicing, stewardship, compliance, marketing]}
schema:
  - name: client
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: name, logicalType: string, classification: pii}
      - {name: email, logicalType: string, classification: pii}
      - {name: phone, logicalType: string, classification: pii}
      - {name: street, logicalType: string, classification: pii}
      - {name: remark, logicalType: string, classification: pii}
      - {name: born, logicalType: string, classification: pii}
    customProperties:
      - {property: entity, value: party}
      - {property: delivers, value: record}
      - property: map
        value:
          full_name: name
          email: {from: email, as: email}
          phone: phone
          address: street
          birth_date: {from: born, as: date}
  - name: account
    properties:
      - {name: number, logicalType: string, primaryKey: true, classification: pci}
      - {name: title, logicalType: string}
    customProperties:
      - {property: entity, value: account}
      - {property: delivers, value: record}
      - {property: map, value: {number: number, name: title, product: {value: deposit}}}
  - name: holder
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: client, logicalType: string, required: true}
      - {name: account, logicalType: string, required: true}
    customProperties:
      - {property: entity, value: holder}
      - {property: delivers, value: record}
      - {property: subject, value: {entity: account, key: account}}
      - property: map
        value:
          party: {from: client, as: ref, object: client}
          account: {from: account, as: ref, object: account}
          role: {value: owner}
  - name: movement
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: account, logicalType: string, required: true}
      - {name: at, logicalType: string, required: true}
      - {name: amount, logicalType: string, required: true, classification: pci}
      - {name: text, logicalType: string, classification: pii}
    customProperties:
      - {property: entity, value: transaction}
      - {property: delivers, value: event}
      - {property: subject, value: {entity: account, key: account}}
      - {property: occurredAt, value: {from: at, as: instant}}
      - property: map
        value:
          account: {from: account, as: ref, object: account}
          booked_at: {event: occurredAt}
          amount: {from: amount, as: money, currency: UZS}
          currency: {value: UZS}
          direction: {value: credit}
          text: text
  - name: note
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: client, logicalType: string, required: true}
      - {name: at, logicalType: string, required: true}
      - {name: said, logicalType: string, classification: pii}
    customProperties:
      - {property: entity, value: interaction}
      - {property: delivers, value: event}
      - {property: subject, value: {entity: party, key: client}}
      - {property: occurredAt, value: {from: at, as: instant}}
      - property: map
        value:
          party: {from: client, as: ref, object: client}
          happened_at: {event: occurredAt}
          action: {value: note}
          channel: {value: branch}
          text: said
  - name: home
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: title, logicalType: string, classification: pii}
    customProperties:
      - {property: entity, value: household}
      - {property: delivers, value: record}
      - {property: map, value: {name: title}}
  - name: tie
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: client, logicalType: string, required: true}
      - {name: kind, logicalType: string, required: true}
      - {name: other, logicalType: string}
      - {name: home, logicalType: string}
      - {name: title, logicalType: string, classification: pii}
    customProperties:
      - {property: entity, value: relation}
      - {property: delivers, value: record}
      - {property: subject, value: {entity: party, key: client}}
      - property: map
        value:
          party: {from: client, as: ref, object: client}
          other: {from: other, as: ref, object: client}
          household: {from: home, as: ref, object: home}
          kind: kind
          title: title
"""


def canary(n: int) -> str:
    """A text that stands nowhere else, in all that is known of somebody; folding it changes nothing."""
    syllables = ("ba", "da", "ga", "ka", "ma", "na", "pa", "ra", "ta", "la")
    return "kanarel" + "".join(syllables[int(digit)] for digit in f"{n:04d}") + "tin"


def client(n: int, **more: str) -> Offered:
    """Their row as the bank has it."""
    word = canary(n)
    row = {
        "id": f"client-{word}",
        "name": f"{word.title()} {word[::-1].title()}",
        "email": f"{word}@bank.uz",
        "phone": f"+9989{n:08d}",
        "street": f"{word} street 7",
        "remark": f"prefers {word}",
        "born": f"19{50 + n % 50}-0{1 + n % 9}-{10 + n % 17}",
    }
    return Offered(row | more)


def deliver(door: Door, numbers: Sequence[int], shared: Sequence[tuple[int, int]]) -> None:
    """Everything the bank knows of these people; the shared ones hold an account together with another."""
    door.offer("bank", "client", [client(n) for n in numbers])
    accounts = [{"number": f"acc-{canary(n)}", "title": f"{canary(n)} savings"} for n in numbers]
    accounts += [{"number": f"joint-{n}", "title": "joint"} for n, _ in shared]
    door.offer("bank", "account", [Offered(it) for it in accounts])
    holders = [(n, f"acc-{canary(n)}") for n in numbers]
    holders += [(who, f"joint-{pair[0]}") for pair in shared for who in pair]
    door.offer(
        "bank",
        "holder",
        [
            Offered({"id": f"{canary(n)}/{account}", "client": f"client-{canary(n)}", "account": account})
            for n, account in holders
        ],
    )
    moved = [f"acc-{canary(n)}" for n in numbers] + [f"joint-{n}" for n, _ in shared]
    door.offer(
        "bank",
        "movement",
        [
            Offered(
                {
                    "id": f"{account}-{day}",
                    "account": account,
                    "at": f"2026-01-{day:02d}T10:00:00Z",
                    "amount": "10.00",
                    "text": f"rent of {account}",
                }
            )
            for account in moved
            for day in (1, 2, 3)
        ],
    )
    door.offer(
        "bank",
        "note",
        [
            Offered(
                {
                    "id": f"note-{canary(n)}",
                    "client": f"client-{canary(n)}",
                    "at": "2026-01-05T10:00:00Z",
                    "said": f"Called about {canary(n)}, wants a loan",
                }
            )
            for n in numbers
        ],
    )
    homes = [{"id": f"home-{canary(n)}", "title": f"home of {canary(n)}"} for n in numbers]
    door.offer("bank", "home", [Offered(it) for it in homes])
    door.offer("bank", "tie", [Offered(it) for n in numbers for it in _ties(n, dict(shared).get(n))])
    # Broken rows: nobody can say whom they are about, and they hold the same words.
    door.offer("bank", "client", [client(n, born="not a day", id=f"again-{canary(n)}") for n in numbers])


def _ties(n: int, other: int | None) -> Iterator[dict[str, str]]:
    """That they live in a home of their own, and to whom they are married where that is somebody."""
    who = f"client-{canary(n)}"
    yield {"id": f"at-{canary(n)}", "client": who, "kind": "household", "home": f"home-{canary(n)}"}
    if other is not None:
        stayed = f"client-{canary(other)}"
        word = {"title": f"called {canary(n)}"}
        yield {"id": f"{canary(n)}-1", "client": who, "kind": "spouse", "other": stayed} | word
        yield {"id": f"{canary(n)}-2", "client": stayed, "kind": "guardian", "other": who} | word


@contextmanager
def rooms_of(data: Path) -> Iterator[Rooms]:
    """The rooms of a folder, with a state that has all the log has."""
    with open_rooms(read_folder(data)) as opened:
        opened.rooms.barrier.wait_for(opened.rooms.log.last_sequence, 60)
        yield opened.rooms


def permit(rooms: Rooms, action: str, purpose: str = "compliance", role: str = "privacy_officer") -> Permit:
    """What a privacy officer may."""
    return rooms.gate.permit(Actor("officer", (role,), CELL), action, purpose, "cli")


def record_id(rooms: Rooms, name: str) -> str:
    """The id of the record of a client that is named as `SOURCE:KEY`."""
    source, _, key = name.partition(":")
    return id_text(rooms.contracts.latest(source).object("client").fragment_id(key))


def customer_of(rooms: Rooms, n: int) -> str:
    """The customer's id, found by the e-mail."""
    word = canary(n)
    found = search_customers(permit(rooms, "search_customers"), rooms, f"{word}@bank.uz")
    (only,) = found.items
    return only.customer


def left_of(folder: Path, numbers: Iterable[int]) -> dict[str, list[str]]:
    """File → the words of these people in it, whatever kind of file or page it is."""
    words = [it.encode() for n in numbers for it in (canary(n), f"9989{n:08d}")]
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            folded = data.lower()
            hits = (
                [word.decode() for word in words if word in folded]
                if b"kanarel" in folded or b"9989" in folded
                else []
            )
            if hits:
                found[path.relative_to(folder).as_posix()] = hits
    return found
