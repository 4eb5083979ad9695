"""The closed lists of words the policies are stated in.

Roles, actions, and the channels people of the firm use.
"""

from __future__ import annotations

ROLES = (
    "relationship_manager",
    "agent",
    "steward",
    "marketer",
    "analyst",
    "privacy_officer",
    "engineer",
)
ACTIONS = (
    "search_customers",
    "show_customer",
    "list_transactions",
    "balance_history",
    "show_timeline",
    "record_consent",
    "decide_judgement",
    "list_sources",
    "list_quarantine",
    "resubmit_quarantine",
    "discard_quarantine",
    "list_audit",
    "list_segments",
    "evaluate_segment",
    "activate_segment",
)
OWN_CHANNELS = ("console", "api", "cli")
"""How people of the firm work; the channels of the canon are those a customer is reached by."""

INTAKE_ROLE = "source"
"""The role of a system that writes with its key. It is in no policy: it may hand in and see nothing."""
