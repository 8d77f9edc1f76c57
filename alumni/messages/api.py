"""Messages as JSON."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.core.paging import page
from alumni.messages import actions, queries
from alumni.messages.forms import ChoicesForm, FirstWordsForm, MessageForm
from alumni.messages.models import Conversation, InLetters, MayWrite
from alumni.messages.steps import whom, write_first
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me
from alumni.web.openapi import takes

bp = Blueprint("messages_api", __name__, url_prefix="/api/v1")


@bp.get("/messages")
def conversations() -> Response:
    """One's conversations and requests, and how many messages wait to be read."""
    select = queries.conversations_of(me())
    found = page(select, queries.NEWEST_CONVERSATION, after=api.after(), limit=api.limit())
    items = [conversation_json(row) for row in found.items]
    return jsonify(items=items, next=found.next, unread=queries.count_unread(me()))


@bp.post("/messages")
@takes(FirstWordsForm)
def ask() -> Response | tuple[Response, int]:
    """The first note to somebody. Where there is a conversation already, that one is answered and nothing is sent."""
    form = json_form(FirstWordsForm)
    if not form.validate():
        return invalid_form(form)
    account_id, conversation = whom(me(), form.to.data or "")
    if conversation is not None:
        return jsonify(key=conversation.key)
    try:
        made = write_first(me(), account_id, form.body.data or "", form.key)
    except Invalid as error:
        form.blame(error)
        return invalid_form(form)
    return jsonify(key=made.key), 201


@bp.get("/messages/<key>")
def show(key: str) -> Response:
    row = get_or_404(queries.conversation_of(me(), key))
    select = queries.messages_in(me(), row.id)
    messages = page(select, queries.NEWEST_MESSAGE, after=api.after(), limit=api.limit())
    items = [message_json(message) for message in messages.items]
    return jsonify(conversation_json(row) | {"messages": items, "next": messages.next})


@bp.post("/messages/<key>")
@takes(MessageForm)
def write(key: str) -> Response | tuple[Response, int]:
    conversation = _conversation(key)
    form = json_form(MessageForm)
    if not form.validate():
        return invalid_form(form)
    message = actions.write_message(actor=me(), conversation=conversation, body=form.body.data or "", key=form.key)
    db.session.commit()
    return jsonify(key=message.key, sent_at=message.sent_at.isoformat()), 201


@bp.post("/messages/<key>/accept")
def accept(key: str) -> tuple[str, int]:
    return _change(key, actions.accept_request)


@bp.post("/messages/<key>/decline")
def decline(key: str) -> tuple[str, int]:
    """Whoever asked is told nothing."""
    return _change(key, actions.decline_request)


@bp.post("/messages/<key>/read")
def read(key: str) -> tuple[str, int]:
    """Everything in it has been read."""
    return _change(key, actions.mark_read)


@bp.post("/messages/<key>/leave")
def leave(key: str) -> tuple[str, int]:
    return _change(key, actions.leave_conversation)


@bp.delete("/messages/<key>")
def delete(key: str) -> tuple[str, int]:
    """Deletes what was written so far, for oneself alone."""
    return _change(key, actions.delete_for_me)


@bp.get("/me/messages/choices")
def choices() -> Response:
    may_write, in_letters = queries.find_choice(me())
    return jsonify(may_write=may_write, in_letters=in_letters)


@bp.put("/me/messages/choices")
@takes(ChoicesForm)
def choose() -> Response:
    form = json_form(ChoicesForm)
    if not form.validate():
        return invalid_form(form)
    may_write, in_letters = MayWrite(form.may_write.data), InLetters(form.in_letters.data)
    actions.choose(actor=me(), may_write=may_write, in_letters=in_letters)
    db.session.commit()
    return jsonify(may_write=may_write, in_letters=in_letters)


def _conversation(key: str) -> Any:
    return get_or_404(queries.visible_conversations(me()).where(Conversation.key == key))


def _change(key: str, act: Callable[..., None]) -> tuple[str, int]:
    act(actor=me(), conversation=_conversation(key))
    db.session.commit()
    return "", 204


def conversation_json(row: Any) -> dict[str, Any]:
    person = {"handle": row.handle, "name": row.name, "name_romanised": row.name_romanised} if row.handle else None
    return {
        "key": row.key,
        "state": row.state,
        "asked_by_me": bool(row.is_asker),
        "with": person,
        "unread": row.unread,
        "newest_at": row.newest_at.isoformat(),
    }


def message_json(row: Any) -> dict[str, Any]:
    return {"key": row.key, "body": row.body, "is_mine": bool(row.is_mine), "sent_at": row.sent_at.isoformat()}
