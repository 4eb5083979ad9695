"""Programs that call the API, in a small file of the data folder: service tokens and clients of partners.

`machines.json` holds SHA-256 digests: a secret is 32 random bytes and is shown once. What is revoked stays in
the file, so that its uses in the audit can still be told from others.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from onefold.adapters.files.disk import Disk
from onefold.adapters.files.entries import Entries
from onefold.customer.consent.model import OURSELVES
from onefold.gate.words import ACTIONS, OURS_ALONE, ROLES
from onefold.kernel.errors import CallerError
from onefold.kernel.time import Clock
from onefold.record.canon.purposes import PURPOSES
from onefold.usecases.model import SERVICE_TOKEN, TOKEN, Machine

DAYS_MAX = 366
_SECONDS_PER_DAY = 86_400
_EPOCH_LETTERS = 16


class StoredMachine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One program: a digest of its secret, what it may, and until when; instants in seconds."""

    kind: str
    name: str
    secret: str
    role: str
    purpose: str
    actions: tuple[str, ...]
    made_at: int
    expires_at: int
    revoked_at: int = 0
    controller: str = OURSELVES


class MachinesFile:
    """Implements `Machines`; the file is read again when it changes."""

    def __init__(self, folder: Path, clock: Clock, disk: Disk | None = None) -> None:
        self._clock = clock
        self._entries = Entries(folder / "machines.json", StoredMachine, disk or Disk())

    def by_token(self, token: str) -> Machine | None:
        """Whose service token this is, if it is good."""
        machine_id, _, secret = token.removeprefix(SERVICE_TOKEN).partition("_")
        return self.by_secret(TOKEN, machine_id, secret) if token.startswith(SERVICE_TOKEN) else None

    def by_secret(self, kind: str, machine_id: str, secret: str) -> Machine | None:
        """The program of that kind and id, if the secret is its own and it is still let in."""
        stored = self._entries.read().get(machine_id)
        kept = stored.secret if stored and stored.kind == kind else _digest("nobody")
        fits = hmac.compare_digest(kept, _digest(secret))
        return self.find(kind, machine_id) if fits else None

    def find(self, kind: str, machine_id: str) -> Machine | None:
        """The program of that kind and id, while it is neither revoked nor over."""
        stored = self._entries.read().get(machine_id)
        if stored is None or stored.kind != kind or stored.revoked_at:
            return None
        return _machine(machine_id, stored) if self._now() < stored.expires_at else None

    def create(
        self,
        kind: str,
        name: str,
        role: str,
        purpose: str,
        actions: Sequence[str],
        days: int,
        controller: str = OURSELVES,
    ) -> tuple[str, str]:
        """Makes a program, for ourselves or another controller; its id, and the secret, shown this once."""
        _check(name, role, purpose, actions, days)
        _check_controller(controller, purpose, actions)
        machine_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        now = self._now()
        ends = now + days * _SECONDS_PER_DAY
        chosen = tuple(sorted(set(actions)))
        made = StoredMachine(
            kind, name, _digest(secret), role, purpose, chosen, now, ends, controller=controller
        )
        self._entries.put(machine_id, made)
        return machine_id, f"{SERVICE_TOKEN}{machine_id}_{secret}" if kind == TOKEN else secret

    def of_kind(self, kind: str) -> dict[str, Machine]:
        """Every program of a kind by id, those that are over too."""
        return {it: _machine(it, made) for it, made in self._entries.read().items() if made.kind == kind}

    def revoke(self, kind: str, machine_id: str) -> None:
        """Lets it in no more, from the next request on."""
        stored = self._entries.read().get(machine_id)
        if stored is None or stored.kind != kind:
            raise CallerError(f"There is no {kind} of that id.", hint=f"`onefold {kind} list` has them.")
        if not stored.revoked_at:
            self._entries.put(machine_id, msgspec.structs.replace(stored, revoked_at=self._now()))

    def _now(self) -> int:
        return self._clock.now_ms() // 1000


def _machine(machine_id: str, stored: StoredMachine) -> Machine:
    epoch = _digest(msgspec.json.encode(stored).decode())[:_EPOCH_LETTERS]
    return Machine(
        id=machine_id,
        kind=stored.kind,
        name=stored.name,
        role=stored.role,
        purpose=stored.purpose,
        actions=stored.actions,
        expires_at=stored.expires_at,
        revoked_at=stored.revoked_at,
        epoch=epoch,
        controller=stored.controller,
    )


def _check(name: str, role: str, purpose: str, actions: Sequence[str], days: int) -> None:
    if not name.isprintable() or not name.strip() or len(name) > 100:
        raise CallerError("A name is 1 to 100 printable characters.")
    for what, said, known in (
        ("role", [role], ROLES),
        ("purpose", [purpose], tuple(PURPOSES)),
        ("action", actions, ACTIONS),
    ):
        if not said or set(said) - set(known):
            raise CallerError(f"There is no such {what}.", hint=f"Known: {', '.join(known)}.")
    if not 1 <= days <= DAYS_MAX:
        raise CallerError(f"A secret is good for 1 to {DAYS_MAX} days.")


def _check_controller(controller: str, purpose: str, actions: Sequence[str]) -> None:
    """Our contracts, duties and interests are ours: another firm needs a consent that names it."""
    if controller == OURSELVES:
        return
    if not controller.isprintable() or controller != controller.strip() or len(controller) > 100:
        raise CallerError("A controller is 1 to 100 printable characters, as consents name it.")
    if not PURPOSES[purpose].needs_consent:
        known = ", ".join(it.name for it in PURPOSES.values() if it.needs_consent)
        raise CallerError(
            "Another controller may use data on consent alone, and this purpose rests on something else.",
            hint=f"Purposes that rest on consent: {known}.",
        )
    if set(actions) & set(OURS_ALONE):
        raise CallerError(
            "Another controller may not count all customers: hardly any consent names it.",
            hint=f"Make it without {', '.join(OURS_ALONE)}; count_audience counts whom it may contact.",
        )


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
