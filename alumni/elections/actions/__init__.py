"""What is done with elections: called, conducted, stood in, voted in, counted, followed by an appointment."""

from alumni.elections.actions.calling import (
    ElectionDraft,
    Moments,
    call_election,
    call_off,
    move_election,
    name_officer,
)
from alumni.elections.actions.candidates import (
    NominationsClosed,
    name_candidate,
    stand,
    strike_candidate,
    withdraw,
)
from alumni.elections.actions.counting import (
    AppointedAlready,
    CandidateGone,
    NobodyElected,
    NotTied,
    appoint_elected,
    count_due,
    decide_tie,
)
from alumni.elections.actions.holding import VotingClosed
from alumni.elections.actions.voting import (
    BLANK,
    VotedAlready,
    VotingNotOpen,
    cast_vote,
    open_due,
    tell_voters,
)
from alumni.elections.notices import TELL_VOTERS

__all__ = [
    "BLANK",
    "TELL_VOTERS",
    "AppointedAlready",
    "CandidateGone",
    "ElectionDraft",
    "Moments",
    "NobodyElected",
    "NominationsClosed",
    "NotTied",
    "VotedAlready",
    "VotingClosed",
    "VotingNotOpen",
    "appoint_elected",
    "call_election",
    "call_off",
    "cast_vote",
    "count_due",
    "decide_tie",
    "move_election",
    "name_candidate",
    "name_officer",
    "open_due",
    "stand",
    "strike_candidate",
    "tell_voters",
    "withdraw",
]
