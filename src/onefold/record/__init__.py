"""What was said: the canonical model, the log, the audit, contracts and the doors."""
