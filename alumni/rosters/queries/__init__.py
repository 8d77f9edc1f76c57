"""What is asked about rosters, and how the file that an agency has is read."""

from alumni.rosters.queries.entries import (
    BY_NAME,
    NEWEST,
    count_entries,
    entries_of,
    rosters,
    visible_entries,
    visible_roster,
)

__all__ = [
    "BY_NAME",
    "NEWEST",
    "count_entries",
    "entries_of",
    "rosters",
    "visible_entries",
    "visible_roster",
]
