"""Who founds, who reads and writes the papers, who decides about them."""

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.accounts.policy import Who, holds, in_good_standing
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.founding.models import Founder, FounderState, Founding
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group

FOUNDERS_NEEDED = 25
FOUNDS = (FounderState.INVITED, FounderState.CONFIRMED)


def visible_to(viewer: Who) -> sa.ColumnElement[bool]:
    """Those who found it or are invited to; who decides, from the first time that it is handed in."""
    is_founder = there_is(
        Founder, Founder.founding_id == Founding.id, Founder.account_id == viewer.id, Founder.state.in_(FOUNDS)
    )
    handed_in = sa.and_(Founding.handed_in_at.is_not(None), decided_by(viewer))
    return sa.and_(in_good_standing(viewer), sa.or_(is_founder, handed_in))


def decided_by(viewer: Who) -> sa.ColumnElement[bool]:
    """Clause on Founding: admins, and whoever organises the umbrella under which it is to stand."""
    of_umbrella = there_is(Group, Group.id == Founding.umbrella_id, groups_policy.organised_by(viewer))
    return sa.and_(in_good_standing(viewer), sa.or_(holds(viewer.is_admin), of_umbrella))


def decides_about(umbrella_id: int | None) -> sa.ColumnElement[bool]:
    """Clause on Account: whoever organises this umbrella, and admins."""
    of_umbrella = there_is(Group, Group.id == umbrella_id, groups_policy.organised_by(Account))
    return sa.and_(in_good_standing(Account), sa.or_(holds(Account.is_admin), of_umbrella))


def confirmed_by(viewer: Who) -> sa.ColumnElement[bool]:
    """Clause on Founding: the viewer has said that they found it."""
    return there_is(
        Founder,
        Founder.founding_id == Founding.id,
        Founder.account_id == viewer.id,
        Founder.state == FounderState.CONFIRMED,
    )


def can_start(viewer: Viewer) -> bool:
    """Members with a verified participation."""
    return viewer.is_verified and not viewer.is_suspended


def can_confirm(viewer: Viewer, founder: Founder) -> bool:
    """Each speaks for themselves."""
    return viewer.is_verified and not viewer.is_suspended and founder.account_id == viewer.id


def can_write(viewer: Viewer, founding: Founding) -> bool:
    """Those who have confirmed that they found it."""
    return not viewer.is_suspended and _holds(founding, confirmed_by(viewer))


def can_decide(viewer: Viewer, founding: Founding) -> bool:
    """Whoever decides about the umbrella, and does not found it themselves."""
    own = there_is(
        Founder, Founder.founding_id == Founding.id, Founder.account_id == viewer.id, Founder.state.in_(FOUNDS)
    )
    return _holds(founding, sa.and_(decided_by(viewer), sa.not_(own)))


def _holds(founding: Founding, clause: sa.ColumnElement[bool]) -> bool:
    return bool(db.session.scalar(sa.select(there_is(Founding, Founding.id == founding.id, clause))))
