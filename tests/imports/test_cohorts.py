"""Which cohort a row means: one answer is taken, anything else is asked once, nothing is guessed."""

import sqlalchemy as sa

from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.groups.models import Group
from alumni.programmes.models import Cohort, CohortCountry
from tests import builders
from tests.imports.shapes import bring_in, commit, entries, find, preview, run_jobs

HEADINGS = "Name,Country,Batch,Theme,Fiscal Year"


def questions_of(app, key):
    return {key: (asked["words"], asked["rows"]) for key, asked in find(app, key).questions.items()}


def cohort_of(app, name):
    with app.app_context():
        cohort = db.session.get_one(Cohort, entries(app)[name].cohort_id)
        found = (cohort.slug, cohort.title)
        db.session.remove()
    return found


def test_an_unknown_batch_is_asked_about_once_and_made_a_cohort(app, olga, read):
    rows = "\n".join(f"KEO Noi {letter},Laos,17,Peace,2016" for letter in "ABCDE")
    key = preview(olga, f"{HEADINGS}\n{rows}\nNGUYEN An,Viet Nam,17,Peace,2016\nSOK Dara,Laos,16,,2016\n")
    made = find(app, key)
    assert (made.state, made.counts) == ("mapped", {"waits": 6, "new": 1, "skipped": 0})
    [(question, (words, rows))] = questions_of(app, key).items()
    assert (words, rows) == (["", "", 2016, 17, "Peace", ""], 6)
    page = olga.get(f"/rosters/imports/{key}").text
    assert "batch 17, fiscal year 2016, Peace" in page
    assert "6 rows" in page
    assert olga.post(f"/rosters/imports/{key}/commit").status_code == 409
    path = f"/rosters/imports/{key}/cohorts/{question}"
    page = olga.get(path).text
    assert 'value="JENESYS2016 17th Batch Peace"' in page
    assert olga.post(path, {"cohort": "+", "title": "", "year": "2016"}).status_code == 422
    assert olga.post(path, {"cohort": "elsewhere", "title": "x", "year": "2016"}).status_code == 422
    assert olga.post(path, {"cohort": "+", "title": "Peace, 17th batch", "year": "2016"}).status_code == 303
    assert olga.post(path, {"cohort": "-"}).status_code == 409, "it is answered"
    run_jobs(app)
    assert find(app, key).state == "previewed"
    commit(olga, key)
    slug, title = cohort_of(app, "NGUYEN An")
    assert title == "Peace, 17th batch"
    assert len(entries(app)) == 7
    cohort = read(sa.select(Cohort.batch, Cohort.theme, Cohort.year).where(Cohort.slug == slug))
    assert cohort == [(17, "Peace", 2016)]
    assert read(sa.select(Group.name).where(Group.slug == slug)) == [("Peace, 17th batch",)]
    sent = sa.select(CohortCountry.country).join(Cohort).where(Cohort.slug == slug).order_by(CohortCountry.country)
    assert [row.country for row in read(sent)] == ["LA", "VN"]
    who = {line.action: line.actor_id for line in read(sa.select(AuditLine.action, AuditLine.actor_id))}
    assert who["cohort.add"] == 0
    assert who["roster.cohort"] == who["roster.import"] > 0
    again = preview(olga, f"{HEADINGS}\nKEO Noi A,Laos,17,Peace,2016\n")
    assert find(app, again).counts == {"unchanged": 1, "skipped": 0}, "the catalogue knows it by now"


def test_a_batch_number_that_fits_several_cohorts_is_asked(app, office, olga):
    with app.app_context():
        programme = db.session.query(Cohort).filter_by(slug=office.cohort).one().programme_id
        parent = db.session.get_one(builders.Programme, programme)
        builders.make_cohort(parent, slug="culture-2", batch=2, theme="Culture", countries={"KH": 5, "TH": 5})
        db.session.commit()
    key = preview(olga, f"{HEADINGS}\nSOK Dara,Cambodia,2,,\nCHAI Som,Thailand,2,,\nKEO Noi,Cambodia,2,Culture,\n")
    [(question, (words, rows))] = questions_of(app, key).items()
    assert (words[3], words[5], rows) == (2, "KH", 1), "Thailand was in one of them alone, and a theme decides"
    olga.post(f"/rosters/imports/{key}/cohorts/{question}", {"cohort": "jenesys2016-peace-2"})
    run_jobs(app)
    commit(olga, key)
    assert cohort_of(app, "SOK Dara")[0] == "jenesys2016-peace-2"
    assert cohort_of(app, "CHAI Som")[0] == cohort_of(app, "KEO Noi")[0] == "culture-2"


def test_a_country_that_a_cohort_did_not_take_is_asked(app, olga):
    key = preview(olga, f"{HEADINGS}\nSOK Dara,Cambodia,16,,\nKEO Noi,Laos,16,,\n")
    [(words, rows)] = questions_of(app, key).values()
    assert (words[5], rows) == ("KH", 1)


def test_rows_may_be_left_out_with_their_cohort(app, olga):
    key = preview(olga, f"{HEADINGS}\nSOK Dara,Laos,99,,\nKEO Noi,Laos,16,,\n")
    [question] = questions_of(app, key)
    olga.post(f"/rosters/imports/{key}/cohorts/{question}", {"cohort": "-"})
    run_jobs(app)
    assert find(app, key).counts == {"rejected": 1, "new": 1, "skipped": 0, "waits": 0}
    assert "You left it out with its cohort." in olga.get(f"/rosters/imports/{key}/rows?outcome=rejected").text
    commit(olga, key)
    assert list(entries(app)) == ["KEO Noi"]


def test_rows_of_an_answered_question_meet_the_entries_of_their_cohort(app, office, olga):
    bring_in(olga, f"{HEADINGS}\nKEO Noi,Laos,16,,\n")
    key = preview(olga, f"{HEADINGS}\nKEO Noi,Laos,,,\nSOK Dara,Laos,,,\n")
    for question in questions_of(app, key):
        olga.post(f"/rosters/imports/{key}/cohorts/{question}", {"cohort": office.cohort})
    run_jobs(app)
    assert find(app, key).counts == {"unchanged": 1, "new": 1, "skipped": 0, "waits": 0}


def test_a_column_that_is_no_cohort_does_not_ask_a_thousand_times(app, olga):
    rows = "\n".join(f"KEO Noi {at},Laos,16,Theme {at},2016" for at in range(250))
    key = preview(olga, f"{HEADINGS}\n{rows}\n")
    assert find(app, key).problem == "cohorts-many"
    assert "names more than 200 cohorts" in olga.get(f"/rosters/imports/{key}").text


def test_a_cohort_of_another_programme_is_no_answer(app, office, olga, browse):
    with app.app_context():
        builders.make_cohort(builders.make_programme("abe", year_from=2014), slug="abe-8")
        db.session.commit()
    key = preview(olga, f"{HEADINGS}\nSOK Dara,Laos,99,,\n")
    [question] = questions_of(app, key)
    path = f"/rosters/imports/{key}/cohorts/{question}"
    assert olga.post(path, {"cohort": "abe-8"}).status_code == 422
    assert olga.post(f"/rosters/imports/{key}/cohorts/nothing", {"cohort": "-"}).status_code == 404
    assert browse(office.otto).post(path, {"cohort": "-"}).status_code == 404
    assert browse(office.bob).post(path, {"cohort": "-"}).status_code == 403
    assert browse(office.bob).get(path).status_code == 403
