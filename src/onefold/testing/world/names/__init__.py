"""Names of people in four cultures and the ways each of them gets written down."""
