"""The worker that runs inside one process, on files and SQLite."""
