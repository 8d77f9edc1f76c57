"""What all forms for writing have in common: the draft they open with, and the pictures that come with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.posts import actions, queries
from alumni.posts.actions import Place
from alumni.posts.forms import PostForm, PostWithPicturesForm, clean_alt
from alumni.web.forms import page_form
from alumni.web.gate import me

FormT = TypeVar("FormT", bound=PostForm)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form opens with."""

    saved_at: datetime | None = None
    body: str = ""
    language: str = ""
    pictures: Sequence[Any] = ()


def find_draft(place: Place) -> Draft:
    rows = queries.drafts_in(me(), place=place.name).all()
    if not rows:
        return Draft()
    first = rows[0]
    return Draft(first.saved_at, first.body, first.language, [row for row in rows if row.name])


def opened(form_class: type[FormT], draft: Draft) -> FormT:
    """The form with what was drafted in it."""
    start = {"body": draft.body, "language": draft.language} if draft.saved_at else {}
    return page_form(form_class, **start)


def waits_words() -> str:
    words: str = _(
        "What you wrote waits until an organiser or a moderator has looked at it. Only you see it until then."
    )
    return words


def is_draft() -> bool:
    """The button that was pressed keeps what was typed, and posts nothing."""
    return request.form.get("act") == "draft"


def take(form: PostForm, place: Place) -> bool:
    """Reads what was sent. Pictures, and all of it where asked to, go into the draft first, so nothing is lost.

    True when it can be posted, or was kept as a draft.
    """
    if is_draft():
        form.body.needed = None
    is_fine = form.validate()
    kept, tried = _keep_pictures(form) if isinstance(form, PostWithPicturesForm) else ([], False)
    alts = {name[4:]: clean_alt(text) for name, text in request.form.items() if name.startswith("alt-")}
    if is_draft() or tried or alts:
        _save(form, place, kept, alts)
    return is_fine and not form.errors


def _keep_pictures(form: PostWithPicturesForm) -> tuple[list[tuple[Any, str]], bool]:
    """The pictures that were sent and could be read; the field is blamed for the others."""
    sent = form.picture.sent()
    if len(sent) > actions.MOST_PICTURES:
        form.blame(Invalid("picture", "pictures-many", most=actions.MOST_PICTURES))
        return [], False
    if not sent:
        return [], False
    try:
        actions.count_pictures(me())
    finally:
        db.session.commit()  # nobody waits for a lock while pictures are decoded and stored
    kept = []
    for data, alt in sent:
        try:
            kept.append((actions.keep_picture(data), alt))
        except Invalid as error:
            form.blame(error)
    return kept, True


def _save(form: PostForm, place: Place, kept: Sequence[tuple[Any, str]], alts: dict[str, str]) -> None:
    body = "" if form.body.errors else form.body.data or ""
    language = form.language.default() if form.language.errors else form.language.data
    draft = actions.save_draft(actor=me(), place=place, body=body, language=language)
    actions.change_draft_pictures(draft, alts, request.form.getlist("remove"))
    try:
        actions.add_pictures(draft, kept)
    except Invalid as error:
        form.blame(error)
    db.session.commit()
    if not is_draft() and any(not picture.alt for picture in find_draft(place).pictures):
        form.blame(Invalid("picture", "picture-alt"))
