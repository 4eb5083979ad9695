"""The fold of what one source says about one thing."""
