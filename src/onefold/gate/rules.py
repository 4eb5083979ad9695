"""What the policies say: role, action, purpose, channel, relation and groups in, a decision out. Pure.

They hold in one jurisdiction, that of a cell; where none was named, a policy that asks for it lets nobody in.
A decision comes with obligations (obligations.py); one that nobody can fulfil is a refusal.

The Cedar text is parsed once. A decision is a function of its words and the text, so it is remembered;
the words come from closed lists (other words are turned away before Cedar is asked), so the memory is small.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from itertools import product
from typing import NamedTuple

import cedarpy
import msgspec

from onefold.gate.obligations import ANNOTATION, of_fields, said_in, unfulfilled
from onefold.gate.portfolios import Relation
from onefold.gate.words import ACTIONS, OWN_CHANNELS, REASONS, ROLES
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import is_jurisdiction
from onefold.record.canon.entities import FieldClass
from onefold.record.canon.groups import EVERY_SET, NO_GROUP, Group, Groups
from onefold.record.canon.purposes import PURPOSES, WHOLES, whole_of
from onefold.record.canon.vocabulary import CHANNELS

_RIGHTS = (("see_in_full", "full"), ("see_masked", "masked"), ("see_token", "token"))
"""From the one that shows most: where several are allowed, the first holds."""
_HIDDEN = {it.value: "hidden" for it in FieldClass}
_CONTEXTS = msgspec.json.Encoder()
_NO_ENTITIES = cedarpy.Entities.from_json_str("[]")


class Decision(msgspec.Struct, frozen=True):
    """Whether one role may; `reasons` are the names of the policies that said so, or why none did."""

    allowed: bool
    reasons: tuple[str, ...]
    fields: dict[str, str]
    """Field class → full, masked, token or hidden; all hidden when not allowed."""
    obligations: tuple[str, ...] = ()
    """What has to be done as well, in order of its name."""
    tells: tuple[str, ...] = ()
    """Reasons to leave somebody alone that the role is told, of those that say something of them."""


def obligations_of(decisions: Iterable[Decision]) -> tuple[str, ...]:
    """What any of several decisions obliges to."""
    return tuple(sorted({name for it in decisions for name in it.obligations}))


class _Answer(NamedTuple):
    """What Cedar says to one question; `failed`: a policy could not be evaluated, so nothing is allowed."""

    allowed: bool
    reasons: tuple[str, ...]
    failed: bool = False


class Policies:
    """A set of policy texts, by file name. `version` changes with every byte of them and of their names.

    `jurisdiction` is that of the cell for which they decide. Where it is empty, a policy that asks for it
    cannot be evaluated, and the answer is no.
    """

    def __init__(self, texts: Mapping[str, str], jurisdiction: str = "") -> None:
        self.texts = dict(sorted(texts.items()))
        self.jurisdiction = jurisdiction
        self._where = {"jurisdiction": jurisdiction} if jurisdiction else {}
        named = "".join(f"{name}\0{text}\0" for name, text in self.texts.items())
        self.version = sha256(named.encode()).hexdigest()[:12]
        whole = "\n".join(self.texts.values())
        # Whoever speaks of them has to name them: even a comparison of all that is asked does.
        self._speaks_of_groups = "groups" in whole
        self._set = cedarpy.PolicySet.from_str(whole)
        self._obliging = _obliging(whole)
        self._of_wholes = lru_cache(maxsize=10_000)(self._decide)
        # What a role may see does not depend on what it does.
        self._seen = lru_cache(maxsize=10_000)(self._fields)
        self._told = lru_cache(maxsize=10_000)(self._tells)
        self._kept_from = lru_cache(maxsize=10_000)(self._shielded)
        self._obliged = lru_cache(maxsize=10_000)(self._obliges)

    def under(self, jurisdiction: str) -> Policies:
        """The same policies as they hold in the cells of a jurisdiction; `CallerError` where it is none."""
        if not is_jurisdiction(jurisdiction):
            raise CallerError(
                "That is not a jurisdiction.", hint="Write it as cells do, in lower case: uz of demo/uz."
            )
        return self if jurisdiction == self.jurisdiction else Policies(self.texts, jurisdiction)

    def decide(
        self,
        role: str,
        action: str,
        purpose: str,
        channel: str,
        relation: Relation = Relation.ANY,
        *,
        glass: bool = False,
        groups: Groups = NO_GROUP,
    ) -> Decision:
        """The decision for one role: policies speak of purposes that are part of no other.

        `relation`: whose customer it is, `glass`: whether the glass was broken for them (portfolios.py),
        `groups`: the sensitive groups that the customer is of.
        """
        return self._of_wholes(role, action, whole_of(purpose), channel, relation, glass, groups)

    def shielded(
        self,
        role: str,
        action: str,
        purpose: str,
        channel: str,
        relation: Relation = Relation.ANY,
        *,
        glass: bool = False,
    ) -> frozenset[Groups]:
        """The sets of sensitive groups for which `decide` says no; all of them where it always does."""
        return self._kept_from(role, action, whole_of(purpose), channel, relation, glass)

    def obliges(
        self,
        role: str,
        action: str,
        purpose: str,
        channel: str,
        relation: Relation = Relation.ANY,
        *,
        glass: bool = False,
    ) -> tuple[str, ...]:
        """What `decide` obliges to for any of the sets of groups for which it says yes, in order of name."""
        return self._obliged(role, action, whole_of(purpose), channel, relation, glass)

    def decide_once(
        self, role: str, action: str, purpose: str, channel: str, relation: Relation = Relation.ANY
    ) -> Decision:
        """`decide` of nobody in particular, not remembered: for whoever asks about all there is.

        What permits are minted by is remembered, and would be pushed out.
        """
        return self._decide(role, action, whole_of(purpose), channel, relation, False, NO_GROUP)

    def _obliges(
        self, role: str, action: str, purpose: str, channel: str, relation: Relation, glass: bool
    ) -> tuple[str, ...]:
        asked = (role, action, purpose, channel, relation)
        sets = EVERY_SET if self._speaks_of_groups else (NO_GROUP,)
        return obligations_of(self.decide(*asked, glass=glass, groups=it) for it in sets)

    def _shielded(
        self, role: str, action: str, purpose: str, channel: str, relation: Relation, glass: bool
    ) -> frozenset[Groups]:
        asked = (role, action, purpose, channel, relation)
        if not self._speaks_of_groups:
            return frozenset(() if self.decide(*asked, glass=glass).allowed else EVERY_SET)
        return frozenset(it for it in EVERY_SET if not self.decide(*asked, glass=glass, groups=it).allowed)

    def _decide(
        self,
        role: str,
        action: str,
        purpose: str,
        channel: str,
        relation: Relation,
        glass: bool,
        groups: Groups,
    ) -> Decision:
        """The decision for one role; a word that is on no list is refused by name."""
        reasons = unknown_words(role, action, purpose, channel)
        if not reasons:
            whose = {"portfolio": relation.value, "break_glass": glass, "groups": sorted(groups)}
            answer = self._ask(role, action, 'Cell::"this"', purpose, channel, whose)
            if answer.allowed:
                fields = dict(self._seen(role, purpose, channel))
                obligations = tuple(sorted(of_fields(fields) | self._said_by(answer.reasons)))
                reasons = unfulfilled(action, obligations)
                if not reasons:
                    told = self._told(role, purpose, channel)
                    return Decision(True, answer.reasons, fields, obligations, told)
            else:
                reasons = answer.reasons
        return Decision(False, reasons or (_silence(role, action, purpose, channel),), dict(_HIDDEN))

    def _said_by(self, reasons: Iterable[str]) -> set[str]:
        """The obligations that the policies of these names say."""
        return {word for name in reasons for word in self._obliging.get(name, ())}

    def limits(self, role: str) -> bool:
        """Whether a role may do anything for customers of its own portfolio that it may not for others."""
        return any(
            self.decide(role, *asked, Relation.OWN).allowed
            and not self.decide(role, *asked, Relation.OTHER).allowed
            for asked in product(ACTIONS, WHOLES, OWN_CHANNELS)
        )

    def right(self, role: str, field_class: str, purpose: str, channel: str) -> str:
        """How a role sees a class of fields: full, masked, token or hidden."""
        resource = f'FieldClass::"{field_class}"'
        for action, right in _RIGHTS:
            answer = self._ask(role, action, resource, purpose, channel)
            if answer.allowed:
                return right
            if answer.failed:
                return "hidden"
        return "hidden"

    def fields(self, role: str, purpose: str, channel: str) -> dict[str, str]:
        """How a role that may act for a purpose over a channel sees each class of fields."""
        return dict(self._seen(role, whole_of(purpose), channel))

    def tells(self, role: str, purpose: str, channel: str) -> tuple[str, ...]:
        """The reasons that a role is told, of those that say something of whoever is left alone."""
        return self._told(role, whole_of(purpose), channel)

    def _tells(self, role: str, purpose: str, channel: str) -> tuple[str, ...]:
        asked = ((it, self._ask(role, "see_reason", f'Reason::"{it}"', purpose, channel)) for it in REASONS)
        return tuple(it for it, answer in asked if answer.allowed)

    def _fields(self, role: str, purpose: str, channel: str) -> dict[str, str]:
        return {it.value: self.right(role, it.value, purpose, channel) for it in FieldClass}

    def _ask(
        self,
        role: str,
        action: str,
        resource: str,
        purpose: str,
        channel: str,
        whose: Mapping[str, str | bool | list[Group]] | None = None,
    ) -> _Answer:
        context = {"purpose": purpose, "channel": channel, **self._where, **(whose or {})}
        request = {
            "principal": f'Role::"{role}"',
            "action": f'Action::"{action}"',
            "resource": resource,
            "context": _CONTEXTS.encode(context).decode(),
        }
        result = cedarpy.is_authorized(request, self._set, _NO_ENTITIES)
        if result.diagnostics.errors:
            # Cedar leaves a failing policy out: if it is one that forbids, too much would be allowed.
            said = str(result.diagnostics.errors[0])[:300]
            return _Answer(False, (f"a policy cannot be evaluated: {said}",), failed=True)
        names = result.diagnostics.id_annotations_by_reason
        return _Answer(result.allowed, tuple(sorted(names.values())))


def unknown_words(role: str, action: str, purpose: str, channel: str) -> tuple[str, ...]:
    """A sentence for each word that is on no list.

    The words themselves may come from outside, so are not said.
    """
    found = []
    if role not in ROLES:
        found.append("the role is not one we know")
    if action not in ACTIONS:
        found.append("the action is not one we know")
    if purpose not in PURPOSES:
        found.append("the purpose is not one we know")
    if channel not in OWN_CHANNELS and channel not in CHANNELS:
        found.append("the channel is not one we know")
    return tuple(found)


def _obliging(whole: str) -> dict[str, tuple[str, ...]]:
    """Name of a policy → the obligations it says."""
    policies = json.loads(cedarpy.policies_to_json_str(whole))["staticPolicies"].values()
    annotated = [it.get("annotations", {}) for it in policies]
    return {it.get("id") or "": said_in(it[ANNOTATION] or "") for it in annotated if ANNOTATION in it}


def _silence(role: str, action: str, purpose: str, channel: str) -> str:
    what = action.replace("_", " ")
    return f"no policy lets the role {role.replace('_', ' ')} {what} for {purpose} over {channel}"
