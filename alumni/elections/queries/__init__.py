"""What is asked about elections: which there are, one with its candidates, the ballots of a count."""

from alumni.elections.queries.counts import BY_RECEIPT, all_ballots, ballots_of, find_ballot, receipt_digest, votes_of
from alumni.elections.queries.elections import (
    LATEST,
    candidates_of,
    due_to_count,
    due_to_open,
    election_page,
    elections_of,
    visible_candidates,
    visible_elections,
    voters_to_tell,
)

__all__ = [
    "BY_RECEIPT",
    "LATEST",
    "all_ballots",
    "ballots_of",
    "candidates_of",
    "due_to_count",
    "due_to_open",
    "election_page",
    "elections_of",
    "find_ballot",
    "receipt_digest",
    "visible_candidates",
    "visible_elections",
    "voters_to_tell",
    "votes_of",
]
