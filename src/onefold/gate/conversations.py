"""What was said in conversations, as one permit may see it: excerpts, whole documents, and finding by words.

Words lead to a text only for whoever may see that text in full: finding somebody by a word that may not be
seen would tell the word. The class of a text is that of the canon or, where the source's contract says more,
that; sources that are closed to the purpose, and records that do not permit it, are found by nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from onefold.customer.profile import passages
from onefold.customer.profile.model import Survivorship
from onefold.gate.attributing import party_of
from onefold.gate.consented import Noted
from onefold.gate.dossier import read_dossier, within
from onefold.gate.model import Conversation, Heard, HeardPage, Moment, Piece, Turn, Withheld
from onefold.gate.owning import Owned
from onefold.gate.paging import Place, cursor_of, place_of
from onefold.gate.phrases import PHRASES
from onefold.gate.scope import Scope, Standing
from onefold.gate.views import golden_of, shown_name
from onefold.kernel.errors import CallerError, NotFound
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_instant
from onefold.record.canon.talk import Turn as Spoken
from onefold.record.canon.talk import clock, turns_of

KINDS = ("interaction", "case")
EXCERPT_CHARACTERS_MAX = 280
TURN_CHARACTERS_MAX = 400
_TIMES = {"interaction": "happened_at", "case": "opened_at"}
_READ_AT_ONCE = 200
_NOBODY: tuple[str, frozenset[bytes]] = ("", frozenset())
_READ_MOST = 1000
"""A page looks at no more than this; what may not be seen gives short pages with a `next`, not slow ones."""


def question(text: str) -> tuple[str, ...]:
    """The words of a question; `CallerError` where it has none, none at all where nothing is asked."""
    words = passages.question(text)
    if text and not words:
        raise CallerError("There is no word in the question.", hint="Write two letters or more of a word.")
    return words


def may_search(scope: Scope) -> bool:
    """Whether the permit shows in full what people said, as the canon classes it."""
    return scope.permit.fields.get("pii") == "full"


def withheld_from(scope: Scope) -> Withheld:
    """That nothing was looked for, and why."""
    role = scope.permit.role.replace("_", " ")
    return Withheld("search in conversations", f"the role {role} may not see what was said")


def heard(
    scope: Scope,
    words: Sequence[str],
    owners: Sequence[bytes],
    kind: str,
    before: Place | None,
    most: int,
    is_shown: Callable[[Standing], bool] = lambda _: True,
) -> tuple[list[tuple[int, Standing]], str | None]:
    """The newest conversations with these words below `before`, of these owners or of everybody.

    With the cursor to go on from, None at the end. It is that of the last one shown, so that it tells nothing
    of those between; where a whole reading shows nothing, there is no other to go on from than the last read.
    """
    found: list[tuple[int, Standing]] = []
    for _ in range(0, _READ_MOST, _READ_AT_ONCE):
        rows = scope.reader.heard(words, owners, before=before, most=_READ_AT_ONCE)
        standing = scope.standing(fragment_id for _, fragment_id in rows)
        for place in rows:
            it = standing.get(place[1])
            before = place
            if it is None or kind not in ("", it.fragment.entity) or scope.right(it, "text") != "full":
                continue
            if not is_shown(it):
                continue
            if len(found) == most:
                return found, _after(found)
            found.append((place[0], it))
        if len(rows) < _READ_AT_ONCE:
            return found, None
    return found, _after(found) if found else cursor_of(before) if before else None


def _after(found: Sequence[tuple[int, Standing]]) -> str:
    at, it = found[-1]
    return cursor_of((at, it.fragment.fragment_id))


def moment_of(
    scope: Scope, it: Standing, at: str, kind: str, words: Sequence[str] = (), because: str = ""
) -> Moment:
    """One line of the timeline: the beginning of what was said, or the part around what was asked for."""
    title, text = PHRASES[kind](scope, it)
    title = title[:1].upper() + title[1:]
    turns = turns_of(text) if kind in KINDS and text else None
    said = _in_short(text, turns) if kind in KINDS else text
    shown = passages.excerpt(said, words, EXCERPT_CHARACTERS_MAX) if kind in KINDS else said
    return Moment(
        id=id_text(it.fragment.fragment_id),
        at=at,
        kind=kind,
        title=title,
        source=it.fragment.source,
        text=shown,
        opens=kind in KINDS and (shown != said or turns is not None or _has_more(scope, it)),
        found_title=_pieces(title, words) if words else (),
        found_text=_pieces(shown, words) if words else (),
        because=because,
    )


def conversation(scope: Scope, owned: Owned, fragment_id: bytes, words: Sequence[str]) -> Conversation:
    """One document of somebody, whole: who said what where it is a conversation."""
    it = scope.standing([fragment_id]).get(fragment_id)
    kind = it.fragment.entity if it else ""
    if it is None or kind not in KINDS or not owned.has(scope, it):
        raise NotFound("This customer has no such conversation.")
    at = it.values.get(_TIMES[kind]) or it.fragment.stamp[0]
    right = scope.right(it, "text")
    words = words if right == "full" else ()
    text = scope.text(it, "text")
    turns = turns_of(text) if text else ()
    role = scope.permit.role.replace("_", " ")
    hidden = Withheld("what was said", f"the role {role} may not see it")
    found = moment_of(scope, it, iso_instant(at), kind, words)
    return Conversation(
        id=found.id,
        at=found.at,
        kind=kind,
        title=found.title,
        source=found.source,
        topic=scope.text(it, "topic"),
        participants=scope.text(it, "participants") if kind == "interaction" else "",
        attachments=scope.text(it, "attachments") if kind == "interaction" else "",
        employee=scope.text(it, "employee") if kind == "interaction" else "",
        is_talk=bool(turns),
        turns=tuple(_talk(text, words) if turns else _paragraphs(text, words)),
        withheld=(hidden,) if right != "full" and it.values.get("text") else (),
        decision="",
    )


def heard_page(
    scope: Scope,
    policy: Sequence[Survivorship],
    words: Sequence[str],
    cursor: str,
    limit: int,
    now: int,
    noted: Noted | None = None,
) -> HeardPage:
    """Customers by what was said with them, newest first; the same one as often as it was said.

    `noted` takes which of their records permit which class of data, where they tell classes apart.
    """
    if not may_search(scope):
        return HeardPage((), None, (withheld_from(scope),))
    names: dict[bytes, tuple[str, frozenset[bytes]]] = {}
    owners: dict[bytes, bytes] = {}

    def is_shown(it: Standing) -> bool:
        """Whether there is a customer it is about of whom it may be shown: the first is kept."""
        for party, customer in scope.reader.customers_of(list(_parties(scope, it))).items():
            if customer not in names:
                is_kept = bool(within(scope, [customer]))
                known = {} if noted is None else noted
                names[customer] = _name(scope, policy, customer, now, known) if is_kept else _NOBODY
            if party in names[customer][1]:
                owners[it.fragment.fragment_id] = customer
                return True
        return False

    rows, after = heard(scope, words, (), "", place_of(cursor), limit, is_shown)
    items = []
    for at, it in rows:
        customer = owners[it.fragment.fragment_id]
        moment = moment_of(scope, it, iso_instant(at), it.fragment.entity, words)
        items.append(Heard(id_text(customer), names[customer][0], moment))
    return HeardPage(tuple(items), after)


def _name(
    scope: Scope,
    policy: Sequence[Survivorship],
    customer: bytes,
    now: int,
    noted: Noted,
) -> tuple[str, frozenset[bytes]]:
    """What to call a customer, and which of their records permit to show what was said, if any."""
    try:
        dossier = read_dossier(scope, customer, now)
    except NotFound:
        return _NOBODY
    if not dossier.permitting:
        return _NOBODY
    if dossier.serving is not None:
        noted[dossier.customer] = dossier.serving
    # Whatever is found by words is a conversation.
    return shown_name(golden_of(dossier, policy), scope.permit.fields), frozenset(dossier.of("conversation"))


def _parties(scope: Scope, it: Standing) -> Iterator[bytes]:
    """Whom a conversation is about: its party, or whoever was on the device, or whoever the account is of."""
    if (party := it.values.get("party")) is not None or (party := party_of(scope, it)) is not None:
        yield party
    for thing in scope.standing(filter(None, [it.values.get("account")])).values():
        if (party := thing.values.get("party")) is not None:
            yield party


def _has_more(scope: Scope, it: Standing) -> bool:
    names = ("participants", "attachments") if it.fragment.entity == "interaction" else ()
    return any(scope.text(it, name) for name in names)


def _in_short(text: str, turns: Sequence[Spoken] | None) -> str:
    """A text as an excerpt shows it: of a conversation who and what, of a letter no empty lines."""
    if turns is not None:
        return "\n".join(f"{it.who or '?'}: {it.words}" for it in turns)
    return "\n".join(line for line in text.split("\n") if line)


def _talk(text: str, words: Sequence[str]) -> Iterator[Turn]:
    """The turns of a conversation; what one person says on and on is one turn, up to a length."""
    second, who, said = 0, "", ""
    for it in turns_of(text) or ():
        if said and it.who == who and len(said) + len(it.words) < TURN_CHARACTERS_MAX:
            said += f" {it.words}"
            continue
        if said:
            yield Turn(clock(second), who, _pieces(said, words))
        second, who, said = it.second, it.who, it.words
    if said:
        yield Turn(clock(second), who, _pieces(said, words))


def _paragraphs(text: str, words: Sequence[str]) -> Iterator[Turn]:
    yield from (Turn("", "", _pieces(part, words)) for part in text.split("\n\n") if part)


def _pieces(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    return tuple(Piece(it.text, it.found) for it in passages.pieces(text, words))
