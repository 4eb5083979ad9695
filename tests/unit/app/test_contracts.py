"""The folder of published contracts: what several processes keep of it at once is all kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from onefold.app.contracts import ADOPTED, Published

PUBLISHERS, TIMES = 8, 12


def test_statuses_that_many_keep_at_once_are_all_kept(tmp_path: Path) -> None:
    def publish(publisher: int) -> None:
        for time in range(TIMES):
            Published(tmp_path).record(f"source-{publisher}", f"1.{time}.0", "active", "anna", "")

    with ThreadPoolExecutor(PUBLISHERS) as pool:
        list(pool.map(publish, range(PUBLISHERS)))
    kept = {(it.source, it.version) for it in Published(tmp_path).entries()}
    assert kept == {(f"source-{one}", f"1.{time}.0") for one in range(PUBLISHERS) for time in range(TIMES)}


def test_a_correction_is_put_in_force_once_however_many_do_it(tmp_path: Path) -> None:
    corrections = [("core-banking", f"1.0.0+{it}") for it in range(5)]
    with ThreadPoolExecutor(PUBLISHERS) as pool:
        list(
            pool.map(
                lambda it: Published(tmp_path).record_adopted(corrections, f"by-{it}"), range(PUBLISHERS)
            )
        )
    entries = Published(tmp_path).entries()
    assert [(it.source, it.version) for it in entries] == corrections
    assert {it.status for it in entries} == {ADOPTED}
