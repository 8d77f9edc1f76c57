"""Pages of administrators: the catalogue, what members offer, who is an officer."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.accounts.policy import can_administer
from alumni.admin.forms import CohortForm, EndMandateForm, MandateForm, OfferForm, ProgrammeForm, WordForm
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.groups import actions as groups_actions
from alumni.members import actions as members_actions
from alumni.members import queries as members_queries
from alumni.members.models import Offer
from alumni.officers import actions as officers_actions
from alumni.officers import policy as officers_policy
from alumni.officers import queries as officers_queries
from alumni.officers.models import Mandate
from alumni.posts import actions as posts_actions
from alumni.posts import queries as posts_queries
from alumni.posts.models import HeldWord
from alumni.programmes import actions, queries
from alumni.programmes.models import Cohort, Programme
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other

bp = Blueprint("admin", __name__, url_prefix="/admin")
Answer = str | Response | tuple[str, int]


@bp.get("/catalogue")
def catalogue() -> str:
    require(can_administer(me()), "admin")
    return render_template(
        "admin/catalogue.html",
        families=db.session.execute(queries.families()).all(),
        programmes=db.session.execute(queries.in_order(queries.programmes())).all(),
        cohorts=page(queries.cohorts(), queries.NEWEST, after=api.after()),
    )


def _programme_form(**start: Any) -> ProgrammeForm:
    form = page_form(ProgrammeForm, **start)
    form.offer(db.session.execute(queries.families()).all(), _programmes())
    return form


def _cohort_form(**start: Any) -> CohortForm:
    form = page_form(CohortForm, **start)
    form.offer(_programmes())
    return form


def _programmes() -> Any:
    return db.session.execute(queries.in_order(queries.programmes())).all()


def _answer(template: str, form: Any, act: Callable[[], Response], **context: Any) -> Answer:
    """The form; or, sent and in order, what `act` answers."""
    if request.method != "POST":
        return render_template(template, form=form, **context)
    try:
        if form.validate():
            return act()
    except Invalid as error:
        db.session.rollback()
        form.blame(error)
    return render_template(template, form=form, form_errors=True, **context), 422


@bp.route("/catalogue/programmes/new", methods=["GET", "POST"])
def new_programme() -> Answer:
    require(can_administer(me()), "admin")
    asked = request.args
    form = _programme_form(
        family=asked.get("family", ""), parent=asked.get("parent", ""), kind=asked.get("kind", "programme")
    )

    def add() -> Response:
        programme = actions.add_programme(actor=me(), key=form.key, draft=form.draft())
        db.session.commit()
        flash(_("%(name)s is in the catalogue.", name=programme.short), "done")
        return see_other("programmes.show", slug=programme.slug)

    return _answer("admin/programme.html", form, add, programme=None)


@bp.route("/catalogue/programmes/<slug>/edit", methods=["GET", "POST"])
def edit_programme(slug: str) -> Answer:
    require(can_administer(me()), "admin")
    programme: Programme = get_or_404(sa.select(Programme).where(Programme.slug == slug))
    form = _programme_form(**_start_of_programme(programme))

    def edit() -> Response:
        actions.edit_programme(actor=me(), programme=programme, draft=form.draft())
        members_actions.promise_listings(programme)
        db.session.commit()
        flash(_("%(name)s is changed.", name=programme.short), "done")
        return see_other("programmes.show", slug=programme.slug)

    return _answer("admin/programme.html", form, edit, programme=programme)


def _start_of_programme(programme: Programme) -> dict[str, Any]:
    """What the form holds before anybody typed."""
    names = ("short", "name", "number", "year_from", "year_to", "region", "countries", "audience", "theme", "note")
    slugs = {row.id: row.slug for row in _programmes()}
    family = next(row.slug for row in db.session.execute(queries.families()) if row.id == programme.family_id)
    return {name: getattr(programme, name) for name in names} | {
        "kind": programme.kind.value,
        "family": family,
        "parent": slugs.get(programme.parent_id, ""),
        "predecessor": slugs.get(programme.predecessor_id, ""),
        "direction": programme.direction.value if programme.direction else "",
        "aliases": "\n".join(programme.aliases),
        "agencies": "\n".join(programme.agencies),
        "source": programme.source,
    }


@bp.route("/catalogue/cohorts/new", methods=["GET", "POST"])
def new_cohort() -> Answer:
    require(can_administer(me()), "admin")
    form = _cohort_form(programme=request.args.get("programme", ""))

    def add() -> Response:
        cohort = actions.add_cohort(actor=me(), key=form.key, draft=form.draft())
        group = groups_actions.ensure_cohort_group(cohort=cohort)
        db.session.commit()
        flash(_("%(name)s is in the catalogue, and its group is open.", name=cohort.title), "done")
        return see_other("groups.show", slug=group.slug)

    return _answer("admin/cohort.html", form, add, cohort=None)


@bp.route("/catalogue/cohorts/<slug>/edit", methods=["GET", "POST"])
def edit_cohort(slug: str) -> Answer:
    require(can_administer(me()), "admin")
    cohort: Cohort = get_or_404(sa.select(Cohort).where(Cohort.slug == slug))
    form = _cohort_form(**_start_of_cohort(cohort))

    def edit() -> Response:
        was = cohort.title
        actions.edit_cohort(actor=me(), cohort=cohort, draft=form.draft())
        members_actions.promise_listings(db.session.get_one(Programme, cohort.programme_id))
        group = groups_actions.follow_cohort(cohort=cohort, was=was)
        db.session.commit()
        flash(_("%(name)s is changed.", name=cohort.title), "done")
        return see_other("groups.show", slug=group.slug)

    return _answer("admin/cohort.html", form, edit, cohort=cohort)


def _start_of_cohort(cohort: Cohort) -> dict[str, Any]:
    names = (
        *("title", "from_on", "to_on", "year", "batch", "theme", "audience", "place"),
        *("head_count", "head_count_of", "note", "source"),
    )
    slugs = {row.id: row.slug for row in _programmes()}
    return {name: getattr(cohort, name) for name in names} | {
        "programme": slugs[cohort.programme_id],
        "edition": slugs.get(cohort.edition_id, ""),
        "direction": cohort.direction.value,
        "destination": cohort.destination or "",
        "head_count_bound": cohort.head_count_bound.value,
        "countries": sorted(queries.find_countries(cohort)),
    }


@bp.route("/words", methods=["GET", "POST"])
def words() -> Answer:
    """The words and domains that make a post wait."""
    require(can_administer(me()), "admin")
    form = page_form(WordForm)
    failed = request.method == "POST" and not form.validate()
    if request.method == "POST" and not failed:
        posts_actions.add_word(actor=me(), word=form.word.data)
        db.session.commit()
        return see_other(".words")
    held = db.session.execute(posts_queries.held_words()).all()
    html = render_template("admin/words.html", form=form, words=held, form_errors=failed)
    return (html, 422) if failed else html


@bp.post("/words/<key>/remove")
def remove_word(key: str) -> Response:
    require(can_administer(me()), "admin")
    posts_actions.remove_word(actor=me(), word=get_or_404(sa.select(HeldWord).where(HeldWord.key == key)))
    db.session.commit()
    return see_other(".words")


@bp.get("/offers")
def offers() -> str:
    require(can_administer(me()), "admin")
    return render_template("admin/offers.html", offers=members_queries.find_offers())


@bp.route("/offers/new", methods=["GET", "POST"])
def new_offer() -> Answer:
    require(can_administer(me()), "admin")
    behind = max((row.position for row in members_queries.find_offers()), default=-1) + 1
    form = page_form(OfferForm, position=behind)

    def add() -> Response:
        offer = members_actions.add_offer(actor=me(), draft=form.draft())
        db.session.commit()
        flash(_("%(name)s is in the list.", name=offer.names["en"]), "done")
        return see_other(".offers")

    return _answer("admin/offer.html", form, add, offer=None)


@bp.route("/offers/<slug>", methods=["GET", "POST"])
def edit_offer(slug: str) -> Answer:
    require(can_administer(me()), "admin")
    offer: Offer = get_or_404(sa.select(Offer).where(Offer.slug == slug))
    names = {"name_en": offer.names["en"], "name_ja": offer.names.get("ja", "")}
    form = page_form(OfferForm, **names, position=offer.position, is_retired=offer.is_retired)

    def edit() -> Response:
        members_actions.edit_offer(actor=me(), offer=offer, draft=form.draft())
        db.session.commit()
        flash(_("%(name)s is changed.", name=offer.names["en"]), "done")
        return see_other(".offers")

    return _answer("admin/offer.html", form, edit, offer=offer)


@bp.get("/officers")
def officers() -> str:
    """Who is in office, the first to end first; or whose term is over."""
    require(officers_policy.can_grant(me()), "admin")
    are_over = request.args.get("state") == "over"
    order = officers_queries.ENDED_LAST if are_over else officers_queries.ENDING_FIRST
    mandates = page(officers_queries.mandates(me(), are_over=are_over), order, after=api.after())
    return render_template(
        "admin/officers.html",
        mandates=mandates,
        programmes=officers_queries.find_programmes(row.id for row in mandates.items),
        are_over=are_over,
    )


@bp.route("/officers/new", methods=["GET", "POST"])
def new_officer() -> Answer:
    require(officers_policy.can_grant(me()), "admin")
    form = page_form(MandateForm)
    form.offer(_programmes())

    def grant() -> Response:
        officers_actions.grant_mandate(me(), form.draft(), key=form.key)
        db.session.commit()
        flash(_("The officer is in office, and has been told by mail."), "done")
        return see_other(".officers")

    return _answer("admin/officer.html", form, grant)


@bp.route("/officers/<key>/end", methods=["GET", "POST"])
def end_officer(key: str) -> Answer:
    require(officers_policy.can_grant(me()), "admin")
    row = get_or_404(officers_queries.mandate(me(), key))
    form = page_form(EndMandateForm)

    def end() -> Response:
        officers_actions.end_mandate(me(), db.session.get_one(Mandate, row.id), reason=form.reason.data)
        db.session.commit()
        flash(_("The term is over. The officer has been told why."), "done")
        return see_other(".officers")

    programmes = officers_queries.find_programmes([row.id])
    return _answer("admin/end_officer.html", form, end, mandate=row, programmes=programmes)
