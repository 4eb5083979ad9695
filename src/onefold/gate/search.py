"""Finding customers by what a person may type, and showing no more of them than the permit allows.

Only kinds of terms whose class of fields the permit shows in full are looked for: finding somebody by a value
that may not be seen would tell that value. What is found is a fragment; the customer behind it is shown only
if the party it was found by permits the purpose, with that class of data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from onefold.customer.profile.model import Golden, Survivorship
from onefold.customer.profile.terms import KINDS, Asked, begins_with, question, terms_of
from onefold.gate.consented import Noted
from onefold.gate.dossier import read_dossier, within
from onefold.gate.masks import cut, key_as_shown
from onefold.gate.model import Found, FoundPage, Withheld
from onefold.gate.portfolios import Barred
from onefold.gate.scope import Scope, Standing
from onefold.gate.views import golden_of, shown_name
from onefold.kernel.errors import NotFound
from onefold.kernel.ids import id_text
from onefold.record.canon.data_classes import class_of, class_of_record

FOUND_MAX = 20
_HITS_MAX = 5000
_VERIFIED_MAX = 1000
_LOOKED_AT_MAX = 100
_KINDS = ("key", "customer_number", "national_id", "account", "account_key", "phone", "email", "name")
"""From the most telling to the least, for a text with digits."""
_CLASSES = {
    name: class_of(entity, fields[0]) if fields else class_of_record(entity, ())
    for name, kind in KINDS.items()
    for entity, fields in kind.fields.items()
}
"""Kind → the class of data that somebody is found by."""
_KINDS_OF_LETTERS = ("name", "email", *(it for it in _KINDS if it not in ("name", "email")))
"""Who types letters alone begins a name."""


class Hit(NamedTuple):
    """How a customer was found. Hits order from the best.

    Whole words before beginnings, then telling kinds before others.
    """

    partial: bool
    rank: int
    fragment_id: bytes
    kind: str


class Way(NamedTuple):
    """How a customer was found, and the party of theirs that it leads to."""

    hit: Hit
    party: bytes


def find_customers(
    scope: Scope,
    policy: Sequence[Survivorship],
    text: str,
    now: int,
    noted: Noted | None = None,
) -> FoundPage:
    """Up to 20 customers, the best hits first, those of one kind by name.

    `noted` takes which of their records permit which class of data, where they tell classes apart.
    """
    asked = {it.kind: it for it in question(text)}
    order = _KINDS if any(it.isdigit() for it in text) else _KINDS_OF_LETTERS
    allowed = [it for it in order if scope.permit.fields.get(KINDS[it].field_class.value) == "full"]
    fragments: dict[bytes, list[Hit]] = {}
    for rank, kind in enumerate(allowed):
        for hit in _hits(scope, asked[kind], rank) if kind in asked else ():
            fragments.setdefault(hit.fragment_id, []).append(hit)
    ways = _customers(scope, fragments)
    kept = within(scope, list(ways))
    best = sorted((min(found), customer) for customer, found in ways.items() if customer in kept)
    known = {} if noted is None else noted
    lines: list[tuple[Hit, Found]] = []
    for _, customer in best[:_LOOKED_AT_MAX]:
        line = _found(scope, policy, customer, sorted(ways[customer]), now, known)
        if line is not None:
            lines.append(line)
        if len(lines) > FOUND_MAX:
            break
    page = sorted(lines[:FOUND_MAX], key=lambda it: (*it[0][:2], it[1].name, it[1].customer))
    more = len(lines) > FOUND_MAX or len(best) > _LOOKED_AT_MAX
    told = [line for _, line in page]
    # Others are told of last, so that they take nobody's place.
    for customer in sorted(
        it for it, found in ways.items() if it not in kept and _may_be_told(min(found).hit)
    ):
        way = [min(ways[customer])]
        if len(told) < FOUND_MAX and (bare := _found(scope, policy, customer, way, now, known)):
            told.append(bare[1])
    return FoundPage(tuple(told), more, _withheld(scope, asked, allowed))


def _may_be_told(hit: Hit) -> bool:
    """Whether it may be told that somebody is there: to who knows a number of theirs, not a name."""
    return not hit.partial and hit.kind != "name"


def _withheld(scope: Scope, asked: Iterable[str], allowed: Sequence[str]) -> tuple[Withheld, ...]:
    kinds = [it.replace("_", " ") for it in asked if it not in allowed]
    role = scope.permit.role.replace("_", " ")
    return (Withheld(f"search by {', '.join(kinds)}", f"the role {role} may not see those"),) if kinds else ()


def _hits(scope: Scope, asked: Asked, rank: int) -> Iterator[Hit]:
    """Fragments on which every part of the question is found.

    A part that begins too many terms is cut off by the reader; where another part is whole, that one leads
    and the cut one is looked for on the fragments themselves.
    """
    found = [scope.reader.find(spellings, [asked.kind], _HITS_MAX) for spellings in asked.parts]
    complete = [place for place, rows in enumerate(found) if len(rows) < _HITS_MAX]
    exact = set.intersection(
        *(
            {row[2] for row in rows if row[0] in spellings}
            for spellings, rows in zip(asked.parts, found, strict=True)
        )
    )
    if asked.whole:
        common = exact
    else:
        sets = [{row[2] for row in rows} for rows in found]
        common = set.intersection(*(sets[place] for place in complete or range(len(sets))))
        cut_off = [asked.parts[place] for place in range(len(found)) if complete and place not in complete]
        if cut_off:
            common = set(_holding(scope, sorted(common)[:_VERIFIED_MAX], asked.kind, cut_off))
    if asked.initials:
        common = set(_abbreviated(scope, sorted(common)[:_VERIFIED_MAX], asked))
    for fragment_id in common:
        yield Hit(fragment_id not in exact, rank, fragment_id, asked.kind)


def _holding(
    scope: Scope, ids: Iterable[bytes], kind: str, parts: Sequence[tuple[str, ...]]
) -> Iterator[bytes]:
    """Those of the fragments that hold every part themselves."""
    for fragment_id, it in scope.standing(ids).items():
        held = [term for term, its_kind, _ in terms_of(it.fragment, it.values) if its_kind == kind]
        if all(any(one.startswith(spellings) for one in held) for spellings in parts):
            yield fragment_id


def _abbreviated(scope: Scope, ids: Iterable[bytes], asked: Asked) -> Iterator[bytes]:
    """Those of the fragments with a word for each initial beside the words for the parts."""
    for fragment_id, it in scope.standing(ids).items():
        names = [str(it.values.get(name, "")) for name in KINDS[asked.kind].fields["party"]]
        if begins_with(names, asked.parts, asked.initials):
            yield fragment_id


def _customers(scope: Scope, hits: dict[bytes, list[Hit]]) -> dict[bytes, list[Way]]:
    """Customers behind the fragments that may serve the purpose, each with the ways it was found by."""
    parties: dict[bytes, list[Hit]] = {}
    for fragment_id, it in scope.standing(hits).items():
        for party in (fragment_id,) if it.fragment.entity == "party" else _holders(scope, it):
            parties.setdefault(party, []).extend(hits[fragment_id])
    ways: dict[bytes, list[Way]] = {}
    for party, customer in scope.reader.customers_of(list(parties)).items():
        ways.setdefault(customer, []).extend(Way(hit, party) for hit in parties[party])
    return ways


def _holders(scope: Scope, account: Standing) -> Iterator[bytes]:
    """The parties of an account."""
    if (direct := account.values.get("party")) is not None:
        yield direct
    links = scope.reader.linked([account.fragment.fragment_id], "holder.account", most=100)
    for holder in scope.standing(from_id for _, from_id, _ in links).values():
        if (party := holder.values.get("party")) is not None:
            yield party


def _found(
    scope: Scope,
    policy: Sequence[Survivorship],
    customer: bytes,
    ways: Sequence[Way],
    now: int,
    noted: Noted,
) -> tuple[Hit, Found] | None:
    """One line by the first way that permits it; a bare one for a customer of another portfolio.

    None for somebody nothing may be shown of, or not what was asked for.
    """
    try:
        dossier = read_dossier(scope, customer, now)
    except Barred as bar:
        bare = _of_another(bar.customer, ways[0].hit)
        return None if bare is None else (ways[0].hit, bare)
    except NotFound:
        return None
    hit = next((it.hit for it in ways if it.party in dossier.of(_CLASSES[it.hit.kind])), None)
    if hit is None:
        return None
    if dossier.serving is not None:
        noted[dossier.customer] = dossier.serving
    golden = golden_of(dossier, policy)
    return hit, Found(
        customer=id_text(dossier.customer),
        name=shown_name(golden, scope.permit.fields),
        kind=str(golden.value("kind") or "person"),
        matched=_matched(scope, hit),
        matched_by=hit.kind,
        birth_date=_text(scope, golden, "birth_date"),
        city=_text(scope, golden, "city"),
        sources=tuple(sorted({it.fragment.source for it in dossier.permitting.values()})),
    )


def _of_another(customer: bytes, hit: Hit) -> Found | None:
    """That a number is that of a customer of another portfolio, and nothing of them."""
    if not _may_be_told(hit):
        return None
    return Found(id_text(customer), "", "", "", hit.kind, "", "", (), barred=True)


def _matched(scope: Scope, hit: Hit) -> str:
    """What the record that was found says in the fields of that kind.

    An old phone, a name in another script.
    """
    it = scope.standing([hit.fragment_id])[hit.fragment_id]
    fields = KINDS[hit.kind].fields[it.fragment.entity]
    if not fields:
        return key_as_shown(it.fragment.entity, it.fragment.key, scope.permit.fields)
    said = (scope.text(it, name) for name in fields)
    return " ".join(text for text in said if text)


def _text(scope: Scope, golden: Golden, name: str) -> str:
    survivor = golden.fields.get(name)
    if survivor is None or survivor.winner.value is None:
        return ""
    said = survivor.winner
    field_class = scope.class_of(said.source, "party", name)
    shown = cut("party", name, said.value, {}, scope.permit.fields, field_class).value
    return "" if shown is None else str(shown)
