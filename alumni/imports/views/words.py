"""What is wrong with a row of a list, in the officer's words."""

from typing import Any

from flask_babel import lazy_gettext as _l

from alumni.imports.forms import COLUMNS
from alumni.web.sentences import PROBLEMS

REASONS: dict[str, Any] = {
    "name-missing": _l("It has no name."),
    "name-long": _l("This name is longer than 200 characters."),
    "date-unclear": _l("Day and month could be either way round. It was left out."),
    "date-wrong": _l("This is no date, or it ends before it begins. It was left out."),
    "country-unknown": _l("We do not know this country."),
    "country-missing": _l("It says no country. Choose one for the whole list, or add a column."),
    "country-other": _l("The list was said to be of another country."),
    "role-unknown": _l("We do not know this role. It was kept as a remark."),
    "year-unclear": _l("The fiscal year is not clear."),
    "batch-unclear": _l("The batch is not clear."),
    "email-wrong": _l("This is no e-mail address. It was left out."),
    "number-long": _l("This number is longer than 60 characters. It was left out."),
    "text-long": _l("This text is too long. It was kept as a remark."),
    "row-twice": _l("It is the same as line %(value)s."),
    "number-twice": _l("Line %(value)s has the same number."),
    "left-out": _l("You left it out with its cohort."),
    "came-meanwhile": _l("Another list has brought it in meanwhile."),
    "entry-gone": _l("Its entry is gone since it was compared."),
}
# Why an import does not go on.
STOPS: dict[str, Any] = {
    "cohorts-many": _l(
        "It names more than 200 cohorts that we do not know. One of its columns is something else than you said."
    ),
    "file-gone": _l("The file is no longer there. Send it again."),
}
COLUMN_NAMES = dict(COLUMNS)


def reason_words(problem: dict[str, str]) -> str:
    """One problem as a sentence, without its column."""
    return str(REASONS[problem["reason"]]) % problem


def stop_words(problem: str) -> str:
    """Why an import does not go on."""
    return str(STOPS.get(problem) or PROBLEMS["sheet-unreadable"])


def column_words(name: str) -> str:
    return str(COLUMN_NAMES.get(name, ""))
