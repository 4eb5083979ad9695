"""Which contract counts: by source, version, status, file name and call."""

from __future__ import annotations

import msgspec
import pytest

from onefold.record.contracts.errors import BrokenContract, UnknownSource
from onefold.record.contracts.registry import Contracts
from tests.unit.record.contracts.sample import CELL_KEY, contract, customers, movements


def test_the_newest_version_in_force_counts():
    versions = [contract(customers(), version=it) for it in ("1.9.0", "1.10.0", "1.2.0")]
    draft = contract(customers(), version="2.0.0", status="draft")
    contracts = Contracts(CELL_KEY, [*versions, draft])
    assert contracts.latest("core").contract.version == "1.10.0"


def test_a_retired_version_still_maps_what_was_logged_under_it():
    old = contract(customers(), version="1.0.0", status="retired")
    contracts = Contracts(CELL_KEY, [old])
    assert contracts.object("core", "1.0.0", "customer").entity == "party"
    assert contracts.sources() == []
    with pytest.raises(UnknownSource):
        contracts.latest("core")


def test_a_published_version_never_changes():
    contracts = Contracts(CELL_KEY, [contract(customers())])
    contracts.add(contract(customers()))
    with pytest.raises(BrokenContract, match="raise the version"):
        contracts.add(contract(customers(), domain="other"))


def test_a_file_is_known_by_its_name():
    contracts = Contracts(CELL_KEY, [contract(customers(), movements())])
    assert contracts.for_file("Customers_2024.CSV").name == "customer"
    assert contracts.for_file("movements.csv", "core").name == "movement"


def test_an_unknown_file_and_a_doubtful_one_are_told():
    other = contract(customers(), id="other")
    contracts = Contracts(CELL_KEY, [contract(customers()), other])
    with pytest.raises(UnknownSource, match="No contract says"):
        contracts.for_file("letters.csv")
    with pytest.raises(UnknownSource, match=r"core/customer .*other/customer"):
        contracts.for_file("customers.csv")


def test_an_unknown_source_lists_the_known_ones():
    contracts = Contracts(CELL_KEY, [contract(customers())])
    with pytest.raises(UnknownSource, match="Known: core"):
        contracts.latest("telecom")
    with pytest.raises(UnknownSource, match="It has: customer"):
        contracts.latest("core").object("loan")


def test_an_event_of_its_own_goes_before_its_call():
    plain = customers(file={"name": "a"}) | {"name": "track"}
    ordered = customers(file={"name": "b"}, keyPrefix="o-") | {"name": "track:Order Completed"}
    found = Contracts(CELL_KEY, [contract(plain, ordered)]).latest("core")
    assert found.call("track", "Order Completed").name == "track:Order Completed"
    assert found.call("track", "Visited").name == "track"
    assert found.call("page", "") is None


def test_a_deprecated_version_counts_only_where_none_is_active():
    old = contract(customers(), version="1.0.0")
    new = contract(customers(), version="2.0.0", status="deprecated")
    assert Contracts(CELL_KEY, [old, new]).latest("core").contract.version == "1.0.0"
    assert Contracts(CELL_KEY, [new]).latest("core").contract.version == "2.0.0"


def test_a_draft_may_still_change_and_what_was_active_may_not():
    contracts = Contracts(CELL_KEY, [contract(customers(), status="draft")])
    other = contract(customers(), status="draft", domain="other")
    contracts.add(other)
    assert contracts.version("core", "1.0.0").contract is other


def test_a_new_status_counts_at_once_and_the_compiled_objects_stay():
    active = contract(customers())
    contracts = Contracts(CELL_KEY, [active])
    compiled = contracts.latest("core").object("customer")
    contracts.add(msgspec.structs.replace(active, status="retired"))
    with pytest.raises(UnknownSource):
        contracts.latest("core")
    assert contracts.object("core", "1.0.0", "customer") is compiled


def test_a_version_that_another_process_published_is_found_when_it_is_asked_for():
    published = [contract(customers())]
    contracts = Contracts(CELL_KEY, published, reload=lambda: published)
    published.append(contract(customers(), version="1.1.0"))
    assert contracts.latest("core").contract.version == "1.0.0"
    assert contracts.object("core", "1.1.0", "customer").entity == "party"
    assert contracts.latest("core").contract.version == "1.1.0"
    assert not contracts.refresh()
