"""Who may do what, written before the policies; they are held against it, and share nothing with it."""

from __future__ import annotations

OWN = {"console", "api", "cli"}
REACH = {"email", "sms", "call", "push", "app", "web", "post"}
ONE_CUSTOMER = {
    "search_customers",
    "show_customer",
    "fetch_references",
    "show_timeline",
    "open_conversation",
}
MONEY = {"list_transactions", "balance_history"}

DESK = {"show_relations", "show_consents", "record_consent", "suppress_customer"}
BODY = {"enrol_biometric", "verify_biometric", "revoke_biometric"}
TABLE = [
    # role, purpose, channels, actions
    (
        "agent",
        "servicing",
        OWN,
        ONE_CUSTOMER | MONEY | DESK | BODY,
    ),
    (
        "relationship_manager",
        "servicing",
        OWN,
        ONE_CUSTOMER | MONEY | DESK | BODY | {"search_conversations"},
    ),
    ("relationship_manager", "servicing", {"console", "api"}, {"break_glass"}),
    (
        "relationship_manager",
        "marketing",
        OWN,
        {
            "show_customer",
            "fetch_references",
            "show_timeline",
            "open_conversation",
            "list_segments",
            "evaluate_segment",
        },
    ),
    ("marketer", "marketing", OWN, {"show_customer", "show_timeline", "list_segments", "evaluate_segment"}),
    ("marketer", "marketing", REACH, {"count_audience", "activate_segment"}),
    ("marketer", "analytics", OWN, {"list_segments", "evaluate_segment"}),
    ("analyst", "analytics", OWN, {"list_segments", "evaluate_segment", "show_customer"}),
    (
        "steward",
        "stewardship",
        OWN,
        ONE_CUSTOMER
        | {
            "show_relations",
            "decide_judgement",
            "explain_customer",
            "unmerge_customer",
            "list_reviews",
            "list_hubs",
            "decide_review",
            "show_model",
            "compare_models",
            "adopt_model",
            "list_sources",
            "show_source",
            "list_quarantine",
            "show_held_row",
            "resubmit_quarantine",
            "discard_quarantine",
        },
    ),
    (
        "engineer",
        "stewardship",
        OWN,
        {
            "list_sources",
            "show_source",
            "list_quarantine",
            "show_held_row",
            "resubmit_quarantine",
            "show_model",
            "train_model",
            "compare_models",
            "adopt_model",
        },
    ),
    (
        "privacy_officer",
        "compliance",
        OWN,
        ONE_CUSTOMER
        | MONEY
        | {
            "explain_customer",
            "list_hubs",
            "show_relations",
            "show_consents",
            "record_consent",
            "suppress_customer",
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
            "list_audit",
            "prove_audit",
            "search_conversations",
            "reveal_token",
            "revoke_biometric",
        },
    ),
    ("privacy_officer", "stewardship", OWN, {"list_sources", "show_source", "list_quarantine"}),
]
OF_OTHERS = {"relationship_manager"}
"""Roles that may not reach customers of another portfolio, unless they break the glass."""
KEPT_FROM = [
    # sensitive group, purpose, channels over which nothing is done with customers of it
    ("minor", "marketing", OWN | REACH | {"branch", "partner"}),
    ("vulnerable", "marketing", {"call", "sms", "push"}),
    ("senior", "marketing", {"call"}),
]
TOLD_WHY = {("agent", "servicing"), ("relationship_manager", "servicing"), ("privacy_officer", "compliance")}
"""(role, purpose) that read why somebody is left alone, over whatever channel."""
NOT_FOR_ALL = {"fraud", "litigation"}
"""Reasons that everybody else reads as one, with that of the vulnerable."""
FORBIDDEN_IN = [
    # by a house's own rules: jurisdiction, purpose, channels over which no such action (None: none) is done
    ("kz", "marketing", {"sms", "call"}, None),
    ("de", "analytics", OWN | REACH | {"branch", "partner"}, {"list_segments", "evaluate_segment"}),
]
HIDDEN_IN = [
    # by the same rules: jurisdiction, purpose, class of fields that nobody sees in full over an own channel
    ("de", "stewardship", "pii"),
]
ALLOWED = {
    (role, action, purpose, channel)
    for role, purpose, channels, actions in TABLE
    for channel in channels
    for action in actions
}
FIELDS = {
    # (role, purpose, is it a person's own channel): pii, pci, special
    ("agent", "servicing", True): ("full", "masked", "hidden"),
    ("relationship_manager", "servicing", True): ("full", "full", "hidden"),
    ("relationship_manager", "marketing", True): ("full", "hidden", "hidden"),
    ("marketer", "marketing", True): ("masked", "hidden", "hidden"),
    ("marketer", "marketing", False): ("full", "hidden", "hidden"),
    ("marketer", "analytics", True): ("hidden", "hidden", "hidden"),
    ("analyst", "analytics", True): ("token", "token", "hidden"),
    ("steward", "stewardship", True): ("full", "hidden", "hidden"),
    ("engineer", "stewardship", True): ("hidden", "hidden", "hidden"),
    ("privacy_officer", "compliance", True): ("full", "full", "full"),
    ("privacy_officer", "stewardship", True): ("hidden", "hidden", "hidden"),
}
