"""Pages that name nobody: whose they are is told beside the world, and found again from the calls alone."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from onefold.customer.profile.attribution import USUAL, Sighting, stretch_at, stretches_of
from onefold.kernel.time import instant_from_datetime
from tests.unit.testing.world.made import truth, world

CALLS = ("identifies", "tracks", "aliases")
PEOPLE = 1200


def calls(folder: Path, *names: str):
    for name in names:
        for line in (folder / "digital" / f"{name}.jsonl").read_text("utf-8").splitlines():
            yield json.loads(line)


def held(folder: Path) -> dict[str, str]:
    """Message → the user it is held to be of."""
    lines: dict[str, list[Sighting]] = defaultdict(list)
    for it in calls(folder, *CALLS, "pages"):
        at, device = instant(it), it.get("anonymousId") or it.get("previousId")
        if at is not None and it.get("userId") and it.get("messageId"):
            key, user = it["messageId"].encode(), it["userId"].encode()
            leaves = it.get("event") == "Logged Out"
            lines[device].append(Sighting(device.encode(), at, key, user, leaves))
    stretches = {device: stretches_of(line, lambda it: it, USUAL) for device, line in lines.items()}
    found = {}
    for it in calls(folder, "pages"):
        at = instant(it)
        if at is not None and not it.get("userId"):
            stretch = stretch_at(stretches.get(it["anonymousId"], ()), at)
            if stretch is not None:
                found[it["messageId"]] = stretch.party.decode()
    return found


def instant(call: dict) -> int | None:
    try:
        return instant_from_datetime(datetime.fromisoformat(call["timestamp"]))
    except ValueError:
        return None


def test_every_page_that_names_nobody_is_told_once():
    folder, _ = world(PEOPLE)
    unnamed = [it["messageId"] for it in calls(folder, "pages") if not it.get("userId")]
    told = [it["message"] for it in truth(folder, "visits")]
    assert len(set(told)) == len(told)
    assert set(told) <= set(unnamed)
    assert len(unnamed) - len(told) <= len(truth(folder, "bad_rows"))


def test_what_is_held_to_be_of_a_user_is_theirs_and_most_of_theirs_is_found():
    folder, _ = world(PEOPLE)
    users = {it["key"]: it["who"] for it in truth(folder, "records") if it["source"] == "digital"}
    whose = {it["message"]: it["who"] for it in truth(folder, "visits")}
    found = {message: users[user] for message, user in held(folder).items() if message in whose}
    right = sum(whose[message] == who for message, who in found.items())
    wanted = sum(who in users.values() for who in whose.values())
    assert right / len(found) > 0.98
    assert right / wanted > 0.6
