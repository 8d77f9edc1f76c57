"""Pages of events: what is on, one event, posting, changing, calling off, answering."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, current_app, flash, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from markupsafe import Markup

from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import ChangedMeanwhile, Invalid, NotFound, require
from alumni.core.paging import Page, page
from alumni.events import actions, policy, queries
from alumni.events.forms import (
    KINDS,
    MODES,
    OPEN_TO,
    OUTLINES,
    CancelForm,
    EditEventForm,
    FilterForm,
    NewEventForm,
    values_like,
    values_of,
)
from alumni.events.models import Event, EventKind, EventState, last_day
from alumni.events.queries import Filters
from alumni.events.steps import post
from alumni.events.views.facts import facts
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.web import api
from alumni.web.forms import page_form, text_problem
from alumni.web.gate import get_or_404, me, public, see_other
from alumni.web.i18n import lang
from alumni.web.templating import Words
from alumni.web.zones import main_zone

bp = Blueprint("events", __name__)
FACES = 12  # of those who are going, on the page of an event


@bp.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    """What templates call things, and when the last day of an event is."""
    tables = {"event_kinds": Words(KINDS), "event_modes": Words(MODES), "events_open_to": Words(OPEN_TO)}
    state.app.jinja_env.globals.update(tables, last_day=last_day)


@bp.get("/events")
@public
def upcoming() -> str | tuple[str, int]:
    form = FilterForm(request.args)
    if not form.validate():
        return _list_page(form, Filters(), Page((), None), form_errors=True), 422
    filters = form.filters()
    if me().is_authenticated and not request.args:
        near = tuple(queries.events_near(me()).all())
        return _list_page(form, filters, _page(queries.find_events(me(), filters), filters.when), near=near)
    return _list_page(form, filters, _page(queries.find_events(me(), filters), filters.when))


def _page(select: Any, when: str) -> Page:
    return page(select, queries.order(when), after=api.after())


def _list_page(
    form: FilterForm, filters: Filters, events: Page, *, near: Sequence[Any] = (), form_errors: bool = False
) -> str:
    return render_template(
        "events/upcoming.html",
        form=form,
        filters=filters,
        near=by_day(near, filters.when),
        days=by_day(events.items, filters.when),
        next=events.next,
        this_month=f"{clock.now():%Y-%m}",
        form_errors=form_errors,
    )


def by_day(rows: Sequence[Any], when: str, *, has_host: bool = True) -> Markup:
    """Rows of a list under their days where they are; past ones under their years. Nothing where there are none."""
    return _by_day(tuple(rows), lang(), me().zone if me().is_authenticated else "", when == "past", has_host)


@lru_cache(maxsize=64)
def _by_day(rows: tuple[Any, ...], language: str, zone: str, is_past: bool, has_host: bool) -> Markup:
    """The same rows say the same to all who read this language in this zone, so a page of them is written once."""

    def day(row: Any) -> date:
        on: date = row.wall_start.date()
        return on.replace(month=1, day=1) if is_past else on

    if not rows:
        return Markup()
    days = [
        (on, [_written(row, language, zone, is_past, has_host) for row in group])
        for on, group in groupby(rows, key=day)
    ]
    return Markup(render_template("events/parts/days.html", days=days, is_past=is_past))  # noqa: S704 - escaped


@lru_cache(maxsize=2048)
def _written(row: Any, _language: str, _zone: str, is_past: bool, has_host: bool) -> Markup:
    """A row by itself: most of the rows of two pages are the same."""
    html = render_template("events/parts/row.html", e=row, is_past=is_past, has_host=has_host)
    return Markup(html)  # noqa: S704 - a template has escaped it


@bp.get("/groups/<slug>/events")
@public
def in_group(slug: str) -> str:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    when = "past" if request.args.get("when") == "past" else "upcoming"
    events = _page(queries.find_events(me(), Filters(when=when, group=slug)), when)
    return render_template(
        "events/in_group.html",
        row=row,
        group=row,
        may_post=policy.can_post(me(), row.id),
        when=when,
        days=by_day(events.items, when, has_host=False),
        next=events.next,
    )


@bp.get("/me/events")
def my_events() -> str:
    show = request.args.get("show", "going")
    show = show if show in ("past", "posted") else "going"
    when = "upcoming" if show == "going" else "past"
    events = _page(queries.my_events(me(), show=show), when)
    return render_template(
        "events/my_events.html", show=show, when=when, days=by_day(events.items, when), next=events.next
    )


@bp.get("/events/<slug>")
@public
def show(slug: str) -> str:
    event = get_or_404(queries.event_page(me(), slug=slug))
    going: Page = Page((), None)
    if event.is_inside:
        going = page(queries.attendees(me(), event_id=event.id), queries.FIRST_TO_ANSWER, limit=FACES)
    place_in_line = None
    if event.my_line_no is not None:
        line = {"is_online": event.my_is_online, "line_no": event.my_line_no}
        place_in_line = queries.place_in_line(me(), event_id=event.id, **line).scalar()
    has_begun = event.starts_at <= clock.now() and event.state == EventState.PUBLISHED
    is_over = event.ends_at <= clock.now()
    hosts = queries.hosts_of(me(), event_id=event.id).all() if event.co_hosts else ()
    return render_template(
        "events/show.html",
        event=event,
        going=going,
        facts=facts(event, hosts, is_over=is_over),
        is_over=is_over,
        afterwards=queries.what_came_of(me(), event) if has_begun else None,
        place_in_line=place_in_line,
        base_url=current_app.config["ALUMNI"].base_url,
        now=clock.now(),
    )


@bp.get("/e/<key>")
@public
def short(key: str) -> Response:
    """The short address of an event, for a messenger or a poster."""
    slug = None if text_problem(key) else queries.address_of(me(), key)
    if slug is None:
        raise NotFound
    return see_other(".show", slug=slug)


@bp.get("/events/series/<key>")
@public
def series(key: str) -> str:
    """All dates of a series, and what the viewer has said to each."""
    dates = [] if text_problem(key) else db.session.execute(queries.dates_of_series(me(), key)).all()
    if not dates:
        raise NotFound
    ahead = [row for row in dates if row.ends_at > clock.now() and row.state == EventState.PUBLISHED]
    return render_template("events/series.html", key=key, dates=dates, ahead=ahead, now=clock.now())


@bp.get("/events/<slug>/attendees")
def attendees(slug: str) -> str:
    event = get_or_404(queries.event_page(me(), slug=slug))
    require(event.is_inside, "insider")
    people = page(queries.attendees(me(), event_id=event.id), queries.FIRST_TO_ANSWER, after=api.after())
    return render_template("events/attendees.html", event=event, people=people)


@bp.route("/events/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    slug = request.args.get("group", "")
    if not slug and request.method != "POST":
        return _choose_group()
    slug = slug or request.form.get("group", "")
    if text_problem(slug):
        raise NotFound
    group = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug))
    require(policy.can_post(me(), group.id), "insider")
    may_publish = policy.can_publish(me(), group.id)
    form = page_form(NewEventForm, data=_start(group) | {"group": group.slug})
    form.group.data = group.slug
    if request.method == "POST" and form.validate():
        try:
            event = post(form, group, is_kept_back=request.form.get("act") == "keep")
            db.session.commit()
            flash(_posted(event, may_publish), "done")
            return see_other(".show", slug=event.slug)
        except Invalid as error:
            form.blame(error)
    form.zone.offer(group.country)
    failed = request.method == "POST"
    html = render_template(
        "events/new.html",
        form=form,
        group=group,
        outlines=OUTLINES,
        earlier=db.session.execute(queries.earlier_events(me(), group.id)).all(),
        may_publish=may_publish,
        form_errors=failed,
    )
    return html, 422 if failed else 200


def _start(group: Group) -> dict[str, Any]:
    """What the form of a new event begins with: the event that it is to be like, or the country of the group."""
    like = request.args.get("like", "")
    kind = request.args.get("kind", "")
    if kind in OUTLINES:
        outline = {"kind": kind, "title": str(KINDS[EventKind(kind)]), "description": str(OUTLINES[EventKind(kind)])}
        return {"country": group.country, "zone": main_zone(group.country) or me().zone} | outline
    if like and not text_problem(like):
        earlier = get_or_404(queries.visible_events(me()).where(Event.slug == like, Event.group_id == group.id))
        return values_like(earlier)
    return {"country": group.country, "zone": main_zone(group.country) or me().zone}


def _posted(event: Event, may_publish: bool) -> str:
    if event.state == EventState.PUBLISHED:
        return str(_("Your event is published."))
    if may_publish:
        return str(_("Your event is kept. Only organisers see it until you publish it."))
    return str(_("Your event is proposed. An organiser of the group publishes it."))


def _choose_group() -> str | Response:
    groups = db.session.execute(queries.groups_to_post_in(me())).all()
    if len(groups) == 1:
        return see_other(".new", group=groups[0].slug)
    return render_template("events/choose_group.html", groups=groups)


@bp.route("/events/<slug>/edit", methods=["GET", "POST"])
def edit(slug: str) -> str | Response | tuple[str, int]:
    event = get_or_404(queries.visible_events(me()).where(Event.slug == slug))
    require(policy.can_edit(me(), event))
    form = page_form(EditEventForm, data=values_of(event) | {"revision": event.revision})
    theirs: list[tuple[str, str]] = []
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.validate():
        try:
            seen, back = form.revision.data, form.back.data or ()
            if form.following.data:
                actions.edit_following(actor=me(), event=event, draft=form.draft(), seen=seen)
            else:
                actions.edit_event(actor=me(), event=event, draft=form.draft(), back=back, seen=seen)
            db.session.commit()
            flash(
                _("The event is changed. If the time or place is different, those who are going get a letter."), "done"
            )
            return see_other(".show", slug=slug)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
        except ChangedMeanwhile as error:
            db.session.rollback()
            status, theirs = error.status, form.differences(event)
            form.revision.raw, form.revision.data = "", event.revision
    form.zone.offer(event.country)
    lacks_seats = form.capacity.errors or form.online_capacity.errors
    holders = db.session.execute(queries.holders_of_seats(me(), event.id)).all() if lacks_seats else ()
    html = render_template(
        "events/edit.html", form=form, event=event, holders=holders, theirs=theirs, form_errors=status != 200
    )
    return html, status


@bp.route("/events/<slug>/cancel", methods=["GET", "POST"])
def cancel(slug: str) -> str | Response | tuple[str, int]:
    event = get_or_404(queries.visible_events(me()).where(Event.slug == slug))
    require(policy.can_cancel(me(), event))
    form = page_form(CancelForm)
    if request.method != "POST" or not form.validate():
        failed = request.method == "POST"
        html = render_template("events/cancel.html", form=form, event=event, form_errors=failed)
        return html, 422 if failed else 200
    call_off = actions.cancel_following if form.following.data else actions.cancel_event
    call_off(actor=me(), event=event, reason=form.reason.data)
    db.session.commit()
    flash(_("The event is called off. Those who were going get a letter with your reason."), "done")
    return see_other(".show", slug=slug)


@bp.post("/events/<slug>/publish")
def publish(slug: str) -> Response:
    event = get_or_404(queries.visible_events(me()).where(Event.slug == slug))
    publish_event = actions.publish_series if event.series_key else actions.publish_event
    publish_event(actor=me(), event=event)
    db.session.commit()
    flash(_("The event is published. Whoever proposed it gets a letter."), "done")
    return see_other(".show", slug=slug)
