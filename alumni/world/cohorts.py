"""Which cohorts the invented people were in: the real ones of the catalogue, then invented ones of real programmes."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import sqlalchemy as sa
from babel import Locale

from alumni.core.db import db
from alumni.groups.models import Group
from alumni.programmes.models import Cohort, CohortCountry, Direction, Programme
from alumni.world.towns import AFRICA, ASEAN, LATIN_AMERICA, PLACES, SAARC

SMALLEST, LARGEST = 20, 200
ENDLESS = "kccp"  # the programme that never runs out of cohorts
SOURCE = "Invented for the demonstration."
Series = Iterator["CohortPlan"]
COUNTRY_NAMES = Locale("en").territories


@dataclass(slots=True)
class CohortPlan:
    """A cohort to fill. `id` and `group_id` are those of one that is there already."""

    slug: str
    programme: str
    title: str
    year: int
    countries: dict[str, int | None]
    seats: int
    direction: Direction = Direction.INBOUND
    id: int | None = None
    group_id: int | None = None
    values: dict[str, Any] = field(default_factory=dict)


def real_cohorts() -> list[CohortPlan]:
    """The cohorts that are there, with as many free seats as people took part and are not there yet."""
    sent: dict[int, dict[str, int | None]] = {}
    for row in db.session.execute(sa.select(CohortCountry).order_by(CohortCountry.cohort_id, CohortCountry.country)):
        sent.setdefault(row[0].cohort_id, {})[row[0].country] = row[0].head_count
    found = db.session.execute(
        sa.select(Cohort, Programme.slug, Group.id, Group.members_count)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Group, Group.cohort_id == Cohort.id)
        .where(Cohort.source != SOURCE)
        .order_by(Cohort.slug != "jenesys2016-batch-16", Cohort.slug)
    )
    plans = []
    for cohort, programme, group_id, members_count in found:
        countries = sent.get(cohort.id) or _likely_countries(cohort)
        known = sum(count or 0 for count in countries.values())
        seats = max(SMALLEST, min(LARGEST, cohort.head_count or known or 60))
        plans.append(
            CohortPlan(
                slug=cohort.slug,
                programme=programme,
                title=cohort.title,
                year=cohort.year,
                countries=countries,
                seats=max(0, seats - members_count),
                direction=cohort.direction,
                id=cohort.id,
                group_id=group_id,
            )
        )
    db.session.expire_all()
    return plans


def _likely_countries(cohort: Cohort) -> dict[str, int | None]:
    """Where the source does not say who sent whom."""
    if cohort.direction == Direction.OUTBOUND:
        return {"JP": None}
    return dict.fromkeys(SAARC if "saarc" in cohort.slug else (*ASEAN, "TL"))


def invented_cohorts(rng: random.Random) -> Series:
    """Cohorts without end, one of each series in turn, so that a small world has some of everything."""
    several = [
        _abe(rng),
        _nikkei(rng, ("BR", "PE", "PY", "AR", "BO", "MX", "CO"), "nikkei-training", "Training for Nikkei communities"),
        _sseayp(),
        _young_leaders(rng),
        _kccp(rng),
        _jenesys(rng),
        _partners(rng),
        _east_asia(rng),
        _nikkei(rng, LATIN_AMERICA, "nikkei-next-generation", "Nikkei next-generation training"),
    ]
    while several:
        for series in list(several):
            plan = next(series, None)
            if plan is None:
                several.remove(series)
            else:
                yield plan


def _one_country(country: str, rng: random.Random, least: int, most: int) -> tuple[dict[str, int | None], int]:
    seats = rng.randint(least, most)
    return {country: seats}, seats


def _abe(rng: random.Random) -> Series:
    first = ("ET", "KE", "EG", "MZ", "SN")
    for batch in (3, 4, 5, 2, 6, 1, 7, 8, 9):
        for country in (*first, *(each for each in AFRICA if each not in first)):
            countries, seats = _one_country(country, rng, 20, 90)
            yield CohortPlan(
                slug=f"abe-{batch}-{country.lower()}",
                programme=f"abe-batch-{batch}",
                title=f"ABE Initiative batch {batch}, {COUNTRY_NAMES[country]}",
                year=2013 + batch,
                countries=countries,
                seats=seats,
                values={"batch": batch},
            )


def _nikkei(rng: random.Random, sent_from: tuple[str, ...], programme: str, title: str) -> Series:
    for year in range(2019, 1997, -1):
        for country in sent_from:
            countries, seats = _one_country(country, rng, 20, 60)
            yield CohortPlan(
                slug=f"{programme}-{year}-{country.lower()}",
                programme=programme,
                title=f"{title} {year}, {COUNTRY_NAMES[country]}",
                year=year,
                countries=countries,
                seats=seats,
            )


def _sseayp() -> Series:
    for year in (2012, *range(2018, 2012, -1), *range(2011, 1976, -1)):
        countries: dict[str, int | None] = dict.fromkeys(ASEAN if year >= 1999 else ASEAN[2:8], 16)
        countries["JP"] = 28
        seats = sum(count or 0 for count in countries.values())
        yield CohortPlan(
            slug=f"sseayp-{year}",
            programme="sseayp",
            title=f"SSEAYP {year}",
            year=year,
            countries=countries,
            seats=seats,
        )


def _young_leaders(rng: random.Random) -> Series:
    for year in (1999, *range(1985, 1999), *range(2000, 2020)):
        for country in rng.sample(sorted((*ASEAN, *SAARC, "FJ", "TL")), 14):
            countries, seats = _one_country(country, rng, 60, 180)
            yield CohortPlan(
                slug=f"young-leaders-{year}-{country.lower()}",
                programme="young-leaders",
                title=f"Young Leaders {year}, {COUNTRY_NAMES[country]}",
                year=year,
                countries=countries,
                seats=seats,
            )


def _kccp(rng: random.Random) -> Series:
    """Training courses without end: there is always one more."""
    themes = (
        "Agriculture",
        "Water Supply",
        "Health",
        "Education",
        "Disaster Prevention",
        "Energy",
        "Tourism",
        "Customs",
    )
    for course, theme, year in ((c, t, y) for c in count(1) for t in themes for y in range(2022, 1990, -1)):
        for country in ("EG", *rng.sample(sorted(PLACES.keys() - {"EG", "JP"}), 40)):
            countries, seats = _one_country(country, rng, 60, 200)
            yield CohortPlan(
                slug=f"kccp-{theme.lower().replace(' ', '-')}-{year}-{country.lower()}-{course}",
                programme=ENDLESS,
                title=f"KCCP {theme} {year}, {COUNTRY_NAMES[country]}, course {course}",
                year=year,
                countries=countries,
                seats=seats,
                values={"theme": theme},
            )


def _jenesys(rng: random.Random) -> Series:
    for batch in range(1, 41):
        for year in (2017, 2015, 2016, 2018, 2019, 2022, 2023):
            sent_from = sorted(rng.sample((*ASEAN, "TL", "IN"), rng.choice((1, 1, 2, 3, 5))))
            if year == 2017:
                sent_from = ["LA"]
            countries: dict[str, int | None] = {country: rng.randint(20, 40) for country in sent_from}
            yield CohortPlan(
                slug=f"jenesys{year}-batch-{batch}",
                programme=f"jenesys{year}",
                title=f"JENESYS{year} In-bound Program, batch {batch}",
                year=year,
                countries=countries,
                seats=sum(count or 0 for count in countries.values()),
                values={"batch": batch},
            )


def _partners(rng: random.Random) -> Series:
    for term in range(1, 20):
        for destination in ("VN", "TH", "ID", "PH", "MY", "KH", "MM", "LA", "SG", "BN", "CN", "TW"):
            countries, seats = _one_country("JP", rng, 20, 80)
            yield CohortPlan(
                slug=f"nihongo-partners-{destination.lower()}-{term}",
                programme="nihongo-partners",
                title=f"NIHONGO Partners {COUNTRY_NAMES[destination]}, group {term}",
                year=2014 + term // 2,
                countries=countries,
                seats=seats,
                direction=Direction.OUTBOUND,
                values={"batch": term, "destination": destination},
            )


def _east_asia(rng: random.Random) -> Series:
    for year in range(2008, 2012):
        for batch in range(1, 13):
            for country in ("KR", "CN", "NZ", "AU"):
                countries, seats = _one_country(country, rng, 20, 120)
                yield CohortPlan(
                    slug=f"jenesys-2007-{year}-{batch}-{country.lower()}",
                    programme="jenesys-2007",
                    title=f"JENESYS Programme {year}, group {batch}, {COUNTRY_NAMES[country]}",
                    year=year,
                    countries=countries,
                    seats=seats,
                    values={"batch": batch},
                )
