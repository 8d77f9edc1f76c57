"""The pictures of a report: choosing them, and their files for those who read it."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core import pictures, storage
from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound
from alumni.core.tokens import is_key
from alumni.reports import actions, queries
from alumni.reports.forms import PicturesForm, clean_caption
from alumni.reports.steps import event_begun
from alumni.reports.views.writing import bp
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, public, see_other, takes_file


@bp.get("/events/<slug>/report/pictures")
def choose_pictures(slug: str) -> str:
    return _page(event_begun(slug), PicturesForm())


@bp.post("/events/<slug>/report/pictures")
@takes_file(actions.MOST_BYTES)
def keep_pictures(slug: str) -> Response | tuple[str, int]:
    """What could be kept is kept, and what could not is said."""
    event, form = event_begun(slug), page_form(PicturesForm)
    kept = _keep(event, form)
    captions = {name[8:]: clean_caption(text) for name, text in request.form.items() if name.startswith("caption-")}
    try:
        actions.change_pictures(actor=me(), event=event, captions=captions, remove=request.form.getlist("remove"))
        actions.add_pictures(actor=me(), event=event, kept=kept)
        db.session.commit()
    except Invalid as error:
        db.session.rollback()
        form.blame(error)
    if form.errors:
        return _page(event, form, form_errors=True), 422
    flash(_("Saved."), "done")
    return see_other(".edit", slug=slug)


def _keep(event: Any, form: PicturesForm) -> Sequence[tuple[actions.Kept, str]]:
    """The pictures that were sent and could be read; the field is blamed for the others."""
    sent = form.picture.sent()
    if not sent:
        return []
    if any(not caption for _data, caption in sent):
        form.blame(Invalid("picture", "caption-needed"))
        return []
    try:
        actions.count_pictures(me(), event)
    finally:
        db.session.commit()  # nobody waits for a lock while pictures are decoded and stored
    kept = []
    for data, caption in sent[: actions.MOST_PICTURES]:
        try:
            kept.append((actions.keep_picture(data), caption))
        except Invalid as error:
            form.blame(error)
    return kept


def _page(event: Any, form: PicturesForm, *, form_errors: bool = False) -> str:
    return render_template(
        "reports/pictures.html",
        event=event,
        form=form,
        kept=queries.pictures_of(event.id),
        most=actions.MOST_PICTURES,
        form_errors=form_errors,
    )


@bp.get("/reports/pictures/<name>/<size>")
@public
def picture(name: str, size: str) -> Response:
    """In one of its sizes. Another picture has another name, so this one never changes."""
    if not is_key(name, pictures.NAME_LETTERS) or size not in map(str, actions.SIZES):
        raise NotFound
    get_or_404(queries.pictures_open_to(me(), name))
    response = Response(mimetype=pictures.MEDIA_TYPE)
    response.set_etag(f"{name}-{size}")
    response.headers["Cache-Control"] = "private, max-age=604800, immutable"
    if request.if_none_match.contains(f"{name}-{size}"):
        response.status_code = 304
        return response
    file = storage.files().read(actions.file_of(name, int(size)))
    if file is None:
        raise NotFound
    response.set_data(file)
    return response
