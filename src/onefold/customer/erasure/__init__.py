"""Erasing people: what is theirs, and the order in which every room forgets it."""
