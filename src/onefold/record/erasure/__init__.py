"""Whom nothing may be known of any more: the ledger, the events that say it, the port of every room."""
