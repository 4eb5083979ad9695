"""What a record says of where its owner's clock stands, short enough to be kept beside a customer's contacts.

Theory. Quiet hours ask in which time zones somebody may be. These follow from what a record says by tables of
the world's zones and numbering plans, which change from release to release; but what the state keeps is a
function of the log alone (law L2), whoever replays it. So not zones are kept but a *clue*: the declared zone,
else the country and as many digits of the phone as a calling code has. Most clues are shared by thousands, so
that a question about a million customers is one about a few hundred clues. Where a clue does not suffice, as
for calling codes of several zones, the records are read.
"""

from __future__ import annotations

from onefold.customer.fragments.model import Values

DECLARED = "="
"""Begins the clue of a record that names a zone."""
NO_NAME = "?"
"""Stands for text that is no zone, phone or country of any kind."""
BETWEEN = "/"
"""Between what is said of the phone and of the country."""
_ZONE_LETTERS_MAX = 64
_CALLING_CODE_LETTERS = 4
"""The plus and three digits."""


def clue_of(values: Values) -> str:
    """The clue of a record; BETWEEN alone where it says nothing."""
    declared = str(values.get("time_zone") or "")
    if declared:
        fits = len(declared) <= _ZONE_LETTERS_MAX and declared.isascii() and "," not in declared
        return DECLARED + (declared if fits else NO_NAME)
    phone, country = str(values.get("phone") or ""), str(values.get("country") or "").upper()
    if phone:
        is_number = phone.startswith("+") and phone[1:].isascii() and phone[1:].isdecimal()
        phone = phone[:_CALLING_CODE_LETTERS] if is_number else NO_NAME
    if country:
        country = country if len(country) == 2 and country.isascii() and country.isalpha() else NO_NAME
    return f"{phone}{BETWEEN}{country}"


def calling_code_in(clue: str) -> str:
    """The first letters of the phone; empty where none is known, NO_NAME where it is no number."""
    return clue.partition(BETWEEN)[0]


def country_in(clue: str) -> str:
    """The country, or NO_NAME; empty where none is known."""
    return clue.partition(BETWEEN)[2]
