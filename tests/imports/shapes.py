"""What the tests of imports have in common: sending a list through the pages, and letting the jobs run."""

import io
import re

import sqlalchemy as sa

from alumni import worker
from alumni.core.db import db
from alumni.rosters.models import RosterEntry, RosterImport

HEADINGS = "Family Name,Given Name,Country,Batch,University,Date of birth,E-mail"
BATCH_16 = f"""{HEADINGS}
PHOMMASAN,Alice,Laos,16,Chulalongkorn University,1995-03-04,alice@example.org
VONGSA,Bounmy,Lao PDR,16,National University of Laos,1996-11-30,
NGUYEN,Van An,Viet Nam,16,Hanoi University,1994-01-02,an@example.org
"""


def numbered(text, number):
    """The same list with numbers of its people."""
    lines = text.strip().split("\n")
    return "\n".join([f"Participant No.,{lines[0]}", *(f"{number}{at},{line}" for at, line in enumerate(lines[1:], 1))])


def send(browser, content, *, programme="jenesys2016", country="", name="roster.csv", **more):
    """Sends the file; the answer."""
    data = content.encode() if isinstance(content, str) else content
    form = {"programme": programme, "country": country, "file": (io.BytesIO(data), name), **more}
    return browser.post("/rosters/import", form, content_type="multipart/form-data")


def key_of(answer):
    assert answer.status_code == 303, re.sub("<[^>]+>", " ", answer.text)[:2000]
    return answer.headers["Location"].rpartition("/")[2]


def run_jobs(app):
    with app.app_context():
        done = worker.run_due()
        db.session.remove()
    return done


def find(app, key):
    with app.app_context():
        made = db.session.scalars(sa.select(RosterImport).where(RosterImport.key == key)).one()
        db.session.expunge(made)
        db.session.remove()
    return made


def preview(browser, content, **more):
    """Sends the file with the guessed columns, and lets it be compared. The key of the import."""
    key = key_of(send(browser, content, **more))
    made = find(browser.app, key)
    columns = {f"columns-{at}-column": made.columns[str(at)] for at in range(len(made.headings))}
    assert browser.post(f"/rosters/imports/{key}/columns", columns).status_code == 303
    run_jobs(browser.app)
    return key


def commit(browser, key):
    assert browser.post(f"/rosters/imports/{key}/commit").status_code == 303
    run_jobs(browser.app)


def undo(browser, key):
    assert browser.post(f"/rosters/imports/{key}/undo").status_code == 303
    run_jobs(browser.app)


def bring_in(browser, content, **more):
    key = preview(browser, content, **more)
    commit(browser, key)
    return key


def entries(app):
    """All entries by the name as printed."""
    with app.app_context():
        table = RosterEntry.__table__
        rows = db.session.execute(sa.select(table).order_by(table.c.id)).all()
        db.session.remove()
    return {row.name_printed: row for row in rows}
