"""Elections in groups: a post, candidates, a roll, a secret ballot, a count that voters can verify."""
