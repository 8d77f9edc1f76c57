"""Beginning a founding, and changing what it is about."""

from dataclasses import dataclass

import sqlalchemy as sa

from alumni.core import audit
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import Invalid, require
from alumni.core.places import COUNTRIES
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.founding import policy
from alumni.founding.actions.holding import hold
from alumni.founding.models import Founder, Founding, FoundingState
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group, GroupKind
from alumni.members import queries as members_queries
from alumni.members.actions import ProfileNeeded
from alumni.programmes.models import Programme


@dataclass(frozen=True, slots=True)
class FoundingDraft:
    name: str
    country: str
    programme: str  # a slug, or nothing
    umbrella: str
    purpose: str


def start_founding(*, actor: Viewer, key: str, draft: FoundingDraft) -> Founding:
    """The same key makes one. Whoever starts it is invited first, and confirms like the others.

    Raises Invalid("country" | "programme" | "umbrella").
    """
    require(policy.can_start(actor), "member")
    if not members_queries.has_profile(actor):
        raise ProfileNeeded
    facts = {"key": key, "started_by_id": actor.id} | _facts(actor, draft)
    is_new = insert_or_ignore(Founding, facts)
    founding = db.session.scalars(
        sa.select(Founding).where(Founding.key == key, Founding.started_by_id == actor.id)
    ).one()
    if is_new:
        insert_or_ignore(Founder, {"key": new_key(), "founding_id": founding.id, "account_id": actor.id})
        audit.record(actor, "founding.start", f"founding:{key}")
    return founding


def change_founding(*, actor: Viewer, founding: Founding, draft: FoundingDraft) -> None:
    """Another name, place or purpose. Raises Invalid as above."""
    require(policy.can_write(actor, founding), "founder")
    hold(founding, FoundingState.DRAFT)
    for name, value in _facts(actor, draft).items():
        setattr(founding, name, value)
    audit.record(actor, "founding.change", f"founding:{founding.key}")


def _facts(actor: Viewer, draft: FoundingDraft) -> dict[str, object]:
    if draft.country not in COUNTRIES:
        raise Invalid("country", "unknown")
    programme = sa.select(Programme.id).where(Programme.slug == draft.programme)
    programme_id = db.session.scalar(programme) if draft.programme else None
    if draft.programme and programme_id is None:
        raise Invalid("programme", "unknown")
    umbrella = groups_queries.visible_groups(actor).where(Group.slug == draft.umbrella)
    found = db.session.scalar(umbrella.where(Group.kind == GroupKind.UMBRELLA)) if draft.umbrella else None
    if draft.umbrella and found is None:
        raise Invalid("umbrella", "unknown")
    return {
        "name": draft.name,
        "country": draft.country,
        "purpose": draft.purpose,
        "programme_id": programme_id,
        "umbrella_id": found.id if found else None,
    }
