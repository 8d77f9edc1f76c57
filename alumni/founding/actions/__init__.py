"""What is done with a founding: begun, founded along, written, handed in, decided."""

from alumni.founding.actions.deciding import (
    PapersMissing,
    approve_founding,
    ask_for_more,
    decline_founding,
    hand_in,
    withdraw_founding,
)
from alumni.founding.actions.founders import confirm_founder, invite_founders, leave_founding
from alumni.founding.actions.holding import FoundingMoved
from alumni.founding.actions.papers import (
    ActivityDraft,
    FundDraft,
    Officers,
    PaperChanged,
    choose_officers,
    write_charter,
    write_funds,
    write_plan,
)
from alumni.founding.actions.starting import FoundingDraft, change_founding, start_founding

__all__ = [
    "ActivityDraft",
    "FoundingDraft",
    "FoundingMoved",
    "FundDraft",
    "Officers",
    "PaperChanged",
    "PapersMissing",
    "approve_founding",
    "ask_for_more",
    "change_founding",
    "choose_officers",
    "confirm_founder",
    "decline_founding",
    "hand_in",
    "invite_founders",
    "leave_founding",
    "start_founding",
    "withdraw_founding",
    "write_charter",
    "write_funds",
    "write_plan",
]
