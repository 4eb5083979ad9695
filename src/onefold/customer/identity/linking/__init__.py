"""The unsupervised engine: which of many records are one customer, learned from the records alone."""
