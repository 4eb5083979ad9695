"""`onefold diagnose`: extracts in, one page out, before there is a data folder."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re

import pyarrow as pa
import pytest

from onefold import diagnose
from onefold.adapters.files.disk import Disk
from onefold.app.house import LocalHouse
from onefold.channels.cli.main import run
from tests.linking import table

pytestmark = pytest.mark.xdist_group("cli")


@pytest.fixture
def onefold(capsys, monkeypatch, tmp_path):
    """Runs the command in this process and in an empty folder; its exit code and what it printed."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(LocalHouse(), [str(it) for it in arguments])
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return run_command


def world(folder, persons=120, seed=3):
    """Three extracts of one people: CSV, JSON Lines, and CSV packed with gzip."""
    columns = table(persons, seed)
    rows = [dict(zip(columns, it, strict=True)) for it in zip(*columns.values(), strict=True)]
    crm, shop, branch = (folder / it for it in ("crm.csv", "shop.jsonl", "branch.csv.gz"))

    def text(part):
        header = ",".join(columns)
        return "\n".join([header, *(",".join(it.values()) for it in part)]) + "\n"

    crm.write_text(text(rows[0::3]), encoding="utf-8")
    shop.write_text("\n".join(map(json.dumps, rows[1::3])), encoding="utf-8")
    branch.write_bytes(gzip.compress(text(rows[2::3]).encode(), mtime=0))
    return [crm, shop, branch], rows


def test_three_extracts_give_one_page_for_their_owner_alone(onefold, tmp_path):
    files, rows = world(tmp_path)
    before = [it.read_bytes() for it in files]
    code, said, _ = onefold("diagnose", *(it.name for it in files), "--truth", "who")
    assert code == 0
    assert f"{len(rows):,} records of 3 sources seem to be" in said
    estimated = re.search(r"estimated without labels: precision (\d\.\d+) \(", said)
    true = re.search(r"against the truth: precision (\d\.\d+)", said)
    assert estimated
    assert true
    assert float(estimated[1]) == pytest.approx(float(true[1]), abs=0.02)
    assert float(estimated[1]) > 0.9
    report = tmp_path / "onefold-report.html"
    assert report.stat().st_mode & 0o777 == 0o600
    html = report.read_text(encoding="utf-8")
    for it, data in zip(files, before, strict=True):
        assert hashlib.sha256(data).hexdigest() in html
        assert it.name in html
        assert it.read_bytes() == data
    assert sorted(it.name for it in tmp_path.iterdir()) == sorted([*(it.name for it in files), report.name])


def test_values_are_shown_when_asked_for_and_not_before(onefold, tmp_path):
    files, rows = world(tmp_path)
    mails = {it["mail"] for it in rows if it["mail"]}
    assert onefold("diagnose", *files, "--out", "a.html")[0] == 0
    assert onefold("diagnose", *files, "--out", "b.html", "--show-values")[0] == 0
    masked, shown = ((tmp_path / it).read_text(encoding="utf-8") for it in ("a.html", "b.html"))
    assert not [it for it in mails if it in masked]
    assert [it for it in mails if it in shown]
    assert not [it["born"] for it in rows if it["born"] and it["born"] in masked]


def test_a_report_is_written_over_only_when_told_so_and_inputs_never(onefold, tmp_path):
    files, _ = world(tmp_path, persons=40)
    (tmp_path / "twin.csv").hardlink_to(files[0])
    before = files[0].read_bytes()
    assert onefold("diagnose", files[0], "--out", "a.html")[0] == 0
    code, _, error = onefold("diagnose", files[0], "--out", "a.html")
    assert code == 1
    assert "a.html is there already. Give --out another name, or --force" in error
    assert onefold("diagnose", files[0], "--out", "a.html", "--force")[0] == 0
    for out in ("crm.csv", "twin.csv"):
        code, _, error = onefold("diagnose", files[0], "--out", out, "--force")
        assert code == 1
        assert "is read, and would be written over" in error
    assert files[0].read_bytes() == before


def test_a_full_disk_leaves_the_report_of_before(onefold, tmp_path, monkeypatch):
    files, _ = world(tmp_path, persons=40)
    (tmp_path / "a.html").write_bytes(b"of before")

    def full(*_):
        raise OSError(28, "no space")

    monkeypatch.setattr(Disk, "sync", full)
    code, _, error = onefold("diagnose", files[0], "--out", "a.html", "--force")
    assert code != 0
    assert "could not be written" in error
    assert (tmp_path / "a.html").read_bytes() == b"of before"


@pytest.mark.parametrize(
    ("content", "arguments", "what"),
    [
        (b"", [], "is empty"),
        (b"name,town\nAnn,York\n", [], "fewer than two records"),
        (b"a,b\nq,w\ne,r\n", [], "No column says who a record is about. Name some with --map"),
        (b"name,town\nAnn Lee,York\nBob Moss,Leeds\n", ["--map", "planet=town"], "There is no field planet"),
        (b"name,town\nAnn Lee,York\nBob Moss,Leeds\n", ["--map", "city=place"], "There is no column place"),
        (b"name,town\nAnn Lee,York\nBob Moss,Leeds\n", ["--id", "key"], "There is no column key in crm"),
        (b"name,town\nAnn Lee,York\nBob Moss,Leeds\n", ["--truth", "who"], "There is no column who"),
        ("name,town\nАнна,Ташкент\n".encode("cp1251"), [], "is not in UTF-8"),
    ],
)
def test_what_cannot_be_looked_at_is_one_line_and_no_report(onefold, tmp_path, content, arguments, what):
    (tmp_path / "crm.csv").write_bytes(content)
    code, said, error = onefold("diagnose", "crm.csv", *arguments)
    assert code == 1
    assert what in error
    assert "Traceback" not in error
    assert "Ann" not in said + error
    assert [it.name for it in tmp_path.iterdir()] == ["crm.csv"]


def test_a_file_that_is_not_there_is_named(onefold):
    code, _, error = onefold("diagnose", "nowhere.csv")
    assert code == 1
    assert "There is no file nowhere.csv" in error


def test_columns_can_be_told_and_those_left_out_are_named(onefold, tmp_path):
    columns = table(60, seed=5)
    columns = {"bp" if name == "town" else name: values for name, values in columns.items()}
    with (tmp_path / "crm.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    _, said, _ = onefold("diagnose", "crm.csv", "--out", "a.html")
    assert "not compared who, bp; --map field=column says what it is" in said
    _, said, _ = onefold("diagnose", "crm.csv", "--out", "b.html", "--map", "city=bp", "--map", "=who")
    assert "bp as city" in said


def test_keys_of_objects_that_are_data_are_in_no_report_and_on_no_screen(onefold, tmp_path):
    """As many houses export accounts: an object whose members are called by their numbers."""
    columns = table(60, seed=5)
    rows = [dict(zip(columns, it, strict=True)) for it in zip(*columns.values(), strict=True)]
    told = [it | {"accounts": {f"40817810{at:012}": {"holder": it["who"]}}} for at, it in enumerate(rows)]
    (tmp_path / "crm.jsonl").write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
    code, said, err = onefold("diagnose", "crm.jsonl", "--out", "a.html")
    page = (tmp_path / "a.html").read_text()
    assert code == 0
    assert "accounts.….holder" in page
    assert "40817810" not in said + err + page


def test_columns_of_files_without_ids_are_looked_at_whatever_they_are_called(tmp_path):
    """A column without a name is no column of ids."""
    columns = table(60, seed=5)
    named = {("" if name == "town" else name): it for name, it in columns.items() if name != "id"}
    assert "" in [name for name, _ in diagnose(pa.table(named), fields={"": ""}).facts.unnamed]
