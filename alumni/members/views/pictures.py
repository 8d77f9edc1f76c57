"""One's picture, and the files of pictures for those who may see them."""

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _

from alumni.core import pictures, storage
from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound
from alumni.core.tokens import is_key
from alumni.members import actions, queries
from alumni.members.forms import (
    PictureForm,
)
from alumni.members.views.people import bp, shows_picture
from alumni.web.gate import for_suspended, get_or_404, me, public, see_other, takes_file


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
    if not queries.has_profile(me()):
        raise actions.ProfileNeeded
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
