"""One post with its answers: answering, editing, pinning, taking back, hiding, how it read before."""

from typing import Any

from flask import Response, flash, redirect, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.groups.models import Group
from alumni.posts import actions, policy, queries
from alumni.posts.actions import Place
from alumni.posts.forms import AnswerForm, EditForm, HideForm
from alumni.posts.models import Post
from alumni.posts.views.groups import bp
from alumni.posts.views.writing import Draft, find_draft, is_draft, opened, take, waits_words
from alumni.programmes.models import Programme
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, limited, me, see_other
from alumni.web.templating import href


@bp.get("/posts/<key>")
def show(key: str) -> str | Response:
    row = get_or_404(queries.post_page(me(), key=key))
    if row.parent_key:
        return see_other(".show", key=row.parent_key, _anchor=f"post-{key}")
    draft = find_draft(Place(post_id=row.id))
    return _page(row, opened(AnswerForm, draft), draft)


@bp.post("/posts/<key>/answers")
@limited("post")
def answer(key: str) -> Response | tuple[str, int]:
    row = get_or_404(queries.post_page(me(), key=key))
    if row.parent_key:  # an answer to an answer belongs to the same post
        row = get_or_404(queries.post_page(me(), key=row.parent_key))
    form, place = page_form(AnswerForm), Place(post_id=row.id)
    if not take(form, place):
        return _page(row, form, find_draft(place), form_errors=True), 422
    if is_draft():
        flash(_("Your draft is kept here. Nobody else sees it."), "done")
        return see_other(".show", key=row.key)
    answered = db.session.get_one(Post, row.id)
    made = actions.write_answer(
        actor=me(), post=answered, key=form.key, body=form.body.data, language=form.language.data, has_draft=True
    )
    db.session.commit()
    flash(waits_words() if made.waits_at else _("Your answer is there."), "done")
    return see_other(".show", key=row.key)


def _page(row: Any, form: AnswerForm, draft: Draft, *, form_errors: bool = False) -> str:
    answers = page(queries.answers_to(me(), post_id=row.id), queries.OLDEST, after=api.after())
    return render_template(
        "posts/show.html",
        post=row,
        answers=answers,
        pictures=queries.pictures_of([row]),
        may_hide=row.is_organised or policy.can_moderate(me()),
        form=form,
        draft=draft,
        form_errors=form_errors,
    )


@bp.route("/posts/<key>/edit", methods=["GET", "POST"])
def edit(key: str) -> str | Response | tuple[str, int]:
    post = _post(key)
    require(policy.can_edit(me(), post), "owner")
    form = page_form(EditForm, body=post.body, language=post.language, edits=post.edits)
    failed = request.method == "POST" and not form.validate()
    if request.method != "POST" or failed:
        html = render_template("posts/edit.html", post=post, form=form, back=_address(post), form_errors=failed)
        return (html, 422) if failed else html
    actions.edit_post(actor=me(), post=post, body=form.body.data, language=form.language.data, edits=form.seen_edits())
    db.session.commit()
    flash(_("Your changes are saved."), "done")
    return redirect(_address(post), 303)  # type: ignore[return-value]


@bp.get("/posts/<key>/versions")
def versions(key: str) -> str:
    post = get_or_404(queries.posts_with_history(me()).where(Post.key == key))
    rows = db.session.execute(queries.versions_of(post)).all()
    return render_template("posts/versions.html", post=post, versions=rows)


@bp.post("/posts/<key>/pin")
def pin(key: str) -> Response:
    actions.pin_post(actor=me(), post=_post(key))
    db.session.commit()
    flash(_("The post stands on top of the group."), "done")
    return see_other(".show", key=key)


@bp.post("/posts/<key>/unpin")
def unpin(key: str) -> Response:
    actions.unpin_post(actor=me(), post=_post(key))
    db.session.commit()
    flash(_("The post is back in its place."), "done")
    return see_other(".show", key=key)


@bp.post("/posts/<key>/delete")
def delete(key: str) -> Response:
    post = _post(key)
    back = _feed_of(post) if post.parent_id is None else _address(post)
    is_answer = post.parent_id is not None
    actions.delete_post(actor=me(), post=post)
    db.session.commit()
    flash(_("Your answer is deleted.") if is_answer else _("Your post is deleted."), "done")
    return redirect(back, 303)  # type: ignore[return-value]


@bp.route("/posts/<key>/hide", methods=["GET", "POST"])
def hide(key: str) -> str | Response | tuple[str, int]:
    post = _post(key)
    require(policy.can_hide(me(), post))
    form, back = page_form(HideForm), _address(post) if post.parent_id else _feed_of(post)
    failed = request.method == "POST" and not form.validate()
    if request.method != "POST" or failed:
        html = render_template(
            "posts/hide.html", post=post, place=_place_of(post), back=back, form=form, form_errors=failed
        )
        return (html, 422) if failed else html
    actions.hide_post_and_tell(actor=me(), post=post, place=_place_of(post), reason=form.reason.data)
    db.session.commit()
    flash(_("The post is hidden, and its author has been told why."), "done")
    return redirect(back, 303)  # type: ignore[return-value]


def _post(key: str) -> Post:
    post: Post = get_or_404(queries.visible_posts(me()).where(Post.key == key))
    return post


def _address(post: Post) -> str:
    """Of the thread in which it stands."""
    first = db.session.get_one(Post, post.parent_id) if post.parent_id else post
    return href("posts.show", key=first.key)


def _feed_of(post: Post) -> str:
    if post.group_id is not None:
        return href("posts.in_group", slug=db.session.get_one(Group, post.group_id).slug)
    return href("posts.in_programme", slug=db.session.get_one(Programme, post.programme_id).slug)


def _place_of(post: Post) -> str:
    if post.group_id is not None:
        return db.session.get_one(Group, post.group_id).name
    return db.session.get_one(Programme, post.programme_id).short
