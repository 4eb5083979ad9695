"""Anti-fraud and AML: pipe files with compact local times; alerts and blocks on customers of core banking."""

from __future__ import annotations

from random import Random

from onefold.testing.world.behaviour.calendar import MINUTES, Calendar
from onefold.testing.world.behaviour.holdings import Holdings
from onefold.testing.world.draws import below
from onefold.testing.world.model import Block, Person, Setting
from onefold.testing.world.sheets import Pages, Sheet, Spoil

ALERTS = Sheet(
    "risk/alerts.psv",
    tuple("ALERT|CUSTOMER|ACCOUNT|RULE|SCORE|STATE|RAISED".split("|")),
    "|",
    key="ALERT",
    spoils=(Spoil("unknown_code", "STATE", "99"), Spoil("bad_date", "RAISED", "20261301000000")),
)
BLOCKS = Sheet(
    "risk/blocks.psv", tuple("BLOCK|CUSTOMER|ACCOUNT|REASON|STATE|SET".split("|")), "|", key="BLOCK"
)
SHEETS = (ALERTS, BLOCKS)

FALSE_ALERTS = 0.03
_RULES = ("CASH-STRUCTURING", "FAST-IN-FAST-OUT", "NEW-DEVICE", "UNUSUAL-COUNTRY", "DORMANT-AWAKE")


def export(
    rng: Random, setting: Setting, calendar: Calendar, block: Block, held: Holdings, pages: Pages
) -> None:
    """Writes the alerts and blocks on the accounts of a block."""
    for account in held.accounts:
        owner = account.owner
        robbed = (
            owner.who.life.get("fraud")
            if isinstance(owner.who, Person) and account.kind == "current"
            else None
        )
        tail = account.number[8:]
        if robbed is not None:
            day, minute = (
                calendar.compact[robbed - calendar.start],
                MINUTES[130 + below(rng, 40)].replace(":", ""),
            )
            score = 850 + below(rng, 150)
            pages.of(ALERTS).append(
                f"A{tail}F|{owner.key}|{account.number}|CARD-ABROAD-NIGHT|{score}|CONFIRMED|{day}{minute}10"
            )
            state = "LIFTED" if robbed < setting.until - 30 else "SET"
            pages.of(BLOCKS).append(
                f"B{tail}|{owner.key}|{account.number}|CARD-ABROAD-NIGHT|{state}|{day}{minute}40"
            )
        if rng.random() < FALSE_ALERTS:
            at = below(rng, len(calendar.compact))
            state = ("DISMISSED", "DISMISSED", "OPEN")[below(rng, 3)]
            moment = calendar.compact[at] + MINUTES[below(rng, 1440)].replace(":", "")
            rule = _RULES[below(rng, len(_RULES))]
            pages.of(ALERTS).append(
                f"A{tail}X|{owner.key}|{account.number}|{rule}|{300 + below(rng, 500)}|{state}|{moment}20"
            )
