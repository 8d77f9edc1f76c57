"""The catalogue: families, programmes, editions, cohorts, published figures."""
