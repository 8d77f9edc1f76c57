"""What is asked about reports: the thing that somebody saw, cases, appeals, the log."""

from alumni.moderation.queries.appeals import (
    decisions_about,
    find_appeal,
    find_decided,
    removed_before,
)
from alumni.moderation.queries.cases import (
    NEWEST,
    OLDEST,
    appealed_reports,
    case_row,
    count_independent,
    decided_reports,
    earlier_cases,
    find_case,
    of_case,
    open_case,
    report_rows,
    reporters_of,
    visible_reports,
    waiting_reports,
    what_others_say,
)
from alumni.moderation.queries.figures import LEAST_SHOWN, quarters_until
from alumni.moderation.queries.log import (
    MOST_LINES,
    NEWEST_LINE,
    log_lines,
)
from alumni.moderation.queries.names import (
    find_name,
)
from alumni.moderation.queries.people import find_person, hidden_people
from alumni.moderation.queries.places import (
    cases_due,
    cases_of_tree,
    find_case_of_tree,
    ids_on,
    is_looked_after,
    lines_of_tree,
)
from alumni.moderation.queries.things import (
    COLUMNS,
    Thing,
    find_about,
    find_author,
    find_hideable,
    find_named,
    find_thing,
    find_thing_now,
    group_of,
)

__all__ = [
    "COLUMNS",
    "LEAST_SHOWN",
    "MOST_LINES",
    "NEWEST",
    "NEWEST_LINE",
    "OLDEST",
    "Thing",
    "appealed_reports",
    "case_row",
    "cases_due",
    "cases_of_tree",
    "count_independent",
    "decided_reports",
    "decisions_about",
    "earlier_cases",
    "find_about",
    "find_appeal",
    "find_author",
    "find_case",
    "find_case_of_tree",
    "find_decided",
    "find_hideable",
    "find_name",
    "find_named",
    "find_person",
    "find_thing",
    "find_thing_now",
    "group_of",
    "hidden_people",
    "ids_on",
    "is_looked_after",
    "lines_of_tree",
    "log_lines",
    "of_case",
    "open_case",
    "quarters_until",
    "removed_before",
    "report_rows",
    "reporters_of",
    "visible_reports",
    "waiting_reports",
    "what_others_say",
]
