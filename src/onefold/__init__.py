"""Onefold: one fold over one immutable log, and the customer that it shows.

`from onefold import Resolver` gives the linker as a library, `SplinkResolver` links by a model of Splink,
`diagnose` is a look at tables.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

RELEASE = "0.1.0.dev0"
"""As in pyproject.toml; health and the OpenAPI document tell it. What another judged is judged again."""


def __getattr__(name: str) -> Any:
    """The library, imported when it is asked for: nothing else that starts has to wait for numpy."""
    if name == "Resolver":
        return import_module("onefold.app.resolving").Resolver
    if name == "SplinkResolver":
        return import_module("onefold.app.splinking").SplinkResolver
    if name == "diagnose":
        return import_module("onefold.app.diagnosing").diagnose
    return object.__getattribute__(sys.modules[__name__], name)
