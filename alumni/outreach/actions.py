"""Noting, changing and taking back what was told of Japan. The sums follow in the same transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from alumni.core import audit
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import NotFound, require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.groups import actions as groups_actions
from alumni.groups.models import Group
from alumni.members import queries as members_queries
from alumni.members.actions import ProfileNeeded
from alumni.members.models import Audience
from alumni.outreach import policy
from alumni.outreach.models import OutreachEntry, OutreachKind, OutreachSum
from alumni.outreach.queries import FIGURES
from alumni.programmes.models import Bound, fiscal_year


@dataclass(frozen=True, slots=True)
class OutreachDraft:
    """What somebody entered."""

    kind: OutreachKind
    title: str
    held_on: str
    country: str = ""
    place: str = ""
    link: str = ""
    reached: int | None = None
    reached_bound: Bound | None = None
    words: str = ""


def note_own(
    *, actor: Viewer, draft: OutreachDraft, key: str, group: Any = None, audience: Audience = Audience.GROUPS
) -> OutreachEntry:
    """Notes what the actor did. It counts for a group of theirs, or stands in their own list alone."""
    require(policy.can_note(actor))
    if group is not None:
        require(policy.can_count_for(actor, group.id), "insider")
        groups_actions.require_open(group)
    if not members_queries.has_profile(actor):
        raise ProfileNeeded
    place = {"group_id": group.id if group else None, "audience": audience if group else Audience.ONLY_ME}
    return _note(actor, draft, key, place | {"is_of_group": False})


def note_for_group(*, actor: Viewer, group: Any, draft: OutreachDraft, key: str) -> OutreachEntry:
    """An organiser notes what the group did."""
    require(policy.can_note_for(actor, group.id))
    groups_actions.require_open(group)
    if not members_queries.has_profile(actor):
        raise ProfileNeeded
    place = {"group_id": group.id, "audience": Audience.GROUPS, "is_of_group": True}
    return _note(actor, draft, key, place)


def _note(actor: Viewer, draft: OutreachDraft, key: str, place: dict[str, Any]) -> OutreachEntry:
    """The same key of the same person makes one entry, however often it is sent."""
    facts = _facts(draft) | place | {"account_id": actor.id, "key": key}
    is_new = insert_or_ignore(OutreachEntry, facts)
    same = (OutreachEntry.account_id == actor.id, OutreachEntry.is_of_group == facts["is_of_group"])
    entry = db.session.scalar(sa.select(OutreachEntry).where(OutreachEntry.key == facts["key"], *same))
    if entry is None:  # the key is somebody else's
        is_new, entry = True, OutreachEntry(**facts | {"key": new_key()})
        db.session.add(entry)
        db.session.flush()
    if is_new:
        _count([(entry, 1)])
    return entry


def change_entry(
    *,
    actor: Viewer,
    entry: OutreachEntry,
    draft: OutreachDraft,
    group: Group | None = None,
    audience: Audience = Audience.GROUPS,
) -> None:
    """Corrects an entry. One's own may count for another group from now on; a group's stays where it is."""
    require(policy.can_edit(actor, entry), "owner")
    entry = _hold(entry.id)
    before = _counted(entry)
    place: dict[str, Any] = {}
    if not entry.is_of_group:
        if group is not None and group.id != entry.group_id:
            require(policy.can_count_for(actor, group.id), "insider")
            groups_actions.require_open(group)
        place = {"group_id": group.id if group else None, "audience": audience if group else Audience.ONLY_ME}
    for name, value in (_facts(draft) | place).items():
        setattr(entry, name, value)
    db.session.flush()
    _apply([(*before, -1), (*_counted(entry), 1)])
    if entry.is_of_group:
        audit.record(actor, "outreach.change", f"outreach:{entry.key}")


def remove_entry(*, actor: Viewer, entry: OutreachEntry) -> None:
    """Takes an entry back, for good."""
    require(policy.can_edit(actor, entry), "owner")
    entry = _hold(entry.id)
    _count([(entry, -1)])
    if entry.is_of_group:
        audit.record(actor, "outreach.remove", f"outreach:{entry.key}", title=entry.title)
    db.session.delete(entry)
    db.session.flush()


def log_export(actor: Viewer, *, rows: int) -> None:
    """Some sums went out as a file."""
    require(policy.can_take_along(actor), "officer")
    audit.record(actor, "outreach.export", "outreach", rows=rows)


def _facts(draft: OutreachDraft) -> dict[str, Any]:
    bound = None if draft.reached is None else draft.reached_bound or Bound.EXACT
    return asdict(draft) | {"year": fiscal_year(draft.held_on), "reached_bound": bound}


def _hold(entry_id: int) -> OutreachEntry:
    """The entry as it is now; whoever changes it next waits. Raises NotFound if it was taken back meanwhile."""
    held = sa.select(OutreachEntry).where(OutreachEntry.id == entry_id).with_for_update()
    entry = db.session.scalar(held.execution_options(populate_existing=True))
    if entry is None:
        raise NotFound
    return entry


Place = tuple[int | None, int, str, OutreachKind]  # of a sum: group, year, country, kind


def _counted(entry: OutreachEntry) -> tuple[Place, tuple[int, ...]]:
    """To which sum an entry belongs, and what it adds to it."""
    bound = entry.reached_bound
    figures = (1, entry.reached or 0, bound == Bound.ABOUT, bound == Bound.MORE_THAN, entry.reached is None)
    return (entry.group_id, entry.year, entry.country, entry.kind), tuple(int(figure) for figure in figures)


def _count(entries: Iterable[tuple[OutreachEntry, int]]) -> None:
    _apply([(*_counted(entry), sign) for entry, sign in entries])


def _apply(changes: Iterable[tuple[Place, tuple[int, ...], int]]) -> None:
    """Adds to the sums, always in the same order, so that nobody waits in a circle."""
    for place, figures, sign in sorted((change for change in changes if change[0][0] is not None), key=_order):
        key = dict(zip(("group_id", "year", "country", "kind"), place, strict=True))
        insert_or_ignore(OutreachSum, key | dict.fromkeys(FIGURES, 0))
        added = {name: getattr(OutreachSum, name) + sign * n for name, n in zip(FIGURES, figures, strict=True)}
        where = [getattr(OutreachSum, name) == value for name, value in key.items()]
        update = sa.update(OutreachSum).where(*where).values(added)
        db.session.execute(update.execution_options(synchronize_session=False))


def _order(change: tuple[Place, tuple[int, ...], int]) -> tuple[Any, ...]:
    """By place; what is added comes before what is taken away, so no sum is ever below nothing."""
    return *change[0], -change[2]


def forget_person(account_id: int) -> Iterator[int]:
    """Somebody is erased: what a group did stays as it is, without who noted it. Yields how many."""
    noted = sa.update(OutreachEntry).where(OutreachEntry.account_id == account_id, OutreachEntry.is_of_group)
    done: Any = db.session.execute(noted.values(account_id=None).execution_options(synchronize_session=False))
    if done.rowcount:
        yield int(done.rowcount)
