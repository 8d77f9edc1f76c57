"""What is asked about records: meetings, what belongs to one, resolutions, seats, the register of a year."""

from alumni.meetings.queries.associations import associations_of, list_members, seat_of, seats_around
from alumni.meetings.queries.meetings import (
    BY_DATE,
    list_series,
    meetings_of,
    minutes_of,
    parts_of_meeting,
    series_of,
    shown_meeting,
    versions_of,
)
from alumni.meetings.queries.register import register_of, register_years
from alumni.meetings.queries.resolutions import (
    BY_ADOPTION,
    later_meetings,
    parts_of_resolution,
    resolutions_of,
    shown_resolution,
)

__all__ = [
    "BY_ADOPTION",
    "BY_DATE",
    "associations_of",
    "later_meetings",
    "list_members",
    "list_series",
    "meetings_of",
    "minutes_of",
    "parts_of_meeting",
    "parts_of_resolution",
    "register_of",
    "register_years",
    "resolutions_of",
    "seat_of",
    "seats_around",
    "series_of",
    "shown_meeting",
    "shown_resolution",
    "versions_of",
]
