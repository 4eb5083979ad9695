"""What stands between many customers and being contacted, as one statement over contacts and spells.

Every customer has contacts, so these are walked; each costs two look-ups beside each other in spells. The
answer is a code a customer: of a word in `names`, or one of those below for what is no word of the state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from onefold.adapters.sqlite.rereading import Asked
from onefold.customer.consent.reach import ALL_PURPOSES, TOLD_APART, UNDECIDED, silence
from onefold.customer.profile.ports import CLOSED, ELSEWHERE, NO_ADDRESS, SHIELDED, Reachable, ReachQuestion
from onefold.record.canon.groups import Group, Groups

_SILENT, _CLOSED, _NO_ADDRESS, _UNSURE, _ELSEWHERE, _SHIELDED = -1, -2, -3, -4, -5, -6

_ASKED = """
CREATE TEMP TABLE IF NOT EXISTS asked (customer_id BLOB PRIMARY KEY) WITHOUT ROWID
"""
_APART = "EXISTS (SELECT 1 FROM spells a WHERE a.customer_id = k.customer_id AND a.purpose = :apart)"
_STATEMENT = """
WITH told AS (
  SELECT k.customer_id AS id, {open} AS is_open, {shielded} AS is_shielded, {known} AS is_known,
         {unsure} AS is_unsure, {elsewhere} AS is_elsewhere, {apart} AS is_apart, {clocks} AS clocks,
         coalesce(every.obstacle, one.obstacle, :silent) AS code
    FROM {asked}
    LEFT JOIN spells every
      ON every.customer_id = k.customer_id AND every.purpose = :every AND every.channel = :channel
     AND every.from_at <= :now AND :now < every.until_at
    LEFT JOIN spells one
      ON one.customer_id = k.customer_id AND one.purpose = :purpose AND one.channel = :channel
     AND one.from_at <= :now AND :now < one.until_at)
SELECT id, CASE WHEN NOT is_open THEN :closed WHEN is_shielded THEN :shielded
                WHEN code NOT IN (:free, :silent_and_free) THEN code
                WHEN NOT is_known THEN :nowhere WHEN is_unsure OR is_apart THEN :unsure
                WHEN is_elsewhere THEN :elsewhere ELSE code END, clocks
  FROM told ORDER BY id
"""


def reachable(connection: Asked, question: ReachQuestion, customers: Sequence[bytes] | None) -> Reachable:
    """As the port says; within one statement, hence of one committed state."""
    codes: dict[str, int] = dict(connection.execute("SELECT name, code FROM names"))
    names = {code: name for name, code in codes.items()}
    names |= {
        _SILENT: silence(question.purpose, question.channel) if question.is_ours else UNDECIDED,
        _CLOSED: CLOSED,
        _NO_ADDRESS: NO_ADDRESS,
        _UNSURE: UNDECIDED,
        _ELSEWHERE: ELSEWHERE,
        _SHIELDED: SHIELDED,
    }
    sources = {f"source{number}": f",{it}," for number, it in enumerate(sorted(question.sources))}
    nobody = -9
    parameters = sources | {
        "now": question.now,
        "every": codes.get(ALL_PURPOSES, nobody),
        "purpose": codes.get(question.purpose, nobody) if question.is_ours else nobody,
        "channel": codes.get(question.channel, nobody),
        "apart": codes.get(TOLD_APART, nobody),
        "free": codes.get("", nobody),
        "silent": _SILENT,
        "silent_and_free": nobody if names[_SILENT] else _SILENT,
        "closed": _CLOSED,
        "nowhere": _NO_ADDRESS,
        "unsure": _UNSURE,
        "elsewhere": _ELSEWHERE,
        "shielded": _SHIELDED,
        "minor_after": question.births.minor_after,
        "senior_until": question.births.senior_until,
        "only": f",{question.channel},",
    }
    statement = _STATEMENT.format(
        open=_any_of("sources", sources),
        shielded=_is_shielded(question.shielded),
        known=_any_of(question.address, sources) if question.address else "1",
        unsure=_any_of("partial", sources) if question.address == "address" else "0",
        apart=_APART if question.by_data else "0",
        elsewhere="k.preferred NOT IN ('', :only)" if question.preferring else "0",
        clocks="k.clocks" if question.clocks else "''",
        asked="contacts k" if customers is None else "asked JOIN contacts k USING (customer_id)",
    )
    try:
        if customers is not None:
            connection.execute(_ASKED)
            connection.executemany(
                "INSERT OR IGNORE INTO asked VALUES (?)", ((it,) for it in sorted(customers))
            )
        rows = connection.execute(statement, parameters).fetchall()
    finally:
        if customers is not None:
            connection.execute("DROP TABLE IF EXISTS asked")
    words = {code: names[code] for code in {code for _, code, _ in rows}}
    counted = Counter(code for _, code, _ in rows)
    return Reachable(
        [it for it, code, _ in rows if not words[code]],
        [it for it, code, _ in rows if words[code] == UNDECIDED],
        {words[code]: count for code, count in counted.items() if words[code] not in ("", UNDECIDED)},
        [clocks for _, code, clocks in rows if not words[code]] if question.clocks else [],
    )


_IN_GROUP = {
    Group.MINOR: "k.youngest > :minor_after",
    Group.SENIOR: "k.eldest <= :senior_until",
    Group.VULNERABLE: "instr(k.groups, ',vulnerable,') > 0",
    Group.PROTECTED: "instr(k.groups, ',protected,') > 0",
}


def _is_shielded(shielded: frozenset[Groups]) -> str:
    """Whether a customer's groups are one of these sets, as one number of a bit a group.

    A group that makes no difference to any of the sets is not asked about.
    """
    asked = [it for it in Group if any(one ^ {it} not in shielded for one in shielded)]
    if not asked:
        return "1" if shielded else "0"
    number = " + ".join(f"(({_IN_GROUP[it]}) << {bit})" for bit, it in enumerate(asked))
    wanted = {sum((it in one) << bit for bit, it in enumerate(asked)) for one in shielded}
    return f"({number}) IN ({', '.join(map(str, sorted(wanted)))})"


def _any_of(column: str, sources: dict[str, str]) -> str:
    """Whether a list of sources has one of these in it."""
    return "(" + (" OR ".join(f"instr(k.{column}, :{it}) > 0" for it in sources) or "0") + ")"
