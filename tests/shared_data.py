"""Real data sets that lie beside the project and are no part of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared_data(name: str) -> Path:
    """The folder of a data set; the test is skipped, with the name of the set, where it is absent."""
    stated = os.environ.get("ONEFOLD_SHARED_DATA")
    base = Path(stated) if stated else ROOT.parent / "shared" / "data"
    folder = base / name
    if not folder.is_dir():
        pytest.skip(f"the data set {name} is not here; set ONEFOLD_SHARED_DATA to the folder that holds it")
    return folder
