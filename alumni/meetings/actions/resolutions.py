"""Resolutions, who signed them for whom, and what became of them."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from alumni.core import audit
from alumni.core.db import db, insert_or_ignore, upsert
from alumni.core.errors import Invalid, NotFound
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.meetings.actions.choosing import member_of, require_keeper, require_order, values_of
from alumni.meetings.models import FollowUp, Meeting, Resolution, ResolutionState, Signature


@dataclass(frozen=True, slots=True)
class ResolutionDraft:
    """What is entered for a resolution. Without a day, it was adopted when its meeting began."""

    number: int
    title: str
    text: str = ""
    adopted_on: str = ""
    source: str = ""


def add_resolution(*, actor: Viewer, meeting: Meeting, key: str, draft: ResolutionDraft) -> Resolution:
    """Puts a resolution on record. The same key makes one. Raises Invalid at the field that is wrong."""
    require_keeper(actor, meeting.group_id)
    made = db.session.scalar(sa.select(Resolution).where(Resolution.slug == key))
    if made is not None and made.meeting_id == meeting.id:
        return made
    slug = new_key() if made else key
    ids = {"slug": slug, "meeting_id": meeting.id, "group_id": meeting.group_id, "state": ResolutionState.OPEN}
    if not insert_or_ignore(Resolution, ids | _values(meeting, draft)):
        raise Invalid("number", "number-taken")
    audit.record(
        actor, "resolution.add", f"resolution:{slug}", meeting=meeting.slug, number=draft.number, title=draft.title
    )
    return db.session.scalars(sa.select(Resolution).where(Resolution.slug == slug)).one()


def change_resolution(*, actor: Viewer, resolution: Resolution, draft: ResolutionDraft) -> None:
    """Corrects what is on record. Raises Invalid at the field that is wrong."""
    require_keeper(actor, resolution.group_id)
    values = _values(db.session.get_one(Meeting, resolution.meeting_id), draft)
    changed = sorted(name for name, value in values.items() if getattr(resolution, name) != value)
    try:
        with db.session.begin_nested():
            for name in changed:
                setattr(resolution, name, values[name])
            db.session.flush()
    except sa.exc.IntegrityError as error:
        raise Invalid("number", "number-taken") from error
    if changed:
        audit.record(actor, "resolution.change", f"resolution:{resolution.slug}", changed=", ".join(changed))


def _values(meeting: Meeting, draft: ResolutionDraft) -> dict[str, Any]:
    require_order(meeting.starts_on, draft.adopted_on, "adopted_on")
    return values_of(draft, "adopted_on") | {"adopted_on": draft.adopted_on or meeting.starts_on}


def sign_resolution(*, actor: Viewer, resolution: Resolution, association: str, signatory: str, capacity: str) -> None:
    """Says who signed for an association. Raises Invalid for one that is no member, or for which somebody signed."""
    require_keeper(actor, resolution.group_id)
    member = member_of(resolution.group_id, association, "association")
    facts = {
        "key": new_key(),
        "resolution_id": resolution.id,
        "association_id": member.id,
        "country": member.country,
        "signatory": signatory,
        "capacity": capacity,
    }
    if not insert_or_ignore(Signature, facts):
        raise Invalid("association", "signed-already")
    audit.record(actor, "resolution.sign", f"resolution:{resolution.slug}", association=member.slug)


def remove_signature(*, actor: Viewer, resolution: Resolution, key: str) -> None:
    """Takes a signature out that was entered by mistake. Raises NotFound."""
    require_keeper(actor, resolution.group_id)
    signature = db.session.scalar(
        sa.select(Signature).where(Signature.key == key, Signature.resolution_id == resolution.id)
    )
    if signature is None:
        raise NotFound
    db.session.delete(signature)
    db.session.flush()
    audit.record(actor, "resolution.unsign", f"resolution:{resolution.slug}", country=signature.country)


def follow_up(*, actor: Viewer, resolution: Resolution, meeting: str, state: ResolutionState, words: str) -> None:
    """Says what a later meeting found had become of it; what that meeting said before gives way.

    The resolution stands as the latest of these meetings left it. Raises Invalid for a meeting that is not later.
    """
    require_keeper(actor, resolution.group_id)
    first = db.session.get_one(Meeting, resolution.meeting_id)
    later = db.session.scalar(
        sa.select(Meeting).where(
            Meeting.slug == meeting, Meeting.group_id == resolution.group_id, Meeting.starts_on > first.starts_on
        )
    )
    if later is None:
        raise Invalid("meeting", "not-later")
    # The resolution first: of two follow-ups at once, the second sees what the first one wrote.
    db.session.execute(sa.select(Resolution.id).where(Resolution.id == resolution.id).with_for_update())
    row = {"resolution_id": resolution.id, "meeting_id": later.id, "state": state, "words": words}
    upsert(FollowUp, [row], key=("resolution_id", "meeting_id"))
    last = (
        sa.select(FollowUp.state)
        .join(Meeting, Meeting.id == FollowUp.meeting_id)
        .where(FollowUp.resolution_id == resolution.id)
        .order_by(Meeting.starts_on.desc(), Meeting.id.desc())
        .limit(1)
    )
    resolution.state = db.session.scalars(last).one()
    db.session.flush()
    audit.record(
        actor, "resolution.follow", f"resolution:{resolution.slug}", reason=words, meeting=later.slug, state=state
    )
