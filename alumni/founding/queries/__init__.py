"""What is asked about foundings: which there are, one with its founders, its papers, what is missing."""

from alumni.founding.queries.foundings import (
    LATEST,
    deciders_of,
    find_founder,
    find_member,
    founders_of,
    founding_page,
    foundings_of,
    list_programmes,
    list_umbrellas,
    members_to_be,
    visible_foundings,
)
from alumni.founding.queries.papers import (
    activities_of,
    differences,
    find_missing,
    funds_of,
    sums_of,
)

__all__ = [
    "LATEST",
    "activities_of",
    "deciders_of",
    "differences",
    "find_founder",
    "find_member",
    "find_missing",
    "founders_of",
    "founding_page",
    "foundings_of",
    "funds_of",
    "list_programmes",
    "list_umbrellas",
    "members_to_be",
    "sums_of",
    "visible_foundings",
]
