"""Models that Splink trained, read and weighed by without Splink and without a database."""
