"""What a process does to the world outside, noted: see sitecustomize.py."""
