"""What is asked about one member: always through the listing of the viewer's audience."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.core.paging import Key
from alumni.core.ready import Ready, ready
from alumni.core.viewer import Viewer
from alumni.members import policy
from alumni.members.models import Audience, Block, CareerEntry, Listing, Member, Offer, Participation, ProfileCheck
from alumni.programmes.models import Cohort, Programme

NEWEST_FIRST = (
    Key(Participation.claimed_at, "claimed_at", descending=True),
    Key(Participation.id, "id", descending=True),
)


def listing_columns() -> tuple[Any, ...]:
    """What a row of a list of people shows."""
    return (
        Listing.account_id,
        Listing.handle,
        Listing.name,
        Listing.name_romanised,
        Listing.picture,
        Listing.country,
        Listing.city,
        Listing.headline,
    )


def card_columns() -> tuple[Any, ...]:
    """What a person in the directory shows."""
    return (*listing_columns(), Listing.programme_line, Listing.offers, Listing.other_names)


def find_profile(viewer: Viewer, handle: str) -> Any | None:
    """All that the viewer may see of one person; to somebody who shares a group with them, that is more."""
    return _profiles(viewer, handle=handle).first()


@ready()
def _profiles(viewer: Viewer, *, handle: str) -> sa.Select[Any]:
    closest_first = sa.case((Listing.audience == Audience.GROUPS, 0), else_=1)
    select = sa.select(*profile_columns()).where(Listing.handle == handle, policy.shown_to(viewer))
    return select.order_by(closest_first).limit(1)


def profile_columns() -> tuple[Any, ...]:
    return (*card_columns(), Listing.programmes, Listing.contact, Listing.details)


def own_listing(viewer: Viewer, audience: Audience) -> sa.Select[Any]:
    """What this audience sees of the viewer: the very row that it reads."""
    return sa.select(*profile_columns()).where(Listing.account_id == viewer.id, Listing.audience == audience)


@ready()
def pictures_open_to(viewer: Viewer, *, name: str) -> sa.CompoundSelect[Any]:
    """Whose picture has this name, if it stands in a listing that the viewer reads or is their own."""
    shown = sa.select(Listing.account_id).where(Listing.picture == name, policy.shown_to(viewer))
    mine = sa.select(Member.account_id).where(Member.picture == name, Member.account_id == viewer.id)
    return sa.union_all(shown, mine)


def blocked_by(viewer: Viewer) -> sa.Select[Any]:
    """The people whom the viewer has blocked, newest first; no name where none is open to the viewer."""
    name = sa.and_(Listing.account_id == Block.blocked_id, Listing.audience == policy.audience_of(viewer))
    return (
        sa.select(Account.handle, Listing.name)
        .select_from(Block)
        .join(Account, Account.id == Block.blocked_id)
        .outerjoin(Listing, name)
        .where(Block.blocker_id == viewer.id)
        .order_by(Block.created_at.desc(), Block.blocked_id)
        .limit(500)
    )


def blocked(viewer: Viewer, handle: str) -> sa.Select[Any]:
    """The account behind a handle, if the viewer has blocked it."""
    return (
        sa.select(Block.blocked_id)
        .join(Account, Account.id == Block.blocked_id)
        .where(Block.blocker_id == viewer.id, Account.handle == handle)
    )


def participations_of(viewer: Viewer) -> sa.Select[Any]:
    """Where the viewer took part, and how each claim stands. Page it by `claimed_at`, then `id`."""
    return _participations().where(Participation.account_id == viewer.id)


def claims_open_to(viewer: Viewer) -> sa.Select[Any]:
    """The same as entities, to act on."""
    return sa.select(Participation).where(policy.participation_visible_to(viewer))


def own_participation_in(viewer: Viewer, cohort_id: int) -> sa.Select[tuple[Participation]]:
    """The viewer's own place in a cohort, however it stands, to act on."""
    return sa.select(Participation).where(Participation.account_id == viewer.id, Participation.cohort_id == cohort_id)


def visible_participations(viewer: Viewer) -> sa.Select[Any]:
    """One's own, and all to whoever decides on claims."""
    return _participations().where(policy.participation_visible_to(viewer))


def decidable_participations(viewer: Viewer) -> sa.Select[Any]:
    """What the viewer decides on, or has decided."""
    return _participations().where(policy.decidable_by(viewer))


def _participations() -> sa.Select[Any]:
    return (
        sa.select(
            Participation.id,
            Participation.key,
            Participation.account_id,
            Participation.cohort_id,
            Participation.country,
            Participation.role,
            Participation.standing,
            Participation.host_town,
            Participation.name_as_printed,
            Participation.note,
            Participation.state,
            Participation.claimed_at,
            Participation.decided_at,
            Participation.decision_reason,
            Programme.slug.label("programme"),
            Programme.name.label("programme_name"),
            Cohort.slug.label("cohort"),
            Cohort.title.label("cohort_title"),
            Cohort.year.label("cohort_year"),
            Member.name,
            Member.name_romanised,
            Account.handle,
        )
        .join(Programme, Programme.id == Participation.programme_id)
        .join(Member, Member.account_id == Participation.account_id)
        .join(Account, Account.id == Participation.account_id)
        .outerjoin(Cohort, Cohort.id == Participation.cohort_id)
    )


def has_profile(viewer: Viewer) -> bool:
    """Whether this account has become a member by entering a name."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Member.account_id == viewer.id))))


def find_email(viewer: Viewer) -> str:
    """The viewer's own address."""
    return str(_email(viewer).scalar())


@ready()
def _email(viewer: Viewer) -> sa.Select[Any]:
    return sa.select(Account.email).where(Account.id == viewer.id)


def find_ticked(viewer: Viewer) -> Any | None:
    """What the viewer offers and looks for; None for an account that is no member yet."""
    return _ticked(viewer).first()


@ready()
def _ticked(viewer: Viewer) -> sa.Select[Any]:
    return sa.select(Member.offers, Member.looks_for).where(Member.account_id == viewer.id)


def find_member(viewer: Viewer) -> Member | None:
    """The viewer's own profile, whole."""
    return db.session.get(Member, viewer.id)


def offers() -> sa.Select[Any]:
    """What members can offer and look for, in the order of the admins; also what is not chosen any more."""
    return sa.select(Offer.slug, Offer.names, Offer.position, Offer.is_retired).order_by(Offer.position, Offer.slug)


_OFFERS = offers()


def find_offers() -> list[Any]:
    """The rows of `offers`."""
    return Ready(_OFFERS, {}).all()


def career_of(viewer: Viewer) -> sa.Select[tuple[CareerEntry]]:
    """The stations of the viewer's own career, latest first."""
    latest_first = (sa.func.coalesce(CareerEntry.year_to, 9999).desc(), CareerEntry.year_from.desc(), CareerEntry.id)
    return sa.select(CareerEntry).where(CareerEntry.account_id == viewer.id).order_by(*latest_first)


def find_when_right(viewer: Viewer) -> datetime | None:
    """When the viewer last said that their own profile is right."""
    return db.session.scalar(sa.select(ProfileCheck.confirmed_at).where(ProfileCheck.account_id == viewer.id))
