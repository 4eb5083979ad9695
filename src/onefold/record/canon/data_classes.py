"""What a consent is about: the closed list of data classes, and their names in DPV.

They say which of our data somebody allowed to be used, not how sensitive it is: that is a field's class.
"""

from __future__ import annotations

ANY_DATA = "any"
"""All there is, told and untold: what a fact means that names no class."""

DATA_CLASSES: dict[str, tuple[str, str]] = {
    "identity": ("pd:Identifying", "who they are: names, birth, documents"),
    "contact": ("pd:Contact", "how to reach them"),
    "account": ("pd:FinancialAccount", "what they have with us: products, numbers, terms"),
    "balance": ("pd:FinancialStatus", "how much is on it"),
    "transaction": ("pd:Transactional", "what moved"),
    "payee": ("pd:FinancialAccount", "whom they pay: beneficiaries, standing orders, debits"),
    "behaviour": ("pd:Behavioral", "what they do on our pages and in our app"),
    "conversation": ("pd:Communication", "what they said and wrote to us"),
    "location": ("pd:Location", "where they are"),
}
"""Class → (the nearest term of the DPV 2 extension for personal data, what it is)."""
