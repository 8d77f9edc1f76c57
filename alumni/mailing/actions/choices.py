"""How often letters come, and when they wait."""

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.accounts.queries import viewer_of
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.viewer import Viewer
from alumni.groups.models import Group, Membership, MembershipState, Rhythm
from alumni.mailing import policy
from alumni.mailing.models import Kind, LetterChoice, QuietHours


def choose(*, actor: Viewer, kind: Kind, rhythm: Rhythm) -> None:
    """Letters of this kind come so often."""
    require(policy.can_choose(actor), "owner")
    if rhythm not in policy.RHYTHMS[kind]:
        raise Invalid(kind.value, "unknown")
    db.session.merge(LetterChoice(account_id=actor.id, kind=kind, rhythm=rhythm))
    db.session.flush()


def choose_quiet_hours(*, actor: Viewer, starts: int, ends: int) -> None:
    """Between these hours of the actor's own clock letters wait, unless they are necessary."""
    require(policy.can_choose(actor), "owner")
    db.session.merge(QuietHours(account_id=actor.id, starts=starts, ends=ends))
    db.session.flush()


def stop_letters(*, account: Account, kind: Kind, group: str = "") -> None:
    """The owner of the letter wants no more of the kind, or none about a group. Stopping twice does no harm."""
    require(kind in policy.RHYTHMS or kind == Kind.NEWS, "owner")
    _set(account, kind, group, Rhythm.NONE)


def resume_letters(*, account: Account, kind: Kind, group: str = "") -> None:
    """They come again, as they come to who never chose."""
    require(kind in policy.RHYTHMS or kind == Kind.NEWS, "owner")
    _set(account, kind, group, policy.RHYTHMS.get(kind, (Rhythm.WEEKLY,))[0])


def _set(account: Account, kind: Kind, group: str, rhythm: Rhythm) -> None:
    if kind != Kind.NEWS:
        choose(actor=viewer_of(account), kind=kind, rhythm=rhythm)
        return
    group_id = sa.select(Group.id).where(Group.slug == group).scalar_subquery()
    mine = sa.update(Membership).where(
        Membership.account_id == account.id,
        Membership.group_id == group_id,
        Membership.state == MembershipState.ACTIVE,
    )
    db.session.execute(mine.values(rhythm=rhythm).execution_options(synchronize_session=False))
