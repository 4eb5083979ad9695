"""Requirements: every pin has hashes, the lists agree, and every licence may travel with Apache-2.0."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import pytest

from onefold import RELEASE
from tests.style.source import ROOT, report

REQUIREMENTS = ROOT / "requirements"

# May be used by, and shipped beside, a work under Apache-2.0 without changing its terms.
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "ISC", "MIT", "MIT-0",
    "MIT-CMU", "MPL-2.0", "PSF-2.0", "Python-2.0", "Unlicense", "Zlib",
}  # fmt: skip
# Copyleft, one by one, each with why it is still fine here.
EXCEPTIONS = {
    "psycopg": "LGPL-3.0-only",  # used unmodified and replaceable, see NOTICE
    "psycopg-binary": "LGPL-3.0-only",  # the same
    "python-stdnum": "LGPL-2.1-or-later",  # used unmodified and replaceable, see NOTICE
}
OF_EXTRAS = {"ldap3": "LGPL-3.0-or-later"}  # the same; only who asks for the extra installs it
CLASSIFIERS = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
}
TITLES = {"Apache License Version 2.0,": "Apache-2.0"}  # how a licence file begins
SPELLINGS = {
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "mit license": "MIT",
    "lgpl": "LGPL-2.1-or-later",
    "lgpl v3": "LGPL-3.0-or-later",
}


def pins(name: str) -> dict[str, str]:
    """Distribution → version of one lock."""
    text = (REQUIREMENTS / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, flags=re.MULTILINE))


def wishes(name: str) -> set[str]:
    """The names that a `.in` file asks for."""
    lines = (REQUIREMENTS / name).read_text(encoding="utf-8").splitlines()
    return {
        line.split("#")[0].strip()
        for line in lines
        if line.split("#")[0].strip() and not line.startswith("-")
    }


def licence(found: Distribution) -> str:
    """The SPDX expression of a distribution, from the newest kind of metadata it has."""
    metadata = found.metadata
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    for classifier in metadata.get_all("Classifier") or []:
        name = classifier.removeprefix("License :: OSI Approved :: ")
        if name in CLASSIFIERS:
            return CLASSIFIERS[name]
    for file in found.files or ():
        if ".dist-info/licenses/" in str(file):
            first = " ".join(file.read_text(encoding="utf-8").split()[:4])
            if first in TITLES:
                return TITLES[first]
    text = metadata["License"].strip() if "License" in metadata else ""
    return SPELLINGS.get(text.lower(), text.splitlines()[0] if text else "no licence stated")


def allowed(expression: str) -> bool:
    """Whether an SPDX expression leaves at least one choice that is wholly on the list."""
    choices = re.split(r"\s+OR\s+", expression.replace("(", "").replace(")", ""))
    return any(all(part.strip() in ALLOWED for part in re.split(r"\s+AND\s+", choice)) for choice in choices)


def test_the_licence_check_reads_expressions():
    assert allowed("Apache-2.0 OR BSD-3-Clause")
    assert allowed("MIT AND PSF-2.0")
    assert allowed("GPL-3.0-only OR MIT")
    assert not allowed("MIT AND GPL-3.0-only")
    assert not allowed("no licence stated")


def test_every_licence_of_base_may_travel_with_ours():
    faults = []
    checked = 0
    for name in pins("base.txt"):
        try:
            stated = licence(distribution(name))
        except PackageNotFoundError:
            continue  # pinned for another system
        checked += 1
        if not allowed(stated) and EXCEPTIONS.get(name) != stated:
            faults.append(f"{name}: {stated}")
    assert checked > len(wishes("base.in")) - 1
    assert not faults, report(faults)


@pytest.mark.parametrize("name", sorted(path.name for path in REQUIREMENTS.glob("*.txt")))
def test_every_pin_has_a_hash(name):
    text = (REQUIREMENTS / name).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
    faults = [block.split()[0] for block in blocks if "--hash=sha256:" not in block]
    assert blocks
    assert not faults, report(faults)


def test_the_project_asks_for_what_base_pins():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(project["dependencies"]) == wishes("base.in")
    assert wishes("base.in") <= set(pins("base.txt"))


def test_the_release_says_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == RELEASE


def test_development_runs_on_the_same_versions_as_production():
    base, dev = pins("base.txt"), pins("dev.txt")
    assert {name: dev.get(name) for name in base} == base


def extras() -> set[str]:
    """The distributions that the extras of the project ask for by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [it for wanted in project["optional-dependencies"].values() for it in wanted]
    return {re.split(r"[\[<>=; ]", it)[0] for it in asked}


def test_every_licence_of_the_extras_may_travel_with_ours_too():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    stated = {name: licence(distribution(name)) for name in sorted(extras())}
    faults = [f"{name}: {it}" for name, it in stated.items() if not allowed(it) and OF_EXTRAS.get(name) != it]
    assert extras() <= set(pins("dev.txt"))
    assert not faults, report(faults)
    assert set(OF_EXTRAS) <= extras()
    assert all(name in notice for name in OF_EXTRAS)


def test_every_exception_is_still_needed_and_told():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for name in EXCEPTIONS:
        assert name in pins("base.txt")
        assert name in notice
