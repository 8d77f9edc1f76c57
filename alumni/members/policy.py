"""Who may see a member, and who decides on participations."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.members.models import Audience, Block, Listing, Member, Participation, ParticipationState
from alumni.officers import policy as officers_policy

ORDER = (Audience.ONLY_ME, Audience.GROUPS, Audience.MEMBERS, Audience.PUBLIC)  # from the narrowest to the widest
ADULT = 18  # years
WAITING = (ParticipationState.CLAIMED, ParticipationState.ASKED)


def includes(field: Audience, reader: Audience) -> bool:
    """Whether what is open to `field` is open to `reader`: what members may see, a group may see as well."""
    return ORDER.index(field) >= ORDER.index(reader)


def is_listed(member: Member, reader: Audience) -> bool:
    """Whether there is anything of a member for these readers. Groups always know who is in them.

    Whoever left the directory, is hidden because somebody might harm them, or is too young, is in no other list.
    """
    if reader == Audience.GROUPS:
        return True
    return member.is_listed and member.hidden_at is None and not is_minor(member)


def is_minor(member: Member) -> bool:
    """Whether somebody who said when they were born has not come of age."""
    return bool(member.born_on) and str(member.born_on) > born_before_coming_of_age(clock.now())


def born_before_coming_of_age(now: datetime) -> str:
    """The last birthday of those who are of age, as ISO 8601; born on 29 February, one waits until 1 March."""
    return f"{now.year - ADULT:04}-{now:%m-%d}"


def is_blocked_either_way(viewer_id: Any, account_id: Any) -> sa.ColumnElement[bool]:
    """Clause: one of the two has blocked the other. Give ids or columns."""
    return sa.or_(
        there_is(Block, Block.blocker_id == viewer_id, Block.blocked_id == account_id),
        there_is(Block, Block.blocked_id == viewer_id, Block.blocker_id == account_id),
    )


def counts() -> sa.ColumnElement[bool]:
    """Clause on the participations of somebody who is named beside it: verified.

    Written so that no index on the state alone answers it: SQLite, which knows nothing of how often a state occurs,
    would read everybody's verified participations to find those of one person.
    """
    return sa.type_coerce(Participation.state, sa.String).concat("") == ParticipationState.VERIFIED.value


def audience_of(viewer: Viewer) -> Audience:
    """The circle in which the viewer stands towards somebody they share no group with. The suspended are strangers."""
    is_inside = viewer.is_verified or viewer.is_moderator or viewer.is_admin
    return Audience.MEMBERS if is_inside and not viewer.is_suspended else Audience.PUBLIC


def visible_to(viewer: Viewer | type[Account]) -> sa.ColumnElement[bool]:
    """Clause on Listing: the row that the viewer reads of a person, unless one has blocked the other."""
    if not isinstance(viewer, Viewer):
        has_standing = sa.or_(viewer.is_verified, viewer.is_moderator, viewer.is_admin)
        is_inside = sa.and_(has_standing, sa.not_(viewer.is_suspended))
        audience = sa.case((is_inside, Audience.MEMBERS.value), else_=Audience.PUBLIC.value)
        row = sa.cast(Listing.audience, sa.String) == audience
    else:
        row = Listing.audience == audience_of(viewer)
        if not viewer.is_authenticated:
            return row
    return sa.and_(row, sa.not_(is_blocked_either_way(viewer.id, Listing.account_id)))


def shown_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Listing: the rows open to the viewer, that of a shared group among them. The widest one last."""
    open_to = Listing.audience == audience_of(viewer)
    if viewer.is_authenticated and not viewer.is_suspended:
        open_to = sa.or_(
            open_to, sa.and_(Listing.audience == Audience.GROUPS, _shares_group(viewer.id, Listing.account_id))
        )
    return sa.and_(open_to, sa.not_(is_blocked_either_way(viewer.id, Listing.account_id)))


def _in_no_group(viewer_id: Any, account_id: Any) -> sa.ColumnElement[bool]:
    return sa.false()


_shares_group: Callable[[Any, Any], sa.ColumnElement[bool]] = _in_no_group


def ask_about_groups(shares_group: Callable[[Any, Any], sa.ColumnElement[bool]]) -> None:
    """Room groups stands above this one, so whoever assembles the app says how to ask it."""
    global _shares_group
    _shares_group = shares_group


def _nobody_writes(viewer: Viewer, account_id: int) -> bool:
    return False


_has_way_to: Callable[[Viewer, int], bool] = _nobody_writes


def ask_who_may_write(has_way_to: Callable[[Viewer, int], bool]) -> None:
    """Room messages stands above this one; whoever assembles the app says how to ask it."""
    global _has_way_to
    _has_way_to = has_way_to


def can_write_to(viewer: Viewer, account_id: int) -> bool:
    """Whether the page of a person offers the viewer to write to them."""
    return viewer.is_authenticated and viewer.id != account_id and _has_way_to(viewer, account_id)


def can_hide(viewer: Viewer) -> bool:
    """Take a person at risk out of the lists."""
    return (viewer.is_moderator or viewer.is_admin) and not viewer.is_suspended


def can_block(viewer: Viewer, account_id: int) -> bool:
    return viewer.is_authenticated and viewer.id != account_id


def decidable_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Participation: in the viewer's reach, not their own, and no appeal against what they decided."""
    is_own_decision = sa.and_(Participation.state.in_(WAITING), Participation.decided_by_id == viewer.id)
    is_theirs = sa.or_(is_own_decision, Participation.account_id == viewer.id)
    return sa.and_(_in_reach(viewer), sa.not_(sa.func.coalesce(is_theirs, sa.false())))


def _in_reach(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Participation: admins, officers in whose scope it lies, and whoever they let."""
    if viewer.is_suspended:
        return sa.false()
    if viewer.is_admin:
        return sa.true()
    scope = officers_policy.in_scope(viewer, programme_id=Participation.programme_id, country=Participation.country)
    return sa.or_(scope, _others_decide(viewer))


def _nobody_else(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.false()


_others_decide: Callable[[Viewer], sa.ColumnElement[bool]] = _nobody_else


def ask_who_else_decides(others_decide: Callable[[Viewer], sa.ColumnElement[bool]]) -> None:
    """Room claims stands above this one and knows whom officers let decide; whoever assembles the app says so."""
    global _others_decide
    _others_decide = others_decide


def can_decide(viewer: Viewer, participation: Participation) -> bool:
    """Verify, decline or revoke it."""
    rule = there_is(Participation, Participation.id == participation.id, decidable_by(viewer))
    return bool(db.session.scalar(sa.select(sa.true()).where(rule)))


def who_decides(viewer: Viewer, participation: Participation) -> str:
    """The code of who could decide, for a refusal."""
    if participation.account_id == viewer.id:
        return "another-officer"
    return "another-reviewer" if participation.decided_by_id == viewer.id else "officer"


def participation_visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Participation: it is one's own, or of those that the viewer decides on."""
    return sa.or_(Participation.account_id == viewer.id, _in_reach(viewer))


def can_withdraw(viewer: Viewer, participation: Participation) -> bool:
    """Only the claimant takes a claim back. Whether it still waits is for the database to say."""
    return participation.account_id == viewer.id


def can_answer(viewer: Viewer, participation: Participation) -> bool:
    """Only the claimant answers what the desk asked, and appeals against what it decided."""
    return participation.account_id == viewer.id and not viewer.is_suspended
