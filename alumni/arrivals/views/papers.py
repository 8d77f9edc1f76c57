"""Badges for the table at the door, a certificate for whoever came, and the page where anybody checks one."""

from typing import Any

from flask import Response, current_app, make_response, render_template, request, url_for
from flask_babel import gettext as _

from alumni.arrivals import policy, queries
from alumni.arrivals.views.door import bp
from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.papers import Frame, Item, Paper, Square, Text, as_pdf
from alumni.events import queries as events_queries
from alumni.events.models import AttendanceState
from alumni.web.forms import text_problem
from alumni.web.gate import get_or_404, limited, me, public
from alumni.web.i18n import lang
from alumni.web.templating.formats import day
from alumni.web.templating.places import country

WIDE, HIGH = 90, 55  # a badge, in millimetres: two in a row, five rows on a page
LEFT, TOP = 15, 11


@bp.get("/events/<slug>/badges.pdf")
@limited("export", reads=True)
def badges(slug: str) -> Response:
    """A sheet of badges of those who are going, by name; whose name is private writes it by hand."""
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    require(policy.can_keep_door(me(), event.id), "organiser")
    going = queries.people_expected(me(), event_id=event.id)
    going = [person for person in going if person.state == AttendanceState.GOING]
    sheets = [going[at : at + 10] for at in range(0, len(going), 10)] or [[]]
    pages = [[item for at, person in enumerate(sheet) for item in _badge(event, person, at)] for sheet in sheets]
    return _pdf(Paper(f"{event.title}: {_('Badges')}", lang(), pages=pages), f"{slug}-badges")


def _badge(event: Any, person: Any, at: int) -> list[Item]:
    x, y = LEFT + at % 2 * WIDE, TOP + at // 2 * HIGH
    items: list[Item] = [
        Frame(x, y, WIDE, HIGH),
        Text(event.title, x + 4, y + 4, WIDE - 8, size=9, grey=90),
        Text(person.name or " ", x + 4, y + 16, WIDE - 8, size=24),
        Text(country(person.country) if person.country else "", x + 4, y + 42, WIDE - 8, size=11),
    ]
    if person.name_romanised and person.name_romanised != person.name:
        items.append(Text(person.name_romanised, x + 4, y + 31, WIDE - 8, size=13))
    return [item for item in items if not isinstance(item, Text) or item.text]


@bp.get("/events/<slug>/certificate")
def certificate(slug: str) -> Response:
    """For whoever came; whoever said so and was not noted reads whom to ask."""
    row = db.session.execute(queries.certificate_of(me(), slug)).first()
    if row is None:
        event = get_or_404(events_queries.event_page(me(), slug=slug))
        require(event.my_state == AttendanceState.GOING, "going")
        return _private(render_template("arrivals/not_noted.html", event=event, is_over=event.ends_at <= clock.now()))
    return _private(render_template("arrivals/certificate.html", row=row, address=_address_of(row)))


@bp.get("/events/<slug>/certificate.pdf")
@limited("export", reads=True)
def certificate_pdf(slug: str) -> Response:
    row = get_or_404(queries.certificate_of(me(), slug))
    page: list[Item] = [
        Frame(12, 12, 273, 186, size=0.8),
        Text(_("Certificate of attendance"), 25, 32, 247, size=30),
        Text(_("This certifies that"), 25, 58, 247, size=13, grey=80),
        Text(row.name, 25, 68, 247, size=34),
    ]
    if row.name_romanised and row.name_romanised != row.name:
        page.append(Text(row.name_romanised, 25, 88, 247, size=18))
    page += [
        Text(_("took part in"), 25, 102, 247, size=13, grey=80),
        Text(row.title, 25, 112, 247, size=24),
        Text(_when_and_where(row), 25, 130, 247, size=13),
        Text(_("Held by %(host)s", host=row.group_name or row.host), 25, 140, 247, size=13),
        Square(_address_of(row), 25, 158, 30),
        Text(_("Whoever holds this paper can check it here:"), 60, 164, 200, size=10, align="L", grey=80),
        Text(_address_of(row), 60, 171, 200, size=10, align="L"),
    ]
    return _pdf(Paper(f"{_('Certificate of attendance')}: {row.title}", lang(), True, [page]), f"{slug}-certificate")


def _when_and_where(row: Any) -> str:
    first, last = day(row.wall_start), day(row.wall_end)
    when = first if first == last else f"{first} – {last}"
    return " · ".join(filter(None, (when, row.place, country(row.country) if row.country else "")))


def _address_of(row: Any) -> str:
    return str(current_app.config["ALUMNI"].base_url + url_for(".check", code=row.key))


@bp.get("/check")
@public
@limited("check", reads=True)
def check() -> Response:
    """Whether a certificate is ours: what stands on it, for whoever has its code."""
    code = request.args.get("code", "")
    row = None if text_problem(code) else queries.certificate_behind(code)
    html = render_template("arrivals/check.html", code=code[:20], row=row)
    return _private(html, 404 if code and row is None else 200)


def _private(html: str, status: int = 200) -> Response:
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _pdf(paper: Paper, name: str) -> Response:
    response = Response(as_pdf(paper, fonts=current_app.config["ALUMNI"].fonts), mimetype="application/pdf")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
