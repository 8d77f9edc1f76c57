"""What officers enter about rosters."""

from alumni.rosters.forms.entries import (
    MARKS,
    STATES,
    EntriesForm,
)
from alumni.rosters.forms.keeping import (
    InviteForm,
    MarkForm,
    PairForm,
    RatesForm,
    ReasonForm,
)

__all__ = [
    "MARKS",
    "STATES",
    "EntriesForm",
    "InviteForm",
    "MarkForm",
    "PairForm",
    "RatesForm",
    "ReasonForm",
]
