"""Ids, time, money, errors, canonical bytes and key custody; imports nothing of ours."""
