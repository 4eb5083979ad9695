"""Endpoints of one customer: find, show, money, history, consent."""

from __future__ import annotations

from onefold.channels.api.endpoint import Call, endpoint
from onefold.channels.api.parameters import (
    ConsentBody,
    PurposeQuery,
    SearchQuery,
    TimelineQuery,
    TransactionsQuery,
)
from onefold.gate.model import BalanceSeries, FoundPage, Timeline, TransactionFilter, TransactionPage, View
from onefold.usecases.balance_history import balance_history
from onefold.usecases.list_transactions import list_transactions
from onefold.usecases.model import RecordedConsent
from onefold.usecases.record_consent import ConsentFact, record_consent
from onefold.usecases.search_customers import search_customers
from onefold.usecases.show_customer import show_customer
from onefold.usecases.show_timeline import show_timeline

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


@endpoint(
    "GET",
    _ONE,
    "Shows one customer as this person may see it for this purpose",
    tag=_TAG,
    action="show_customer",
    query=PurposeQuery,
    result=View,
)
def show(call: Call) -> View:
    """The golden record, its fragments, products and consents; what is withheld is named."""
    return show_customer(call.permitted, call.rooms, call.path["customer"])


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
    said = call.body
    fact = ConsentFact(purpose=said.purpose, channel=said.channel, fact=said.fact, evidence=said.evidence)
    return record_consent(call.permitted, call.rooms, call.path["customer"], fact)


ENDPOINTS = (search, show, transactions, balances, timeline, consent)
