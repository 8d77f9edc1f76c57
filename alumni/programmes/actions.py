"""What an administrator does with the catalogue in the browser: adds and edits programmes, editions and cohorts."""

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from alumni.accounts.policy import can_administer
from alumni.core import audit
from alumni.core.db import Base, db, insert_or_ignore
from alumni.core.errors import Invalid, require
from alumni.core.text import slugify
from alumni.core.viewer import Viewer
from alumni.programmes import queries
from alumni.programmes.models import (
    Bound,
    Cohort,
    CohortCountry,
    Direction,
    Programme,
    ProgrammeKind,
    fiscal_year,
)


@dataclass(frozen=True)
class ProgrammeDraft:
    """A programme, a series, an edition, a batch … as it is entered. Other programmes and the family by slug."""

    kind: ProgrammeKind
    family: str
    name: str
    short: str
    parent: str = ""
    predecessor: str = ""
    aliases: tuple[str, ...] = ()
    number: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    region: str = ""
    countries: tuple[str, ...] = ()
    direction: Direction | None = None
    audience: str = ""
    theme: str = ""
    agencies: tuple[str, ...] = ()
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class CohortDraft:
    """A cohort as it is entered. `year` may be left out where `from_on` says it."""

    programme: str
    title: str
    direction: Direction
    edition: str = ""
    year: int | None = None
    batch: int | None = None
    theme: str = ""
    audience: str = ""
    from_on: str = ""
    to_on: str = ""
    place: str = ""
    destination: str = ""
    countries: tuple[str, ...] = ()
    head_count: int | None = None
    head_count_bound: Bound = Bound.EXACT
    head_count_of: str = ""
    note: str = ""
    source: str = ""


def add_programme(*, actor: Viewer, key: str, draft: ProgrammeDraft) -> Programme:
    """Makes a programme or an edition; the same form sent twice makes one."""
    require(can_administer(actor), "admin")
    made: Programme | None = _made_by(Programme, key)
    if made is not None:
        return made
    values = _programme_values(draft, None)
    siblings = sa.select(sa.func.max(Programme.position)).where(
        Programme.family_id == values["family_id"], Programme.parent_id == values["parent_id"]
    )
    values["position"] = (db.session.scalar(siblings) or 0) + 1
    programme: Programme = _insert(Programme, key, slugify(draft.short), values)
    audit.record(actor, "programme.add", f"programme:{programme.slug}", name=programme.name)
    return programme


def edit_programme(*, actor: Viewer, programme: Programme, draft: ProgrammeDraft) -> None:
    """Changes a programme; its address stays."""
    require(can_administer(actor), "admin")
    changed = _set(programme, _programme_values(draft, programme))
    audit.record(actor, "programme.edit", f"programme:{programme.slug}", changed=changed)


def add_cohort(*, actor: Viewer, key: str, draft: CohortDraft) -> Cohort:
    """Makes a cohort; its group is made by `groups`. The same form sent twice makes one."""
    require(can_administer(actor), "admin")
    made: Cohort | None = _made_by(Cohort, key)
    if made is not None:
        return made
    values = _cohort_values(draft)
    cohort: Cohort = _insert(Cohort, key, slugify(draft.title), values)
    _send_from(cohort, draft.countries)
    audit.record(actor, "cohort.add", f"cohort:{cohort.slug}", title=cohort.title)
    return cohort


def edit_cohort(*, actor: Viewer, cohort: Cohort, draft: CohortDraft) -> None:
    """Changes a cohort; its address stays, and so do the head counts of countries that it keeps."""
    require(can_administer(actor), "admin")
    changed = _set(cohort, _cohort_values(draft))
    if set(draft.countries) != set(queries.find_countries(cohort)):
        changed.append("countries")
        _send_from(cohort, draft.countries)
    audit.record(actor, "cohort.edit", f"cohort:{cohort.slug}", changed=changed)


def _made_by(model: Any, key: str) -> Any:
    """The thing that the form with this key has made already."""
    return db.session.scalar(sa.select(model).where(model.once == key))


def _insert(model: Any, key: str, slug: str, values: dict[str, Any]) -> Any:
    """A row with a readable slug; where another has it, the key makes it its own."""
    slug = slug or key
    if not insert_or_ignore(model, values | {"slug": slug, "once": key}):
        insert_or_ignore(model, values | {"slug": f"{slug[:52]}-{key}", "once": key})
    return db.session.scalars(sa.select(model).where(model.once == key)).one()


def _set(row: Base, values: dict[str, Any]) -> list[str]:
    """Gives a row its values; returns the names of those that changed."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    db.session.flush()
    return changed


def _programme_values(draft: ProgrammeDraft, programme: Programme | None) -> dict[str, Any]:
    """The columns of a programme. Raises Invalid for what the catalogue does not allow."""
    family = queries.find_family(draft.family)
    if family is None:
        raise Invalid("family", "unknown")
    parent = _parent(draft, family.id, programme)
    predecessor = _predecessor(draft, programme)
    if draft.year_from and draft.year_to and draft.year_to < draft.year_from:
        raise Invalid("year_to", "years-reversed")
    values = asdict(draft)
    for name in ("family", "parent", "predecessor"):
        del values[name]
    return values | {
        "family_id": family.id,
        "parent_id": parent.id if parent else None,
        "predecessor_id": predecessor.id if predecessor else None,
        "aliases": list(draft.aliases),
        "countries": list(draft.countries),
        "agencies": list(draft.agencies),
    }


def _parent(draft: ProgrammeDraft, family_id: int, programme: Programme | None) -> Programme | None:
    if not draft.parent:
        if draft.kind in (ProgrammeKind.EDITION, ProgrammeKind.BATCH):
            raise Invalid("parent", "parent-needed")
        return None
    parent = queries.find_programme(draft.parent)
    if parent is None:
        raise Invalid("parent", "unknown")
    if parent.family_id != family_id:
        raise Invalid("parent", "other-family")
    if draft.kind == ProgrammeKind.EDITION and parent.kind != ProgrammeKind.SERIES:
        raise Invalid("parent", "series-needed")
    if programme is not None and programme.id in _ids_along(parent, Programme.parent_id):
        raise Invalid("parent", "circle")
    return parent


def _predecessor(draft: ProgrammeDraft, programme: Programme | None) -> Programme | None:
    """A line never forks: what has a successor already cannot have another."""
    if not draft.predecessor:
        return None
    predecessor = queries.find_programme(draft.predecessor)
    if predecessor is None:
        raise Invalid("predecessor", "unknown")
    if programme is not None and programme.id in _ids_along(predecessor, Programme.predecessor_id):
        raise Invalid("predecessor", "circle")
    successor = sa.select(Programme.id, Programme.short).where(Programme.predecessor_id == predecessor.id)
    for other in db.session.execute(successor):
        if programme is None or other.id != programme.id:
            raise Invalid("predecessor", "has-successor", name=other.short)
    return predecessor


def _ids_along(start: Programme, link: Any) -> set[int]:
    """The ids of a programme and of all that it leads to over `link`."""
    seen: set[int] = set()
    at: int | None = start.id
    while at is not None and at not in seen:
        seen.add(at)
        at = db.session.scalar(sa.select(link).where(Programme.id == at))
    return seen


def _cohort_values(draft: CohortDraft) -> dict[str, Any]:
    """The columns of a cohort. Raises Invalid for what the catalogue does not allow."""
    programme = queries.find_programme(draft.programme)
    if programme is None:
        raise Invalid("programme", "unknown")
    edition = queries.find_programme(draft.edition) if draft.edition else None
    if draft.edition and edition is None:
        raise Invalid("edition", "unknown")
    if draft.to_on and (not draft.from_on or draft.to_on < draft.from_on):
        raise Invalid("to_on", "end-before-start")
    year = fiscal_year(draft.from_on) if draft.from_on else draft.year
    if year is None:
        raise Invalid("year", "year-needed")
    if draft.year is not None and draft.year != year:
        raise Invalid("year", "fiscal-year", year=year)
    values = asdict(draft)
    for name in ("programme", "edition", "countries"):
        del values[name]
    return values | {
        "programme_id": programme.id,
        "edition_id": edition.id if edition else None,
        "year": year,
        "from_on": draft.from_on or None,
        "to_on": draft.to_on or None,
        "destination": draft.destination or None,
    }


def _send_from(cohort: Cohort, countries: tuple[str, ...]) -> None:
    """These countries and no others; what is known of how many each sent is kept."""
    gone = sa.delete(CohortCountry).where(CohortCountry.cohort_id == cohort.id, CohortCountry.country.not_in(countries))
    db.session.execute(gone)
    for country in countries:
        insert_or_ignore(CohortCountry, {"cohort_id": cohort.id, "country": country, "head_count": None})
