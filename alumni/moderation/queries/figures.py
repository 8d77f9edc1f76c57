"""Moderation in numbers, by quarter, for everybody."""

from collections import Counter
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.moderation.models import Appeal, AppealState, Decision, Report

LEAST_SHOWN = 5  # fewer could be recognised
MOST_QUARTERS = 20

Quarter = tuple[int, int]


def quarters_until(now: datetime) -> list[tuple[Quarter, dict[str, int]]]:
    """Reports, outcomes and appeals of each quarter that is over, the last first.

    Not of the one that runs: who looks every day would see each report come.
    """
    is_case = Report.first_id.is_(None)
    counts: dict[Quarter, Counter[str]] = {}
    for select in (
        _by_month(Report.created_at, sa.literal("reports")),
        _by_month(Report.decided_at, Report.decision).where(is_case),
        _by_month(Appeal.created_at, sa.literal("appeals")).add_columns(
            sa.func.sum(sa.case((Appeal.state == AppealState.REVERSED, 1), else_=0)).label("reversed")
        ),
    ):
        for row in db.session.execute(select):
            if row.year is None:
                continue
            quarter = counts.setdefault((int(row.year), (int(row.month) + 2) // 3), Counter())
            quarter[row.what] += row.n
            quarter["reversed"] += getattr(row, "reversed", 0) or 0
    running = (now.year, (now.month + 2) // 3)
    names = ["reports", *(decision.value for decision in Decision), "appeals", "reversed"]
    past = sorted((quarter for quarter in counts if quarter < running), reverse=True)[:MOST_QUARTERS]
    return [(quarter, {name: counts[quarter][name] for name in names}) for quarter in past]


def _by_month(moment: Any, what: Any) -> sa.Select[Any]:
    year, month = sa.extract("year", moment).label("year"), sa.extract("month", moment).label("month")
    kind = what.label("what")
    return sa.select(year, month, kind, sa.func.count().label("n")).group_by(year, month, kind)
