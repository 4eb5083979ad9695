"""The data folder: where everything of one cell lies, and the few settings that must never change under it.

<data>/config.toml               the cell and where its checkpoints go
<data>/keys/                     key files, 0600
<data>/contracts/                every contract version ever published, by source, version and digest
<data>/models/                   models of identity, by version; the log names the one in force by digest
<data>/users.json, visitors.json, machines.json, writekeys.json, ended-sessions.json
<data>/contacting.yaml           who is left alone although they agreed, where the house has rules of its own
<data>/ages.yaml                 who is a minor and who a senior, where the house has ages of its own
<data>/devices.yaml              how far a login on a device reaches, where the house says other than usual
<data>/laws.yaml                 until when data subjects are answered, where the house has periods of its own
<data>/exports/                  files that were released
<data>/packages/                 answers to data subjects
<data>/cells/<tenant>/<jurisdiction>/{log,audit,quarantine,requests,told}/, subject-keys.db, tokens.db,
                                 door.db, state.db, audit-index.db, schemas.db, bookmarks/
<data>-checkpoints/              signed checkpoints: outside, best on other storage
<data>-erasures/                 the erasure ledger: outside, newer than any backup of the rest
"""

from __future__ import annotations

import contextlib
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onefold.gate.obligations import LEAST_GROUP
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import Cell

CONFIG = "config.toml"
LEDGER = "erasures"
_ORIGIN = re.compile(r"\*|https?://[a-z0-9.-]+(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Paths of one data folder, and its cell."""

    root: Path
    cell: Cell
    checkpoints: Path
    erasures: Path
    origins: tuple[str, ...] = ()
    """Pages that may send tracking calls."""
    least_group: int = LEAST_GROUP
    """The least size of a group whose count is told to who may only aggregate."""

    @property
    def keys(self) -> Path:
        """Key files."""
        return self.root / "keys"

    @property
    def contracts(self) -> Path:
        """Published contracts."""
        return self.root / "contracts"

    @property
    def models(self) -> Path:
        """Models of identity, by version, and what was done with them."""
        return self.root / "models"

    @property
    def contacting(self) -> Path:
        """The house's own rules of who is left alone, where it has any."""
        return self.root / "contacting.yaml"

    @property
    def ages(self) -> Path:
        """The house's own ages of majority and of seniors, where it has any."""
        return self.root / "ages.yaml"

    @property
    def devices(self) -> Path:
        """The house's own rules of whose is what was done on a device, where it has any."""
        return self.root / "devices.yaml"

    @property
    def laws(self) -> Path:
        """The house's own deadlines of requests of data subjects, where it has any."""
        return self.root / "laws.yaml"

    @property
    def policies(self) -> Path:
        """The house's own policies, where it has any: then there are no others."""
        return self.root / "policies"

    @property
    def policies_kept(self) -> Path:
        """Every policy that ever decided, by version; the audit names them."""
        return self.of_cell / "policies"

    @property
    def exports(self) -> Path:
        """Released files."""
        return self.root / "exports"

    @property
    def packages(self) -> Path:
        """Packages that answer data subjects."""
        return self.root / "packages"

    @property
    def of_cell(self) -> Path:
        """Logs and databases of the cell."""
        return self.root / "cells" / self.cell.tenant / self.cell.jurisdiction

    @property
    def is_used(self) -> bool:
        """Whether it was ever opened: from then on its logs and its keys belong together."""
        return self.of_cell.is_dir() and any(self.of_cell.iterdir())

    def log(self, name: str) -> Path:
        """The folder of one of the cell's logs: log, audit or quarantine; the erasure ledger lies outside."""
        if name == LEDGER:
            return self.erasures / self.cell.tenant / self.cell.jurisdiction / name
        return self.of_cell / name

    @property
    def subject_keys(self) -> Path:
        """Wrapped data keys."""
        return self.of_cell / "subject-keys.db"

    @property
    def tokens(self) -> Path:
        """What tokens stood for, sealed under the keys of the subjects; cannot be made again."""
        return self.of_cell / "tokens.db"

    @property
    def quarantine_keys(self) -> Path:
        """Wrapped data keys of the quarantine, apart from the subjects'."""
        return self.of_cell / "quarantine-keys.db"

    @property
    def door(self) -> Path:
        """What the door remembers; can be rebuilt."""
        return self.of_cell / "door.db"

    @property
    def bookmarks(self) -> Path:
        """How far inputs were taken; losing it costs time alone."""
        return self.of_cell / "bookmarks"

    @property
    def schemas(self) -> Path:
        """Schemas that were registered, with their ids; cannot be made again."""
        return self.of_cell / "schemas.db"

    @property
    def audit_index(self) -> Path:
        """By what the audit is searched; can be rebuilt."""
        return self.of_cell / "audit-index.db"

    @property
    def next_state(self) -> Path:
        """A state that was built beside the one in use; whoever opens the folder next goes over to it."""
        return self.of_cell / "next-state.db"

    @property
    def state(self) -> Path:
        """Everything derived; can be rebuilt."""
        return self.of_cell / "state.db"


def create_folder(root: Path, cell: Cell, checkpoints: Path | None) -> DataFolder:
    """Makes a folder, or finds the one that is there; `CallerError` when that is another cell's."""
    if (root / CONFIG).is_file():
        found = read_folder(root)
        if found.cell != cell:
            raise CallerError(
                f"The folder {root} is that of the cell {found.cell}.",
                hint="Choose another folder with --data.",
            )
        return found
    if root.exists() and any(root.iterdir()):
        raise CallerError(f"The folder {root} holds something else.", hint="Choose an empty one with --data.")
    outside = checkpoints or root.with_name(root.name + "-checkpoints")
    if (outside / str(cell)).exists() or any(outside.glob("*")):
        raise CallerError(
            f"The checkpoint folder {outside} belongs to a data folder that is not there.",
            detail="A new log beside old checkpoints would look like one that lost its records.",
            hint=f"Restore {root} from its backup; or, if it is meant to be gone, remove {outside} too.",
        )
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    root.chmod(0o700)
    folder = DataFolder(root, cell, outside, root.with_name(root.name + "-erasures"))
    folder.of_cell.mkdir(parents=True, exist_ok=True)
    folder.contracts.mkdir(exist_ok=True)
    lines = [
        "# Made by `onefold init`. The cell is part of every id in the log and cannot be changed afterwards.",
        "[cell]",
        f'tenant = "{cell.tenant}"',
        f'jurisdiction = "{cell.jurisdiction}"',
        "",
        "[checkpoints]",
        "# Relative to this file. Best on other storage: it is what proves that nobody changed the log.",
        f"folder = {_toml_text(os.path.relpath(outside, root))}",
        "",
        "[erasures]",
        "# Relative to this file. Keep it out of the backups of the rest: a restored folder needs today's.",
        f"folder = {_toml_text(os.path.relpath(folder.erasures, root))}",
        "",
        "[tracking]",
        "# Origins of the pages that may send events with a write key, such as https://shop.example",
        "origins = []",
        "",
        "[counting]",
        "# Whoever may only aggregate is told counts in steps of this, and none of a smaller group.",
        f"least_group = {LEAST_GROUP}",
        "",
    ]
    (root / CONFIG).write_text("\n".join(lines), encoding="utf-8")
    return folder


def read_folder(root: Path) -> DataFolder:
    """The folder that is there; `CallerError` says how to make one where there is none."""
    try:
        config = tomllib.loads((root / CONFIG).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CallerError(
            f"There is no data folder at {root}.", hint=f"Make one: onefold init --data {root} --cell demo/uz"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CallerError(f"{root / CONFIG} cannot be read.", detail=str(error)) from None
    cell = config.get("cell")
    if not isinstance(cell, dict):
        raise CallerError(f"{root / CONFIG} names no cell.", hint="Restore it from a backup.")
    named = Cell(str(cell.get("tenant", "")), str(cell.get("jurisdiction", "")))
    _check_alone(root, named)
    checkpoints, erasures = (_outside(config, root, it) for it in ("checkpoints", "erasures"))
    origins, least = _origins(config, root / CONFIG), _least_group(config, root / CONFIG)
    return DataFolder(root, named, checkpoints, erasures, origins, least)


def _check_alone(root: Path, cell: Cell) -> None:
    """`CallerError` where the folder holds what is of another cell than its settings name."""
    others = sorted(f"{it.parent.name}/{it.name}" for it in (root / "cells").glob("*/*") if _is_cell(it))
    if others and others != [str(cell)]:
        raise CallerError(
            f"The folder {root} names the cell {cell} and holds {', '.join(others)}.",
            hint=f"The cell of a folder never changes: put {CONFIG} and `cells` back from one backup.",
        )


def _is_cell(place: Path) -> bool:
    """Whether a cell has something here; copies, snapshots and files that lie about are no cells."""
    with contextlib.suppress(CallerError, OSError):
        Cell(place.parent.name, place.name)
        return any((place / name).exists() for name in ("log", "state.db"))
    return False


def _outside(config: dict[str, Any], root: Path, name: str) -> Path:
    default = os.path.join(os.pardir, f"{root.resolve().name}-{name}")
    return Path(os.path.normpath(root / str(config.get(name, {}).get("folder", default))))


def _origins(config: dict[str, Any], place: Path) -> tuple[str, ...]:
    found = config.get("tracking", {}).get("origins", [])
    if not isinstance(found, list) or not all(isinstance(it, str) and _ORIGIN.fullmatch(it) for it in found):
        raise CallerError(
            f"tracking.origins in {place} cannot be read.",
            hint='Write a list such as ["https://shop.example"], without a path; "*" lets every page in.',
        )
    return tuple(found)


def _least_group(config: dict[str, Any], place: Path) -> int:
    found = config.get("counting", {}).get("least_group", LEAST_GROUP)
    if not isinstance(found, int) or isinstance(found, bool) or found < 2:
        raise CallerError(
            f"counting.least_group in {place} cannot be read.",
            hint=f"Write a whole number from 2 on, such as {LEAST_GROUP}.",
        )
    return found


def _toml_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
