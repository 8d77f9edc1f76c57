"""The recommendations of a conference, and their way to those whom they are for."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from alumni.conferences import actions, queries
from alumni.conferences.forms import AnswerForm, HandoverForm, RecommendationForm, start_of
from alumni.conferences.models import RecommendationState
from alumni.conferences.steps import event_of, event_to_run, recommendation_of
from alumni.conferences.views.programme import Answer, bp
from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.web.forms import BaseForm, page_form
from alumni.web.gate import me, public, see_other
from alumni.web.templating import Words

STATES = {
    RecommendationState.DRAFTED: _l("Drafted"),
    RecommendationState.ADOPTED: _l("Adopted"),
    RecommendationState.HANDED_OVER: _l("Handed over"),
    RecommendationState.ANSWERED: _l("Answered"),
}


@bp.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(recommendation_states=Words(STATES))


@bp.get("/events/<slug>/recommendations")
@public
def recommendations(slug: str) -> str:
    event = event_of(slug)
    rows = queries.recommendations_of(me(), event.id)
    handovers = queries.handovers_of([row.id for row in rows])
    return render_template("conferences/recommendations.html", event=event, recommendations=rows, handovers=handovers)


@bp.route("/events/<slug>/recommendations/new", methods=["GET", "POST"])
def new_recommendation(slug: str) -> Answer:
    event = event_to_run(slug)
    form = page_form(RecommendationForm, data={"number": queries.next_number(event.id)})
    form.offer(queries.topic_groups_of(event.id))

    def add() -> None:
        made = actions.add_recommendation(actor=me(), event=event, draft=form.draft(), key=form.key)
        flash(_("Drafted as no. %(number)s.", number=made.number), "done")

    return _done(event, form, add) or _form_page("recommendation", event, form, recommendation=None)


@bp.route("/events/<slug>/recommendations/<key>/edit", methods=["GET", "POST"])
def edit_recommendation(slug: str, key: str) -> Answer:
    event = event_to_run(slug)
    recommendation, groups = recommendation_of(event, key), queries.topic_groups_of(event.id)
    form = page_form(RecommendationForm, data=start_of(recommendation, groups))
    form.offer(groups)

    def change() -> None:
        actions.change_recommendation(actor=me(), event=event, recommendation=recommendation, draft=form.draft())
        flash(_("The draft is changed."), "done")

    return _done(event, form, change) or _form_page("recommendation", event, form, recommendation=recommendation)


@bp.route("/events/<slug>/recommendations/<key>/hand-over", methods=["GET", "POST"])
def hand_over(slug: str, key: str) -> Answer:
    event = event_to_run(slug)
    recommendation = recommendation_of(event, key)
    form = page_form(HandoverForm)

    def note() -> None:
        draft = form.draft()
        actions.hand_over(actor=me(), event=event, recommendation=recommendation, draft=draft, key=form.key)
        flash(_("It is noted to whom it was handed."), "done")

    return _done(event, form, note) or _form_page("hand_over", event, form, recommendation=recommendation)


@bp.route("/events/<slug>/recommendations/<key>/answer", methods=["GET", "POST"])
def answer(slug: str, key: str) -> Answer:
    event = event_to_run(slug)
    recommendation = recommendation_of(event, key)
    form = page_form(AnswerForm, data={"text": recommendation.answer})

    def keep() -> None:
        actions.answer(actor=me(), event=event, recommendation=recommendation, text=form.text.data)
        flash(_("The answer stands beside the recommendation."), "done")

    return _done(event, form, keep) or _form_page("answer", event, form, recommendation=recommendation)


@bp.post("/events/<slug>/recommendations/<key>/adopt")
def adopt(slug: str, key: str) -> Response:
    event = event_to_run(slug)
    actions.adopt(actor=me(), event=event, recommendation=recommendation_of(event, key))
    db.session.commit()
    flash(_("It is adopted. Whoever sees the event can read it now."), "done")
    return _back(event)


@bp.post("/events/<slug>/recommendations/<key>/reopen")
def reopen(slug: str, key: str) -> Response:
    event = event_to_run(slug)
    actions.reopen(actor=me(), event=event, recommendation=recommendation_of(event, key))
    db.session.commit()
    flash(_("It is a draft again."), "done")
    return _back(event)


@bp.post("/events/<slug>/recommendations/<key>/remove")
def remove_recommendation(slug: str, key: str) -> Response:
    event = event_to_run(slug)
    actions.remove_recommendation(actor=me(), event=event, recommendation=recommendation_of(event, key))
    db.session.commit()
    flash(_("The draft is removed."), "done")
    return _back(event)


@bp.post("/events/<slug>/recommendations/<key>/handovers/<handover>/remove")
def take_back(slug: str, key: str, handover: str) -> Response:
    event = event_to_run(slug)
    actions.take_back_handover(actor=me(), event=event, recommendation=recommendation_of(event, key), key=handover)
    db.session.commit()
    flash(_("Taken back."), "done")
    return _back(event)


def _done(event: Any, form: BaseForm, act: Callable[[], None]) -> Response | None:
    """Does what a valid form asks, and goes back; None where the form has to be shown."""
    if request.method != "POST" or not form.validate():
        return None
    try:
        act()
        db.session.commit()
        return _back(event)
    except Invalid as error:
        db.session.rollback()
        form.blame(error)
        return None


def _back(event: Any) -> Response:
    return see_other(".recommendations", slug=event.slug)


def _form_page(name: str, event: Any, form: BaseForm, **context: Any) -> Answer:
    failed = request.method == "POST"
    html = render_template(f"conferences/{name}.html", event=event, form=form, form_errors=failed, **context)
    return (html, 422) if failed else html
