"""People at risk, for moderators."""

from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.viewer import Viewer
from alumni.members.models import Member
from alumni.moderation import policy

MOST_PEOPLE = 200


def find_person(viewer: Viewer, handle: str) -> sa.Select[Any]:
    """Anybody with a profile, whether or not the moderator finds them in a list."""
    select = sa.select(Member).join(Account, Account.id == Member.account_id)
    return select.where(Account.handle == handle, policy.visible_to(viewer))


def hidden_people(viewer: Viewer) -> sa.Select[Any]:
    """Whoever a moderator has hidden, the last first."""
    select = sa.select(Account.handle, Member.name, Member.hidden_at).join(Account, Account.id == Member.account_id)
    is_hidden = sa.and_(Member.hidden_at.is_not(None), policy.visible_to(viewer))
    return select.where(is_hidden).order_by(Member.hidden_at.desc(), Account.id).limit(MOST_PEOPLE)
