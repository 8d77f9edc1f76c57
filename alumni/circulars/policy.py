"""Who writes to many at once, and to whom."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.circulars.models import Circular, Reach
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, GroupPath, Membership, MembershipState, Rhythm, Tenure
from alumni.mailing import policy as mailing_policy
from alumni.mailing.models import Kind, LetterChoice
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Member, Participation, Posting, Term
from alumni.officers import policy as officers_policy
from alumni.rosters import policy as rosters_policy

MOST_A_DAY = 2  # circulars that one person gets in a day; the rest wait
A_DAY = timedelta(days=1)
LEAST_SHOWN = 5  # of people whom the author does not know one by one


def can_speak(viewer: Viewer, reach: Reach, group_id: int | None) -> bool:
    """Organisers speak to their groups and those below, officers within their mandates, admins to everybody."""
    if viewer.is_suspended:
        return False
    if reach == Reach.GROUP:
        return group_id is not None and groups_policy.can_organise(viewer, group_id)
    if reach == Reach.OFFICE:
        return officers_policy.is_officer(viewer)
    return viewer.is_admin


def can_write(viewer: Viewer) -> bool:
    """Whether there is anybody whom the viewer may write to in this way."""
    if not viewer.is_authenticated or viewer.is_suspended:
        return False
    if viewer.is_admin or officers_policy.is_officer(viewer):
        return True
    organises = there_is(Tenure, Tenure.account_id == viewer.id, groups_policy.is_organiser())
    return bool(db.session.scalar(sa.select(organises)))


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Circular: its author, who else organises its group, admins."""
    if viewer.is_suspended or not viewer.is_authenticated:
        return sa.false()
    of_group = there_is(Group, Group.id == Circular.group_id, groups_policy.organised_by(viewer))
    return sa.or_(Circular.author_id == viewer.id, of_group, sa.true() if viewer.is_admin else sa.false())


def can_edit(viewer: Viewer, circular: Circular) -> bool:
    """Its author, as long as they may speak to those people."""
    return circular.author_id == viewer.id and can_speak(viewer, circular.reach, circular.group_id)


def shows_small_numbers(reach: Reach) -> bool:
    """Whoever is in a group is known to its organisers anyway."""
    return reach == Reach.GROUP


def reads(author: Viewer, circular: Circular) -> list[sa.ColumnElement[bool]]:
    """Clauses on Account: who gets the letter. The same for the number before sending and for each letter.

    Filters find what the audience of the author's may read, and nothing that somebody hides.
    """
    return [
        _is_reached(author, circular),
        Account.id != author.id,
        Account.state == AccountState.ACTIVE,
        *(_is_found_by(circular.reach, facet, value) for facet, value in sorted(circular.filters.items())),
        sa.not_(members_policy.is_blocked_either_way(author.id, Account.id)),
        sa.not_(_is_left_alone()),
        sa.not_(_has_stopped()),
        sa.not_(mailing_policy.is_unreachable(Account.id)),
    ]


def _is_reached(author: Viewer, circular: Circular) -> sa.ColumnElement[bool]:
    if circular.reach == Reach.GROUP:
        below = sa.and_(GroupPath.descendant_id == Membership.group_id, GroupPath.ancestor_id == circular.group_id)
        inside = sa.select(Membership.account_id).join(GroupPath, below)
        return Account.id.in_(inside.where(Membership.state == MembershipState.ACTIVE))
    if circular.reach == Reach.OFFICE:
        in_scope = officers_policy.in_scope(
            author, programme_id=Participation.programme_id, country=Participation.country
        )
        return Account.id.in_(sa.select(Participation.account_id).where(members_policy.counts(), in_scope))
    return sa.and_(sa.true(), Account.is_verified)


def _is_found_by(reach: Reach, facet: str, value: str) -> sa.ColumnElement[bool]:
    """Where somebody lives an organiser reads as their groups do; all else is found by what members may read."""
    audience = Audience.GROUPS if reach == Reach.GROUP and facet == "country" else Audience.MEMBERS
    term = (Term.id == Posting.term_id, Term.audience == audience, Term.facet == facet, Term.term == value)
    return Account.id.in_(sa.select(Posting.account_id).join(Term, sa.and_(*term)))


def _is_left_alone() -> sa.ColumnElement[bool]:
    """Hidden because somebody might harm them, or marked by an agency: nobody writes to these people."""
    is_hidden = there_is(Member, Member.account_id == Account.id, Member.hidden_at.is_not(None))
    return sa.or_(is_hidden, rosters_policy.is_left_alone(Account.id))


def _has_stopped() -> sa.ColumnElement[bool]:
    return has_stopped(Account.id)


def has_stopped(account_id: Any) -> sa.ColumnElement[bool]:
    """Clause: somebody wants no letters of this kind. Give an id or a column."""
    return there_is(
        LetterChoice,
        LetterChoice.account_id == account_id,
        LetterChoice.kind == Kind.ANNOUNCEMENTS,
        LetterChoice.rhythm == Rhythm.NONE,
    )
