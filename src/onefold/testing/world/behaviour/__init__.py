"""What people do with the products they have, day by day."""
