"""Writing to each other: asking first, accepting or declining, answering, leaving, deleting for oneself."""

import re
from datetime import timedelta

import sqlalchemy as sa

from alumni.core import clock, limits
from alumni.core.db import db, insert_or_ignore, upsert
from alumni.core.errors import DomainError, Invalid, NotFound, require
from alumni.core.tokens import digest, new_key
from alumni.core.viewer import Viewer
from alumni.members import queries as members_queries
from alumni.members.actions import ProfileNeeded
from alumni.messages import notices, policy, queries
from alumni.messages.models import (
    Conversation,
    ConversationState,
    InLetters,
    MayWrite,
    Message,
    MessageChoice,
    Side,
)

SAME_FOR = timedelta(days=30)
MOST_SAME = 3  # people who get the very same words
QUIET_FOR = timedelta(minutes=15)  # no second letter about a conversation within it
LOOKS_LIKE_LINK = re.compile(r"(?i)://|\bwww\.|\b[a-z0-9-]+\.[a-z]{2,}(?:/|\b)")


class RequestAnswered(DomainError):
    """The request was accepted or declined already."""


class RequestWaits(DomainError):
    """Whoever asked waits for an answer; it never says whether there was one that was not told."""


class ConversationOver(DomainError):
    """One of the two has left."""


def count_request(actor: Viewer) -> None:
    """Counts one more first contact of the day. The door commits before it goes on. Raises TooMany."""
    limits.count("first words", account=actor.id, is_newcomer=actor.is_newcomer)


def write_first(*, actor: Viewer, account_id: int, note: str, key: str) -> Conversation:
    """Asks somebody whether one may write to them. Of two who ask each other, the second has accepted by it.

    Who asked already, and waits, adds nothing by asking again.
    """
    require(policy.can_write_first(actor, account_id), "whom-they-let")
    _check_note(actor, note, key)
    low, high = sorted((actor.id, account_id))
    pair = {"low_id": low, "high_id": high}
    is_new = insert_or_ignore(Conversation, pair | {"key": new_key(), "asker_id": actor.id})
    conversation = _hold(sa.and_(Conversation.low_id == low, Conversation.high_id == high))
    if is_new:
        for person_id in (low, high):
            insert_or_ignore(Side, {"conversation_id": conversation.id, "account_id": person_id})
    elif conversation.state == ConversationState.LEFT:
        conversation.state, conversation.asker_id = ConversationState.ASKED, actor.id
        _change_sides(conversation, has_left=False)
    elif conversation.state != ConversationState.OPEN and conversation.asker_id == actor.id:
        return conversation
    else:
        conversation.state = ConversationState.OPEN
    is_request = conversation.state == ConversationState.ASKED
    _add(conversation, actor, note, key, is_request=is_request)
    return conversation


def write_message(*, actor: Viewer, conversation: Conversation, body: str, key: str) -> Message:
    """Writes in a conversation that is open. Who was asked accepts by answering."""
    require(policy.can_write_in(actor, conversation), "whom-they-let")
    conversation = _hold(Conversation.id == conversation.id)
    if conversation.state == ConversationState.LEFT:
        raise ConversationOver
    if conversation.state != ConversationState.OPEN:
        if conversation.asker_id == actor.id:
            raise RequestWaits
        conversation.state = ConversationState.OPEN
    return _add(conversation, actor, body, key, is_request=False)


def accept_request(*, actor: Viewer, conversation: Conversation) -> None:
    """From now on both write."""
    _answer(actor, conversation, ConversationState.OPEN)


def decline_request(*, actor: Viewer, conversation: Conversation) -> None:
    """It is gone for whoever was asked, and whoever asked is told nothing."""
    held = _answer(actor, conversation, ConversationState.DECLINED)
    _change_sides(held, actor, is_shown=False)


def _answer(actor: Viewer, conversation: Conversation, state: ConversationState) -> Conversation:
    require(policy.can_answer(actor, conversation), "whom-they-asked")
    conversation = _hold(Conversation.id == conversation.id)
    if conversation.state != ConversationState.ASKED:
        raise RequestAnswered
    conversation.state = state
    _change_sides(conversation, actor, unread=0)
    return conversation


def leave_conversation(*, actor: Viewer, conversation: Conversation) -> None:
    """Nobody writes in it any more; when both have left, it is deleted. Whoever was asked declines by leaving."""
    require(policy.can_read(actor, conversation), "member")
    conversation = _hold(Conversation.id == conversation.id)
    if conversation.state in (ConversationState.ASKED, ConversationState.DECLINED):
        if conversation.asker_id == actor.id:
            raise RequestWaits
        decline_request(actor=actor, conversation=conversation)
        return
    conversation.state = ConversationState.LEFT
    _clear(conversation, actor, has_left=True)
    is_kept = sa.select(Side.account_id).where(Side.conversation_id == conversation.id, Side.has_left.is_(False))
    if db.session.scalar(is_kept.limit(1)) is None:
        db.session.delete(conversation)
        db.session.flush()


def delete_for_me(*, actor: Viewer, conversation: Conversation) -> None:
    """What was written so far is gone for the actor; the other keeps it. A new message brings the conversation back."""
    require(policy.can_read(actor, conversation), "member")
    _clear(conversation, actor)


def mark_read(*, actor: Viewer, conversation: Conversation) -> None:
    require(policy.can_read(actor, conversation), "member")
    _change_sides(conversation, actor, unread=0)


def choose(*, actor: Viewer, may_write: MayWrite, in_letters: InLetters) -> None:
    """Who may write to the actor first, and how much of a message stands in their letters."""
    require(policy.can_choose(actor), "member")
    if not members_queries.has_profile(actor):
        raise ProfileNeeded
    row = {"account_id": actor.id, "may_write": may_write, "in_letters": in_letters}
    upsert(MessageChoice, [row], key=("account_id",))


def sweep_conversations() -> int:
    """Deletes conversations that nobody is in any more, because accounts were erased. How many they were."""
    somebody = sa.exists().where(Side.conversation_id == Conversation.id, Side.has_left.is_(False))
    gone = sa.delete(Conversation).where(sa.not_(somebody)).execution_options(synchronize_session=False)
    return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]


def _check_note(actor: Viewer, note: str, key: str) -> None:
    """No links from new accounts, and no circular: the same words go to a few people alone."""
    now = clock.now()
    if LOOKS_LIKE_LINK.search(note) and actor.is_newcomer:
        raise Invalid("body", "links-of-the-new")
    is_sent_again = db.session.scalar(sa.select(Message.id).where(Message.key == key, Message.sender_id == actor.id))
    if is_sent_again is None and queries.count_same_notes(actor, _digest(note), now - SAME_FOR) >= MOST_SAME:
        raise Invalid("body", "same-words")


def _digest(note: str) -> bytes:
    """Of the words alone: another space or capital makes no other text."""
    return digest(" ".join(re.findall(r"\w+", note.casefold())))


def _hold(clause: sa.ColumnElement[bool]) -> Conversation:
    """The conversation as it is now; whoever changes it next waits. Raises NotFound if it is gone meanwhile."""
    held = sa.select(Conversation).where(clause).with_for_update()
    conversation = db.session.scalar(held.execution_options(populate_existing=True))
    if conversation is None:
        raise NotFound
    return conversation


def _add(conversation: Conversation, actor: Viewer, body: str, key: str, *, is_request: bool) -> Message:
    """The same key of the same sender makes one message, however often it is sent."""
    db.session.flush()
    note_digest = _digest(body) if is_request else None
    for once in (key, new_key()):  # a key that somebody else's message has is not ours to use
        facts = {"key": once, "conversation_id": conversation.id, "sender_id": actor.id, "body": body}
        is_new = insert_or_ignore(Message, facts | {"note_digest": note_digest})
        mine = (Message.key == once, Message.conversation_id == conversation.id, Message.sender_id == actor.id)
        message = db.session.scalar(sa.select(Message).where(*mine))
        if message is not None:
            break
    else:
        raise LookupError("a message that was just written is not there")
    if is_new:
        _tell(conversation, actor, message, is_request=is_request)
    return message


def _tell(conversation: Conversation, actor: Viewer, message: Message, *, is_request: bool) -> None:
    """Both have it in their lists; the other hears of it by letter, unless one went out a moment ago."""
    _change_sides(conversation, newest_at=message.sent_at, is_shown=True)
    _change_sides(conversation, actor, unread=0)
    other_id = conversation.high_id if conversation.low_id == actor.id else conversation.low_id
    if other_id is None:
        return
    theirs = sa.update(Side).where(Side.conversation_id == conversation.id, Side.account_id == other_id)
    theirs = theirs.execution_options(synchronize_session=False)
    db.session.execute(theirs.values(unread=Side.unread + 1))
    is_quiet = sa.and_(Side.told_at > message.sent_at - QUIET_FOR, Side.unread > 1)
    told = db.session.execute(theirs.where(sa.not_(sa.func.coalesce(is_quiet, sa.false()))).values(told_at=clock.now()))
    if told.rowcount:  # type: ignore[attr-defined]
        notices.tell_of_message(other_id, conversation, message, is_request=is_request)


def _clear(conversation: Conversation, actor: Viewer, **values: object) -> None:
    newest = sa.select(sa.func.max(Message.id)).where(Message.conversation_id == conversation.id).scalar_subquery()
    _change_sides(conversation, actor, cleared_id=sa.func.coalesce(newest, 0), unread=0, is_shown=False, **values)


def _change_sides(conversation: Conversation, of: Viewer | None = None, **values: object) -> None:
    """Of both, or of one of the two."""
    sides = sa.update(Side).where(Side.conversation_id == conversation.id)
    if of is not None:
        sides = sides.where(Side.account_id == of.id)
    db.session.execute(sides.values(values).execution_options(synchronize_session=False))
