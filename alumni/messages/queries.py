"""What is asked about messages: one's conversations, one of them, how many messages are unread."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.accounts.models import Account, AccountState
from alumni.core.db import db
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Listing, Member
from alumni.messages import policy
from alumni.messages.models import (
    Conversation,
    ConversationState,
    InLetters,
    MayWrite,
    Message,
    MessageChoice,
    Side,
)

NEWEST_CONVERSATION = (
    Key(Side.newest_at, "newest_at", descending=True),
    Key(Side.conversation_id, "id", descending=True),
)
NEWEST_MESSAGE = (Key(Message.id, "id", descending=True),)
BEGINNING = 160  # characters of a message in a list and in a letter
MOST_AROUND = 3  # messages before and after a reported one


def conversations_of(viewer: Viewer) -> sa.Select[Any]:
    """The viewer's conversations and requests, with whom, and how the last message begins.

    Page them by `NEWEST_CONVERSATION`.
    """
    last = (
        sa.select(sa.func.substr(Message.body, 1, BEGINNING + 1))
        .where(Message.conversation_id == Conversation.id, Message.id > Side.cleared_id)
        .order_by(Message.id.desc())
        .limit(1)
        .correlate(Conversation, Side)
        .scalar_subquery()
    )
    return _rows(viewer, last.label("last")).where(Side.is_shown)


def conversation_of(viewer: Viewer, key: str) -> sa.Select[Any]:
    """One of them as a page shows it."""
    return _rows(viewer, sa.literal("").label("last")).where(Conversation.key == key)


def _rows(viewer: Viewer, *more: Any) -> sa.Select[Any]:
    other, seen = policy.other_of(viewer), aliased(Listing)
    # One row of those that are open to the viewer: that of a shared group knows most.
    audience = (
        sa.select(sa.func.min(sa.cast(Listing.audience, sa.String)))
        .where(Listing.account_id == other, members_policy.shown_to(viewer))
        .correlate(Conversation)
        .scalar_subquery()
    )
    is_declined = Conversation.state == ConversationState.DECLINED
    state = sa.case((is_declined, ConversationState.ASKED.value), else_=sa.cast(Conversation.state, sa.String))
    return (
        sa.select(
            Conversation.id,
            Conversation.key,
            state.label("state"),
            sa.and_(Conversation.asker_id == viewer.id).label("is_asker"),
            Conversation.asker_id.label("asker_id"),
            Side.unread,
            Side.newest_at,
            Account.id.label("other_id"),
            sa.func.coalesce(Account.state == AccountState.ACTIVE, sa.false()).label("is_reachable"),
            seen.handle,
            seen.name,
            seen.name_romanised,
            seen.picture,
            *more,
        )
        .select_from(Side)
        .join(Conversation, Conversation.id == Side.conversation_id)
        .outerjoin(Account, Account.id == other)
        .outerjoin(seen, sa.and_(seen.account_id == Account.id, sa.cast(seen.audience, sa.String) == audience))
        .where(Side.account_id == viewer.id, policy.visible_to(viewer))
    )


def messages_in(viewer: Viewer, conversation_id: int) -> sa.Select[Any]:
    """What was written, as far as the viewer has not deleted it. Page it by `NEWEST_MESSAGE`."""
    return sa.select(
        Message.id,
        Message.key,
        Message.body,
        Message.sent_at,
        sa.func.coalesce(Message.sender_id == viewer.id, sa.false()).label("is_mine"),
    ).where(Message.conversation_id == conversation_id, policy.message_visible_to(viewer))


def visible_conversations(viewer: Viewer) -> sa.Select[Any]:
    """The same as entities, to act on."""
    return sa.select(Conversation).where(policy.visible_to(viewer))


def find_conversation_with(viewer: Viewer, account_id: int) -> Conversation | None:
    """The one that the two have, if the viewer reads it."""
    low, high = sorted((viewer.id, account_id))
    pair = visible_conversations(viewer).where(Conversation.low_id == low, Conversation.high_id == high)
    found: Conversation | None = db.session.scalar(pair)
    return found


def count_unread(viewer: Viewer) -> int:
    """How many messages wait to be read: the counts of the conversations in the list, added up."""
    return int(db.session.scalar(sa.select(unread_messages(viewer))) or 0)


def unread_messages(viewer: Viewer) -> sa.Label[int]:
    """Column: the same."""
    counts = sa.select(sa.func.coalesce(sa.func.sum(Side.unread), 0)).join(
        Conversation, Conversation.id == Side.conversation_id
    )
    waiting = counts.where(Side.account_id == viewer.id, Side.is_shown, Side.unread > 0, policy.visible_to(viewer))
    return waiting.scalar_subquery().label("unread_messages")


def find_choice(viewer: Viewer) -> tuple[MayWrite, InLetters]:
    """What the viewer chose, or the defaults."""
    row = db.session.get(MessageChoice, viewer.id)
    return (row.may_write, row.in_letters) if row else (MayWrite.GROUPS, InLetters.BEGINNING)


def how_much_in_letters(account_id: int) -> InLetters:
    chosen = db.session.scalar(sa.select(MessageChoice.in_letters).where(MessageChoice.account_id == account_id))
    return chosen or InLetters.BEGINNING


def shares_group(viewer: Viewer, account_id: int) -> bool:
    return bool(db.session.scalar(sa.select(groups_policy.shares_group(viewer.id, account_id))))


def find_name_for(reader_id: int, writer_id: int) -> str:
    """The name of a writer as their reader may see it; empty where none is shown."""
    is_close = groups_policy.shares_group(reader_id, writer_id)
    for audience, holds in ((Audience.GROUPS, is_close), (Audience.MEMBERS, sa.true())):
        select = sa.select(Listing.name).where(Listing.account_id == writer_id, Listing.audience == audience, holds)
        if name := db.session.scalar(select):
            return str(name)
    return ""


def count_same_notes(viewer: Viewer, note_digest: bytes, since: Any) -> int:
    """How many people the viewer has sent these very words first."""
    same = (
        sa.select(sa.func.count())
        .select_from(Message)
        .where(Message.sender_id == viewer.id, Message.note_digest == note_digest, Message.sent_at > since)
    )
    return int(db.session.scalar(same) or 0)


def around(viewer: Viewer, message: Any) -> list[dict[str, Any]]:
    """The messages just before and after one, as a report keeps them: who wrote, what, when."""
    rows = (
        sa.select(Message.id, Message.body, Message.sent_at, Account.handle)
        .outerjoin(Account, Account.id == Message.sender_id)
        .where(Message.conversation_id == message.conversation_id, policy.message_visible_to(viewer))
    )
    before = db.session.execute(rows.where(Message.id < message.id).order_by(Message.id.desc()).limit(MOST_AROUND))
    following = db.session.execute(rows.where(Message.id > message.id).order_by(Message.id).limit(MOST_AROUND))
    return [
        {"author": row.handle or "", "body": row.body, "sent_at": row.sent_at.isoformat(), "is_before": is_before}
        for part, is_before in ((list(before)[::-1], True), (list(following), False))
        for row in part
    ]


def find_member_id(handle: str, viewer: Viewer) -> int | None:
    """The account behind a handle whose page the viewer sees, or who has a conversation with them."""
    shown = sa.select(Listing.account_id).where(Listing.handle == handle, members_policy.shown_to(viewer)).limit(1)
    found = db.session.scalar(shown)
    if found is None:  # a page that is not open, of somebody who wrote first
        known = sa.select(Member.account_id).join(Account, Account.id == Member.account_id)
        low_high = sa.or_(
            sa.and_(Conversation.low_id == viewer.id, Conversation.high_id == Member.account_id),
            sa.and_(Conversation.high_id == viewer.id, Conversation.low_id == Member.account_id),
        )
        found = db.session.scalar(known.where(Account.handle == handle, _there(viewer, low_high)))
    return found


def _there(viewer: Viewer, clause: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(clause, policy.visible_to(viewer)).correlate(Member)
