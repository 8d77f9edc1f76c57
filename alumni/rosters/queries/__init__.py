"""What is asked about rosters, and how the file that an agency has is read."""

from alumni.rosters.queries.entries import (
    BY_NAME,
    NEWEST,
    TABLE,
    count_entries,
    entries_of,
    rosters,
    table_of,
    visible_entries,
    visible_roster,
)

__all__ = [
    "BY_NAME",
    "NEWEST",
    "TABLE",
    "count_entries",
    "entries_of",
    "rosters",
    "table_of",
    "visible_entries",
    "visible_roster",
]
