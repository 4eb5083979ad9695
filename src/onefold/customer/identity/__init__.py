"""Evidence, judgements and clusters: which fragments are one customer."""
