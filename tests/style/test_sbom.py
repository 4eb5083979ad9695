"""The list of all libraries says what the locks say: each once, with digests, and no address."""

from __future__ import annotations

import json
import re

from tools.sbom import bill, python_components, web_components

from tests.style.source import ROOT

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[.*\])?==", flags=re.MULTILINE)


def test_every_library_of_every_lock_is_on_it_once_with_a_digest():
    found = bill(ROOT)
    refs = [it["bom-ref"] for it in found["components"]]
    assert len(set(refs)) == len(refs)
    named = {it["name"] for it in found["components"]}
    for lock in ("base", "dev"):
        pinned = PINNED.findall((ROOT / "requirements" / f"{lock}.txt").read_text())
        assert len(pinned) > 20
        assert {it.lower().replace("_", "-") for it in pinned} <= named
    web = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    assert {it.rpartition("node_modules/")[2] for it in web if it} <= named
    assert not [it["bom-ref"] for it in found["components"] if not it.get("hashes")]


def test_what_runs_is_told_from_what_builds():
    scopes = {it["bom-ref"].partition("@")[0]: it["scope"] for it in bill(ROOT)["components"]}
    assert scopes["pkg:pypi/cedarpy"] == scopes["pkg:npm/react"] == "required"
    assert scopes["pkg:pypi/hypothesis"] == scopes["pkg:npm/vite"] == "excluded"


def test_it_names_no_address_and_is_the_same_each_time():
    text = json.dumps(bill(ROOT))
    assert "://" not in text
    assert text == json.dumps(bill(ROOT))


def test_a_lock_is_read_with_extras_markers_and_scopes_of_names():
    lock = "a_b[c]==1.0+local ; python_version > '3' \\\n    --hash=sha256:" + "0" * 64 + "\n    # via x\n"
    (one,) = python_components(lock, "required")
    assert (one["name"], one["purl"]) == ("a-b", "pkg:pypi/a-b@1.0%2Blocal")
    assert one["hashes"] == [{"alg": "SHA-256", "content": "0" * 64}]
    packages = {"": {}, "node_modules/a/node_modules/@b/c": {"version": "2.0.0", "integrity": "sha512-AAAA"}}
    (other,) = web_components(json.dumps({"packages": packages}))
    assert other["purl"] == "pkg:npm/%40b/c@2.0.0"
    assert other["hashes"] == [{"alg": "SHA-512", "content": "000000"}]
