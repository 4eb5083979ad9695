"""The policies of a folder: its own where it has any, else those of Onefold; and those it had before.

Own ones are `policies/*.cedar` in the data folder, and are then all there are. They are read when the folder
is opened, so a change holds from the next start on. Every version that ever decided is kept beside the logs,
because the audit names it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from onefold.adapters.files.disk import Disk, failed
from onefold.app.folder import DataFolder
from onefold.gate.policy_files import SUFFIX, BrokenPolicies, checked, shipped
from onefold.gate.rules import Policies

_IN_FORCE = "in-force"
"""Holds the version of the last start."""


def policy_texts(folder: DataFolder) -> dict[str, str]:
    """The texts in force, by file name; `BrokenPolicies` where one cannot be read."""
    return read_texts(folder.policies) or shipped()


def policies_of(folder: DataFolder) -> Policies:
    """The policies in force; `BrokenPolicies` where the folder's own have faults."""
    own = read_texts(folder.policies)
    # Those that come with Onefold are checked by its tests.
    return checked(own) if own else Policies(shipped())


def read_texts(folder: Path) -> dict[str, str]:
    """The policies that lie in a folder, by file name; none where there is no such folder."""
    texts = {}
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            texts[path.name] = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            raise BrokenPolicies([f"{path.name} cannot be read as text in UTF-8."]) from None
    return texts


def keep_policies(folder: DataFolder, version: str, changed: Callable[[], object]) -> None:
    """Keeps the texts in force under their version, where they are not those of the last start.

    `changed` is called when they take the place of others, and before that is remembered: twice, if need be.
    """
    kept, disk = folder.policies_kept, Disk()
    mark = kept / _IN_FORCE
    try:
        former = mark.read_text("utf-8") if mark.is_file() else ""
        if former == version:
            return
        (kept / version).mkdir(parents=True, exist_ok=True)
        for name, text in policy_texts(folder).items():
            disk.replace(kept / version / name, text.encode())
        if former:
            changed()
        disk.replace(mark, version.encode())
    except OSError as error:
        raise failed(error, "the policies cannot be kept") from error


def kept_policies(folder: DataFolder) -> list[tuple[str, str]]:
    """(file name, text) of every policy that ever decided here."""
    found = sorted(folder.policies_kept.glob(f"*/*{SUFFIX}"))
    return [(path.name, path.read_text("utf-8")) for path in found]
