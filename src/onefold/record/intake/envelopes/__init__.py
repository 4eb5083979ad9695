"""Envelopes that other systems put around rows, as pure parsers: bytes and headers in, offered rows out."""
