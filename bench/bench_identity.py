"""What identity is worth and what it costs, section by section, beside a peer measured in the same run.

`--only names` runs one section. `--quick` ends within a minute. Real data is read from the folder that
ONEFOLD_SHARED_DATA names; without it the sections that need some say so in one line.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from pathlib import Path

import phonenumbers
import rapidfuzz

from bench import (
    identity_entities,
    identity_judged,
    identity_link,
    identity_live,
    identity_names,
    identity_scale,
    identity_splink,
    identity_weights,
)
from bench.ground import ROOT, line, machine

SECTIONS: dict[str, Callable[[Path | None, bool], None]] = {
    "names": identity_names.run,
    "link": identity_link.run,
    "entities": identity_entities.run,
    "live": identity_live.run,
    "judged": identity_judged.run,
    "scale": identity_scale.run,
    "splink": identity_splink.run,
    "weights": lambda _, quick: identity_weights.run(quick),
}


def shared_data() -> Path | None:
    """The folder of real data sets, if it is here."""
    stated = os.environ.get("ONEFOLD_SHARED_DATA")
    folder = Path(stated) if stated else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def main() -> None:
    """Runs and prints the sections."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=sorted(SECTIONS))
    asked = parser.parse_args()
    versions = f"rapidfuzz {rapidfuzz.__version__}, phonenumbers {phonenumbers.__version__}"
    print(f"{machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}")
    line("what", "target", "measured", "beside")
    for name, run in SECTIONS.items():
        if asked.only in {None, name}:
            print(f"-- {name}")
            run(shared_data(), asked.quick)


if __name__ == "__main__":
    main()
