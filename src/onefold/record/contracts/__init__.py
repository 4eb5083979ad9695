"""ODCS contracts: validate, minimise and map a raw row to canon."""
