"""Calendars to take home or to subscribe to."""

from collections.abc import Sequence
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, flash, make_response, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound
from alumni.core.places import COUNTRIES
from alumni.events import actions, queries
from alumni.events.calendars import write
from alumni.events.models import Event
from alumni.events.views.pages import bp
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.web.forms import text_problem
from alumni.web.gate import get_or_404, me, public, see_other
from alumni.web.i18n import lang
from alumni.web.templating import country as country_name


@bp.get("/events.ics")
@public
def calendar() -> Response:
    """What anybody sees, or of that what takes place in `?country=`."""
    code = request.args.get("country", "")
    if code and code not in COUNTRIES:
        raise Invalid("country", "unknown")
    name = f"{_('Alumni Network')}: {country_name(code)}" if code else _("Alumni Network")
    return _answer(db.session.execute(queries.public_calendar(code)).all(), name=name)


@bp.get("/groups/<slug>/events.ics")
@public
def group_calendar(slug: str) -> Response:
    group = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug))
    return _answer(db.session.execute(queries.calendar(me(), group_id=group.id)).all(), name=group.name)


@bp.get("/events/<slug>.ics")
@public
def event_calendar(slug: str) -> Response:
    event = get_or_404(queries.calendar_of_event(me()).where(Event.slug == slug))
    response = _answer([event], name="", by_rules=False)
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    return response


@bp.get("/me/calendar/<secret>.ics")
@public
def my_calendar(secret: str) -> Response:
    """What the holder of a secret address comes to or may come to. An address that was replaced finds nothing."""
    holder = get_or_404(queries.holder_of_feed(secret))
    response = _answer(queries.calendar_of(holder), name=_("My events"), by_rules=False)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/me/calendar")
def my_feed() -> str:
    return render_template("events/my_feed.html", feed=queries.find_feed(me().id), address="")


@bp.post("/me/calendar")
def make_feed() -> Response:
    """A new secret address, shown this once; the one before finds nothing any more."""
    secret = actions.make_feed(me())
    db.session.commit()
    address = f"{current_app.config['ALUMNI'].base_url}/me/calendar/{secret}.ics"
    response = make_response(render_template("events/my_feed.html", feed=queries.find_feed(me().id), address=address))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/me/calendar/end")
def end_feed() -> Response:
    actions.end_feed(me())
    db.session.commit()
    flash(_("The secret address finds nothing any more."), "done")
    return see_other(".my_feed")


@bp.get("/events/series/<key>.ics")
@public
def series_calendar(key: str) -> Response:
    """A series by its rule, with the dates that are otherwise."""
    rows = [] if text_problem(key) else db.session.execute(queries.calendar(me()).where(Event.series_key == key)).all()
    if not rows:
        raise NotFound
    response = _answer(rows, name="")
    response.headers["Content-Disposition"] = f'attachment; filename="{key}.ics"'
    return response


def _answer(rows: Sequence[Any], *, name: str, by_rules: bool = True) -> Response:
    """A calendar that is written only for who has another version of it."""
    response = Response(content_type="text/calendar; charset=utf-8")
    facts = [(row.slug, row.revision, row.updated_at, row.group_name, row.online_url) for row in rows]
    response.set_etag(sha256(f"{lang()}{name}{by_rules}{facts}".encode()).hexdigest()[:32])
    response.make_conditional(request)
    if response.status_code != HTTPStatus.NOT_MODIFIED:
        plans = queries.plans_of_series({row.series_key for row in rows if row.series_key}) if by_rules else {}
        response.data = write(rows, name=name, plans=plans)
    return response
