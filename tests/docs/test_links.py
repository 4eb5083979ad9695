"""A reader who follows a link arrives, every page can be found from the index, and a word has one meaning."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.docs.console import ROOT

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """Every page of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    return [ROOT / name for name in listed if name]


def links_of(page: Path) -> list[Path]:
    """Where the links of a page lead within the repository."""
    targets = LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return [
        (page.parent / it).resolve() for it in targets if "://" not in it and not it.startswith("mailto:")
    ]


def test_a_link_leads_to_something_that_is_there() -> None:
    lost = [f"{page.relative_to(ROOT)}: {it}" for page in pages() for it in links_of(page) if not it.exists()]
    assert not lost


def test_every_page_of_the_documentation_is_in_an_index() -> None:
    indexed = set(links_of(ROOT / "docs" / "README.md")) | set(links_of(ROOT / "docs" / "adr" / "README.md"))
    docs = {page for page in pages() if page.is_relative_to(ROOT / "docs")}
    missing = sorted(str(page.relative_to(ROOT)) for page in docs - indexed)
    assert missing == ["docs/README.md"], "name the page in docs/README.md"


def test_a_word_is_in_the_glossary_once() -> None:
    text = (ROOT / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")
    words = [word for word in re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE) if word != "word"]
    assert len(words) > 40
    assert sorted(words) == sorted(set(words))
