"""Sources that answer over HTTP."""
