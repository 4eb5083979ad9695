"""A view that is awaited: the same answer and the same record as any, and nothing kept of an older state."""

from __future__ import annotations

import asyncio
import threading

import msgspec
import pytest

from onefold.gate.model import View
from onefold.gate.views import with_decision, without_decision
from onefold.kernel.errors import NotFound, Unavailable
from tests.unit.gate.bank import failing
from tests.unit.gate.test_service import NOW, House


def soon(house: House, role: str = "agent", purpose: str = "servicing", customer: bytes = b""):
    permit = house.permit(role, purpose=purpose)
    return asyncio.run(house.gate.view_soon(permit, customer or house.anna))


@pytest.mark.parametrize("role", ["agent", "relationship_manager"])
def test_it_is_the_view_and_its_record_is_the_views(house, role):
    view = house.gate.view(house.permit(role), house.anna)
    answer = soon(house, role)
    told = msgspec.json.decode(answer, type=View)
    assert told.decision == str(len(house.trail.records)) == "2"
    assert answer == msgspec.json.encode(msgspec.structs.replace(view, decision="2"))
    assert house.trail.records[0] == house.trail.records[1]


def test_a_value_that_looks_like_the_hole_is_left_alone(house):
    view = house.gate.view(house.permit("agent"), house.anna)
    record = {"decision": "", "full_name": '"decision":""'}
    odd = msgspec.structs.replace(
        view,
        decision="",
        name='"decision":""',
        fragments=tuple(msgspec.structs.replace(it, values=record) for it in view.fragments),
        obligations=("mask",),
    )
    told = msgspec.json.decode(with_decision(without_decision(odd), "7"), type=View)
    assert told == msgspec.structs.replace(odd, decision="7")


def test_without_its_record_nothing_leaves(house):
    permit = house.permit("agent")
    with failing(house.trail, Unavailable("no disk")), pytest.raises(Unavailable):
        asyncio.run(house.gate.view_soon(permit, house.anna))


def test_what_is_refused_is_left_to_who_writes_it_down(house):
    assert soon(house, "marketer", "marketing") is None
    assert house.trail.records == []
    with pytest.raises(NotFound):
        soon(house, customer=b"x" * 16)


def test_the_next_view_after_a_withdrawal_shows_nothing_and_a_grant_that_is_over_is_over(house):
    for party in (house.core, house.crm):
        house.say(party, "granted", at=NOW - 10, until_at=NOW + 1_000)
    assert soon(house, "marketer", "marketing")
    house.clock.now = NOW + 1_000
    assert soon(house, "marketer", "marketing") is None
    house.clock.now = NOW
    assert soon(house, "marketer", "marketing")
    house.say(house.core, "withdrawn")
    assert soon(house, "marketer", "marketing") is None


def test_a_withdrawal_waits_for_a_view_whose_record_is_being_written(house):
    order: list[str] = []

    async def run():
        writing, goes_on = asyncio.Event(), asyncio.Event()

        async def record_soon(kind, **what):
            writing.set()
            await goes_on.wait()
            order.append("written")
            return "1"

        house.trail.record_soon = record_soon
        view = asyncio.create_task(house.gate.view_soon(house.permit("agent"), house.anna))
        await writing.wait()
        begun = threading.Event()

        def settle():
            begun.set()
            house.gate.settle(30.0)
            order.append("settled")

        settling = asyncio.create_task(asyncio.to_thread(settle))
        await asyncio.to_thread(begun.wait)
        with pytest.raises(Unavailable):
            await asyncio.to_thread(house.gate.settle, 0.05)
        goes_on.set()
        await asyncio.gather(view, settling)

    asyncio.run(run())
    assert order == ["written", "settled"]
