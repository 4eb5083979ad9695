"""What each of the six systems exports, in its own schema, keys and habits."""
