"""Families, programmes, cohorts and published figures."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from alumni.catalogue.checks import Catalogue, cite_seed, same_figure, year_of
from alumni.catalogue.ledger import Ledger
from alumni.catalogue.shapes import CohortEntry, CountEntry, ProgrammeEntry, ProgrammeFigure
from alumni.catalogue.words import sentence
from alumni.core.db import db
from alumni.programmes.models import (
    Bound,
    Cohort,
    CohortCountry,
    Direction,
    Family,
    Figure,
    Programme,
    ProgrammeKind,
)


def load(catalogue: Catalogue, ledger: Ledger) -> dict[str, str]:
    """Returns the cohorts that are new or changed, with the titles that they had."""
    families = _families(catalogue, ledger)
    programmes = _programmes(catalogue, ledger, families)
    titles = _cohorts(catalogue, ledger, programmes)
    _figures(catalogue, ledger, families, programmes)
    return titles


def _families(catalogue: Catalogue, ledger: Ledger) -> dict[str, Family]:
    entries = catalogue.programmes.families
    there = ledger.rows(Family, [entry.id for entry in entries])
    rows = {}
    for place, entry in enumerate(entries, start=1):
        values = {"name": entry.name, "position": place, "source": catalogue.cite(entry.source)}
        rows[entry.id], _ = ledger.settle("family", Family, entry.id, there.get(entry.id), values)
    ledger.keep("family")
    db.session.flush()
    return rows


def _programmes(catalogue: Catalogue, ledger: Ledger, families: dict[str, Family]) -> dict[str, Programme]:
    entries = catalogue.programmes.programmes
    there = ledger.rows(Programme, [entry.id for entry in entries])
    rows: dict[str, Programme] = {}
    fresh: list[ProgrammeEntry] = []
    for entry, place in _in_order(entries):
        values = _programme_values(catalogue, entry) | {"family_id": families[entry.family].id, "position": place}
        rows[entry.id], is_fresh = ledger.settle(
            "programme",
            Programme,
            entry.id,
            there.get(entry.id),
            values,
            parent=entry.parent,
            predecessor=entry.predecessor,
        )
        fresh += [entry] if is_fresh else []
    ledger.keep("programme")
    db.session.flush()
    for entry in fresh:
        rows[entry.id].parent_id = rows[entry.parent].id if entry.parent else None
        rows[entry.id].predecessor_id = rows[entry.predecessor].id if entry.predecessor else None
    db.session.flush()
    return rows


def _in_order(entries: list[ProgrammeEntry]) -> Iterator[tuple[ProgrammeEntry, int]]:
    """Each entry with its place among those of the same parent: as a series lists its editions, the others after."""
    listed = {key: place for entry in entries for place, key in enumerate(entry.editions, start=1)}
    next_place: dict[object, int] = {entry.id: len(entry.editions) for entry in entries}
    for entry in entries:
        if entry.id in listed:
            yield entry, listed[entry.id]
            continue
        beside = entry.parent or (entry.family, "top")
        next_place[beside] = next_place.get(beside, 0) + 1
        yield entry, next_place[beside]


def _programme_values(catalogue: Catalogue, entry: ProgrammeEntry) -> dict[str, Any]:
    years = entry.years
    return {
        "kind": ProgrammeKind(entry.kind),
        "name": entry.name,
        "short": entry.short,
        "aliases": entry.aliases,
        "number": entry.number,
        "year_from": years.from_ if years else _year(entry.from_),
        "year_to": years.to if years else _year(entry.to),
        "from_on": entry.from_,
        "to_on": entry.to,
        "region": entry.region,
        "countries": entry.countries,
        "founding_countries": entry.founding_countries,
        "country_count": entry.country_count,
        "direction": _direction(entry.direction),
        "audience": entry.audience,
        "theme": entry.theme,
        "agencies": entry.implementing,
        "note": _programme_note(entry),
        "source": catalogue.cite(entry.source, entry.note_source, *(phase.source for phase in entry.phases)),
    }


def _year(text: str | None) -> int | None:
    return int(text[:4]) if text else None


def _direction(ways: Sequence[str]) -> Direction | None:
    if not ways:
        return None
    return Direction(ways[0]) if len(set(ways)) == 1 else Direction.BOTH


def _programme_note(entry: ProgrammeEntry) -> str:
    lines = [
        sentence(entry.note),
        sentence(entry.years_note),
        sentence(entry.duration_note),
        sentence(entry.predecessor_note, "Predecessor"),
        sentence(entry.countries_note, "Countries"),
        sentence(entry.announced, "Announced"),
        sentence(entry.place, "Place"),
        sentence(entry.output, "What it produces"),
    ]
    for phase in entry.phases:
        until = f" to {phase.years.to}" if phase.years.to else ""
        lines.append(f"{phase.name}: {phase.years.from_}{until}.")
    return "\n".join(filter(None, lines))


def _cohorts(catalogue: Catalogue, ledger: Ledger, programmes: dict[str, Programme]) -> dict[str, str]:
    entries = catalogue.programmes.cohorts
    there = ledger.rows(Cohort, [entry.id for entry in entries])
    known = {entry.id: entry for entry in catalogue.programmes.programmes}
    fresh: list[tuple[Cohort, CohortEntry]] = []
    titles: dict[str, str] = {}
    for entry in entries:
        values = _cohort_values(catalogue, entry) | {
            "programme_id": programmes[entry.programme].id,
            "edition_id": programmes[entry.edition].id if entry.edition else None,
            "year": year_of(entry, known),
        }
        row = there.get(entry.id)
        was = row.title if row else entry.title
        cohort, is_fresh = ledger.settle("cohort", Cohort, entry.id, row, values, countries=entry.countries)
        if is_fresh:
            fresh.append((cohort, entry))
            titles[entry.id] = was
    ledger.keep("cohort")
    db.session.flush()
    for cohort, entry in fresh:
        db.session.execute(sa.delete(CohortCountry).where(CohortCountry.cohort_id == cohort.id))
        for country, count in entry.countries.items():
            db.session.add(CohortCountry(cohort_id=cohort.id, country=country, head_count=count))
    db.session.flush()
    return titles


def _cohort_values(catalogue: Catalogue, entry: CohortEntry) -> dict[str, Any]:
    total = entry.total
    counted = total.population if total else ""
    counted = "; ".join(filter(None, (counted, entry.total_note)))
    if total and entry.as_of:
        counted = f"{counted}, {entry.as_of}" if counted else entry.as_of
    lines = [
        sentence(", ".join(entry.topics), "Topics"),
        sentence(", ".join(f"{name} {count}" for name, count in entry.universities.items()), "Universities"),
        "The report gives day and month only; the year is inferred." if entry.year_inferred else "",
    ]
    return {
        "title": entry.title,
        "theme": entry.theme,
        "direction": Direction(entry.direction),
        "batch": entry.batch,
        "from_on": entry.from_,
        "to_on": entry.to,
        "destination": entry.destination,
        "audience": entry.audience,
        "place": entry.place or "",
        "country_count": entry.country_count,
        "head_count": total.value if total else None,
        "head_count_bound": total.read_as if total else Bound.EXACT,
        "head_count_of": counted,
        "parts": {letter: part.model_dump(exclude_defaults=True) for letter, part in entry.groups.items()},
        "part_count": entry.group_count or len(entry.groups) or None,
        "note": "\n".join(filter(None, lines)),
        "source": catalogue.cite(entry.source),
    }


def _figures(
    catalogue: Catalogue, ledger: Ledger, families: dict[str, Family], programmes: dict[str, Programme]
) -> None:
    entries = list(_figure_values(catalogue, families, programmes))
    there = ledger.rows(Figure, [slug for slug, _ in entries])
    for slug, values in entries:
        ledger.settle("figure", Figure, slug, there.get(slug), values)
    ledger.remove("figure", Figure)
    db.session.flush()


def _figure_values(
    catalogue: Catalogue, families: dict[str, Family], programmes: dict[str, Programme]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every figure once: those of the programmes, with the quote where a founding document has it, then the others."""
    counts = catalogue.counts.counts
    shown = set()
    place = 0
    for programme in catalogue.programmes.programmes:
        for name in ("participants", "budget"):
            for number, figure in enumerate(getattr(programme, name), start=1):
                place += 1
                count = same_figure(catalogue, programme.id, figure)
                if count:
                    shown.add(count.id)
                slug = count.id if count else f"{programme.id}-{name}-{number}"
                values = _programme_figure(catalogue, figure, count)
                owner = {"programme_id": programmes[programme.id].id, "family_id": None}
                yield slug, values | owner | {"position": place}
    for count in counts:
        if count.id not in shown:
            place += 1
            owner = _count_owner(catalogue, count, families, programmes)
            yield count.id, _count_figure(catalogue, count) | owner | {"position": place}


def _programme_figure(catalogue: Catalogue, figure: ProgrammeFigure, count: CountEntry | None) -> dict[str, Any]:
    return {
        "value": figure.value,
        "value_min": figure.value_min,
        "value_max": figure.value_max,
        "unit": figure.unit,
        "bound": figure.read_as,
        "is_exclusive": figure.exclusive,
        "is_planned": figure.planned,
        "is_in_seed": count is not None,
        "as_of": figure.as_of or (count.as_of if count else None) or "",
        "period": figure.period or (count.period if count else ""),
        "population": figure.scope or (count.population if count else ""),
        "quote": count.quote if count else "",
        "source": catalogue.cite(figure.source),
    }


def _count_figure(catalogue: Catalogue, count: CountEntry) -> dict[str, Any]:
    return {
        "value": count.value,
        "value_min": count.value_min,
        "value_max": count.value_max,
        "unit": count.unit,
        "bound": count.read_as,
        "is_exclusive": count.exclusive,
        "is_planned": count.planned,
        "is_in_seed": True,
        "as_of": count.as_of or "",
        "period": count.period,
        "population": count.population,
        "quote": count.quote,
        "source": cite_seed(catalogue.counts.seeds[count.source.seed]),
    }


def _count_owner(
    catalogue: Catalogue, count: CountEntry, families: dict[str, Family], programmes: dict[str, Programme]
) -> dict[str, int | None]:
    """One programme; or the family where it is of several; or nothing, where it is about the world.

    A figure of an association is shown with the programme whose alumni it gathers.
    """
    gathers = {entry.id: entry.programme for entry in catalogue.associations.associations}
    keys = count.programmes or [str(gathers[key]) for key in count.associations]
    if len(keys) == 1:
        return {"programme_id": programmes[keys[0]].id, "family_id": None}
    of = {entry.id: entry.family for entry in catalogue.programmes.programmes}
    their_families = {of[key] for key in keys}
    family = families[their_families.pop()].id if len(their_families) == 1 else None
    return {"programme_id": None, "family_id": family}
