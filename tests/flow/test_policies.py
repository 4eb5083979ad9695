"""A house's own policies: they hold from the next start on, the audit says so, and no fault ever decides."""

from __future__ import annotations

import shutil

import pytest

from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.app.policies import policies_of
from onefold.gate.policy_files import BrokenPolicies, shipped
from onefold.kernel.errors import Refused
from onefold.record.audit.model import AuditFilter
from tests.flow.server import make_folder

OWN = """
@id("agents answer on the console alone")
permit (principal == Role::"agent", action == Action::"search_customers", resource)
when { context.purpose == "servicing" && context.channel == "console" };
"""


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    make_folder(folder)
    return folder


def write(data, text):
    (data / "policies").mkdir(exist_ok=True)
    (data / "policies" / "own.cedar").write_text(text)


def may(data, channel):
    with LocalHouse().working(data) as rooms:
        agent = rooms.users.find("agent")
        assert agent is not None
        try:
            return rooms.gate.permit(agent, "search_customers", "servicing", channel).policy_version
        except Refused:
            return None


def test_own_policies_take_the_place_of_all_others_from_the_next_start_on(data):
    before = may(data, "api")
    assert before == policies_of(read_folder(data)).version
    write(data, OWN)
    assert may(data, "api") is None
    own = may(data, "console")
    assert own not in (None, before)
    shutil.rmtree(data / "policies")
    assert may(data, "api") == before


def test_the_audit_names_each_version_and_the_folder_keeps_the_text_of_all(data):
    before = may(data, "api")
    write(data, OWN)
    own = may(data, "console")
    assert own == may(data, "console")
    shutil.rmtree(data / "policies")
    with LocalHouse().working(data) as rooms:
        changes = rooms.audit.page(AuditFilter(kind="policies")).items
        papers = rooms.papers.all()
    assert [it.policy_version for it in changes] == [before, own], "the newest first"
    kept = {it.partition("-")[2] for it in papers if it.startswith("policies/")}
    assert kept == {"own.cedar", *shipped()}


def test_own_policies_are_told_too_where_nothing_was_kept_before(data):
    shutil.rmtree(read_folder(data).policies_kept)
    write(data, OWN)
    own = may(data, "console")
    with LocalHouse().working(data) as rooms:
        assert [it.policy_version for it in rooms.audit.page(AuditFilter(kind="policies")).items] == [own]


def test_a_folder_whose_policies_have_faults_is_not_opened(data):
    write(data, OWN.replace('Role::"agent"', 'Role::"agnet"'))
    with pytest.raises(BrokenPolicies, match=r"own\.cedar.*agnet.*on no list"), LocalHouse().working(data):
        pass
    (data / "policies" / "own.cedar").rename(data / "policies" / "own.cedar.txt")
    with (
        pytest.raises(BrokenPolicies, match="no file in policies whose name"),
        LocalHouse().working(data),
    ):
        pass
    (data / "policies" / "own.cedar").mkdir()
    with pytest.raises(BrokenPolicies, match=r"own\.cedar cannot be read"), LocalHouse().working(data):
        pass
    shutil.rmtree(data / "policies")
    (data / "policies").symlink_to("somewhere-that-is-not-there")
    with pytest.raises(BrokenPolicies, match="policies cannot be read"), LocalHouse().working(data):
        pass
    (data / "policies").unlink()
    write(data, OWN)
    (data / "policies" / "own.cedar").write_bytes(b"\xff\xfe")
    with pytest.raises(BrokenPolicies, match="cannot be read as text"), LocalHouse().working(data):
        pass
