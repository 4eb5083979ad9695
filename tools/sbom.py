"""Writes the list of all libraries as CycloneDX 1.6 (JSON), from the lock files and nothing else.

What runs is `required`; what builds and tests is `excluded`, as CycloneDX calls it. The same locks give the
same bytes: there is no date in it, and the serial number is a digest of the components. It names no registry.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

ROOT = Path(__file__).resolve().parents[1]
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s\\;]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_ALGORITHMS = {"sha512": "SHA-512", "sha384": "SHA-384", "sha256": "SHA-256"}

Component = dict[str, Any]


def python_components(lock: str, scope: str) -> Iterator[Component]:
    """The libraries of a `requirements/*.txt`, each with digests of the files it is installed from."""
    for block in re.split(r"\n(?=[A-Za-z0-9])", lock):
        if pinned := _PINNED.match(block):
            name, version = pinned[1].lower().replace("_", "-"), pinned[2]
            hashes = [{"alg": "SHA-256", "content": it} for it in sorted(set(_HASH.findall(block)))]
            yield _component(f"pkg:pypi/{name}@{quote(version)}", name, version, scope, hashes)


def web_components(lock: str) -> Iterator[Component]:
    """The libraries of a `package-lock.json`."""
    for place, it in json.loads(lock)["packages"].items():
        if place:
            name = place.rpartition("node_modules/")[2]
            algorithm, _, digest = str(it.get("integrity", "")).partition("-")
            hashes = (
                [{"alg": _ALGORITHMS[algorithm], "content": base64.b64decode(digest).hex()}] if digest else []
            )
            scope = "excluded" if it.get("dev") else "required"
            address = f"pkg:npm/{quote(name, safe='/')}@{quote(it['version'])}"
            found = _component(address, name, it["version"], scope, hashes)
            yield found | ({"licenses": [{"expression": it["license"]}]} if it.get("license") else {})


def _component(address: str, name: str, version: str, scope: str, hashes: list[dict[str, str]]) -> Component:
    found = {"type": "library", "bom-ref": address, "name": name, "version": version, "scope": scope}
    return found | ({"hashes": hashes} if hashes else {}) | {"purl": address}


def bill(root: Path) -> dict[str, Any]:
    """The whole list. A library that runs and is used to build stands there once, as one that runs."""
    read = {it: (root / it).read_text(encoding="utf-8") for it in ("pyproject.toml", "web/package-lock.json")}
    found: dict[str, Component] = {}
    runs = (root / "requirements" / "base.txt").read_text(encoding="utf-8")
    builds = (root / "requirements" / "dev.txt").read_text(encoding="utf-8")
    every = (
        *python_components(runs, "required"),
        *python_components(builds, "excluded"),
        *web_components(read["web/package-lock.json"]),
    )
    for it in every:
        known = found.get(it["bom-ref"])
        if known is None or (known["scope"], it["scope"]) == ("excluded", "required"):
            found[it["bom-ref"]] = it
    components = [found[it] for it in sorted(found)]
    project = tomllib.loads(read["pyproject.toml"])["project"]
    digest = sha256(json.dumps(components, sort_keys=True).encode()).hexdigest()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(UUID(int=0), digest)}",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": project["name"], "version": project["version"]}
        },
        "components": components,
    }


def main() -> None:
    """Writes it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "dist" / "onefold.cdx.json")
    to: Path = parser.parse_args().to
    to.parent.mkdir(parents=True, exist_ok=True)
    found = bill(ROOT)
    to.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"{to}: {len(found['components'])} components")


if __name__ == "__main__":
    main()
