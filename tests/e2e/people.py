"""Whom the tests look at: chosen from the world by what a test needs, not by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from tests.flow.server import Server

BEGINNINGS = [first + second for first in "abdfgijklmnorstuz" for second in "aeiou"]
MOVEMENTS_MIN = 40


@dataclass(frozen=True, slots=True)
class Somebody:
    """A customer as the API shows it to a relationship manager."""

    id: str
    view: dict[str, Any]

    @property
    def name(self) -> str:
        """The name on top of the page."""
        return str(self.view["name"])

    def value(self, field: str) -> str:
        """A value of the golden record."""
        return str(self.view["profile"][field]["value"])

    @property
    def busiest(self) -> dict[str, Any]:
        """The account with a balance and the most movements: what the page of such a customer opens with."""
        with_balance = [it for it in self.view["accounts"] if it["balance"] is not None]
        return max(with_balance, key=lambda it: int(it["transactions"]))


def contested(view: dict[str, Any]) -> list[str]:
    """The fields of contact for which different values were offered."""
    return [
        name
        for name in ("phone", "email", "city", "address")
        if len({str(it["value"]) for it in view["profile"].get(name, {}).get("candidates", ())}) > 1
    ]


def choose(server: Server) -> Somebody:
    """Somebody with several records that differ, several products, and money that moves."""
    with server.signed_in("rm") as rm:
        for view in customers(rm):
            if _is_worth_a_look(view) and _for_marketing(rm, view).status_code == 200:
                return Somebody(view["customer"], view)
    raise AssertionError("the world has nobody to look at")


def silent_about_marketing(server: Server) -> Somebody:
    """Somebody of whom nothing may be shown for marketing."""
    with server.signed_in("rm") as rm:
        for view in customers(rm):
            if _for_marketing(rm, view).status_code == 403:
                return Somebody(view["customer"], view)
    raise AssertionError("everybody in the world agreed to marketing")


def _for_marketing(rm: httpx.Client, view: dict[str, Any]) -> httpx.Response:
    return rm.get(f"/api/customers/{view['customer']}", params={"purpose": "marketing"})


def customers(rm: httpx.Client) -> Iterator[dict[str, Any]]:
    """Views of customers, each once, as the beginnings of names find them."""
    seen: set[str] = set()
    for text in BEGINNINGS:
        for it in rm.get("/api/customers", params={"q": text}).json()["items"]:
            if it["customer"] not in seen:
                seen.add(it["customer"])
                yield rm.get(f"/api/customers/{it['customer']}").json()


def _is_worth_a_look(view: dict[str, Any]) -> bool:
    return (
        {"phone", "email", "family_name"} <= view["profile"].keys()
        and bool(contested(view))
        and len(view["fragments"]) > 2
        and len(view["accounts"]) > 1
        and any(it["balance"] is not None and it["transactions"] >= MOVEMENTS_MIN for it in view["accounts"])
    )
