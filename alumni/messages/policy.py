"""Who may write to whom, and who reads a conversation: the two, unless one has blocked the other."""

from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.core import clock
from alumni.core.db import db, there_is
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Listing, Member
from alumni.messages.models import Conversation, ConversationState, MayWrite, Message, MessageChoice, Side
from alumni.rosters import policy as rosters_policy


def other_of(viewer: Viewer) -> Any:
    """The account on the other side of a conversation; null when it was erased."""
    return sa.case((Conversation.low_id == viewer.id, Conversation.high_id), else_=Conversation.low_id)


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Conversation: who is in it still. A request that was declined is there for whoever asked alone."""
    is_there = there_is(
        Side,
        Side.conversation_id == Conversation.id,
        Side.account_id == viewer.id,
        Side.has_left.is_(False),
    )
    shown = sa.or_(Conversation.state != ConversationState.DECLINED, Conversation.asker_id == viewer.id)
    return sa.and_(is_there, shown, sa.not_(members_policy.is_blocked_either_way(viewer.id, other_of(viewer))))


def message_visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Message: in a conversation that the viewer reads, and not deleted by them."""
    kept = there_is(
        Side,
        Side.conversation_id == Message.conversation_id,
        Side.account_id == viewer.id,
        Side.cleared_id < Message.id,
    )
    return sa.and_(there_is(Conversation, Conversation.id == Message.conversation_id, visible_to(viewer)), kept)


def open_to_first_words_of(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Member, with their account beside: the viewer may write to them first.

    People at risk, those whom nobody is to contact, those who left the directory and the young hear from nobody but
    those who share a group, and whoever writes to a stranger shows them their name.
    """
    choice = sa.func.coalesce(_choice_of(Member.account_id), MayWrite.GROUPS.value)
    is_of_age = sa.or_(
        Member.born_on.is_(None),
        Member.born_on == "",
        Member.born_on <= sa.bindparam("born_before", callable_=_of_age_today, type_=sa.String()),
    )
    shows_name = there_is(Listing, Listing.account_id == viewer.id, Listing.audience == Audience.MEMBERS)
    to_strangers = sa.and_(
        choice == MayWrite.MEMBERS.value,
        Account.is_verified,
        is_of_age,
        Member.hidden_at.is_(None),
        sa.not_(rosters_policy.is_left_alone(Member.account_id)),
        Member.is_listed,
        shows_name,
    )
    shares_group = groups_policy.shares_group(viewer.id, Member.account_id)
    return sa.and_(
        sa.true() if can_begin(viewer) else sa.false(),
        Member.account_id != viewer.id,
        Account.state == AccountState.ACTIVE,
        choice != MayWrite.NOBODY.value,
        sa.or_(shares_group, to_strangers),
        there_is(Listing, Listing.account_id == Member.account_id, members_policy.shown_to(viewer)),
    )


def _of_age_today() -> str:
    return members_policy.born_before_coming_of_age(clock.now())


def _choice_of(account_id: Any) -> Any:
    choice = sa.cast(MessageChoice.may_write, sa.String)
    return sa.select(choice).where(MessageChoice.account_id == account_id).scalar_subquery()


def can_begin(viewer: Viewer) -> bool:
    """Write to anybody first: with a verified participation."""
    return viewer.is_verified and not viewer.is_suspended


def can_write_first(viewer: Viewer, account_id: int) -> bool:
    """They take first words of the viewer, or have asked the viewer themselves."""
    if viewer.is_suspended or not viewer.is_authenticated:
        return False
    return bool(db.session.scalar(sa.select(_takes_first_words(viewer, account_id))))


def has_way_to(viewer: Viewer, account_id: int) -> bool:
    """Whether a page of a person leads to messages: the viewer may write first, or the two have a conversation."""
    if viewer.is_suspended or not viewer.is_authenticated:
        return False
    return bool(_way_to(viewer, account_id=account_id).scalar())


@ready()
def _way_to(viewer: Viewer, *, account_id: int) -> sa.Select[Any]:
    """Each page of a person asks it."""
    pair = there_is(Conversation, _is_pair(viewer.id, account_id), visible_to(viewer))
    return sa.select(sa.or_(pair, _takes_first_words(viewer, account_id)).label("has_way"))


def _takes_first_words(viewer: Viewer, account_id: Any) -> sa.ColumnElement[bool]:
    asked_me = there_is(
        Conversation,
        _is_pair(viewer.id, account_id),
        Conversation.asker_id == account_id,
        Conversation.state.in_([ConversationState.ASKED, ConversationState.DECLINED]),
    )
    may = sa.or_(open_to_first_words_of(viewer), sa.and_(asked_me, Account.state == AccountState.ACTIVE))
    blocked = members_policy.is_blocked_either_way(viewer.id, account_id)
    person = sa.select(sa.true()).select_from(Member).join(Account, Account.id == Member.account_id)
    return person.where(Member.account_id == account_id, may, sa.not_(blocked)).exists()


def _is_pair(one: Any, other: Any) -> sa.ColumnElement[bool]:
    return sa.or_(
        sa.and_(Conversation.low_id == one, Conversation.high_id == other),
        sa.and_(Conversation.low_id == other, Conversation.high_id == one),
    )


def can_read(viewer: Viewer, conversation: Conversation) -> bool:
    """Accept, leave, delete for oneself, mark as read: whoever is in it."""
    rule = there_is(Conversation, Conversation.id == conversation.id, visible_to(viewer))
    return not viewer.is_suspended and bool(db.session.scalar(sa.select(sa.true()).where(rule)))


def can_answer(viewer: Viewer, conversation: Conversation) -> bool:
    """Accept or decline a request: whoever was asked."""
    return can_read(viewer, conversation) and conversation.asker_id != viewer.id


def can_choose(viewer: Viewer) -> bool:
    return viewer.is_authenticated and not viewer.is_suspended


def can_write_in(viewer: Viewer, conversation: Conversation) -> bool:
    """Both are there and neither is suspended. Whether it is open is its state."""
    other_id = conversation.high_id if conversation.low_id == viewer.id else conversation.low_id
    is_active = there_is(Account, Account.id == other_id, Account.state == AccountState.ACTIVE)
    return can_read(viewer, conversation) and bool(db.session.scalar(sa.select(sa.true()).where(is_active)))
