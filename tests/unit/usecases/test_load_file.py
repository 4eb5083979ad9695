"""Planning a load: what in a folder is a delivery, and what is not looked into."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefold.kernel.errors import CallerError
from onefold.kernel.ids import CellKey
from onefold.record.contracts.errors import UnknownSource
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import Contracts
from onefold.usecases.load_file import plan_load

CRM = Path(__file__).resolve().parents[3] / "contracts" / "world" / "crm.yaml"


@pytest.fixture
def contracts() -> Contracts:
    return Contracts(CellKey(bytes(32)), [parse_contract(CRM.read_bytes(), CRM.name)])


def put(folder: Path, *names: str) -> None:
    """Files of these names, made with their folders."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}\n")


def test_a_folder_is_read_in_the_order_of_the_contract_and_the_rest_is_listed(contracts, tmp_path):
    put(tmp_path, "notes.jsonl", "late/contacts.jsonl", "readme.txt")
    plan = plan_load(contracts, "crm", [tmp_path])
    assert [it.path.name for it in plan.files] == ["contacts.jsonl", "notes.jsonl"]
    assert plan.skipped == (tmp_path / "readme.txt",)


def test_folders_that_are_ours_are_neither_read_nor_listed(contracts, tmp_path):
    put(tmp_path, "contacts.jsonl", "state/keys/master.key", "state/exports/contacts.jsonl")
    plan = plan_load(contracts, "crm", [tmp_path], is_ours=lambda folder: folder.name == "state")
    assert [it.path for it in plan.files] == [tmp_path / "contacts.jsonl"]
    assert plan.skipped == ()


@pytest.mark.parametrize("to", ["elsewhere/contacts.jsonl", "elsewhere", "nowhere"])
@pytest.mark.parametrize("name", ["contacts.jsonl", "readme.txt", "late/contacts.jsonl"])
def test_a_link_in_a_delivery_is_refused_wherever_it_leads(contracts, tmp_path, name, to):
    put(tmp_path, "elsewhere/contacts.jsonl", "in/notes.jsonl", "in/late/notes.jsonl")
    (tmp_path / "in" / name).symlink_to(tmp_path / to)
    with pytest.raises(CallerError, match=rf"{Path(name).name} in .* is a link"):
        plan_load(contracts, "crm", [tmp_path / "in"])


def test_whoever_loads_may_name_a_link(contracts, tmp_path):
    put(tmp_path, "elsewhere/contacts.jsonl")
    (tmp_path / "latest").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "contacts.jsonl").symlink_to(tmp_path / "elsewhere" / "contacts.jsonl")
    for named in ("latest", "contacts.jsonl"):
        assert [it.path.name for it in plan_load(contracts, "crm", [tmp_path / named]).files] == [
            "contacts.jsonl"
        ]


def test_a_file_that_was_named_must_fit(contracts, tmp_path):
    put(tmp_path, "readme.txt")
    with pytest.raises(UnknownSource):
        plan_load(contracts, "crm", [tmp_path / "readme.txt"])
    with pytest.raises(CallerError, match="fits the contract of crm"):
        plan_load(contracts, "crm", [tmp_path])
    with pytest.raises(CallerError, match="There is no file"):
        plan_load(contracts, "crm", [tmp_path / "none.jsonl"])
