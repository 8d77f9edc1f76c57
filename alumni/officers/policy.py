"""How far a mandate reaches, and who grants one."""

from typing import Any

import sqlalchemy as sa

from alumni.core.db import db, there_is
from alumni.core.ready import today
from alumni.core.viewer import Viewer
from alumni.officers.models import Mandate, MandateProgramme
from alumni.programmes.models import Programme


def runs() -> sa.ColumnElement[bool]:
    """Clause on Mandate: today is a day of its term, and nobody has ended it before."""
    return sa.and_(Mandate.starts_on <= today(), not_over())


def not_over() -> sa.ColumnElement[bool]:
    """Clause on Mandate: it runs, or will."""
    return sa.and_(Mandate.ends_on >= today(), Mandate.ended_at.is_(None))


def in_scope(viewer: Viewer, *, programme_id: Any, country: Any) -> sa.ColumnElement[bool]:
    """Clause: a mandate of the viewer reaches this programme and this country. Give columns or values.

    A mandate for a series holds for its editions, and for what is added below it later.
    """
    if not viewer.holds_office or viewer.is_suspended:
        return sa.false()
    return _holds(viewer, runs(), programme_id=programme_id, country=country)


def was_in_scope(viewer: Viewer, *, programme_id: Any, country: Any) -> sa.ColumnElement[bool]:
    """Clause: the same of a mandate that runs or is over. What its officer has read, they know."""
    return _holds(viewer, Mandate.starts_on <= today(), programme_id=programme_id, country=country)


def _holds(viewer: Viewer, when: sa.ColumnElement[bool], *, programme_id: Any, country: Any) -> sa.ColumnElement[bool]:
    reach = _reach(viewer)
    of_programme = sa.exists().where(reach.c.mandate_id == Mandate.id, reach.c.programme_id == programme_id)
    return there_is(
        Mandate,
        Mandate.account_id == viewer.id,
        when,
        Mandate.country.in_(["", country]),
        sa.or_(Mandate.is_for_all_programmes, of_programme.correlate_except(reach)),
    )


def _reach(viewer: Viewer) -> sa.CTE:
    """Each mandate of the viewer with each programme at or below those that it names."""
    named = (
        sa.select(MandateProgramme.mandate_id, MandateProgramme.programme_id)
        .join(Mandate, Mandate.id == MandateProgramme.mandate_id)
        .where(Mandate.account_id == viewer.id)
        .cte(recursive=True)  # without a name: a statement may ask of two things at once
    )
    below = sa.select(named.c.mandate_id, Programme.id).join(named, Programme.parent_id == named.c.programme_id)
    return named.union(below)


def is_officer(viewer: Viewer) -> bool:
    """Whether any mandate of the viewer runs today."""
    if not viewer.holds_office or viewer.is_suspended:
        return False
    holds = there_is(Mandate, Mandate.account_id == viewer.id, runs())
    return bool(db.session.scalar(sa.select(sa.true()).where(holds)))


def reaches(viewer: Viewer, *, programme_id: int, country: str = "") -> bool:
    """Whether the viewer acts for this programme in this country; without a country, in every one."""
    return bool(
        db.session.scalar(sa.select(sa.true()).where(in_scope(viewer, programme_id=programme_id, country=country)))
    )


def can_grant(viewer: Viewer) -> bool:
    """Mandates are given and ended by admins."""
    return viewer.is_admin and not viewer.is_suspended
