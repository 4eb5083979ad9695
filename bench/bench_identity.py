"""Who is who: how right, how sure and how fast. One section a topic; `--section link` runs one."""

from __future__ import annotations

import argparse
import os
import platform

import numpy as np
import rapidfuzz

from bench.identity_link import link_section

SECTIONS = {
    "link": link_section,
}


def main() -> None:
    """Runs and prints every section, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sets only, within a minute")
    parser.add_argument("--section", action="append", choices=sorted(SECTIONS), help="can be given again")
    given = parser.parse_args()
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()},"
        f" numpy {np.__version__}, rapidfuzz {rapidfuzz.__version__}"
    )
    for name in given.section or SECTIONS:
        print(f"--- {name}")
        SECTIONS[name](quick=given.quick)


if __name__ == "__main__":
    main()
