"""Records of access, decision and change, on the same segments as the log."""
