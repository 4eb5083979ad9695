"""The reference pages say what the code says: entities, errors and routes, none undocumented."""

from __future__ import annotations

import pytest
from tools.reference import FOLDER, PAGES, error_classes


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_page_is_what_the_code_would_write(name: str) -> None:
    committed = (FOLDER / name).read_text(encoding="utf-8")
    assert committed == PAGES[name](), "run `python tools/reference.py` and commit the pages"


def test_an_error_code_belongs_to_one_status() -> None:
    statuses: dict[str, set[int]] = {}
    for kind in error_classes():
        statuses.setdefault(kind.code, set()).add(kind.status)
    assert {code: found for code, found in statuses.items() if len(found) > 1} == {}
