"""The real catalogue in the database: what is there, and what a second load does."""

from __future__ import annotations

import dataclasses

import sqlalchemy as sa

from alumni import catalogue
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.events.models import Event, Precision
from alumni.groups.models import Group, GroupKind, GroupPath, JoinPolicy
from alumni.programmes.models import Bound, Cohort, CohortCountry, Family, Figure, Programme
from tests import builders

SERIES = [
    "JENESYS2015",
    "JENESYS2016-Economics",
    "JENESYS2016",
    "JENESYS2017",
    "JENESYS2018",
    "JENESYS2019",
    "JENESYS2020",
    "JENESYS2021",
    "JENESYS2022",
    "JENESYS2022 Phase II",
    "JENESYS2023",
]


def count(model):
    return sa.select(sa.func.count()).select_from(model)


def changed(files, **fields):
    """The catalogue with other fields in its first file: `programmes={"kizuna": {…}}`."""
    lists = {
        name: [
            entry.model_copy(update=updates.get(entry.id, {}))
            for entry in getattr(files.programmes, name)
            if updates.get(entry.id, {}) is not None
        ]
        for name, updates in fields.items()
    }
    return dataclasses.replace(files, programmes=files.programmes.model_copy(update=lists))


def write(app, files):
    with app.app_context():
        report = catalogue.write(files)
        db.session.commit()
        return report


def test_everything_is_there(loaded, read):
    assert [read(count(model))[0][0] for model in (Family, Programme, Cohort, Event)] == [8, 43, 12, 31]
    kinds = dict(read(sa.select(Group.kind, sa.func.count()).group_by(Group.kind)))
    assert kinds[GroupKind.COHORT] == 12
    assert sum(kinds.values()) == 12 + 47 + 6


def test_the_four_programmes_of_the_2016_list(loaded, read):
    rows = read(
        sa.select(Programme.slug, Figure.value, Figure.bound, Figure.is_planned, Figure.quote, Figure.source)
        .join(Programme, Programme.id == Figure.programme_id)
        .where(Figure.slug.startswith("mofa2016-"), Figure.unit == "persons")
        .order_by(Figure.position)
    )
    assert [(row.slug, row.value, row.bound, row.is_planned) for row in rows] == [
        ("jenesys-2007", 14200, Bound.ABOUT, False),
        ("kizuna", 2600, Bound.ABOUT, False),
        ("jenesys-2.0", 10700, Bound.ABOUT, False),
        ("jenesys2015", 1900, Bound.ABOUT, True),
    ]
    for row in rows:
        assert f"about {row.value:,} persons" in row.quote
        assert "February 2016" in row.source
        assert "https://" in row.source


def test_the_series_has_its_eleven_editions_in_order(loaded, read):
    series = sa.select(Programme.id).where(Programme.slug == "jenesys-2015-series").scalar_subquery()
    rows = read(sa.select(Programme.short).where(Programme.parent_id == series).order_by(Programme.position))
    assert [row.short for row in rows] == [*SERIES, "JENESYS2024"]


def test_the_lines_of_successors(loaded, read):
    before = sa.orm.aliased(Programme)
    line = dict(read(sa.select(Programme.slug, before.slug).join(before, before.id == Programme.predecessor_id)))
    assert line["jenesys-2.0"] == "jenesys-2007"
    assert line["jenesys-2015-series"] == "jenesys-2.0"
    assert line["jenesys2024"] == "jenesys2023"
    assert line["wa-project-2.0"] == "wa-project"
    assert "kizuna" not in line


def test_a_figure_that_two_files_have_is_shown_once_and_one_of_two_documents_twice(loaded, read):
    of = sa.select(Figure.value, Figure.bound).join(Programme, Programme.id == Figure.programme_id)
    kizuna = read(of.where(Programme.slug == "kizuna", Figure.value == 2600).order_by(Figure.position))
    assert kizuna == [(2600, Bound.ABOUT), (2600, Bound.EXACT)]  # one document says "about", the other does not
    assert len(read(of.where(Programme.slug == "abe-initiative", Figure.value == 1070))) == 1


def test_figures_are_of_a_programme_of_a_family_or_of_the_world(loaded, read):
    family = read(sa.select(Figure.value, Family.slug).join(Family, Family.id == Figure.family_id))
    assert family == [(30000, "jenesys")]
    world = sa.select(Figure.value).where(Figure.programme_id.is_(None), Figure.family_id.is_(None))
    assert (670000000,) in read(world)
    assert read(sa.select(Figure.slug).where(Figure.source == "")) == []
    assert read(sa.select(Figure.slug).where(Figure.source.contains("(seed)"))) == []


def test_cohorts_have_composition_and_fiscal_year(loaded, read):
    cohort = sa.select(Cohort.year, Cohort.head_count, Cohort.batch).where(Cohort.slug == "jenesys2016-batch-16")
    assert read(cohort) == [(2016, 172, 16)]  # March 2017 is still fiscal 2016
    countries = sa.select(CohortCountry.country, CohortCountry.head_count).join(Cohort)
    sent = dict(read(countries.where(Cohort.slug == "jenesys2016-batch-16")))
    assert sent == {"IN": 35, "SG": 28, "TL": 37, "VN": 25, "MM": 26, "LA": 21}
    unknown = dict(read(countries.where(Cohort.slug == "jenesys2017-batch-7")))
    assert unknown == {"LA": None, "MM": None}
    groups = read(sa.select(Group.join_policy, Group.year).where(Group.slug == "jenesys2016-batch-16"))
    assert groups == [(JoinPolicy.PARTICIPATION, 2016)]


def test_associations_form_a_tree(loaded, read):
    above, below = sa.orm.aliased(Group), sa.orm.aliased(Group)
    paths = sa.select(below.slug, GroupPath.depth).join(above, above.id == GroupPath.ancestor_id)
    paths = paths.join(below, below.id == GroupPath.descendant_id).where(above.slug == "ajafa-21")
    tree = dict(read(paths))
    assert tree["ajafa-21"] == 0
    assert tree["kappija-21"] == tree["pajafa-21"] == tree["ajafa-21-la"] == 1
    group = sa.select(Group.kind, Group.is_former, Group.size_published, Group.size_bound)
    assert read(group.where(Group.slug == "kappija-21")) == [(GroupKind.ASSOCIATION, False, 4200, Bound.EXACT)]
    assert read(group.where(Group.slug == "jica-ac")) == [(GroupKind.ASSOCIATION, False, 2000, Bound.MORE_THAN)]
    assert read(group.where(Group.slug == "pajafa-21"))[0].is_former
    assert read(sa.select(Group.name, Group.is_former).where(Group.slug == "ajafa-21-sg")) == [
        ("AJAFA-21 member association in Singapore", True)
    ]


def test_meetings_are_past_events_as_exact_as_known(loaded, read):
    columns = sa.select(
        Event.title, Event.precision, Event.zone, Event.attended, Event.attended_bound, Event.wall_start, Event.wall_end
    )
    (rlf,) = read(columns.where(Event.slug == "rlf-25"))
    assert (rlf.title, rlf.precision) == ("25th Regional Leaders Forum", Precision.DAY)
    assert (rlf.attended, rlf.attended_bound, rlf.zone) == (160, Bound.ABOUT, "Asia/Jakarta")
    assert (rlf.wall_start.isoformat(), rlf.wall_end.isoformat()) == ("2019-10-04T00:00:00", "2019-10-07T23:59:00")
    (ecm,) = read(columns.where(Event.slug == "ecm-32"))
    assert (ecm.title, ecm.precision, ecm.wall_start.year) == ("32nd Executive Council Meeting", Precision.YEAR, 2020)
    (visit,) = read(columns.where(Event.slug == "ajafa21-japan-2023-12"))
    assert (visit.precision, visit.attended, visit.attended_bound) == (Precision.MONTH, 100, Bound.MORE_THAN)


def test_loading_again_changes_nothing(loaded, app, files, read):
    assert loaded.counts["programme"]["new"] == 43
    again = write(app, files)
    assert again.is_quiet
    assert {word for counter in again.counts.values() for word in counter} == {"unchanged"}
    assert read(count(AuditLine).where(AuditLine.action == "catalogue.load")) == [(1,)]


def test_what_the_file_changed_is_updated_and_said(loaded, app, files, read):
    new = changed(
        files,
        programmes={"kizuna": {"theme": "rebuilding", "successor": None}},
        cohorts={"jenesys2016-batch-16": {"title": "The sixteenth", "countries": {"LA": 172}}},
    )
    report = write(app, new)
    assert report.counts["programme"] == {"changed": 1, "unchanged": 42}
    assert report.counts["cohort"] == {"changed": 1, "unchanged": 11}
    assert read(sa.select(Programme.theme).where(Programme.slug == "kizuna")) == [("rebuilding",)]
    assert read(sa.select(Group.name, Group.country).where(Group.slug == "jenesys2016-batch-16")) == [
        ("The sixteenth", "LA")
    ]
    countries = sa.select(CohortCountry.country).join(Cohort).where(Cohort.slug == "jenesys2016-batch-16")
    assert read(countries) == [("LA",)]


def test_what_an_admin_added_or_edited_stays(loaded, app, files, read):
    with app.app_context():
        builders.make_programme("jenesys2030", short="JENESYS2030")
        db.session.execute(sa.update(Programme).where(Programme.slug == "kizuna").values(theme="by hand"))
        db.session.commit()
    assert write(app, files).is_quiet
    assert read(sa.select(Programme.theme).where(Programme.slug == "kizuna")) == [("by hand",)]
    assert read(sa.select(Programme.short).where(Programme.slug == "jenesys2030")) == [("JENESYS2030",)]


def test_what_left_the_files_is_kept_and_named_but_figures_go(loaded, app, files, read):
    new = changed(files, programmes={"sseayp": {"participants": []}}, cohorts={"nihongo-partners-th-5": None})
    report = write(app, new)
    assert report.gone == ["cohort nihongo-partners-th-5"]
    assert read(count(Cohort)) == [(12,)]
    assert report.counts["figure"]["removed"] == 1
    of = sa.select(Figure.id).join(Programme, Programme.id == Figure.programme_id)
    assert read(of.where(Programme.slug == "sseayp")) == []


def test_an_association_that_moves_takes_its_tree_along(loaded, app, files, read):
    moved = [
        entry.model_copy(update={"umbrella": "ajafa-21"} if entry.id == "kakehashi-africa" else {})
        for entry in files.associations.associations
    ]
    associations = files.associations.model_copy(update={"associations": moved})
    write(app, dataclasses.replace(files, associations=associations))
    above, below = sa.orm.aliased(Group), sa.orm.aliased(Group)
    path = sa.select(above.slug, GroupPath.depth).join(above, above.id == GroupPath.ancestor_id)
    path = path.join(below, below.id == GroupPath.descendant_id).where(below.slug == "kakehashi-africa-cm")
    assert dict(read(path)) == {"kakehashi-africa-cm": 0, "kakehashi-africa": 1, "ajafa-21": 2}
