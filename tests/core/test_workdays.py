"""Age as an office counts it."""

from datetime import date, timedelta

import pytest

from alumni.core.workdays import working_days


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2026-11-27", "2026-11-27", 0),  # a Friday, the same day
        ("2026-11-27", "2026-11-28", 0),  # Saturday
        ("2026-11-27", "2026-11-29", 0),
        ("2026-11-27", "2026-11-30", 1),  # Monday
        ("2026-11-28", "2026-11-30", 1),
        ("2026-11-23", "2026-11-27", 4),
        ("2026-11-23", "2026-12-07", 10),
        ("2026-11-30", "2026-11-27", 0),  # a clock that jumped back
    ],
)
def test_working_days(since, until, days):
    assert working_days(date.fromisoformat(since), date.fromisoformat(until)) == days


def test_it_is_the_count_of_weekdays():
    start = date(2026, 11, 25)
    for length in range(60):
        days = [start + timedelta(days=n + 1) for n in range(length)]
        assert working_days(start, start + timedelta(days=length)) == sum(day.weekday() < 5 for day in days)
