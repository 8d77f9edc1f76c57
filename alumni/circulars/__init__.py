"""Writing to many at once, across groups: organisers in their tree, officers within their mandates."""
