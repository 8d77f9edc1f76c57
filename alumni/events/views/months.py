"""A month of events at a glance."""

import re
from calendar import Calendar
from collections import Counter
from datetime import date, timedelta

from flask import render_template

from alumni.core.db import db
from alumni.core.errors import NotFound
from alumni.events import queries
from alumni.events.views.pages import bp, by_day
from alumni.web.gate import me, public
from alumni.web.i18n import lang, locale_of


@bp.get("/events/month/<month>")
@public
def month(month: str) -> str:
    """A month as a table of its days, and below it what begins on each."""
    first = month_of(month)
    rows = db.session.execute(queries.events_of_month(me(), first)).all()
    counts = Counter(row.wall_start.date() for row in rows)
    locale = locale_of(lang())
    weeks = Calendar(locale.first_week_day).monthdatescalendar(first.year, first.month)
    names = locale.days["stand-alone"]["abbreviated"]
    return render_template(
        "events/month.html",
        first=first,
        weeks=weeks,
        weekdays=[names[on.weekday()] for on in weeks[0]],
        counts=counts,
        days=by_day(rows, "upcoming"),
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{first + timedelta(days=31):%Y-%m}",
    )


def month_of(text: str) -> date:
    """The first day of a month like 2027-04. Raises NotFound for what is none, or is out of reach."""
    if not re.fullmatch(r"(19[5-9]\d|20\d\d)-(0[1-9]|1[0-2])", text, re.ASCII):
        raise NotFound
    return date.fromisoformat(f"{text}-01")
