"""The biometric engine of a house, from the data folder's settings, and the references made with it.

[biometrics]
matcher = "vendor_adapter:open_matcher"   a function of an installed package that is given `at` and
                                          makes a BiometricMatcher
at = "https://engine.bank.example"        where the engine is, in whatever form that function reads

Who writes the settings decides what is loaded, as with drivers of databases. Keep the engine set while there
are references: whoever is erased has to be forgotten there, too.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from onefold.app.connections import settings
from onefold.app.folder import CONFIG, DataFolder
from onefold.app.vaults import Vaults
from onefold.kernel.errors import CallerError
from onefold.record.biometrics.ports import BiometricMatcher, NoMatcher
from onefold.record.biometrics.service import BiometricReferences

_FACTORY = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*)")


def references_in(vaults: Vaults) -> BiometricReferences:
    """The references of a folder's cell."""
    return BiometricReferences(vaults.cell_key, vaults.subject_keys, matcher_of(vaults.folder))


def matcher_of(folder: DataFolder) -> BiometricMatcher:
    """The engine that the settings name; without one, nobody is enrolled or compared."""
    entry = settings(folder, "biometrics")
    if entry is None:
        return NoMatcher()
    at = entry.get("at", "") if isinstance(entry, dict) else None
    named = _FACTORY.fullmatch(str(entry.get("matcher", ""))) if isinstance(entry, dict) else None
    if named is None or not isinstance(at, str) or set(entry) - {"matcher", "at"}:
        raise CallerError(
            f"[biometrics] in {CONFIG} is not set as it must be.",
            hint='Give it matcher = "package.module:function" and, if that asks for it, at = "…".',
        )
    try:
        made: Any = getattr(import_module(named[1]), named[2])
    except (ImportError, AttributeError):
        raise CallerError(
            f"The matcher under [biometrics] in {CONFIG} is not there.",
            hint="Install its package, and name the function that opens it.",
        ) from None
    matcher: BiometricMatcher = made(at)
    return matcher
