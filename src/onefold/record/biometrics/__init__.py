"""Protected references to faces, voices, fingers and irises; no sample and no template is ever here."""
