"""State, identity index and outbox in one SQLite file a cell."""
