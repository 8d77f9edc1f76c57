"""Companies and their times, and requests to meet them."""

from alumni.fairs.actions.companies import (
    CompanyDraft,
    Row,
    add_company,
    answer_wish,
    ask_contact,
    change_company,
    dismiss_contact,
    lay_out,
    remove_company,
    remove_slot,
)
from alumni.fairs.actions.meetings import (
    NotAsked,
    RequestsOpen,
    SlotOver,
    SlotTaken,
    TimeTaken,
    accept,
    ask,
    decline,
    withdraw,
)

__all__ = [
    "CompanyDraft",
    "NotAsked",
    "RequestsOpen",
    "Row",
    "SlotOver",
    "SlotTaken",
    "TimeTaken",
    "accept",
    "add_company",
    "answer_wish",
    "ask",
    "ask_contact",
    "change_company",
    "decline",
    "dismiss_contact",
    "lay_out",
    "remove_company",
    "remove_slot",
    "withdraw",
]
