"""What extracts show before they are loaded: facts, estimates and examples, as frozen structs."""
