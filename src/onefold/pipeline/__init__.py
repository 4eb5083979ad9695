"""The pure step: a sans-I/O generator over a batch of events."""
