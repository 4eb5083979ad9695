"""Frames, segments, append, read, replay and proofs; sees bytes, not meaning."""
