"""Whether somebody who may be contacted is to be contacted now: preference, quiet hours, how often."""
