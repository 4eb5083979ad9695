"""The register of signed forms."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from onefold.testing.world.figures import figure
from onefold.testing.world.generate import DEFAULT_UNTIL, generate
from onefold.testing.world.sources import agreements
from tests.unit.testing.world.made import delivered, truth, world

FILE = agreements.AGREEMENTS.path
Row = dict[str, str]


def rows() -> list[Row]:
    """What was written, whole rows of forms without a day left out."""
    return delivered(world(3000)[0], "core-banking", "AGREEMENTS")


def day_of(text: str) -> date:
    return date(int(text[6:10]), int(text[3:5]), int(text[:2]))


def forms() -> dict[str, list[Row]]:
    """Number of a form → its rows."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows():
        found[row["AGR_NO"].partition("-")[0]].append(row)
    return found


def near(part: int, whole: int, share: float) -> bool:
    """Whether a share is met within four standard deviations."""
    return abs(part - whole * share) <= 4 * (whole * share * (1 - share)) ** 0.5 + 1


def test_only_grown_people_sign() -> None:
    folder, _ = world(3000)
    grown = {it["who"] for it in truth(folder, "people") if it["kind"] == "person" and not it["guardian"]}
    records = {it["key"]: it["who"] for it in truth(folder, "records") if it["source"] == "core-banking"}
    assert rows()
    assert {records[row["CUST_NO"]] for row in rows()} <= grown


def test_each_row_has_an_instant_of_its_own_in_the_past_and_says_how_it_was_given() -> None:
    for row in rows():
        assert day_of(row["SIGNED"]) <= DEFAULT_UNTIL
        assert row["HOW"] in ("PAPER", "PAD", "LETTER")
        assert (row["HOW"] == "LETTER") == (row["ANSWER"] != "Y")


def test_a_form_has_one_notice_and_one_moment_and_ticks_no_box_twice() -> None:
    for form in forms().values():
        assert len({(row["CUST_NO"], row["NOTICE"], row["SIGNED"], row["HOW"]) for row in form}) == 1
        assert len({(row["PURPOSE"], row["CHANNEL"]) for row in form}) == len(form)


def test_a_yes_to_the_oldest_notice_covers_every_channel_and_ends_after_five_years() -> None:
    old = [row for row in rows() if row["NOTICE"] == "1"]
    assert old
    for row in old:
        assert row["CHANNEL"] == "ALL"
        assert day_of(row["UNTIL"]) - day_of(row["SIGNED"]) == timedelta(days=5 * 365)
    newer = [row for row in rows() if row["NOTICE"] in ("2", "3")]
    assert newer
    assert all(row["UNTIL"] == "" for row in newer)
    assert {row["CHANNEL"] for row in newer if row["PURPOSE"] == "ADV"} == set(agreements.CHANNELS)


def test_a_letter_comes_after_the_last_form_of_the_customer() -> None:
    signed: dict[str, date] = {}
    letters = [row for row in rows() if row["HOW"] == "LETTER"]
    for row in rows():
        if row["HOW"] != "LETTER":
            day = day_of(row["SIGNED"])
            signed[row["CUST_NO"]] = max(day, signed.get(row["CUST_NO"], day))
    assert {row["ANSWER"] for row in letters} == {"W", "O"}
    assert all(row["CHANNEL"] == "ALL" and row["PURPOSE"] == "ADV" for row in letters)
    known = [row for row in letters if row["CUST_NO"] in signed]
    assert len(known) > 0.9 * len(letters)
    assert all(day_of(row["SIGNED"]) > signed[row["CUST_NO"]] for row in known)


def test_the_figures_are_met() -> None:
    newer = [form for form in forms().values() if form[0]["NOTICE"] in ("2", "3")]
    yes = [form for form in newer if any(row["PURPOSE"] == "ADV" for row in form)]
    app = [form for form in yes if any(row["CHANNEL"] == "APP" for row in form)]
    assert near(len(app), len(yes), figure("agreement.box"))
    learning = [form for form in yes if any(row["PURPOSE"] == "ANL" for row in form)]
    assert near(len(learning), len(yes), figure("agreement.analytics"))
    every = [row["AGR_NO"].partition("-")[0] for row in read_all()]
    undated = {row["AGR_NO"].partition("-")[0] for row in read_all() if not row["SIGNED"]}
    assert near(len(undated), len(set(every)), figure("agreement.undated"))


def read_all() -> list[Row]:
    """The rows of forms, dated or not."""
    lines = (world(3000)[0] / FILE).read_text(encoding="cp1251").splitlines()
    found = [dict(zip(agreements.AGREEMENTS.columns, line.split(";"), strict=True)) for line in lines[1:]]
    return [row for row in found if row["AGR_NO"].startswith("A") and row["HOW"] != "LETTER"]


def test_a_form_without_the_day_it_was_signed_is_told_as_bad() -> None:
    folder, _ = world(3000)
    told = {it["key"] for it in truth(folder, "bad_rows") if it["fault"] == "missing_date"}
    assert told
    assert told == {row["AGR_NO"] for row in read_all() if not row["SIGNED"]}


def test_what_is_signed_moves_nothing_in_any_other_file(tmp_path: Path, monkeypatch) -> None:
    """With twice as many letters and half the forms, all other files have the same bytes."""

    def digests(folder: Path) -> dict[str, str]:
        generate(folder, people=600, seed=3)
        return {
            path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*.*"))
        }

    before = digests(tmp_path / "before")
    monkeypatch.setattr(agreements, "figure", lambda _: 0.5)
    after = digests(tmp_path / "after")
    assert {path for path in before if before[path] != after[path]} == {FILE, "truth/bad_rows.parquet"}
