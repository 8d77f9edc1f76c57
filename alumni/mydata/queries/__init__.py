"""What is asked about one's own data."""

from alumni.mydata.queries.everything import (
    PERSONS,
    Rows,
    files_of,
    gather,
    is_own,
    is_taken_along,
    subjects,
)
from alumni.mydata.queries.mine import (
    OPEN_FOR,
    Erased,
    Look,
    Looks,
    due_exports,
    erasures,
    events_to_hand_over,
    export_to_fetch,
    exports_of,
    find_closing,
    groups_to_hand_over,
    looks_at,
)

__all__ = [
    "OPEN_FOR",
    "PERSONS",
    "Erased",
    "Look",
    "Looks",
    "Rows",
    "due_exports",
    "erasures",
    "events_to_hand_over",
    "export_to_fetch",
    "exports_of",
    "files_of",
    "find_closing",
    "gather",
    "groups_to_hand_over",
    "is_own",
    "is_taken_along",
    "looks_at",
    "subjects",
]
