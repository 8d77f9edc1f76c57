"""What the graduates of a programme write to each other, across cohorts."""

from typing import Any

from flask import Response, flash, render_template
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page_both_ways
from alumni.posts import actions, policy, queries
from alumni.posts.actions import Place
from alumni.posts.forms import ProgrammePostForm
from alumni.posts.views.groups import bp
from alumni.posts.views.writing import Draft, find_draft, is_draft, opened, take, waits_words
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, limited, me, see_other, takes_file


@bp.get("/programmes/<slug>/posts")
def in_programme(slug: str) -> str:
    row = _programme(slug)
    draft = find_draft(Place(programme_id=row.id))
    return _page(row, opened(ProgrammePostForm, draft), draft)


@bp.post("/programmes/<slug>/posts")
@takes_file(actions.MOST_BYTES)
@limited("post")
def write_to_programme(slug: str) -> Response | tuple[str, int]:
    row, form = _programme(slug), page_form(ProgrammePostForm)
    place = Place(programme_id=row.id)
    if not take(form, place):
        return _page(row, form, find_draft(place), form_errors=True), 422
    if is_draft():
        flash(_("Your draft is kept here. Nobody else sees it."), "done")
        return see_other(".in_programme", slug=slug)
    words = {"body": form.body.data, "language": form.language.data}
    try:
        post = actions.write_to_programme(actor=me(), programme=row, key=form.key, has_draft=True, **words)
    except Invalid as error:
        form.blame(error)
        return _page(row, form, find_draft(place), form_errors=True), 422
    db.session.commit()
    flash(waits_words() if post.waits_at else _("Everybody who was there can read it now."), "done")
    return see_other(".in_programme", slug=slug)


def _programme(slug: str) -> Any:
    row = get_or_404(queries.shown_programme(me(), slug=slug))
    require(row.is_inside, "graduate")
    return row


def programme_posts(row: Any) -> Any:
    """A page of the feed."""
    return page_both_ways(
        lambda beyond, _backwards, rows: queries.find_programme_posts(me(), row.id, beyond, rows),
        queries.NEWEST,
        after=api.after(),
    )


def _page(row: Any, form: ProgrammePostForm, draft: Draft, *, form_errors: bool = False) -> str:
    posts = programme_posts(row)
    return render_template(
        "posts/in_programme.html",
        programme=row,
        posts=posts.items,
        next=posts.next,
        pictures=queries.pictures_of(posts.items),
        may_hide=policy.can_moderate(me()),
        form=form,
        draft=draft,
        form_errors=form_errors,
    )
