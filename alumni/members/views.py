"""Pages of members: their profile, who sees it, the directory."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from alumni.core import pictures, storage
from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound
from alumni.core.paging import PAGE, page
from alumni.core.tokens import is_key
from alumni.members import actions, queries
from alumni.members.forms import (
    AS,
    REASONS,
    SORTS,
    AllAtOnceForm,
    DirectoryForm,
    PictureForm,
    PrivacyForm,
    ProfileForm,
    chosen,
    narrowings,
    offers_in_words,
)
from alumni.members.models import Audience
from alumni.web import api, atlas
from alumni.web.forms import page_form
from alumni.web.gate import for_suspended, get_or_404, is_local, me, public, see_other, takes_file
from alumni.web.templating import saves_data

bp = Blueprint("members", __name__)


@bp.get("/me/profile")
@for_suspended
def my_profile() -> str:
    member = queries.find_member(me())
    return _profile_page(page_form(ProfileForm, obj=member), is_first=member is None)


@bp.post("/me/profile")
def save_profile() -> str | Response | tuple[str, int]:
    form = page_form(ProfileForm)
    is_first = not queries.has_profile(me())
    if not form.validate():
        return _profile_page(form, is_first=is_first, form_errors=True), 422
    actions.save_profile(me(), form.draft())
    db.session.commit()
    flash(_("Your profile is saved."), "done")
    target = request.args.get("next")
    if is_local(target):
        response: Response = redirect(target or "/", 303)  # type: ignore[assignment]
        return response
    return see_other("rosters.new_claim" if is_first else ".my_profile")


def _profile_page(form: ProfileForm, *, is_first: bool, form_errors: bool = False) -> str:
    return render_template("members/my_profile.html", form=form, is_first=is_first, form_errors=form_errors)


@bp.get("/me/names")
@for_suspended
def my_names() -> Response:
    response: Response = redirect(url_for(".my_profile", _anchor="names"), 302)  # type: ignore[assignment]
    return response


@bp.get("/me/privacy")
@for_suspended
def my_privacy() -> str | Response:
    member = queries.find_member(me())
    if member is None:
        return see_other(".my_profile", next=url_for(".my_privacy"))
    return _privacy_page(page_form(PrivacyForm, obj=member), AllAtOnceForm())


@bp.post("/me/privacy")
def save_privacy() -> str | Response | tuple[str, int]:
    """All at once by one of the buttons, or one by one by the form."""
    is_all = "everything" in request.form
    form, all_form = page_form(PrivacyForm, obj=queries.find_member(me())), page_form(AllAtOnceForm)
    chosen = all_form if is_all else form
    if not chosen.validate():
        return _privacy_page(form, all_form, form_errors=True), 422
    actions.choose_audiences(me(), chosen.audiences())
    db.session.commit()
    flash(_("Saved. It applies everywhere from now on."), "done")
    return see_other(".my_privacy")


def _privacy_page(form: PrivacyForm, all_form: AllAtOnceForm, *, form_errors: bool = False) -> str:
    seen_as = request.args.get("as", "")
    shown = seen_as if seen_as in dict(AS) else ""
    seen = db.session.execute(queries.own_listing(me(), Audience(shown))).first() if shown else None
    return render_template(
        "members/my_privacy.html",
        form=form,
        all_form=all_form,
        circles=AS,
        seen_as=shown,
        seen=seen,
        blocked=db.session.execute(queries.blocked_by(me())).all(),
        form_errors=form_errors,
    )


@bp.get("/me/picture")
@for_suspended
def my_picture() -> str | Response:
    if not queries.has_profile(me()):
        return see_other(".my_profile", next=url_for(".my_picture"))
    return _picture_page(PictureForm())


@bp.post("/me/picture")
@takes_file(pictures.MOST_BYTES)
def save_picture() -> str | Response | tuple[str, int]:
    """A new picture, or none: the button that removes it is a form of its own."""
    form = PictureForm()
    if "remove" in request.form:
        actions.remove_picture(me())
        db.session.commit()
        flash(_("Your picture is removed."), "done")
        return see_other(".my_picture")
    data = form.picture.read(pictures.MOST_BYTES)
    try:
        actions.count_picture(me())
    finally:
        db.session.commit()  # nobody waits for a lock while a picture is decoded and stored
    try:
        name = actions.keep_picture(data)
    except Invalid as error:
        form.blame(error)
        return _picture_page(form, form_errors=True), 422
    actions.change_picture(me(), name)
    db.session.commit()
    flash(_("Your picture is saved."), "done")
    return see_other(".my_picture")


def _picture_page(form: PictureForm, *, form_errors: bool = False) -> str:
    return render_template(
        "members/my_picture.html",
        form=form,
        person=queries.find_member(me()),
        shows_picture=shows_picture(),
        form_errors=form_errors,
    )


def shows_picture() -> bool:
    """On the page of one person: to those who save data, only when they ask for it."""
    return "picture" in request.args or not saves_data()


@bp.get("/pictures/<name>/<size>")
@public
def picture(name: str, size: str) -> Response:
    """A picture in one of its sizes, to those who see it in a listing."""
    if not is_key(name, pictures.NAME_LETTERS) or size not in map(str, pictures.SIZES):
        raise NotFound
    get_or_404(queries.pictures_open_to(me(), name=name))
    response = Response(mimetype=pictures.MEDIA_TYPE)
    response.set_etag(f"{name}-{size}")
    # Another picture has another name, so this one never changes; it is kept for a week, and by nobody between.
    response.headers["Cache-Control"] = "private, max-age=604800, immutable"
    if request.if_none_match.contains(f"{name}-{size}"):
        response.status_code = 304
        return response
    file = storage.files().read(pictures.file_of(name, int(size)))
    if file is None:
        raise NotFound
    response.set_data(file)
    return response


@bp.get("/me/participations")
@for_suspended
def my_participations() -> str:
    claims = page(queries.participations_of(me()), queries.NEWEST_FIRST, after=api.after())
    return render_template("members/my_participations.html", claims=claims)


@bp.get("/members")
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
        people=people,
        asked=asked,
        chosen=chosen(found, asked),
        narrowings=narrowings(found, asked),
        offers=offers_in_words(people, found.facets.get("offer")),
        also=queries.also_known_as(search.q, people),
        sorts=SORTS,
        sort=search.sort,
    )


def _refused(form: DirectoryForm) -> tuple[str, int]:
    return render_template("members/refused.html", form=form, form_errors=True), 422


@bp.get("/members/suggested")
def suggested() -> str:
    """People whom the viewer may know, each with the reason."""
    suggestions = queries.people_you_may_know(me())
    people = [suggestion.person for suggestion in suggestions]
    return render_template(
        "members/suggested.html", suggestions=suggestions, offers=offers_in_words(people, _offers()), reasons=REASONS
    )


def _offers() -> queries.Facet:
    rows = db.session.execute(queries.offers())
    return queries.Facet([queries.Value(row.slug, None, names=row.names) for row in rows])


@bp.get("/members/map")
@public
def world_map() -> str:
    """How many people live where: a map of counts, not of people."""
    counts = queries.find_country_counts(me())
    most_first = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return render_template("members/map.html", counts=most_first, circles=atlas.circles(counts), atlas=atlas)


@bp.get("/members/<handle>")
@public
def show(handle: str) -> str | Response:
    person = queries.find_profile(me(), handle)
    is_me = handle == me().handle
    if person is None and is_me:
        return see_other(".my_profile")
    if person is None:
        raise NotFound
    return render_template("members/show.html", person=person, is_me=is_me, shows_picture=shows_picture())


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
