"""Working days: how long somebody has waited, as an office counts."""

from datetime import date, timedelta

WEEK = 7
SATURDAY = 5


def working_days(since: date, until: date) -> int:
    """The days from Monday to Friday after `since`, up to and including `until`; 0 on the day itself.

    Claimed on a Friday and looked at on Monday: one. Public holidays count, because each office has its own.
    """
    weeks, rest = divmod(max((until - since).days, 0), WEEK)
    last = (since + timedelta(days=day + 1) for day in range(weeks * WEEK, weeks * WEEK + rest))
    return weeks * SATURDAY + sum(day.weekday() < SATURDAY for day in last)
