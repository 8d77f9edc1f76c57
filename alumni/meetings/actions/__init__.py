"""What is done with records: each is kept by whoever runs the group, and each change is in the log."""

from alumni.meetings.actions.meetings import (
    DelegationDraft,
    MeetingDraft,
    add_meeting,
    change_meeting,
    remove_delegation,
    set_delegation,
)
from alumni.meetings.actions.minutes import (
    MinutesMissing,
    MinutesMoved,
    publish_minutes,
    withdraw_minutes,
    write_minutes,
)
from alumni.meetings.actions.resolutions import (
    ResolutionDraft,
    add_resolution,
    change_resolution,
    follow_up,
    remove_signature,
    sign_resolution,
)
from alumni.meetings.actions.seats import SeatDraft, change_seat, give_seat, remove_seat

__all__ = [
    "DelegationDraft",
    "MeetingDraft",
    "MinutesMissing",
    "MinutesMoved",
    "ResolutionDraft",
    "SeatDraft",
    "add_meeting",
    "add_resolution",
    "change_meeting",
    "change_resolution",
    "change_seat",
    "follow_up",
    "give_seat",
    "publish_minutes",
    "remove_delegation",
    "remove_seat",
    "remove_signature",
    "set_delegation",
    "sign_resolution",
    "withdraw_minutes",
    "write_minutes",
]
