"""The gate: mints permits, cuts views, and writes down each cut before it hands it over.

Order of things, everywhere: decide, read one committed state, cut, write the audit record, return. An answer
whose record cannot be written is not given (`Unavailable`). A refusal is written down too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, NoReturn

import msgspec

from onefold.customer.identity.model import EvidenceProvider
from onefold.customer.profile import attribution, groups
from onefold.customer.profile.ports import CustomerReader
from onefold.customer.profile.rules import default_policy
from onefold.gate.audience import Audience, AudienceCount, audience_of, under_tokens
from onefold.gate.contacting.counting import Counting
from onefold.gate.contacting.model import Contacting
from onefold.gate.contacting.service import hold_back
from onefold.gate.conversations import question
from onefold.gate.cutting import (
    Asked,
    Balances,
    Cut,
    Cutter,
    Cutting,
    Moments,
    Movements,
    OnDemand,
    OneConversation,
    OneCustomer,
    OneValue,
    Question,
    Said,
    Search,
)
from onefold.gate.dossier import Dossier, groups_among, read_dossier
from onefold.gate.everything import Everything, everything_of
from onefold.gate.fetching.model import Fetched, Outcome
from onefold.gate.fetching.service import Fetching
from onefold.gate.gathering import Gathered
from onefold.gate.ledger import ConsentLedger, Moment, cut_ledger, fragments_in
from onefold.gate.looking import Looking
from onefold.gate.masks import Minting
from onefold.gate.model import (
    Actor,
    BalanceSeries,
    BrokenGlass,
    Conversation,
    FoundPage,
    HeardPage,
    Permit,
    References,
    Timeline,
    TransactionFilter,
    TransactionPage,
    View,
)
from onefold.gate.narrowing import narrowed
from onefold.gate.never import NeverContact
from onefold.gate.obligations import Obligation
from onefold.gate.others import Others
from onefold.gate.permits import admitted, allowed_to, allows, gains, kept_by, minted
from onefold.gate.portfolios import (
    GLASS_MS,
    Barred,
    Broken,
    Glass,
    OfAnother,
    Relation,
)
from onefold.gate.ports import AuditTrail, Sources
from onefold.gate.records import (
    rests_of,
    with_glass,
    word_of_ours,
    words_of,
    words_of_cut,
    words_of_release,
)
from onefold.gate.references import account_of, shown
from onefold.gate.releases import Releases
from onefold.gate.revealing import Looked
from onefold.gate.rules import Policies
from onefold.gate.scope import HouseRules, Scope
from onefold.gate.shields import PROTECTED_BY_POLICY, Shield, Shielded
from onefold.gate.views import with_decision
from onefold.gate.words import ACTIONS, OWN_CHANNELS, SETS
from onefold.kernel.errors import CallerError, OnefoldError, Refused
from onefold.kernel.ids import Cell, id_text
from onefold.kernel.time import Clock, iso_instant
from onefold.pipeline.retelling import Retelling
from onefold.record.canon.purposes import PURPOSES
from onefold.record.canon.vocabulary import CHANNELS
from onefold.record.tokens.service import NoTokens, TokenVault


class Gate:
    """One cell's gate. Thread-safe: nothing is remembered but what is under way (see releases.py)."""

    def __init__(
        self,
        cell: Cell,
        policies: Policies,
        reader: CustomerReader,
        sources: Sources,
        audit: AuditTrail,
        provider: EvidenceProvider,
        clock: Clock,
        cutting: Cutting | None = None,
        fetching: Fetching | None = None,
        never: NeverContact | None = None,
        retelling: Retelling | None = None,
        ages: groups.Ages = groups.USUAL,
        tokens: TokenVault | None = None,
        devices: attribution.DeviceRules = attribution.USUAL,
    ) -> None:
        self._cell = cell
        self._policies = policies.under(cell.jurisdiction)
        self._reader = reader
        self._sources = sources
        self._audit = audit
        self._provider = provider
        self._clock = clock
        self._releases = Releases()
        self._broken = Broken()
        self._cutting = cutting or Cutter(reader)
        self._fetching = fetching
        self._never = never
        self._retelling = retelling
        self._rules: HouseRules = {"ages": ages, "devices": devices}
        self._tokens = tokens or NoTokens()

    def permit(self, actor: Actor, action: str, purpose: str, channel: str) -> Permit:
        """A permit under the first of the actor's roles that may; else `Refused`, and that written down."""
        found = minted(self._policies, self._cell, actor, action, purpose, channel)
        if isinstance(found, Permit):
            return found
        self._audit.record(
            "refusal",
            actor=actor.id,
            role=", ".join(actor.roles),
            action=word_of_ours(action, ACTIONS),
            purpose=word_of_ours(purpose, PURPOSES),
            channel=word_of_ours(channel, (*OWN_CHANNELS, *CHANNELS)),
            controller=actor.controller,
            outcome="refused",
            reasons=found,
            policy_version=self._policies.version,
        )
        raise Refused("Policy does not allow this.", reasons=found)

    def admit(self, source: str, channel: str) -> Permit:
        """The permit of a source that showed its write key, or whose files the folder's owner loads."""
        return admitted(self._policies, self._cell, source, channel)

    def may(self, actor: Actor) -> dict[str, tuple[str, ...]]:
        """Each action that some role of the actor is allowed for, with its purposes; over any channel."""
        return allowed_to(self._policies, actor)

    def view(self, permit: Permit, id_bytes: bytes) -> View:
        """One customer, cut for the permit."""
        with self._releases.under_way():
            now = self._clock.now_ms()
            permit, cut = self._cut(permit, OneCustomer(id_bytes), now)
            record = self._write_down(permit, "view", cut, now)
            view: View = msgspec.structs.replace(cut.made, decision=record)
            return view

    async def view_soon(self, permit: Permit, id_bytes: bytes) -> bytes | None:
        """`view`, awaited, as the bytes that are answered; None where somebody has to call `view` for it.

        Refusals, broken glasses and tokens go that way: of them nothing was written down or shown yet.
        """
        if permit.obliges(Obligation.TOKEN):
            return None
        with self._releases.under_way():
            now = self._clock.now_ms()
            question = self._question(permit, OneCustomer(id_bytes), now)
            cut = await self._cutting.cut_soon(msgspec.structs.replace(question, as_bytes=True))
            if cut.made is None or cut.through or cut.minted:
                return None
            words = words_of_release(permit, {}) | words_of_cut(cut, now)
            record = await self._audit.record_soon("view", **words)
            return with_decision(cut.made, record)

    def permit_at_once(self, actor: Actor, action: str, purpose: str, channel: str) -> Permit | None:
        """`permit`, or None where it would be refused: nothing is written down of that yet."""
        found = minted(self._policies, self._cell, actor, action, purpose, channel)
        return found if isinstance(found, Permit) else None

    def transactions(self, permit: Permit, id_bytes: bytes, wanted: TransactionFilter) -> TransactionPage:
        """One page of movements on the customer's accounts, or on one of them."""
        with self._releases.under_way():
            now = self._clock.now_ms()
            permit, cut = self._cut(permit, Movements(id_bytes, wanted), now)
            self._write_down(permit, "transactions", cut, now)
            page: TransactionPage = cut.made
            return page

    def balances(self, permit: Permit, id_bytes: bytes, account_id: bytes) -> BalanceSeries:
        """The balance of one of the customer's accounts through time."""
        with self._releases.under_way():
            now = self._clock.now_ms()
            permit, cut = self._cut(permit, Balances(id_bytes, account_id), now)
            self._write_down(permit, "balances", cut, now)
            series: BalanceSeries = cut.made
            return series

    def timeline(
        self, permit: Permit, id_bytes: bytes, *, kind: str, cursor: str, limit: int, text: str = ""
    ) -> Timeline:
        """One page of what happened; with a text, of conversations with its words."""
        with self._releases.under_way():
            now = self._clock.now_ms()
            permit, cut = self._cut(permit, Moments(id_bytes, kind, cursor, limit, question(text)), now)
            self._write_down(permit, "timeline", cut, now, text)
            page: Timeline = cut.made
            return page

    def conversation(
        self, permit: Permit, id_bytes: bytes, moment_id: bytes, *, text: str = ""
    ) -> Conversation:
        """One conversation with the customer, whole; the words of a text are marked in it."""
        words = question(text)
        with self._releases.under_way():
            now = self._clock.now_ms()
            permit, cut = self._cut(permit, OneConversation(id_bytes, moment_id, words), now)
            # Its record names the one document that was opened, not what else the customer has.
            record = self.released(
                permit,
                "conversation",
                customer=cut.customers[0],
                fragments=(moment_id,),
                counts=cut.counts,
                said=text,
                rests=rests_of(cut, now),
            )
            found: Conversation = msgspec.structs.replace(cut.made, decision=record)
            return found

    def value_behind(self, permit: Permit, asked: OneValue, token: str, because: str) -> Looked:
        """That a value behind a token may be shown: written down; refused as a view of its customer is."""
        with self._releases.under_way():
            now = self._clock.now_ms()
            permit, cut = self._cut(permit, asked, now)
            of = {"customer": cut.customers[0], "fragments": (asked.record,), "rests": rests_of(cut, now)}
            details = {"because": because, "field": asked.field}
            record = self.released(permit, "reveal", details=details, said=token, **of)
            return Looked(cut.customers[0], record)

    def heard(self, permit: Permit, text: str, *, cursor: str, limit: int) -> HeardPage:
        """Customers by words of conversations with them; what was asked is kept as a digest alone."""
        words = question(text)
        with self._releases.under_way():
            now = self._clock.now_ms()
            permit, cut = self._cut(permit, Said(words, cursor, limit), now)
            self._write_down_found(permit, cut, now, text)
            page: HeardPage = cut.made
            return page

    def references(self, permit: Permit, id_bytes: bytes) -> References:
        """What the sources have of the customer that they keep to themselves, asked for now.

        Decided before they are asked and again when they have answered: what stands then is what counts, and
        no withdrawal waits for a source. What was asked is written down whatever comes of it.
        """
        generation = self._fetching.generation if self._fetching else 0
        with self._releases.under_way():
            through, planned = self._cut(permit, OnDemand(id_bytes), self._clock.now_ms())
        if self._fetching:
            fetched = self._fetching.fetch(planned.made, generation)
        else:
            fetched = [Fetched(it, Outcome.UNSET, {}, self._clock.now_ms(), 0) for it in planned.made]
        asked = account_of(fetched)
        with self._releases.under_way():
            now = self._clock.now_ms()
            try:
                through, cut = self._cut(permit, OnDemand(id_bytes), now)
            except OnefoldError:
                self.released(through, "fetch", customer=planned.customers[0], **asked)
                raise
            items = tuple(shown(permit, fetched, cut.made))
            asked["counts"] |= {"given": sum(it.outcome == "value" for it in items)}
            fragments = tuple(dict.fromkeys(it.wanted.fragment for it in fetched))
            record = self.released(
                through,
                "references",
                customer=cut.customers[0],
                fragments=fragments,
                rests=rests_of(cut, now),
                **asked,
            )
            return References(id_text(cut.customers[0]), permit.purpose, items, record)

    def consents(self, permit: Permit, id_bytes: bytes, asked: Moment) -> ConsentLedger:
        """The ledger of a customer's consents, read from the log, so that what was replaced is told too."""
        assert self._retelling is not None
        self._retelling.catch_up()
        with self._releases.under_way():
            with self._reader.snapshot() as reader:
                scope, dossier = self._dossier(permit, reader, id_bytes, self._clock.now_ms())
                told = self._retelling.told(frozenset(fragments_in(scope, dossier)))
                ledger = cut_ledger(scope, dossier, told, asked)
            counts = {"facts": len(ledger.items), "uses": len(ledger.standing)}
            details = {"at": ledger.at, "known": ledger.known}
            record = self.released(
                dossier.permit, "consents", customer=dossier.customer, counts=counts, details=details
            )
            return msgspec.structs.replace(ledger, decision=record)

    def everything(self, permit: Permit, id_bytes: bytes) -> tuple[Everything, Others]:
        """All that is held about a customer, for the customer, and what would name others beside it."""
        with self._releases.under_way():
            with self.looking(permit) as look:
                scope, dossier = look.at(id_bytes)
                policy = default_policy(self._sources.trusted())
                found, others = everything_of(scope, dossier, policy, look.now_ms)
            record = self.released(
                dossier.permit,
                "everything",
                customer=dossier.customer,
                fragments=tuple(dossier.permitting),
                counts={"records": len(found.records)},
                rests=look.rests_on([dossier]),
            )
            return msgspec.structs.replace(found, decision=record), others

    def search(self, permit: Permit, text: str) -> FoundPage:
        """Customers by what a person typed; the text itself is not written down, only that one was."""
        with self._releases.under_way():
            now = self._clock.now_ms()
            permit, cut = self._cut(permit, Search(text), now)
            self._write_down_found(permit, cut, now, text)
            page: FoundPage = cut.made
            if barred := [bytes.fromhex(it.customer) for it in page.items if it.barred]:
                reasons = ("found by a number, and not of their portfolio",)
                self.refused(permit, reasons, customers=barred)
            return page

    @contextmanager
    def audience(
        self,
        permit: Permit,
        members: Iterable[bytes],
        contacting: Contacting,
        chosen_by: frozenset[str] = frozenset(),
    ) -> Iterator[Audience]:
        """Who of the members may be contacted now, and is not left alone by the rules of contacting.

        `chosen_by` are the classes of data that made them members.
        The release is over when the block ends: write it down and hand it over within, so that no withdrawal
        is acknowledged between the question and the hand-over.
        """
        with self._releases.under_way(), self._reader.snapshot() as reader:
            scope = self._scope_of_many(permit, reader, chosen_by)
            now = self._clock.now_ms()
            policy = default_policy(self._sources.trusted())
            audience = audience_of(scope, policy, members, now)
            audience = hold_back(scope, self._contactable(audience, permit), contacting, now)
            audience = under_tokens(scope, audience)
            self._tokens.keep(scope.minted())
            yield audience

    def audience_count(
        self,
        permit: Permit,
        members: Iterable[bytes] | None,
        contacting: Contacting,
        chosen_by: frozenset[str] = frozenset(),
    ) -> AudienceCount:
        """How many of the members (None: of all) `audience` would release now, and why not the rest.

        It shows nobody, and is not written down here.
        """
        with self._reader.snapshot() as reader:
            scope = self._scope_of_many(permit, reader, chosen_by)
            policy = default_policy(self._sources.trusted())
            counting = Counting(scope, policy, contacting, self._clock.now_ms(), self._never)
            return counting.count(members)

    def digests_that_stay(self, dossier: Dossier) -> set[bytes]:
        """What stays of the suppressions of a customer who goes."""
        said = dossier.consents.suppressions, dossier.members.values()
        return set() if self._never is None else self._never.digests_of(*said)

    def _contactable(self, audience: Audience, permit: Permit) -> Audience:
        """The audience without the addresses of people who were not to be contacted and are erased since."""
        if self._never is None or self._never.is_empty:
            return audience
        return self._never.without(audience, permit.channel)

    def settle(self, timeout_seconds: float) -> None:
        """Returns when nothing that began before this call is still being released.

        Something was taken away from somebody, so whatever was fetched lately is let go of, too.
        """
        if self._fetching:
            self._fetching.forget()
        self._releases.settle(timeout_seconds)

    def members(self, permit: Permit, id_bytes: bytes) -> Dossier:
        """The records of a customer for a use case that writes about them; shows nothing."""
        with self.looking(permit) as look:
            return look.at(id_bytes)[1]

    @contextmanager
    def looking(self, permit: Permit) -> Iterator[Looking]:
        """One committed state, for a release that compares customers; write it down within."""
        with self._releases.under_way(), self._reader.snapshot() as reader:
            now = self._clock.now_ms()
            at = partial(self._dossier, permit, reader, now=now)
            many = self._scope_of_many(permit, reader, frozenset())
            yield Looking(reader, self._provider, now, at, reader.offset, many, self._sources.trusted())

    def break_glass(self, permit: Permit, id_bytes: bytes, because: str) -> BrokenGlass:
        """Lets who asks reach a customer for the permit's purpose, for a quarter of an hour.

        Written down first. `CallerError` where nothing is in the way, `Refused` where the policies do not let
        it be broken for this customer.
        """
        wide = msgspec.structs.replace(permit, relations=tuple(Relation))
        with self._releases.under_way():
            now = self._clock.now_ms()
            with self._reader.snapshot() as reader:
                _, found = self._dossier(wide, reader, id_bytes, now)
            if not gains(self._policies, permit, found.relation):
                raise CallerError("No portfolio keeps this customer from you.", hint="Just look.")
            asked = (self._policies, permit, permit.action, found.relation)
            decision = allows(*asked, glass=True)
            if not decision.allowed:
                self.refuse(permit, found.customer, "The glass may not be broken here.", decision.reasons)
            of_groups = groups_among(found.members, found.consents, self._rules["ages"], now)
            of_them = allows(*asked, glass=True, groups=of_groups)
            if not of_them.allowed:
                self._protect(permit, found.customer, of_them.reasons)
            until = iso_instant(now + GLASS_MS)
            details = {"because": because, "until": until}
            record = self.released(permit, "break_glass", customer=found.customer, details=details)
            self._broken.add(permit.actor.id, permit.role, found.customer, permit.purpose, record, now)
            return BrokenGlass(id_text(found.customer), because, until, record)

    def released(
        self, permit: Permit, kind: str, *, details: Mapping[str, str] | None = None, **what: Any
    ) -> str:
        """Writes down what a permit let out or changed; returns the record's id once it is durable."""
        words = words_of_release(permit, {**(details or {}), **self._protecting(permit)})
        return self._audit.record(kind, **words, **what)

    def _protecting(self, permit: Permit) -> dict[str, str]:
        """Of what is done with many at once: the policies that keep some of them from it."""
        if permit.action not in SETS or not permit.shields:
            return {}
        names = {why for it in permit.shields for why in kept_by(self._policies, permit, it)}
        return {"protected_by": "; ".join(sorted(names))}

    def note(self, actor: str, kind: str, outcome: str, reasons: tuple[str, ...] = ()) -> str:
        """Writes down something that happened without a permit, such as a sign-in."""
        return self._audit.record(kind, actor=actor, outcome=outcome, reasons=reasons)

    def _cut(self, permit: Permit, asked: Asked, now: int) -> tuple[Permit, Cut]:
        """The cut, not yet written down, and the permit it was made under.

        Refused, and that written down, where no record permits it.
        """
        question = self._question(permit, asked, now)
        cut = self._cutting.cut(question)
        if cut.barred is not None:
            wider = self._through_glass(permit, cut.customers[0], cut.barred, now)
            cut = self._cutting.cut(msgspec.structs.replace(question, permit=wider))
            permit = wider if cut.through or cut.shielded else permit
        if cut.barred is not None:
            self._bar(permit, cut.customers[0], cut.barred)
        if cut.shielded is not None:
            self._shield(permit, cut.customers[0], cut.shielded)
        if cut.made is None:
            self._refuse(permit, cut.customers[0])
        self._tokens.keep(cut.minted)
        return permit, cut

    def _question(self, permit: Permit, asked: Asked, now: int) -> Question:
        """What is to be cut, with what the contracts allow now."""
        return Question(
            permit,
            asked,
            now,
            self._sources.served(),
            self._sources.trusted(),
            dict(self._sources.fetchable()),
            {source: dict(it) for source, it in self._sources.classes().items()},
            token_key=self._token_key(permit),
            **self._rules,
        )

    def _scope_of_many(self, permit: Permit, reader: CustomerReader, chosen_by: frozenset[str]) -> Scope:
        minting = Minting(key) if (key := self._token_key(permit)) else None
        gathered = Gathered(reader)
        return Scope(permit, gathered, self._sources, chosen_by=chosen_by, minting=minting, **self._rules)

    def _token_key(self, permit: Permit) -> bytes:
        """What tokens are made with, for a permit that sees some; else nothing, and no cost."""
        return self._tokens.key if permit.obliges(Obligation.TOKEN) else b""

    def _dossier(
        self, permit: Permit, reader: CustomerReader, id_bytes: bytes, now: int
    ) -> tuple[Scope, Dossier]:
        """What is read of one customer in this process; refused as `_cut` refuses."""
        classes = self._sources.classes()
        scope = Scope(permit, Gathered(reader), self._sources, classes=classes, **self._rules)
        try:
            try:
                dossier = read_dossier(scope, id_bytes, now)
            except Barred as bar:
                scope = replace(scope, permit=self._through_glass(permit, bar.customer, bar.relation, now))
                dossier = read_dossier(scope, id_bytes, now)
        except Shielded as it:
            self._shield(scope.permit, it.customer, it.shield)
        if not dossier.permitting:
            self._refuse(dossier.permit, dossier.customer)
        return narrowed(scope, dossier), dossier

    def _through_glass(self, permit: Permit, customer: bytes, relation: Relation, now: int) -> Permit:
        """The permit for a customer it does not hold for, where the glass was broken; else `OfAnother`."""
        record = self._broken.record_of(permit.actor.id, permit.role, customer, permit.purpose, now)
        decided = allows(self._policies, permit, permit.action, relation, glass=True)
        if not record or not decided.allowed:
            self._bar(permit, customer, relation)
        asked = (permit.role, permit.action, permit.purpose, permit.channel, relation)
        through = self._policies.shielded(*asked, glass=True)
        kept = (it for it in permit.shields if it.relation is not relation)
        return msgspec.structs.replace(
            permit,
            glass=Glass(customer, relation, record),
            shields=frozenset((*kept, *(Shield(relation, it) for it in through))),
            obligations=tuple(sorted({*permit.obligations, *self._policies.obliges(*asked, glass=True)})),
        )

    def _bar(self, permit: Permit, customer: bytes, relation: Relation) -> NoReturn:
        """Writes down that a customer was asked for who is not of the portfolio, and says so."""
        reasons = allows(self._policies, permit, permit.action, relation).reasons
        self.refused(permit, reasons, customer=customer)
        breaks = allows(self._policies, permit, "break_glass", relation, glass=True).allowed
        raise OfAnother(
            "This customer is not of your portfolio.",
            reasons=reasons,
            hint="Ask their manager, or break the glass where it cannot wait."
            if breaks
            else "Ask their manager.",
        )

    def _shield(self, permit: Permit, customer: bytes, shield: Shield) -> NoReturn:
        """Writes down which policy keeps this customer from the permit, and says that one does."""
        self._protect(permit, customer, kept_by(self._policies, permit, shield))

    def _protect(self, permit: Permit, customer: bytes, policies: tuple[str, ...]) -> NoReturn:
        """Writes down policies by name, which may tell the group, and says that one protects the customer."""
        self.refused(permit, policies, customer=customer)
        raise Refused("A policy protects this customer from that.", reasons=(PROTECTED_BY_POLICY,))

    def _refuse(self, permit: Permit, customer: bytes) -> NoReturn:
        """Writes down that nothing of this customer may be shown for the permit's purpose, and says so."""
        basis = PURPOSES[permit.purpose].basis
        reasons = (f"no {basis} to {permit.purpose} stands for any record of this customer",)
        self.refuse(permit, customer, "Nothing of this customer may be shown for that.", reasons)

    def refuse(self, permit: Permit, customer: bytes, message: str, reasons: tuple[str, ...]) -> NoReturn:
        """Writes down that something was not done although policy allows its kind, and says why."""
        self.refused(permit, reasons, customer=customer)
        raise Refused(message, reasons=reasons)

    def refused(
        self, permit: Permit, reasons: tuple[str, ...], details: Mapping[str, str] | None = None, **what: Any
    ) -> str:
        """Writes down that something was not done under a permit; returns the record's id."""
        words = words_of(permit) | {"details": with_glass(permit, details)}
        return self._audit.record("refusal", outcome="refused", reasons=reasons, **words, **what)

    def _write_down(self, permit: Permit, kind: str, cut: Cut, now: int, said: str = "") -> str:
        """The record of a cut: the customer, the records it was made of, and a digest of what was asked."""
        return self.released(permit, kind, **words_of_cut(cut, now, said))

    def _write_down_found(self, permit: Permit, cut: Cut, now: int, said: str) -> None:
        """The record of a search: whom it found, and a digest of what was asked."""
        self.released(
            permit,
            "search",
            customers=cut.customers,
            counts=cut.counts,
            said=said,
            rests=rests_of(cut, now),
        )
