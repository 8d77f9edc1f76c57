"""Pages for administrators: the catalogue, without a release. Owns no tables."""
