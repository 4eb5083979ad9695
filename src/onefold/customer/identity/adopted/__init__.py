"""Who is who by a model that was learned from a house's own data and adopted: an `EvidenceProvider`."""
