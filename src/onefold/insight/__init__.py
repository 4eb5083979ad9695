"""What it means: segments, and later features, metrics and lineage."""
