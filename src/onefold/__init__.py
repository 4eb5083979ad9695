"""Onefold: one fold over one immutable log, and the customer that it shows."""

RELEASE = "0.1.0.dev0"
"""As in pyproject.toml; health and the OpenAPI document tell it. What another judged is judged again."""
