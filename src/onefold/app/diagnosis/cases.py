"""Examples as cards: records under each other, fields beside each other, agreement and difference marked."""

from __future__ import annotations

from onefold.app.diagnosis.markup import count, share, short, text
from onefold.customer.identity.diagnostics.masks import masked
from onefold.customer.identity.diagnostics.model import Example, Examples, Facts, Shown
from onefold.customer.identity.linking.fields import KINDS

_ABOUT = {
    "sure duplicates": "joined, with a probability of 99 % at least, and not the same in everything",
    "doubtful pairs joined": "joined though the pair alone has less than 90 %; least probable first",
    "doubtful pairs left apart": "apart though the pair alone has more than 10 %; most probable first",
    "conflicts inside one customer": "two days of birth, or two valid ids of a kind: a wrong join or value",
    "alike but apart": "a family name and a home, a phone or a day of birth in common: relatives, mostly",
    "exact copies": "the same in everything that is compared; records beyond the first of each",
}


def cases(facts: Facts, *, show_values: bool) -> str:
    """All kinds, each behind a fold."""
    row = (
        "" if show_values else " Ids of records are left out; a row counts from the first record of its file."
    )
    said = f'<p class="muted">Of pairs, the last column says how a field was compared in the end.{row}</p>'
    return said + "".join(_kind(facts, it, show_values=show_values) for it in facts.examples)


def _kind(facts: Facts, it: Examples, *, show_values: bool) -> str:
    cards = "".join(_card(facts, one, show_values=show_values) for one in it.some)
    shown = f", {len(it.some)} shown" if len(it.some) < it.total else ""
    return (
        f'<details class="kind"><summary>{text(it.kind.capitalize())} <span>{count(it.total)}{shown}:'
        f" {text(_ABOUT[it.kind])}</span></summary>"
        f'<div class="cards">{cards or "<p>None.</p>"}</div></details>'
    )


def _card(facts: Facts, it: Example, *, show_values: bool) -> str:
    said = [_by_kind(one) for one in it.records]
    levels: dict[str, list[str]] = {}
    for name, level in it.levels:
        levels.setdefault(name.rstrip("0123456789 "), []).append(level)
    kinds = [kind for kind in (*KINDS, "name_order") if kind in levels or any(kind in one for one in said)]
    heads = "".join(
        f'<th scope="col">{_name(facts, one, show_values=show_values)}</th>' for one in it.records
    )
    heads += '<th scope="col">compared</th>' if levels else ""
    rows = "".join(
        f'<tr><th scope="row">{text(kind.replace("_", " "))}</th>'
        f"{''.join(_cell(kind, one.get(kind, []), show_values=show_values) for one in said)}"
        f"{_level(levels.get(kind, [])) if levels else ''}</tr>"
        for kind in kinds
    )
    chance = "" if it.probability is None else f"<b>{share(it.probability)}</b> by this pair alone. "
    return (
        f'<div class="card"><p>{chance}{text(it.note)}</p><div class="scroll"><table><thead><tr>'
        f'<th scope="col">field</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div></div>'
    )


def _by_kind(it: Shown) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, _, value in it.values:
        found.setdefault(kind, []).append(value)
    return found


def _name(facts: Facts, it: Shown, *, show_values: bool) -> str:
    id = f" <bdi>{text(it.id)}</bdi>" if show_values else ""
    return f"{text(short(facts.sources[it.source].name))} row {count(it.row)}{id}"


def _cell(kind: str, values: list[str], *, show_values: bool) -> str:
    shown = "; ".join(it if show_values else masked(kind, it) for it in values)
    return f"<td><bdi>{text(shown)}</bdi></td>" if shown else "<td></td>"


def _level(levels: list[str]) -> str:
    kind = {"exact": "same", "straight": "same", "different": "differs"}.get(levels[0] if levels else "", "")
    return f'<td class="{kind}">{text(", ".join(levels))}</td>'
