"""The golden profile combined from fragments, with survivorship and provenance."""
