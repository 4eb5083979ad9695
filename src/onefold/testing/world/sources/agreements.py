"""Core banking's register of signed forms: a row a box ticked, and a row a letter that takes it back.

What is drawn here comes from a randomness of each record's own, so it moves nothing in any other file.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import NamedTuple

from onefold.kernel.time import date_from_day, day_from_date
from onefold.testing.world.behaviour.calendar import MINUTES
from onefold.testing.world.draws import below, own
from onefold.testing.world.figures import figure
from onefold.testing.world.model import Block, Person, Record, Setting
from onefold.testing.world.sheets import BadRow, Pages, Sheet, Spoil

AGREEMENTS = Sheet(
    "core-banking/AGREEMENTS.csv",
    tuple("AGR_NO CUST_NO NOTICE PURPOSE CHANNEL ANSWER SIGNED UNTIL HOW BRANCH".split()),
    ";",
    "cp1251",
    key="AGR_NO",
    spoils=(
        Spoil("bad_date", "SIGNED", "31.06.2025 10:00:00"),
        Spoil("unknown_code", "CHANNEL", "FAX"),
        Spoil("missing_key", "AGR_NO", None),
    ),
)
CHANNELS = ("APP", "EML", "SMS", "TEL")
NOTICE_YEARS = 5
"""How long a yes to the oldest notice lasts."""

_BRANCHES = 40
_SECOND = day_from_date(date(2019, 7, 1))
_THIRD = day_from_date(date(2023, 3, 1))


class _Form(NamedTuple):
    """One form: where its rows belong, the notice it was signed under, the day and how."""

    record: Record
    number: str
    notice: str
    day: int
    moment: str
    until: str
    how: str
    branch: str

    def row(self, box: int, purpose: str, channel: str, answer: str) -> str:
        """One row of the register."""
        return ";".join(
            (
                f"{self.number}-{box}",
                self.record.key,
                self.notice,
                purpose,
                channel,
                answer,
                self.moment,
                self.until if answer == "Y" else "",
                self.how,
                self.branch,
            )
        )


def export(setting: Setting, block: Block, pages: Pages) -> list[BadRow]:
    """Writes the forms of a block's grown people; answers the rows that lack the day of signature."""
    bad: list[BadRow] = []
    for record in block.records["core-banking"]:
        who = record.who
        if not isinstance(who, Person) or not who.adult:
            continue
        rng = own(setting.seed, record.key, "agreements")
        if rng.random() < figure("agreement.signed"):
            bad += _signed(rng, setting, record, pages.of(AGREEMENTS))
    return bad


def _signed(rng: Random, setting: Setting, record: Record, rows: list[str]) -> list[BadRow]:
    """The forms of one customer through time, and what they took back."""
    day = record.made_on
    if rng.random() >= figure("agreement.at_opening"):
        day += below(rng, setting.until - day)
    forms = [_form(rng, record, 1, day)]
    if day < _SECOND and rng.random() < figure("agreement.renewed"):
        since = max(_THIRD, day + 365)
        forms.append(_form(rng, record, 2, since + below(rng, max(1, setting.until - since))))
    agreed, bad = False, []
    for form in forms:
        told, yes = _boxes(rng, form)
        rows += told
        agreed = agreed or yes
        if not form.moment:
            bad += [
                BadRow("core-banking", AGREEMENTS.path, row.partition(";")[0], "missing_date") for row in told
            ]
    later = forms[-1].day + 1
    if later <= setting.until:
        if agreed and rng.random() < figure("agreement.withdrawn"):
            rows.append(_letter(rng, record, 8, later, setting.until).row(1, "ADV", "ALL", "W"))
        if rng.random() < figure("agreement.objected"):
            rows.append(_letter(rng, record, 9, later, setting.until).row(1, "ADV", "ALL", "O"))
    return bad


def _form(rng: Random, record: Record, ordinal: int, day: int) -> _Form:
    notice = "1" if day < _SECOND else "2" if day < _THIRD else "3"
    until = ""
    if notice == "1":
        until = f"{date_from_day(day + NOTICE_YEARS * 365):%d.%m.%Y}"
    if rng.random() < figure("agreement.no_notice"):
        notice = ""
    moment = _moment(rng, day)
    if rng.random() < figure("agreement.undated"):
        moment = ""
    how = "PAD" if day >= _THIRD and rng.random() < 0.7 else "PAPER"
    branch = f"{1 + below(rng, _BRANCHES):03d}"
    return _Form(record, f"A{record.key}{ordinal}", notice, day, moment, until, how, branch)


def _letter(rng: Random, record: Record, ordinal: int, first: int, last: int) -> _Form:
    """What comes on paper later, on some day from first to last."""
    day = first + below(rng, last - first + 1)
    branch = f"{1 + below(rng, _BRANCHES):03d}"
    return _Form(record, f"A{record.key}{ordinal}", "", day, _moment(rng, day), "", "LETTER", branch)


def _moment(rng: Random, day: int) -> str:
    return f"{date_from_day(day):%d.%m.%Y} {MINUTES[540 + below(rng, 480)]}:00"


def _boxes(rng: Random, form: _Form) -> tuple[list[str], bool]:
    """The rows of one form, and whether it says yes to advertising; the oldest form has one box for all."""
    rows: list[str] = []
    agreed = rng.random() < figure("agreement.agreed")
    if agreed:
        for channel in ("ALL",) if form.until else CHANNELS:
            if form.until or rng.random() < figure("agreement.box"):
                rows.append(form.row(len(rows) + 1, "ADV", channel, "Y"))
    if rng.random() < figure("agreement.analytics"):
        rows.append(form.row(len(rows) + 1, "ANL", "ALL", "Y"))
    return rows, agreed
