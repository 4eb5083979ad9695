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
    "fetch_references",
    "list_transactions",
    "balance_history",
    "show_timeline",
    "show_relations",
    "open_conversation",
    "search_conversations",
    "show_consents",
    "record_consent",
    "suppress_customer",
    "break_glass",
    "lift_suppression",
    "erase_customer",
    "place_hold",
    "lift_hold",
    "list_holds",
    "open_request",
    "list_requests",
    "answer_request",
    "cancel_request",
    "fetch_package",
    "decide_judgement",
    "explain_customer",
    "unmerge_customer",
    "list_reviews",
    "list_hubs",
    "decide_review",
    "show_model",
    "train_model",
    "compare_models",
    "adopt_model",
    "list_sources",
    "show_source",
    "list_quarantine",
    "show_held_row",
    "resubmit_quarantine",
    "discard_quarantine",
    "list_audit",
    "prove_audit",
    "list_segments",
    "evaluate_segment",
    "count_audience",
    "activate_segment",
    "reveal_token",
    "enrol_biometric",
    "verify_biometric",
    "revoke_biometric",
)
REASONS = ("fraud", "litigation")
"""Reasons to leave somebody alone that say something of them, beside those that name a sensitive group."""
SETS = ("count_audience", "activate_segment")
"""Actions on many customers at once, who are not looked at one by one before they are counted."""
OURS_ALONE = ("evaluate_segment",)
"""Actions that count all customers, whoever agreed to what: another firm has no consent of all of them."""
OWN_CHANNELS = ("console", "api", "cli")
"""How people of the firm work; the channels of the canon are those a customer is reached by."""

INTAKE_ROLE = "source"
"""The role of a system that writes with its key. It is in no policy: it may hand in and see nothing."""
