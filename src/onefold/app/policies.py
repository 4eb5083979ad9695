"""The policies of a folder: its own where it has any, else those of Onefold; and those it had before.

Own ones are `policies/*.cedar` in the data folder, and are then all there are. They are read when the folder
is opened, so a change holds from the next start on. Every version that ever decided is kept beside the logs,
because the audit names it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from onefold.adapters.files.disk import Disk, failed
from onefold.app.folder import DataFolder
from onefold.gate.policy_files import SUFFIX, BrokenPolicies, checked, shipped
from onefold.gate.rules import Policies

_IN_FORCE = "in-force"
"""Holds the version of the last start."""


def policies_of(folder: DataFolder) -> Policies:
    """The policies in force, as they hold in the folder's cell.

    `BrokenPolicies` where the folder's own have faults, or are not to be read.
    """
    if os.path.lexists(folder.policies):
        return checked(read_texts(folder.policies), folder.cell.jurisdiction)
    # Those that come with Onefold are checked by its tests.
    return Policies(shipped(), folder.cell.jurisdiction)


def read_texts(folder: Path) -> dict[str, str]:
    """The policies that lie in a folder, by file name; `BrokenPolicies` where none can be read there."""
    texts = {}
    name = folder.name
    try:
        for name in sorted(it for it in os.listdir(folder) if it.endswith(SUFFIX)):
            texts[name] = (folder / name).read_text("utf-8")
    except OSError as error:
        raise BrokenPolicies([f"{name} cannot be read: {error.strerror or 'unknown error'}."]) from None
    except UnicodeDecodeError:
        raise BrokenPolicies([f"{name} cannot be read as text in UTF-8."]) from None
    if not texts:
        raise BrokenPolicies([f"there is no file in {folder.name} whose name ends in {SUFFIX}."])
    return texts


def keep_policies(folder: DataFolder, policies: Policies, changed: Callable[[], object]) -> None:
    """Keeps the texts in force under their version, where they are not those of the last start.

    `changed` is called when they take the place of others, and before that is remembered: twice, if need be.
    Where nothing was kept yet, those that come with Onefold were in force.
    """
    kept, disk, version = folder.policies_kept, Disk(), policies.version
    mark = kept / _IN_FORCE
    try:
        former = mark.read_text("utf-8") if mark.is_file() else ""
        if former == version:
            return
        (kept / version).mkdir(parents=True, exist_ok=True)
        for name, text in policies.texts.items():
            disk.replace(kept / version / name, text.encode())
        if version != (former or Policies(shipped()).version):
            changed()
        disk.replace(mark, version.encode())
    except OSError as error:
        raise failed(error, "the policies cannot be kept") from error
