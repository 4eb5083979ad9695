"""`onefold link`: files in, who is who out, with no data folder."""

from __future__ import annotations

import csv
import errno
import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.adapters.files.disk import Disk
from onefold.app.house import LocalHouse
from onefold.channels.cli.main import run
from onefold.customer.identity.linking.model import model_from_json
from tests import splink
from tests.linking import table
from tests.shared_data import shared_data

pytestmark = pytest.mark.xdist_group("cli")


@pytest.fixture
def onefold(capsys, monkeypatch):
    """Runs the command in this process; its exit code and what it printed."""
    monkeypatch.setenv("COLUMNS", "200")

    def run_command(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(LocalHouse(), [str(it) for it in arguments])
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return run_command


def write_csv(path, columns):
    """A table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def test_a_file_is_linked_measured_and_written(onefold, tmp_path):
    file = write_csv(tmp_path / "crm.csv", table(150, seed=3))
    out, model = tmp_path / "who.parquet", tmp_path / "model.json"
    code, said, _ = onefold("link", file, "--out", out, "--truth", "who", "--model", model)
    assert code == 0
    assert "born as birth_date" in said
    assert "against the truth: precision" in said
    rows = pq.read_table(out)
    assert rows.column_names == ["source", "record_id", "customer_id", "probability"]
    assert rows.num_rows == len(table(150, seed=3)["id"])
    assert set(rows["source"].to_pylist()) == {"crm"}
    assert model_from_json(model.read_bytes()).records == rows.num_rows


def test_csv_and_parquet_of_the_same_rows_give_the_same_ids(onefold, tmp_path):
    columns = table(100, seed=8)
    write_csv(tmp_path / "crm.csv", columns)
    (tmp_path / "again").mkdir()
    pq.write_table(pa.table(columns), tmp_path / "again" / "crm.parquet")
    onefold("link", tmp_path / "crm.csv", "--out", tmp_path / "a.parquet", "--truth", "who")
    onefold("link", tmp_path / "again" / "crm.parquet", "--out", tmp_path / "b.parquet", "--truth", "who")
    assert pq.read_table(tmp_path / "a.parquet").equals(pq.read_table(tmp_path / "b.parquet"))


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["nowhere.csv"], "There is no file nowhere.csv"),
        (["crm.csv", "--map", "city"], "maps nothing"),
        (["crm.csv", "--map", "planet=town"], "There is no field planet"),
        (["broken.csv"], "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_one_line(onefold, tmp_path, monkeypatch, arguments, what):
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "crm.csv", table(20, seed=1))
    (tmp_path / "broken.csv").write_text("a,b\n1,2\n1,2,3\n", encoding="utf-8")
    code, _, error = onefold("link", *arguments, "--out", tmp_path / "out.parquet")
    assert code == 1
    assert what in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("out", "model", "what"),
    [
        ("crm.csv", "model.json", "crm.csv is read"),
        ("link.csv", "model.json", "crm.csv is read"),
        ("twin.csv", "model.json", "twin.csv is read"),
        ("who.parquet", "./crm.csv", "crm.csv is read"),
        ("who.parquet", "who.parquet", "cannot be one file"),
        ("nowhere/who.parquet", "model.json", "no folder for who.parquet"),
        ("who.parquet", "nowhere/model.json", "no folder for model.json"),
        (".", "model.json", "is no file"),
    ],
)
def test_nothing_is_written_over_what_is_read(onefold, tmp_path, monkeypatch, out, model, what):
    monkeypatch.chdir(tmp_path)
    file = write_csv(tmp_path / "crm.csv", table(20, seed=1))
    (tmp_path / "link.csv").symlink_to(file)
    (tmp_path / "twin.csv").hardlink_to(file)
    before = file.read_bytes()
    code, _, error = onefold("link", "crm.csv", "--out", out, "--model", model)
    assert code == 1
    assert what in error
    assert "Traceback" not in error
    assert file.read_bytes() == before
    assert sorted(it.name for it in tmp_path.iterdir()) == ["crm.csv", "link.csv", "twin.csv"]


def test_what_is_written_is_its_owners_alone(onefold, tmp_path):
    file = write_csv(tmp_path / "crm.csv", table(20, seed=1))
    out, model = tmp_path / "who.parquet", tmp_path / "model.json"
    for it in (out, model):
        it.write_bytes(b"of before")
        it.chmod(0o644)
    assert onefold("link", file, "--out", out, "--model", model)[0] == 0
    assert [it.stat().st_mode & 0o777 for it in (out, model)] == [0o600, 0o600]
    assert len(list(tmp_path.iterdir())) == 3


def test_a_full_disk_leaves_what_was_there(onefold, tmp_path, monkeypatch):
    file = write_csv(tmp_path / "crm.csv", table(20, seed=1))
    out = tmp_path / "who.parquet"
    out.write_bytes(b"of before")

    def full(*_):
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(Disk, "sync", full)
    code, _, error = onefold("link", file, "--out", out)
    assert code != 0
    assert "could not be written" in error
    assert "Traceback" not in error
    assert out.read_bytes() == b"of before"
    assert sorted(it.name for it in tmp_path.iterdir()) == ["crm.csv", "who.parquet"]


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.csv", "name,город\nАнна,Ташкент\n".encode("cp1251"), "a.csv is not in UTF-8"),
        ("a.csv", "name,town\nАнна,Ташкент\n".encode("cp1251"), "a.csv is not in UTF-8"),
        ("a.csv", "name,town\nAnn,York\n".encode("utf-16"), "a.csv is not in UTF-8"),
        ("a.csv", "name,town\nAnn,York\n".encode("utf-16-le"), "a.csv is not in UTF-8"),
        ("a.csv.gz", gzip.compress(b"PK\x03\x04", mtime=0), "is packed"),
        ("a.csv.gz", gzip.compress(b"name,town\nAnn,York\n", mtime=0)[:-9], "cannot be read"),
        ("a.zip", b"PK\x03\x04", "is packed"),
        ("a.xlsx", b"PK\x03\x04", "not a whole Excel workbook"),
        ("a.jsonl", b'{"name": "Ann Lee"}\n{"name"\n', "Line 2 of a.jsonl is no JSON object"),
        ("a.csv", b"", "cannot be read"),
        ("a.parquet", b"PAR1", "cannot be read"),
        ("a.csv", b"name,town, name\nAnn,York,Bob\nBob,York,Cid\n", "Columns 1 and 3 of a have one name"),
        ("a.csv", b"name,town,name\nAnn,York,Bob\nBob,York,Cid\n", "Columns 1 and 3 of a have one name"),
        (
            "a.csv",
            b"1,Rob,r.allan@mail.example\n2,Ann,ann@mail.example\n",
            "first line must name the columns",
        ),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(onefold, tmp_path, monkeypatch, name, content, what):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(content)
    code, said, error = onefold("link", name, "--out", "out.parquet")
    assert code == 1
    assert what in error
    assert "Traceback" not in error
    assert "allan" not in said + error
    assert len(list(tmp_path.iterdir())) == 1


def test_a_mark_of_utf8_is_no_letter_of_a_name(onefold, tmp_path):
    columns = table(30, seed=1)
    file = write_csv(tmp_path / "crm.csv", {"first_name": columns["first_name"], **columns})
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    code, said, _ = onefold("link", file, "--out", tmp_path / "who.parquet")
    assert code == 0
    assert "first_name as given_name" in said


def test_what_is_quoted_in_a_header_parts_no_columns(onefold, tmp_path):
    file = tmp_path / "crm.csv"
    file.write_text('"a,b,\nc,d";name;born\n1;Ann Lee;1990-01-02\n2;Bob Moss;1980-03-04\n', encoding="utf-8")
    code, said, _ = onefold("link", file, "--out", tmp_path / "who.parquet")
    assert code == 0
    assert "born as birth_date, name as full_name" in said


def test_one_file_twice_is_refused(onefold, tmp_path):
    file = write_csv(tmp_path / "crm.csv", table(20, seed=1))
    again = tmp_path / ".." / tmp_path.name / "crm.csv"
    code, _, error = onefold("link", file, again, "--out", tmp_path / "who.parquet")
    assert code == 1
    assert "given twice" in error


def test_who_has_no_name_on_this_machine_may_link(onefold, tmp_path, monkeypatch):
    def nobody():
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    file, model = write_csv(tmp_path / "crm.csv", table(20, seed=1)), tmp_path / "model.json"
    assert onefold("link", file, "--out", tmp_path / "who.parquet", "--model", model)[0] == 0
    assert model_from_json(model.read_bytes()).author == ""


def measured(said):
    """The measures that were printed."""
    text = next(it for it in said.splitlines() if it.startswith("against the truth"))
    return {
        name: float(value)
        for name, value in (it.strip().rsplit(" ", 1) for it in text.partition(":")[2].split(","))
    }


def test_a_public_set_is_linked_without_its_truth_better_than_its_makers_do(onefold, tmp_path):
    file = shared_data("er") / "fake_1000.csv"
    _, said, _ = onefold("link", file, "--out", tmp_path / "who.parquet", "--truth", "cluster")
    found = measured(said)
    assert found["f1"] >= 0.92
    assert found["calibration error"] <= 0.03


@pytest.mark.timeout(300)
def test_two_files_are_linked_with_each_other_alone(onefold, tmp_path):
    folder, out = shared_data("er"), tmp_path / "who.parquet"
    files = folder / "febrl4a.csv", folder / "febrl4b.csv"
    code, _, _ = onefold("link", *files, "--out", out, "--id", "rec_id", "--link-only")
    assert code == 0
    customers: dict[str, set[str]] = {}
    for it in pq.read_table(out).to_pylist():
        customers.setdefault(it["customer_id"], set()).add("-".join(it["record_id"].split("-")[:2]))
    assert len(customers) <= 5010
    assert sum(len(it) > 1 for it in customers.values()) <= 5


def splink_files(tmp_path):
    """A table in two forms, and a model of Splink about it."""
    names = ["Anna", "Anna", "", "Boris", ""]
    rows = {"unique_id": ["1", "2", "3", "4", "5"], "name": names, "who": ["a", "a", "b", "c", "d"]}
    model = tmp_path / "splink.json"
    model.write_bytes(splink.settings(splink.level('"name_l" = "name_r"', 0.9, 0.001)))
    pq.write_table(pa.table(rows | {"name": [it or None for it in names]}), tmp_path / "crm.parquet")
    return write_csv(tmp_path / "crm.csv", rows), tmp_path / "crm.parquet", model


def test_a_model_of_splink_links_text_as_it_links_typed_tables(onefold, tmp_path):
    text, typed, model = splink_files(tmp_path)
    for file in (text, typed):
        out, pairs = file.with_suffix(".who"), file.with_suffix(".pairs")
        code, said, _ = onefold(
            "link", file, "--splink", model, "--out", out, "--pairs", pairs, "--truth", "who"
        )
        assert code == 0
        assert "5 records are 4 customers" in said
        assert "precision 1.0000" in said
    whos, weights = (
        [pq.read_table(it.with_suffix(kind)) for it in (text, typed)] for kind in (".who", ".pairs")
    )
    assert whos[0].equals(whos[1])
    assert weights[0].equals(weights[1])
    (pair,) = weights[0].to_pylist()
    assert (pair["record_id_l"], pair["record_id_r"]) == ("1", "2")
    assert pair["match_weight"] == pytest.approx(7.81378, abs=1e-5)


def test_a_level_that_was_never_trained_is_named(onefold, tmp_path):
    text, _, model = splink_files(tmp_path)
    model.write_bytes(splink.settings(splink.level('"name_l" = "name_r"')))
    _, said, _ = onefold("link", text, "--splink", model, "--out", tmp_path / "who.parquet")
    assert 'never trained, so with Splink\'s defaults: name: "name_l" = "name_r"' in said


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--map", "full_name=name"], "says by itself"),
        (["--model", "m.json"], "says by itself"),
        (["--link-only"], "says by itself"),
    ],
)
def test_what_the_model_of_splink_says_is_not_said_twice(onefold, tmp_path, more, why):
    text, _, model = splink_files(tmp_path)
    code, _, told = onefold("link", text, "--splink", model, "--out", tmp_path / "who.parquet", *more)
    assert code != 0
    assert why in told
    assert not (tmp_path / "who.parquet").exists()


def test_a_model_of_splink_that_is_none_is_told(onefold, tmp_path):
    text, other, model = splink_files(tmp_path)
    out = tmp_path / "who.parquet"
    for asked, why in (
        (["--splink", other], "no model of Splink"),
        (["--splink", tmp_path / "gone.json"], "cannot be read"),
        (["--pairs", tmp_path / "pairs.parquet"], "--splink MODEL.json"),
        (["--splink", model, "--pairs", model], "written over"),
    ):
        code, _, told = onefold("link", text, "--out", out, *asked)
        assert code != 0
        assert why in told
    assert not out.exists()
