"""Pages of messages: one's conversations, one of them, the first note, what one wants of messages."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.accounts.actions import LinkNotValid
from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound
from alumni.core.paging import page
from alumni.members import actions as members_actions
from alumni.members import queries as members_queries
from alumni.messages import actions, queries
from alumni.messages.forms import ChoicesForm, MessageForm, NoteForm
from alumni.messages.models import Conversation, InLetters, MayWrite
from alumni.messages.steps import whom, write_first
from alumni.web import api
from alumni.web.forms import BaseForm, page_form
from alumni.web.gate import get_or_404, me, see_other, signer

bp = Blueprint("messages", __name__)
Answer = str | Response | tuple[str, int]
LINK_LIFE_S = 60 * 24 * 3600


@bp.get("/messages")
def inbox() -> str:
    conversations = page(queries.conversations_of(me()), queries.NEWEST_CONVERSATION, after=api.after())
    return render_template("messages/inbox.html", conversations=conversations, beginning=queries.BEGINNING)


@bp.route("/messages/choices", methods=["GET", "POST"])
def choices() -> Answer:
    may_write, in_letters = queries.find_choice(me())
    form = page_form(ChoicesForm, may_write=may_write.value, in_letters=in_letters.value)
    if request.method == "POST" and form.validate():
        actions.choose(actor=me(), may_write=MayWrite(form.may_write.data), in_letters=InLetters(form.in_letters.data))
        db.session.commit()
        flash(_("Saved."), "done")
        return see_other(".choices")
    failed = bool(form.errors)
    html = render_template("messages/choices.html", form=form, form_errors=failed)
    return (html, 422) if failed else html


@bp.route("/messages/to/<handle>", methods=["GET", "POST"])
def ask(handle: str) -> Answer:
    """The first note to somebody; whoever has a conversation with them is led to it."""
    account_id, conversation = whom(me(), handle)
    if conversation is not None:
        return see_other(".show", key=conversation.key)
    form = page_form(NoteForm)
    if request.method == "POST" and form.validate():
        try:
            made = write_first(me(), account_id, form.body.data or "", form.key)
        except Invalid as error:
            form.blame(error)
        else:
            flash(_("Sent. You write to each other here as soon as they have accepted."), "done")
            return see_other(".show", key=made.key)
    failed = bool(form.errors)
    html = render_template(
        "messages/ask.html",
        form=form,
        form_errors=failed,
        person=members_queries.find_profile(me(), handle),
        handle=handle,
        is_close=queries.shares_group(me(), account_id),
    )
    return (html, 422) if failed else html


@bp.get("/messages/letter/<token>")
def from_letter(token: str) -> Response:
    """The link of a letter: it leads its reader, signed in, to the conversation, and nobody else anywhere."""
    facts = signer().read("message", token, max_age_s=LINK_LIFE_S)
    if not isinstance(facts, list) or len(facts) != 2:
        raise LinkNotValid
    if facts[0] != me().id:
        raise NotFound
    return see_other(".show", key=str(facts[1]))


@bp.get("/messages/<key>")
def show(key: str) -> str:
    return _page(key, page_form(MessageForm))


@bp.post("/messages/<key>")
def write(key: str) -> Answer:
    conversation = _conversation(key)
    form = page_form(MessageForm)
    if not form.validate():
        return _page(key, form), 422
    actions.write_message(actor=me(), conversation=conversation, body=form.body.data or "", key=form.key)
    db.session.commit()
    return see_other(".show", key=key, _anchor="write")


@bp.post("/messages/<key>/accept")
def accept(key: str) -> Response:
    return _change(key, actions.accept_request, _("Accepted. You can write to each other now."))


@bp.post("/messages/<key>/decline")
def decline(key: str) -> Response:
    _change(key, actions.decline_request, _("Declined. They are not told."))
    return see_other(".inbox")


@bp.post("/messages/<key>/read")
def read(key: str) -> Response:
    return _change(key, actions.mark_read, "")


@bp.post("/messages/<key>/delete")
def delete(key: str) -> Response:
    _change(key, actions.delete_for_me, _("Deleted for you. The other person keeps what they have."))
    return see_other(".inbox")


@bp.post("/messages/<key>/leave")
def leave(key: str) -> Response:
    _change(key, actions.leave_conversation, _("You have left this conversation."))
    return see_other(".inbox")


@bp.post("/messages/<key>/block")
def block(key: str) -> Response:
    row = get_or_404(queries.conversation_of(me(), key))
    if row.other_id is None:
        raise NotFound
    page_form(BaseForm)
    members_actions.block_member(me(), row.other_id)
    db.session.commit()
    flash(_("Done. You do not see each other any more. You can change that under “Who sees me”."), "done")
    return see_other(".inbox")


def _conversation(key: str) -> Any:
    return get_or_404(queries.visible_conversations(me()).where(Conversation.key == key))


def _change(key: str, act: Callable[..., None], done: str) -> Response:
    act(actor=me(), conversation=_conversation(key))
    db.session.commit()
    if done:
        flash(done, "done")
    return see_other(".show", key=key)


def _page(key: str, form: MessageForm) -> str:
    """The newest messages, the last one at the end as one reads them."""
    row = get_or_404(queries.conversation_of(me(), key))
    messages = page(queries.messages_in(me(), row.id), queries.NEWEST_MESSAGE, after=api.after())
    return render_template("messages/show.html", row=row, messages=messages, form=form, form_errors=bool(form.errors))
