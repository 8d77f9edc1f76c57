"""What is asked about circulars: those that one may see, how many people get one, what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.accounts.queries import viewer_of
from alumni.circulars import policy
from alumni.circulars.models import Circular, CircularLetter, CircularState, CircularVersion, Reach
from alumni.core.db import db
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group
from alumni.mailing.models import Bounce
from alumni.members.models import Audience, Offer, Term
from alumni.officers.models import Agency, Mandate
from alumni.officers.policy import runs
from alumni.programmes.models import Programme

NEWEST = (Key(Circular.id, "id", descending=True),)
MOST_GROUPS = MOST_LANGUAGES = 200  # to choose from
GOING_OUT = (CircularState.SENDING, CircularState.SENT)


def visible_circulars(viewer: Viewer) -> sa.Select[tuple[Circular]]:
    return sa.select(Circular).where(policy.visible_to(viewer))


def circulars_of(viewer: Viewer) -> sa.Select[Any]:
    """Their states and titles, in the main language. Page them by `NEWEST`."""
    main = sa.and_(CircularVersion.circular_id == Circular.id, CircularVersion.language == Circular.language)
    columns = (Circular.id, Circular.key, Circular.state, Circular.reach, Circular.begins_at, Circular.created_at)
    return (
        sa.select(*columns, Circular.promised, CircularVersion.title, Group.name.label("group_name"))
        .join(CircularVersion, main)
        .outerjoin(Group, Group.id == Circular.group_id)
        .where(policy.visible_to(viewer))
    )


def versions_of(circular: Circular) -> list[CircularVersion]:
    """The main one first."""
    select = sa.select(CircularVersion).where(CircularVersion.circular_id == circular.id)
    first = sa.case((CircularVersion.language == circular.language, 0), else_=1)
    return list(db.session.scalars(select.order_by(first, CircularVersion.language)))


def groups_to_speak_to(viewer: Viewer) -> list[Any]:
    """The groups that the viewer organises, or that lie below one, by name."""
    select = sa.select(Group.slug, Group.name).where(groups_policy.organised_by(viewer), Group.archived_at.is_(None))
    return list(db.session.execute(select.order_by(Group.sort_key, Group.id).limit(MOST_GROUPS)))


def find_group(slug: str) -> Group | None:
    return db.session.scalar(sa.select(Group).where(Group.slug == slug))


def group_of(circular: Circular) -> Group | None:
    return db.session.get(Group, circular.group_id) if circular.group_id else None


def programmes_to_choose() -> list[tuple[str, str]]:
    """Every programme by slug and name, in the order of the catalogue."""
    select = sa.select(Programme.slug, Programme.short).order_by(Programme.position, Programme.id)
    return [(slug, short) for slug, short in db.session.execute(select)]


def offers_to_choose() -> list[Any]:
    return list(db.session.execute(sa.select(Offer.slug, Offer.names).order_by(Offer.position, Offer.slug)))


def languages_to_choose() -> list[str]:
    """Codes of the languages that anybody shows to members."""
    spoken = sa.select(Term.term).where(Term.audience == Audience.MEMBERS, Term.facet == "language", Term.people > 0)
    return list(db.session.scalars(spoken.limit(MOST_LANGUAGES)))


def count_readers(author: Viewer, circular: Circular) -> int:
    """How many letters that makes now. Asked by an author who is about to send them, so it may count."""
    readers = sa.select(Account.id).where(*policy.reads(author, circular)).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(readers)) or 0


def next_readers(author: Viewer, circular: Circular, limit: int) -> list[int]:
    few = sa.select(Account.id).where(*policy.reads(author, circular), Account.id > circular.last_id)
    return list(db.session.scalars(few.order_by(Account.id).limit(limit)))


def find_author(circular: Circular) -> Viewer | None:
    """Its author as they stand today; None where they may not speak to these people any more."""
    account = db.session.get(Account, circular.author_id) if circular.author_id else None
    viewer = viewer_of(account) if account is not None else None
    return viewer if viewer and policy.can_speak(viewer, circular.reach, circular.group_id) else None


def find_letter(circular_id: int, *, to: int) -> tuple[Account, dict[str, Any]] | None:
    """The reader and the facts of one letter, or None when it is not to be sent any more, or was."""
    circular = db.session.get(Circular, circular_id)
    author = find_author(circular) if circular is not None and circular.state in GOING_OUT else None
    if circular is None or author is None or was_sent(circular_id, to):
        return None
    still = sa.select(Account.id).where(*policy.reads(author, circular), Account.id == to)
    if db.session.scalar(still) is None:
        return None
    account = db.session.get_one(Account, to)
    return account, facts_of(circular, account.language)


def was_sent(circular_id: int, account_id: int) -> bool:
    return db.session.get(CircularLetter, (circular_id, account_id)) is not None


def facts_of(circular: Circular, language: str) -> dict[str, Any]:
    """What a letter says to a reader of this language."""
    versions = versions_of(circular)
    version = next((one for one in versions if one.language == language), versions[0])
    group = group_of(circular)
    return {
        "key": circular.key,
        "title": version.title,
        "body": version.body,
        "group": group.name if group else "",
        "agency": "" if circular.reach != Reach.OFFICE else _agency_of(circular.author_id),
    }


def _agency_of(account_id: int | None) -> str:
    """The agency of the mandate that was given first, and runs."""
    select = sa.select(Mandate.agency).where(Mandate.account_id == account_id, runs()).order_by(Mandate.id).limit(1)
    return (db.session.scalar(select) or Agency.OTHER).value


def letters_today(account_id: int, now: datetime) -> list[datetime]:
    """When circulars went to somebody in the day that ends now, the first first."""
    select = sa.select(CircularLetter.sent_at).where(
        CircularLetter.account_id == account_id, CircularLetter.sent_at > now - policy.A_DAY
    )
    return list(db.session.scalars(select.order_by(CircularLetter.sent_at)))


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a circular, in letters."""

    promised: int
    sent: int
    bounced: int
    stopped: int


def result_of(circular: Circular) -> Result:
    """How many went out; of how many readers letters come back since; how many have stopped letters of this kind."""
    mine = sa.select(sa.func.count()).where(CircularLetter.circular_id == circular.id)
    came_back = sa.and_(Bounce.account_id == CircularLetter.account_id, Bounce.last_at >= CircularLetter.sent_at)
    counts = (
        mine.scalar_subquery(),
        mine.join_from(CircularLetter, Bounce, came_back).scalar_subquery(),
        mine.where(policy.has_stopped(CircularLetter.account_id)).scalar_subquery(),
    )
    sent, bounced, stopped = db.session.execute(sa.select(*counts)).one()
    return Result(circular.promised, sent, bounced, stopped)
