"""What an auditor reads beside the records: policies, contracts, controls."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from onefold.gate.policy_files import SUFFIX

CONTROLS = Path(__file__).resolve().parents[3] / "docs" / "reference" / "controls.md"
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class FolderPapers:
    """Implements `Papers`."""

    contracts: Path
    policies: Path

    def all(self) -> dict[str, bytes]:
        """Every policy that ever decided and every contract ever published, each under its digest."""
        found = {}
        for path in sorted(self.policies.glob(f"*/*{SUFFIX}")):
            data = path.read_bytes()
            found[f"policies/{_named(path.name, data)}"] = data
        for path in sorted(self.contracts.rglob("*.yaml")):
            data = path.read_bytes()
            found[f"contracts/{_named(path.name, data)}"] = data
        if CONTROLS.is_file():
            found["controls.md"] = CONTROLS.read_bytes()
        return found


def _named(name: str, data: bytes) -> str:
    return f"{sha256(data).hexdigest()[:_DIGITS]}-{name}"
