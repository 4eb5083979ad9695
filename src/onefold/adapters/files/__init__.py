"""Flat segment files, key files and other ports on the file system."""
