"""What this house is to controllers whose requests it answers by OpenDSR: domain, certificate, list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from onefold.kernel.errors import Unavailable
from onefold.record.requests.callbacks import Address, Callbacks

PATH = "/v1/opendsr"
CERTIFICATE = f"{PATH}/certificate"
REQUESTS = f"{PATH}/requests"


class ProcessorKey(Protocol):
    """The key that answers and callbacks are signed with, as it is now."""

    @property
    def id(self) -> str:
        """Another one for each certificate; empty where there is none yet."""
        ...

    @property
    def certificate(self) -> bytes:
        """Its certificate and those of its authority, PEM; empty where there is none yet."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The RSA signature (PKCS #1 v1.5) over the SHA-256 digest."""
        ...


class NotTold(Unavailable):
    """A controller could not be told; `reached` says whether its host answered at all. Tried again later."""

    code = "not_told"

    def __init__(self, word: str, *, reached: bool) -> None:
        super().__init__(f"A controller could not be told: {word}.")
        self.word = word
        self.reached = reached


class Poster(Protocol):
    """Sends what a controller is told."""

    def post(self, address: Address, body: bytes, headers: dict[str, str]) -> None:
        """Returns once the controller has taken it; `NotTold` with a word of ours where it has not."""
        ...


@dataclass(frozen=True, slots=True)
class Processor:
    """The settings `[opendsr]`. `domain` is what the certificate was issued for; empty: nothing is signed."""

    domain: str = ""
    callbacks: Callbacks = field(default_factory=Callbacks)
    key: ProcessorKey | None = None

    @property
    def is_ready(self) -> bool:
        """Whether there is something to sign with."""
        return bool(self.domain and self.key is not None and self.key.certificate)

    @property
    def key_id(self) -> str:
        """The id of the certificate in use; empty where there is none."""
        return self.key.id if self.key is not None else ""

    def url(self, path: str) -> str:
        """An address of ours as a controller knows it; as a path alone where we have no domain."""
        return f"https://{self.domain}{path}" if self.domain else path
