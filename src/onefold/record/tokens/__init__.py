"""Tokens: what stands in the place of a value, and the vault that can turn one back."""
