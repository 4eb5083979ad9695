"""What a person or a program can do, one file a task; each takes a permit."""
