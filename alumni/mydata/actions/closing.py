"""Closing an account: some days in which its owner may come back, hidden meanwhile."""

from datetime import timedelta

import sqlalchemy as sa

from alumni.accounts.actions import end_all_sessions
from alumni.accounts.models import Account, AccountState
from alumni.core import audit, clock
from alumni.core.db import db, one_at_a_time
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.viewer import Viewer
from alumni.groups import queries as groups_queries
from alumni.groups.actions import hold
from alumni.members.actions import refresh_listings
from alumni.members.models import Member
from alumni.mydata import notices, policy, queries
from alumni.mydata.models import Closing

GRACE = timedelta(days=30)


class LastAdmin(DomainError):
    """Nobody else administers the installation."""


class GroupsToHandOver(DomainError):
    """Groups with other people in them that nobody else organises."""


class EventsToHandOver(DomainError):
    """Events to come that nobody else runs."""


def close_account(actor: Viewer, *, checked: str, keeps_posts: bool) -> Closing:
    """Every session ends and every list forgets the actor. `checked` is the hash against which the password was right.

    Raises LastAdmin, GroupsToHandOver, EventsToHandOver.
    """
    require(policy.can_close(actor), "owner")
    one_at_a_time("closing an account")  # of two last ones who go at once, one stays
    account = db.session.get_one(Account, actor.id, with_for_update=True)
    if account.password_hash != checked:
        raise Invalid("password", "password")
    _require_handed_over(account)
    now = clock.now()
    closing = db.session.get(Closing, actor.id) or Closing(account_id=actor.id)
    closing.keeps_posts, closing.asked_at, closing.erase_at = keeps_posts, now, now + GRACE
    db.session.add(closing)
    hide_account(account)
    audit.record(actor, "account.close", f"account:{account.handle}")
    notices.tell_of_closing(account.id, closing.erase_at)
    return closing


def hide_account(account: Account) -> None:
    """Out of everything at once."""
    account.state = AccountState.CLOSING
    end_all_sessions(account.id)
    _refresh(account.id)


def keep_account(actor: Viewer) -> None:
    """Back, as it was; a suspension that still runs runs on."""
    require(policy.can_come_back(actor), "owner")
    account = db.session.get_one(Account, actor.id, with_for_update=True)
    if account.state != AccountState.CLOSING:
        return
    until = account.suspended_until
    account.state = AccountState.SUSPENDED if until is not None and until > clock.now() else AccountState.ACTIVE
    db.session.execute(sa.delete(Closing).where(Closing.account_id == actor.id, Closing.erased_at.is_(None)))
    _refresh(account.id)
    audit.record(actor, "account.keep", f"account:{account.handle}")
    notices.tell_of_return(account.id)


def _require_handed_over(account: Account) -> None:
    if policy.is_last_admin(account):
        raise LastAdmin
    alone = []
    for group in queries.groups_to_hand_over(account.id):
        hold(group)
        others = groups_queries.other_organisers_of(group, account.id)
        db.session.refresh(group, ["members_count"])
        if group.members_count > 1 and db.session.scalar(others.limit(1)) is None:
            alone.append(group.name)
    if alone:
        raise GroupsToHandOver(groups=", ".join(alone))
    if events := queries.events_to_hand_over(account.id):
        raise EventsToHandOver(events=", ".join(event.title for event in events))


def _refresh(account_id: int) -> None:
    db.session.flush()
    member = db.session.get(Member, account_id, with_for_update=True)
    if member is not None:
        refresh_listings(member)
