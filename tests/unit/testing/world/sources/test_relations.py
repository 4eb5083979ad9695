"""The register of who stands to whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from onefold.record.canon.relations import KINDS
from onefold.testing.world.figures import figure
from onefold.testing.world.generate import DEFAULT_UNTIL, generate
from onefold.testing.world.sources import relations
from tests.unit.testing.world.made import delivered, truth, world

Row = dict[str, str]


def rows() -> list[Row]:
    return delivered(world(3000)[0], "core-banking", "RELATIONS")


def told() -> list[dict[str, Any]]:
    return truth(world(3000)[0], "relations")


def people() -> dict[str, dict[str, Any]]:
    return {it["who"]: it for it in truth(world(3000)[0], "people")}


def day_of(text: str) -> date:
    return date(int(text[6:10]), int(text[3:5]), int(text[:2]))


def near(part: int, whole: int, share: float) -> bool:
    """Whether a share is met within four standard deviations."""
    return abs(part - whole * share) <= 4 * (whole * share * (1 - share)) ** 0.5 + 1


def test_the_truth_says_of_each_row_whom_it_is_between() -> None:
    records = truth(world(3000)[0], "records")
    whose = {it["key"]: it["who"] for it in records if it["source"] == "core-banking"}
    true = {it["key"]: it for it in told()}
    assert {row["REL_NO"] for row in rows()} == true.keys()
    for row in rows():
        it = true[row["REL_NO"]]
        assert (whose[row["CUST_NO"]], relations.CODES[it["kind"]]) == (it["who"], row["KIND"])
        assert whose.get(row["OTHER_NO"]) == it["other"]
        assert (row["HH_NO"] or None) == (it["household"] and it["household"].replace("h", "HH"))


def test_every_kind_is_stated_but_those_that_nobody_of_the_world_stands_in() -> None:
    assert {it["kind"] for it in told()} == set(KINDS) - {"attorney", "parent"}


def test_a_household_is_of_people_who_live_together() -> None:
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for it in told():
        if it["kind"] == "household":
            homes[it["household"]].append(it["who"])
    known = people()
    assert all(known[who]["household"] == home for home, members in homes.items() for who in members)
    assert min(map(len, homes.values())) >= 2
    declared = {
        row["HH_NO"].replace("HH", "h") for row in delivered(world(3000)[0], "core-banking", "HOUSEHOLDS")
    }
    assert declared == homes.keys()
    records = truth(world(3000)[0], "records")
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for it in records:
        if it["source"] == "core-banking" and it["kind"] == "person":
            beside[it["household"]].add(it["who"])
    several = sum(len(it) > 1 for it in beside.values())
    assert near(len(homes), several, figure("relation.household"))


def test_guardians_are_those_of_minors_and_partners_are_stated_once() -> None:
    known = people()
    wards = [it for it in told() if it["kind"] == "guardian"]
    assert all(known[it["who"]]["guardian"] == it["other"] for it in wards)
    minors = sum(bool(it["guardian"]) and it["kind"] == "person" for it in known.values())
    assert near(len(wards), minors, figure("relation.guardian"))
    couples = [frozenset((it["who"], it["other"])) for it in told() if it["kind"] == "spouse"]
    assert len(set(couples)) == len(couples) > 50


def test_firms_are_owned_by_their_owners_and_belong_to_no_firm_of_their_own() -> None:
    known = people()
    above: dict[str, str] = {}
    shares: Counter[str] = Counter()
    share = {row["REL_NO"]: row["SHARE"] for row in rows()}
    for it in told():
        if it["kind"] in ("director", "beneficial_owner", "authorised_person", "employee", "parent_firm"):
            assert known[it["who"]]["kind"] == "organisation"
        if it["kind"] == "beneficial_owner":
            shares[it["who"]] += int(share[it["key"]].partition(",")[0])
        if it["kind"] == "parent_firm":
            above[it["who"]] = it["other"]
    assert set(shares.values()) <= {50, 100}
    for firm in above:
        seen = {firm}
        while (firm := above.get(firm, "")) and firm not in seen:
            seen.add(firm)
        assert not firm, "a firm above itself"


def test_nothing_begins_in_the_future_or_ends_before_it_began() -> None:
    for row in rows():
        since = day_of(row["SINCE"])
        assert since <= DEFAULT_UNTIL
        if row["UNTIL"]:
            assert since <= day_of(row["UNTIL"]) <= DEFAULT_UNTIL
    assert any(row["UNTIL"] for row in rows())


def test_the_register_moves_nothing_in_any_other_file(tmp_path: Path, monkeypatch) -> None:
    """With other shares, all other files have the same bytes."""

    def digests(folder: Path) -> dict[str, str]:
        generate(folder, people=600, seed=3)
        return {
            path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*.*"))
        }

    before = digests(tmp_path / "before")
    monkeypatch.setattr(relations, "figure", lambda _: 0.97)
    after = digests(tmp_path / "after")
    changed = {path for path in before if before[path] != after[path]}
    own = {relations.HOUSEHOLDS.path, relations.RELATIONS.path, "truth/relations.parquet"}
    assert own <= changed <= own | {"truth/bad_rows.parquet"}
