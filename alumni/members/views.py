"""Pages of members: their profile, who sees it, the directory."""

from collections import defaultdict
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from alumni.core import pictures, storage
from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound
from alumni.core.paging import PAGE, page
from alumni.core.tokens import is_key
from alumni.members import actions, policy, queries
from alumni.members.forms import (
    AS,
    AUDIENCES,
    REASONS,
    SORTS,
    AboutMeForm,
    AllAtOnceForm,
    CareerForm,
    DirectoryForm,
    LanguagesForm,
    ListedForm,
    NamesForm,
    PictureForm,
    PrivacyForm,
    ProfileForm,
    StartForm,
    chosen,
    narrowings,
    offers_in_words,
)
from alumni.members.forms.words import FIELDS_OF_WORK, LEVELS, ROLES, SEGMENTS, STANDINGS, name_in
from alumni.members.models import Audience, CareerEntry, Member
from alumni.web import api, atlas
from alumni.web.forms import BaseForm, page_form
from alumni.web.gate import for_suspended, get_or_404, is_local, me, public, see_other, takes_file
from alumni.web.templating import saves_data

bp = Blueprint("members", __name__)
Answer = str | Response | tuple[str, int]
EMPTY_ROWS = 3  # to type another language into


@bp.get("/me/profile")
@for_suspended
def my_profile() -> str:
    member = queries.find_member(me())
    if member is None:
        return _start_page(page_form(StartForm))
    return _page("members/my_profile.html", page_form(ProfileForm, obj=member))


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
    return see_other("rosters.new_claim")


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
