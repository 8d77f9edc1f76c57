"""What is asked about reports, numbers, feedback and groups that last."""

from alumni.reports.queries.feedback import (
    Result,
    find_answer,
    find_questions,
    find_sheet,
    has_answers,
    ids_to_ask,
    results_of,
)
from alumni.reports.queries.lasting import addresses_to_invite, find_lasting, what_came_of
from alumni.reports.queries.numbers import count_people, shown_to_all
from alumni.reports.queries.reports import (
    find_held_report,
    find_report,
    pictures_of,
    pictures_open_to,
    report_of,
    text_in,
)

__all__ = [
    "Result",
    "addresses_to_invite",
    "count_people",
    "find_answer",
    "find_held_report",
    "find_lasting",
    "find_questions",
    "find_report",
    "find_sheet",
    "has_answers",
    "ids_to_ask",
    "pictures_of",
    "pictures_open_to",
    "report_of",
    "results_of",
    "shown_to_all",
    "text_in",
    "what_came_of",
]
