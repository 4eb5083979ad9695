"""Endpoints of one customer: find, show, money, history, consent, do-not-contact, erasure."""

from __future__ import annotations

import msgspec

from onefold.channels.api.endpoint import Call, endpoint
from onefold.channels.api.parameters import (
    ConsentBody,
    ConsentsQuery,
    ConversationQuery,
    ConversationsQuery,
    ErasureBody,
    GlassBody,
    PurposeQuery,
    RevealBody,
    RevealQuery,
    SearchQuery,
    SuppressionBody,
    TimelineQuery,
    TransactionsQuery,
)
from onefold.gate.ledger import ConsentLedger
from onefold.gate.model import (
    BalanceSeries,
    BrokenGlass,
    Conversation,
    FoundPage,
    HeardPage,
    References,
    Timeline,
    TransactionFilter,
    TransactionPage,
    View,
)
from onefold.gate.relations import Relations
from onefold.usecases.balance_history import balance_history
from onefold.usecases.break_glass import break_glass
from onefold.usecases.erase_customer import erase_customer
from onefold.usecases.fetch_references import fetch_references
from onefold.usecases.list_transactions import list_transactions
from onefold.usecases.model import ChangedSuppression, ErasedCustomer, RecordedConsent, RevealedTokens
from onefold.usecases.open_conversation import open_conversation
from onefold.usecases.record_consent import ConsentFact, record_consent
from onefold.usecases.reveal_token import reveal_token
from onefold.usecases.search_conversations import search_conversations
from onefold.usecases.search_customers import search_customers
from onefold.usecases.show_consents import show_consents
from onefold.usecases.show_customer import show_customer, show_customer_soon
from onefold.usecases.show_relations import show_relations
from onefold.usecases.show_timeline import show_timeline
from onefold.usecases.suppress_customer import lift_suppression, suppress_customer

_TAG = "customers"
_ONE = "/api/customers/{customer}"


@endpoint(
    "GET",
    "/api/customers",
    "Finds customers by name, phone, e-mail, account or any source's key",
    tag=_TAG,
    action="search_customers",
    query=SearchQuery,
    result=FoundPage,
)
def search(call: Call) -> FoundPage:
    """Up to 20, best first."""
    return search_customers(call.permitted, call.rooms, call.query.q)


async def show_soon(call: Call) -> bytes | None:
    """The answer of `show`, without a thread that waits for it."""
    return await show_customer_soon(call.permitted, call.rooms, call.path["customer"])


@endpoint(
    "GET",
    _ONE,
    "Shows one customer as this person may see it for this purpose",
    tag=_TAG,
    action="show_customer",
    query=PurposeQuery,
    result=View,
    soon=show_soon,
)
def show(call: Call) -> View:
    """The golden record, its fragments, products and consents; what is withheld is named."""
    return show_customer(call.permitted, call.rooms, call.path["customer"])


@endpoint(
    "GET",
    f"{_ONE}/references",
    "Asks the sources now for what they keep to themselves of one customer",
    tag=_TAG,
    action="fetch_references",
    query=PurposeQuery,
    result=References,
)
def references(call: Call) -> References:
    """The fields that a view names as `referenced`, each with its value or why there is none.

    It takes as long as the slowest source is given; what a source does not answer in time is unavailable.
    """
    return fetch_references(call.permitted, call.rooms, call.path["customer"])


@endpoint(
    "GET",
    f"{_ONE}/transactions",
    "Lists movements of money, newest first",
    tag=_TAG,
    action="list_transactions",
    query=TransactionsQuery,
    result=TransactionPage,
)
def transactions(call: Call) -> TransactionPage:
    """One page."""
    asked = call.query
    wanted = TransactionFilter(
        account=asked.account,
        text=asked.q,
        direction=asked.direction,
        first_day=asked.first,
        last_day=asked.last,
        least=asked.least,
        most=asked.most,
        cursor=asked.cursor,
        limit=asked.limit,
    )
    return list_transactions(call.permitted, call.rooms, call.path["customer"], wanted)


@endpoint(
    "GET",
    f"{_ONE}/accounts/{{account}}/balances",
    "The balance of one account at the end of each day it changed",
    tag=_TAG,
    action="balance_history",
    query=PurposeQuery,
    result=BalanceSeries,
)
def balances(call: Call) -> BalanceSeries:
    """Every point there is, oldest first."""
    return balance_history(call.permitted, call.rooms, call.path["customer"], call.path["account"])


@endpoint(
    "GET",
    f"{_ONE}/timeline",
    "What happened, newest first",
    tag=_TAG,
    action="show_timeline",
    query=TimelineQuery,
    result=Timeline,
)
def timeline(call: Call) -> Timeline:
    """One page."""
    asked = call.query
    return show_timeline(
        call.permitted,
        call.rooms,
        call.path["customer"],
        kind=asked.kind,
        cursor=asked.cursor,
        limit=asked.limit,
        text=asked.q,
    )


@endpoint(
    "GET",
    f"{_ONE}/relations",
    "What others are to the customer: household, guardians, firms and their people, holders of one account",
    tag=_TAG,
    action="show_relations",
    query=PurposeQuery,
    result=Relations,
)
def relations(call: Call) -> Relations:
    """Those that stand first. Whoever may not be seen is counted, and nothing else is told of them."""
    return show_relations(call.permitted, call.rooms, call.path["customer"])


@endpoint(
    "GET",
    f"{_ONE}/conversations/{{moment}}",
    "Opens one call, chat, mail or ticket of the timeline, whole",
    tag=_TAG,
    action="open_conversation",
    query=ConversationQuery,
    result=Conversation,
)
def conversation(call: Call) -> Conversation:
    """Who said what where it is a conversation, else its paragraphs."""
    return open_conversation(
        call.permitted, call.rooms, call.path["customer"], call.path["moment"], text=call.query.q
    )


@endpoint(
    "GET",
    "/api/conversations",
    "Finds customers by words of conversations with them",
    tag=_TAG,
    action="search_conversations",
    query=ConversationsQuery,
    result=HeardPage,
)
def conversations(call: Call) -> HeardPage:
    """Newest first."""
    asked = call.query
    return search_conversations(call.permitted, call.rooms, asked.q, cursor=asked.cursor, limit=asked.limit)


@endpoint(
    "GET",
    f"{_ONE}/consents",
    "Every consent that was given or taken back, newest first, and what stood at an instant",
    tag=_TAG,
    action="show_consents",
    query=ConsentsQuery,
    result=ConsentLedger,
)
def consents(call: Call) -> ConsentLedger:
    """One page of facts with their evidence; what stood at `at`, or stands now, for each use spoken of."""
    asked = call.query
    return show_consents(
        call.permitted,
        call.rooms,
        call.path["customer"],
        at=asked.at,
        known=asked.known,
        cursor=asked.cursor,
        limit=asked.limit,
    )


@endpoint(
    "POST",
    f"{_ONE}/consents",
    "Records what the customer granted, withdrew or objected to",
    tag=_TAG,
    action="record_consent",
    query=PurposeQuery,
    body=ConsentBody,
    result=RecordedConsent,
)
def consent(call: Call) -> RecordedConsent:
    """Answers once the gate's own state holds the fact."""
    fact = ConsentFact(**msgspec.structs.asdict(call.body))
    return record_consent(call.permitted, call.rooms, call.path["customer"], fact)


@endpoint(
    "POST",
    f"{_ONE}/suppressions",
    "Puts the customer on do-not-contact over a channel",
    tag=_TAG,
    action="suppress_customer",
    query=PurposeQuery,
    body=SuppressionBody,
    result=ChangedSuppression,
)
def suppression(call: Call) -> ChangedSuppression:
    """Answers once nothing more goes out over the channel."""
    said = call.body
    return suppress_customer(call.permitted, call.rooms, call.path["customer"], said.channel, said.reason)


@endpoint(
    "POST",
    f"{_ONE}/suppressions/lift",
    "Lifts a do-not-contact that was set at a desk, and says what still stands",
    tag=_TAG,
    action="lift_suppression",
    purpose="compliance",
    body=SuppressionBody,
    result=ChangedSuppression,
)
def lifting(call: Call) -> ChangedSuppression:
    """What a source said stays in force until that source takes it back."""
    said = call.body
    return lift_suppression(call.permitted, call.rooms, call.path["customer"], said.channel, said.reason)


@endpoint(
    "POST",
    f"{_ONE}/glass",
    "Breaks the glass: for a quarter of an hour this person reaches a customer of another portfolio",
    tag=_TAG,
    action="break_glass",
    query=PurposeQuery,
    body=GlassBody,
    result=BrokenGlass,
)
def glass(call: Call) -> BrokenGlass:
    """Written down before anything is shown; every record that follows from it names that one."""
    return break_glass(call.permitted, call.rooms, call.path["customer"], call.body.because)


@endpoint(
    "POST",
    "/api/tokens/reveal",
    "Turns tokens back: what each stood for, and whose it is",
    tag=_TAG,
    action="reveal_token",
    query=RevealQuery,
    body=RevealBody,
    result=RevealedTokens,
)
def reveal(call: Call) -> RevealedTokens:
    """Up to 20 at once and 100 an hour, each on record.

    One that nobody was shown and one that may not be told, for whatever reason, look alike: without a value.
    """
    return reveal_token(call.permitted, call.rooms, call.body.tokens, call.body.because)


@endpoint(
    "POST",
    f"{_ONE}/erasure",
    "Erases the customer for good, in every room, and keeps them from coming back",
    tag=_TAG,
    action="erase_customer",
    purpose="compliance",
    body=ErasureBody,
    result=ErasedCustomer,
)
def erasure(call: Call) -> ErasedCustomer:
    """Answers when it is done; 403 where a legal hold stands."""
    return erase_customer(call.permitted, call.rooms, call.path["customer"], call.body.because)


ENDPOINTS = (
    search,
    show,
    references,
    transactions,
    balances,
    timeline,
    relations,
    conversation,
    conversations,
    consents,
    consent,
    suppression,
    lifting,
    glass,
    reveal,
    erasure,
)
