"""Handing the papers in, and what is decided about them: the association exists, or it is said why not."""

from datetime import date

from alumni.core import audit, clock
from alumni.core.db import db
from alumni.core.errors import DomainError, require
from alumni.core.viewer import Viewer
from alumni.founding import notices, policy, queries
from alumni.founding.actions.holding import hold
from alumni.founding.models import Founding, FoundingState
from alumni.groups import actions as groups_actions
from alumni.groups.actions import Term
from alumni.groups.models import Group, GroupKind, JoinPolicy, MembershipState, Role

SOURCE = "Founded on this network"


class PapersMissing(DomainError):
    """Not all that is needed is there."""


def hand_in(*, actor: Viewer, founding: Founding) -> None:
    """Gives the papers to whoever decides. From now on they stand as they are. Raises PapersMissing, FoundingMoved."""
    require(policy.can_write(actor, founding), "founder")
    hold(founding, FoundingState.DRAFT)
    _require_papers(founding)
    founding.state, founding.handed_in_at, founding.reason = FoundingState.HANDED_IN, clock.now(), ""
    audit.record(actor, "founding.hand_in", f"founding:{founding.key}")
    notices.tell_deciders(founding, queries.deciders_of(founding.umbrella_id))


def withdraw_founding(*, actor: Viewer, founding: Founding) -> None:
    """The founders give it up."""
    require(policy.can_write(actor, founding), "founder")
    hold(founding, FoundingState.DRAFT, FoundingState.HANDED_IN)
    founding.state = FoundingState.WITHDRAWN
    audit.record(actor, "founding.withdraw", f"founding:{founding.key}")


def ask_for_more(*, actor: Viewer, founding: Founding, reason: str) -> None:
    """The papers go back to the founders, with what is missing in words."""
    _decide(actor, founding, FoundingState.DRAFT, reason)
    audit.record(actor, "founding.ask", f"founding:{founding.key}", reason=reason)
    _tell(founding, "asked", reason)


def decline_founding(*, actor: Viewer, founding: Founding, reason: str) -> None:
    _decide(actor, founding, FoundingState.DECLINED, reason)
    audit.record(actor, "founding.decline", f"founding:{founding.key}", reason=reason)
    _tell(founding, "declined", reason)


def approve_founding(*, actor: Viewer, founding: Founding) -> Group:
    """Makes the association: under its umbrella, with the founders as members and the first officers in their terms.

    Raises FoundingMoved; PapersMissing when so many founders have left that it cannot stand any more.
    """
    _decide(actor, founding, FoundingState.APPROVED, "")
    _require_papers(founding)
    group = _make_group(founding)
    people = queries.members_to_be(founding.id)
    last_day = date.fromisoformat(founding.term_ends_on)
    today = clock.now().date()
    for account_id, handle, office in people:
        groups_actions.enter(account_id, group, None, MembershipState.ACTIVE)
        if account_id == founding.organiser_id:
            groups_actions.appoint_organiser(actor=actor, group=group, handle=handle, term_ends_on=last_day)
        if office and last_day >= today:
            groups_actions.appoint(
                group=group, account_id=account_id, term=Term(Role.OFFICER, today, last_day, office), by=actor
            )
    founding.group_id = group.id
    audit.record(actor, "founding.approve", f"founding:{founding.key}", group=group.slug)
    _tell(founding, "approved", "")
    return group


def _decide(actor: Viewer, founding: Founding, state: FoundingState, reason: str) -> None:
    require(policy.can_decide(actor, founding), "decider")
    hold(founding, FoundingState.HANDED_IN)
    founding.state, founding.reason, founding.decided_at = state, reason, clock.now()
    db.session.flush()


def _require_papers(founding: Founding) -> None:
    if queries.find_missing(founding):
        raise PapersMissing


def _tell(founding: Founding, what: str, reason: str) -> None:
    notices.tell_founders(founding, [person[0] for person in queries.members_to_be(founding.id)], what, reason)


def _make_group(founding: Founding) -> Group:
    umbrella = None if founding.umbrella_id is None else db.session.get_one(Group, founding.umbrella_id)
    return groups_actions.make_group(
        name=founding.name,
        parent=umbrella,
        kind=GroupKind.ASSOCIATION,
        about=founding.purpose,
        programme_id=founding.programme_id,
        country=founding.country,
        founded=clock.now().date().isoformat(),
        join_policy=JoinPolicy.REQUEST,
        source=SOURCE,
    )
