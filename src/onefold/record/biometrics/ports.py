"""What Onefold asks of a biometric engine. The engine compares; nothing that it compares comes to us."""

from __future__ import annotations

from collections.abc import Collection
from typing import NoReturn, Protocol

from onefold.kernel.errors import Unavailable


class BiometricMatcher(Protocol):
    """A vendor's engine. Safe to share by threads; bounded in time by its adapter.

    A `handle` names one person's one modality to the engine and says nothing else. `renewal` is a secret of
    this enrolment: it is given with every call and not to be kept. `CallerError` where a probe cannot be used
    (the person tries again), `Unavailable` where the engine cannot be asked. No error repeats any of a probe.
    """

    def enrol(self, handle: bytes, modality: str, probe: bytes, renewal: bytes) -> bytes:
        """The pseudonymous identifier of whom the probe is of, under this secret; at least 16 bytes.

        Replaces whatever was kept under the handle: what was made under another secret is never told again.
        """
        ...

    def compare(self, handle: bytes, modality: str, probe: bytes, renewal: bytes) -> bytes | None:
        """The same bytes as `enrol` gave, from a probe of the same person and the same secret; else None.

        Other bytes are as good as None. None too where nothing is kept under the handle.
        """
        ...

    def forget(self, handles: Collection[bytes]) -> int:
        """Destroys what is kept under these handles, for ever, before it returns: of how many; idempotent."""
        ...


class NoMatcher:
    """For a house without an engine: nobody is enrolled, nobody compared, and there is nothing to forget."""

    def enrol(self, handle: bytes, modality: str, probe: bytes, renewal: bytes) -> bytes:
        """`Unavailable`."""
        _unset()

    def compare(self, handle: bytes, modality: str, probe: bytes, renewal: bytes) -> bytes | None:
        """`Unavailable`."""
        _unset()

    def forget(self, handles: Collection[bytes]) -> int:
        """None."""
        return 0


def _unset() -> NoReturn:
    raise Unavailable(
        "This house has no biometric engine.",
        retry_after_seconds=3600,
        hint="The operator names one under [biometrics] in config.toml.",
    )
