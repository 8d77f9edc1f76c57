"""Taking everything along: asked for, made, fetched by its owner alone, deleted; and who looked at one's entry."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import render_template

from alumni import worker
from alumni.accounts.models import Account
from alumni.claims.models import Evidence
from alumni.core import audit, clock, storage
from alumni.core.db import db
from alumni.groups.models import Group
from alumni.members.models import Member, Participation
from alumni.mydata import actions, queries
from alumni.mydata.models import Closing, DataExport
from alumni.programmes.models import Cohort
from alumni.rosters.models import RosterEntry
from alumni.web.i18n import in_language
from tests import builders
from tests.cast import Cast, viewer_of


def work(app):
    with app.app_context():
        worker.run_due()


def make_copy(app, browse, who):
    """Asks for a copy, has it made, and returns the path at which it is."""
    assert browse(who).post("/me/data/exports").status_code == 303
    work(app)
    return browse(who).get("/api/v1/me/data").json["exports"][0]["url"]


def test_everything_as_one_file(app, cast, browse, postbox):
    with app.app_context():
        group, alice = find_group(cast.group), member(Cast.alice)
        builders.make_post(group, alice, "=HYPERLINK, she said.", language="en")
        bob_says = builders.make_post(group, member(Cast.bob), "Bob says no.")
        builders.make_event(group, posted_by_id=alice.account_id, title="Her evening")
        assert bob_says.id
        db.session.commit()
    path = make_copy(app, browse, Cast.alice)
    (letter,) = postbox.letters
    assert (letter["To"], letter["Subject"]) == (Cast.alice, "The copy of your data is ready")
    answer = browse(Cast.alice).get(path)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as copy:
        said = {name: copy.read(name).decode("utf-8-sig") for name in copy.namelist()}
    members = json.loads(said["members.json"])
    assert members["members"][0]["name"] == "Alice Phommasan"
    assert members["participations"][0]["cohort"] == cast.cohort
    assert json.loads(said["groups.json"])["memberships"][0]["group"] == cast.group
    assert json.loads(said["events.json"])["events"][0]["title"] == "Her evening"
    (row,) = csv.DictReader(io.StringIO(said["lists/posts.csv"]))
    assert row["body"] == "'=HYPERLINK, she said."
    whole = "".join(said.values())
    assert "posts.json: what you wrote" in said["README.txt"]
    for secret in (Cast.bob, "Bob says no.", "argon2", '"digest"', "password_hash"):
        assert secret not in whole


def find_group(slug):
    return db.session.scalars(sa.select(Group).where(Group.slug == slug)).one()


def member(email):
    return db.session.get_one(Member, viewer_of(email).id)


def test_the_explanation_is_in_ones_language_and_names_every_file(app, cast):
    with app.app_context():
        rooms = {queries.subjects()[name] for name in queries.subjects() if queries.is_taken_along(name)}
        tables = [queries.Rows(room, room, [], []) for room in rooms]
        for language in ("en", "ja"):
            with in_language(language):
                text = render_template("mydata/readme.txt", contents=Made(tables), at=clock.now())
            assert all(f"{room}.json: " in text for room in rooms)


class Made:
    def __init__(self, tables):
        self.tables = tables

    def subjects(self):
        return sorted({rows.subject for rows in self.tables})


def test_pictures_and_files_come_along(app, cast, browse):
    with app.app_context():
        person = member(Cast.nia)
        person.picture = "p" * 26
        storage.files().put(f"pictures/pp/{person.picture}-384.webp", b"picture")
        claim = db.session.scalars(sa.select(Participation).where(Participation.account_id == person.account_id)).one()
        sent = {"participation_id": claim.id, "file": "e" * 26, "media_type": "application/pdf", "size": 20}
        db.session.add(Evidence(**sent, title="Paper"))
        storage.files().put(f"evidence/ee/{'e' * 26}", b"%PDF-1.7 paper %%EOF")
        db.session.commit()
    data = browse(Cast.nia).get(make_copy(app, browse, Cast.nia)).data
    with zipfile.ZipFile(io.BytesIO(data)) as copy:
        assert copy.read(f"files/members/{'p' * 26}.webp") == b"picture"
        assert copy.read(f"files/evidence/{'e' * 26}.pdf").startswith(b"%PDF")


def test_it_is_made_and_daily_work_is_done_on_a_database_of_its_own(alone):
    with alone.app_context():
        person = builders.make_member("One", email="one@example.org")
        viewer = viewer_of("one@example.org")
        actions.ask_for_export(viewer, language="ja")
        gone = builders.make_member("Two", email="two@example.org")
        db.session.add(Closing(account_id=gone.account_id, keeps_posts=True, erase_at=clock.now()))
        db.session.commit()
        gone_id = gone.account_id
        assert person.account_id == viewer.id
        worker.run_due()
        worker.run_daily()
        export = db.session.scalars(sa.select(DataExport)).one()
        assert export.size > 1000
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Member)) == 1
        handle = db.session.scalar(sa.select(Account.handle).where(Account.id == gone_id))
        assert handle in {one.handle for one in actions.kept_list()}


def test_one_in_the_making_and_a_few_a_day(app, cast, browse):
    bob = browse(Cast.bob)
    assert bob.send("/api/v1/me/data").status_code == 202
    refused = bob.send("/api/v1/me/data")
    assert (refused.status_code, refused.json["type"]) == (409, "export-in-the-making")
    work(app)
    assert bob.send("/api/v1/me/data").status_code == 202
    work(app)
    assert bob.send("/api/v1/me/data").status_code == 429


def test_after_seven_days_it_is_gone(app, cast, browse):
    path = make_copy(app, browse, Cast.bob)
    with app.app_context():
        file = db.session.scalars(sa.select(DataExport.file)).one()
        stored = f"exports/{file[:2]}/{file}"
        assert storage.files().read(stored)
        later = clock.now() + timedelta(days=7, minutes=1)
    with time_machine.travel(later, tick=False):
        assert browse(Cast.bob).get(path).status_code == 404
        with app.app_context():
            assert actions.forget_exports(clock.now()) == 1
            db.session.commit()
        work(app)
    with app.app_context():
        assert storage.files().read(stored) is None


def test_who_looked_at_my_entry(app, cast, browse):
    """An entry held by a verified participation; whoever only claims learns nothing, on a list or not."""
    with app.app_context():
        cohort = db.session.scalars(sa.select(Cohort).where(Cohort.slug == cast.cohort)).one()
        for email in (Cast.bob, Cast.nia):
            entry = builders.make_entry(cohort, "VONGSA Bounmy" if email == Cast.bob else "NEW Nia")
            its = sa.select(Participation).where(Participation.account_id == viewer_of(email).id)
            participation = db.session.scalars(its).one()
            if email == Cast.bob:
                entry.participation_id = participation.id
            key = entry.key
            audit.record(viewer_of(Cast.olga), "roster.look", f"entry:{key}", rows=1)
        audit.record(viewer_of(Cast.olga), "roster.export", f"cohort:{cast.cohort}", rows=2)
        audit.record(viewer_of(Cast.sam), "roster.look", "cohort:another", rows=2)
        db.session.commit()
    looks = browse(Cast.bob).get("/api/v1/me/data").json["looks"]
    assert [(look["agency"], look["way"]) for look in looks] == [("jice", "export"), ("jice", "entry")]
    page = browse(Cast.bob).get("/me/data").text
    assert "An officer of JICE" in page
    for who in (Cast.nia, Cast.carol):
        assert browse(who).get("/api/v1/me/data").json["looks"] == []
        assert "Once a programme of yours is verified" in browse(who).get("/me/data").text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(RosterEntry)) == 2


# What is refused.


@pytest.mark.parametrize("who", [Cast.alice, Cast.mallory, Cast.mona, Cast.sam, Cast.olga])
def test_nobody_else_fetches_it(app, cast, browse, who):
    path = make_copy(app, browse, Cast.bob)
    assert browse(who).get(path).status_code == 404
    assert browse("").get(path).status_code == 303


def test_the_suspended_take_their_data_along(app, cast, browse):
    assert browse(Cast.sue).get(make_copy(app, browse, Cast.sue)).status_code == 200
