"""One's own pages: profile, names, languages and offers, career, who sees it, where one took part."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.core.paging import page
from alumni.members import actions, policy, queries
from alumni.members.forms import (
    AS,
    AUDIENCES,
    AboutMeForm,
    AllAtOnceForm,
    CareerForm,
    LanguagesForm,
    ListedForm,
    NamesForm,
    PrivacyForm,
    ProfileForm,
    StartForm,
)
from alumni.members.models import Audience, CareerEntry, Member
from alumni.members.views.people import bp, shows_picture, words_for
from alumni.web import api
from alumni.web.forms import BaseForm, page_form
from alumni.web.gate import for_suspended, get_or_404, is_local, me, see_other

Answer = str | Response | tuple[str, int]
EMPTY_ROWS = 3  # to type another language into


@bp.get("/me/profile")
@for_suspended
def my_profile() -> str:
    member = queries.find_member(me())
    if member is None:
        return _start_page(page_form(StartForm))
    right_at = queries.find_when_right(me())
    return _page("members/my_profile.html", page_form(ProfileForm, obj=member), said_right_at=right_at)


@bp.post("/me/profile")
def save_profile() -> Answer:
    if not queries.has_profile(me()):
        return _start()
    form = page_form(ProfileForm)
    return _save(form, "members/my_profile.html", ".my_profile")


def _start() -> Answer:
    """The first visit leads on to where one came from, or to one's programme."""
    form = page_form(StartForm)
    if not form.validate():
        return _start_page(form), 422
    actions.save_profile(me(), form.draft())
    db.session.commit()
    flash(_("Your profile is saved."), "done")
    target = request.args.get("next")
    if is_local(target):
        response: Response = redirect(target or "/", 303)  # type: ignore[assignment]
        return response
    return see_other("claims.new_claim")


def _start_page(form: StartForm) -> str:
    return _page("members/start.html", form)


def _page(template: str, form: BaseForm, **context: Any) -> str:
    return render_template(template, form=form, form_errors=bool(form.errors or form.form_errors), **context)


def _save(form: AboutMeForm, template: str, done: str, **context: Any) -> Answer:
    """Writes what the form holds, or shows it again with what is wrong."""
    try:
        if form.validate():
            actions.save_profile(me(), form.draft())
            db.session.commit()
            flash(_("Saved. It applies everywhere from now on."), "done")
            return see_other(done)
    except Invalid as error:
        db.session.rollback()
        form.blame(error)
    return _page(template, form, **context), 422


def _own(endpoint: str) -> Member | Response:
    """The reader's own profile; whoever has none enters a name first, then comes back."""
    return queries.find_member(me()) or see_other(".my_profile", next=url_for(endpoint))


@bp.get("/me/names")
@for_suspended
def my_names() -> str | Response:
    member = _own(".my_names")
    if not isinstance(member, Member):
        return member
    return _page("members/my_names.html", page_form(NamesForm, obj=member))


@bp.post("/me/names")
def save_names() -> Answer:
    return _save(page_form(NamesForm), "members/my_names.html", ".my_names")


@bp.get("/me/languages")
@for_suspended
def my_languages() -> str | Response:
    member = _own(".my_languages")
    if not isinstance(member, Member):
        return member
    rows = [{"language": language, "level": level} for language, level in member.languages]
    form = page_form(LanguagesForm, languages=rows, offers=member.offers, looks_for=member.looks_for)
    form.offer(queries.find_offers(), member)
    form.languages.leave_room(EMPTY_ROWS)
    return _page("members/my_languages.html", form)


@bp.post("/me/languages")
def save_languages() -> Answer:
    form = page_form(LanguagesForm)
    form.offer(queries.find_offers(), queries.find_member(me()))
    return _save(form, "members/my_languages.html", ".my_languages")


@bp.get("/me/career")
@for_suspended
def my_career() -> str | Response:
    member = _own(".my_career")
    if not isinstance(member, Member):
        return member
    return render_template("members/my_career.html", career=db.session.scalars(queries.career_of(me())).all())


@bp.route("/me/career/new", methods=["GET", "POST"])
def new_career_entry() -> Answer:
    member = _own(".new_career_entry")
    return _save_entry(page_form(CareerForm), None) if isinstance(member, Member) else member


@bp.route("/me/career/<key>", methods=["GET", "POST"])
def career_entry(key: str) -> Answer:
    entry = get_or_404(queries.career_of(me()).where(CareerEntry.key == key))
    return _save_entry(page_form(CareerForm, obj=entry), entry)


def _save_entry(form: CareerForm, entry: CareerEntry | None) -> Answer:
    if request.method != "POST":
        return _page("members/career_entry.html", form, entry=entry)
    try:
        if form.validate():
            actions.save_career_entry(me(), form.draft(), key=entry.key if entry else form.key)
            db.session.commit()
            flash(_("Saved. It applies everywhere from now on."), "done")
            return see_other(".my_career")
    except Invalid as error:
        db.session.rollback()
        form.blame(error)
    return _page("members/career_entry.html", form, entry=entry), 422


@bp.post("/me/career/<key>/remove")
def remove_career_entry(key: str) -> Response:
    actions.remove_career_entry(me(), get_or_404(queries.career_of(me()).where(CareerEntry.key == key)))
    db.session.commit()
    flash(_("Removed."), "done")
    return see_other(".my_career")


@bp.get("/me/privacy")
@for_suspended
def my_privacy() -> str | Response:
    member = _own(".my_privacy")
    if not isinstance(member, Member):
        return member
    return _privacy_page(member, page_form(PrivacyForm, obj=member))


@bp.post("/me/privacy")
def save_privacy() -> Answer:
    """One by one by the form, all at once by one of the buttons, or out of the directory and back."""
    if "listed" in request.form:
        form: Any = page_form(ListedForm)
    else:
        form = page_form(AllAtOnceForm if "everything" in request.form else PrivacyForm)
    if not form.validate():
        member = queries.find_member(me())
        return _privacy_page(member, form if isinstance(form, PrivacyForm) else PrivacyForm(obj=member), form), 422
    if isinstance(form, ListedForm):
        (actions.return_to_directory if form.listed.data == "yes" else actions.leave_directory)(me())
    else:
        actions.choose_audiences(me(), form.audiences())
    db.session.commit()
    flash(_("Saved. It applies everywhere from now on."), "done")
    return see_other(".my_privacy")


def _privacy_page(member: Member | None, form: PrivacyForm, wrong: BaseForm | None = None) -> str:
    seen_as = request.args.get("as", "")
    shown = seen_as if seen_as in dict(AS) else ""
    seen = db.session.execute(queries.own_listing(me(), Audience(shown))).first() if shown else None
    return render_template(
        "members/my_privacy.html",
        member=member,
        is_minor=member is not None and policy.is_minor(member),
        form=form,
        wrong=wrong,
        everything=AUDIENCES,
        circles=AS,
        seen_as=shown,
        seen=seen,
        blocked=db.session.execute(queries.blocked_by(me())).all(),
        form_errors=wrong is not None,
        shows_picture=shows_picture(),
        **(words_for(seen) if seen else {}),
    )


@bp.get("/me/participations")
@for_suspended
def my_participations() -> str:
    claims = page(queries.participations_of(me()), queries.NEWEST_FIRST, after=api.after())
    return render_template("members/my_participations.html", claims=claims)
