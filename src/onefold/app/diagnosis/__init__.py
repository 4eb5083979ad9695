"""The report of a diagnosis as one HTML page: no script, nothing fetched, every picture with its table."""
