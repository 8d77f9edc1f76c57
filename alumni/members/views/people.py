"""The directory, whom one may know, the map, and the page of a person."""

from collections import defaultdict
from itertools import groupby
from operator import attrgetter
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound
from alumni.core.paging import PAGE
from alumni.members import actions, policy, queries
from alumni.members.forms import (
    REASONS,
    SORTS,
    DirectoryForm,
    cards,
    chosen,
    narrowings,
)
from alumni.members.forms.words import FIELDS_OF_WORK, LEVELS, ROLES, SEGMENTS, STANDINGS, name_in
from alumni.web import api, atlas
from alumni.web.gate import get_or_404, limited, me, public, see_other
from alumni.web.templating import saves_data

bp = Blueprint("members", __name__)


@bp.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(orders_of_people=SORTS)


@bp.get("/members")
@limited("directory", reads=True)
@public
def directory() -> str | tuple[str, int]:
    form = DirectoryForm(request.args)
    if not form.validate():
        return _refused(form)
    search, asked = form.search(), form.asked()
    cursors = {"after": api.after(), "before": api.before()}
    try:
        found = queries.find_people(me(), search, **cursors, limit=PAGE, all_of=form.all.data or "")
    except Invalid as error:
        if error.field in cursors:
            raise
        form.blame(error)
        return _refused(form)
    people = found.people.items
    return render_template(
        "members/directory.html",
        form=form,
        found=found,
        people=cards(people, found.facets.get("offer"), queries.also_known_as(search.q, people)),
        asked=asked,
        chosen=chosen(found, asked),
        narrowings=narrowings(found, asked),
        orders=tuple(asked.items()),
        sort=search.sort,
    )


def _refused(form: DirectoryForm) -> tuple[str, int]:
    return render_template("members/refused.html", form=form, form_errors=True), 422


@bp.get("/members/suggested")
def suggested() -> str:
    """People whom the viewer may know, each with the reason."""
    offers, by_reason = _offers(), groupby(queries.people_you_may_know(me()), key=attrgetter("reason"))
    suggestions = [
        (REASONS[reason], cards((found.person for found in group), offers, {})) for reason, group in by_reason
    ]
    return render_template("members/suggested.html", suggestions=suggestions)


def _offers() -> queries.Facet:
    rows = queries.find_offers()
    return queries.Facet([queries.Value(row.slug, None, names=row.names) for row in rows])


@bp.get("/members/map")
@public
def world_map() -> str:
    """How many people live where: a map of counts, not of people."""
    counts = queries.find_country_counts(me())
    most_first = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return render_template("members/map.html", counts=most_first, circles=atlas.circles(counts), atlas=atlas)


@bp.get("/members/<handle>")
@limited("profile", reads=True)
@public
def show(handle: str) -> str | Response:
    person = queries.find_profile(me(), handle)
    is_me = handle == me().handle
    if person is None and is_me:
        return see_other(".my_profile")
    if person is None:
        raise NotFound
    return render_template(
        "members/show.html",
        person=person,
        is_me=is_me,
        is_inside=False,
        may_write=not is_me and policy.can_write_to(me(), person.account_id),
        shows_picture=shows_picture(),
        **words_for(person),
    )


def words_for(person: Any) -> dict[str, Any]:
    """What the page of a person needs beside their listing, the names of what they offer and look for among it."""
    wanted = {*person.offers.split(), *person.details.get("looks_for", ())}
    rows = queries.find_offers() if wanted else ()
    return {
        "d": defaultdict(str, person.details),
        "offer_names": {row.slug: name_in(row.names) for row in rows if row.slug in wanted},
        "segments": SEGMENTS,
        "fields_of_work": FIELDS_OF_WORK,
        "roles": ROLES,
        "standings": STANDINGS,
        "levels": LEVELS,
    }


@bp.post("/members/<handle>/block")
def block(handle: str) -> Response:
    person = queries.find_profile(me(), handle)
    if person is None:
        raise NotFound
    actions.block_member(me(), person.account_id)
    db.session.commit()
    flash(_("Done. You do not see each other any more. You can change that under “Who sees me”."), "done")
    return see_other(".directory")


@bp.post("/members/<handle>/unblock")
def unblock(handle: str) -> Response:
    actions.unblock_member(me(), get_or_404(queries.blocked(me(), handle)))
    db.session.commit()
    flash(_("You and this person can see each other again."), "done")
    return see_other(".my_privacy")


def shows_picture() -> bool:
    """On the page of one person: to those who save data, only when they ask for it."""
    return "picture" in request.args or not saves_data()
