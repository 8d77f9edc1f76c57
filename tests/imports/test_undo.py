"""Taking an import back, stopping it anywhere, and two at once."""

import threading

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import clock, jobs, storage
from alumni.core.db import db, intend
from alumni.core.errors import DomainError
from alumni.core.jobs import Job
from alumni.core.viewer import INSTALLATION
from alumni.imports import actions as imports_actions
from alumni.imports.actions import committing, staging, undoing
from alumni.imports.actions.imports import UNDONE_WITHIN
from alumni.imports.queries import Column
from alumni.members.models import Participation
from alumni.programmes.models import Cohort
from alumni.rosters.models import EntryMark, EntryState, RosterEntry, RosterImport
from tests import builders
from tests.cast import make_cast
from tests.imports.shapes import BATCH_16, bring_in, entries, find, key_of, preview, run_jobs, send, undo

WORK = {
    imports_actions.PREVIEW: imports_actions.preview_import,
    imports_actions.COMMIT: imports_actions.commit_rows,
    imports_actions.UNDO: imports_actions.undo_rows,
}
MORE = BATCH_16 + "SISAVATH,Khamla,Laos,16,,,\nKEO,Noi,Laos,16,,,\n"


def change(app, name, **values):
    with app.app_context():
        db.session.execute(sa.update(RosterEntry).where(RosterEntry.name_printed == name).values(values))
        db.session.commit()


def test_undo_takes_back_what_nobody_has_claimed(app, olga):
    bring_in(olga, BATCH_16)
    before = entries(app)
    key = bring_in(olga, MORE.replace("Hanoi", "Hue"))
    assert len(entries(app)) == 5
    change(app, "KEO Noi", state=EntryState.CLAIMED)
    undo(olga, key)
    after = entries(app)
    assert list(after) == [*before, "KEO Noi"]
    assert after["NGUYEN Van An"].institution == "Hanoi University"
    assert find(app, key).counts["stayed"] == 1
    assert "1 of its entries stayed" in olga.get(f"/rosters/imports/{key}").text


def test_who_has_claimed_a_changed_entry_stays_who_they_are(app, olga):
    bring_in(olga, BATCH_16)
    key = bring_in(olga, BATCH_16.replace("1994-01-02", "1994-02-01").replace("Hanoi", "Hue"))
    change(app, "NGUYEN Van An", state=EntryState.CLAIMED)
    undo(olga, key)
    entry = entries(app)["NGUYEN Van An"]
    assert (entry.born_on, entry.institution) == ("1994-02-01", "Hanoi University")


def test_what_an_officer_said_of_an_entry_keeps_it(app, olga):
    key = bring_in(olga, MORE)
    change(app, "VONGSA Bounmy", mark=EntryMark.DO_NOT_CONTACT)
    other = bring_in(olga, f"{MORE.splitlines()[0]}\nSISAVATH,Khamla,Laos,16,,,\n")
    undo(olga, key)
    assert list(entries(app)) == ["VONGSA Bounmy", "SISAVATH Khamla"]
    assert find(app, other).counts["unchanged"] == 1


def test_a_claim_that_waits_keeps_its_entry(app, office, olga):
    key = bring_in(olga, MORE)
    with app.app_context():
        nia = db.session.query(Account).filter_by(email=office.nia).one().id
        participation = db.session.query(Participation).filter_by(account_id=nia).one()
        entry = db.session.query(RosterEntry).filter_by(name_printed="KEO Noi").one()
        builders.make_case(participation, entry)
        db.session.commit()
    undo(olga, key)
    assert list(entries(app)) == ["KEO Noi"]


def test_a_later_hand_is_not_undone(app, olga):
    bring_in(olga, BATCH_16)
    key = bring_in(olga, BATCH_16.replace("Hanoi", "Hue"))
    bring_in(olga, BATCH_16.replace("Hanoi", "Da Nang"))
    undo(olga, key)
    assert entries(app)["NGUYEN Van An"].institution == "Da Nang University"


def test_after_thirty_days_it_stays(app, olga):
    key = bring_in(olga, BATCH_16)
    with app.app_context():
        long_ago = clock.now() - UNDONE_WITHIN * 1.1
        db.session.execute(sa.update(RosterImport).values(committed_at=long_ago, created_at=long_ago))
        db.session.commit()
    answer = olga.post(f"/rosters/imports/{key}/undo")
    assert answer.status_code == 409
    assert "more than 30 days ago" in answer.text
    with app.app_context():
        for _ in imports_actions.forget_imports():
            db.session.commit()
    assert olga.get(f"/rosters/imports/{key}/rows").text.count("PHOMMASAN") == 0
    assert len(entries(app)) == 3


def test_what_nobody_commits_is_thrown_away_with_its_file(app, olga):
    key = preview(olga, BATCH_16)
    file = find(app, key).file
    with app.app_context():
        db.session.execute(sa.update(RosterImport).values(created_at=clock.now() - UNDONE_WITHIN * 1.1))
        for _ in imports_actions.forget_imports():
            db.session.commit()
        assert storage.files().read(file) is not None
    run_jobs(app)
    assert olga.get(f"/rosters/imports/{key}").status_code == 404
    with app.app_context():
        assert storage.files().read(file) is None


def test_undone_it_can_come_in_again(app, olga):
    key = bring_in(olga, BATCH_16)
    undo(olga, key)
    assert entries(app) == {}
    bring_in(olga, BATCH_16)
    assert len(entries(app)) == 3


def crowd(count):
    rows = "\n".join(f"KEO{at % 7},Noi {at},Laos,16,,," for at in range(count))
    return f"{BATCH_16.splitlines()[0]}\n{rows}\n"


def stopped(app, steps):
    """The jobs of now, killed after a few chunks: what was committed stays, and the lease runs out."""
    with app.app_context():
        job = db.session.scalars(sa.select(Job).where(Job.kind.startswith("roster"), Job.done_at.is_(None))).one()
        taken = jobs.take(job.id)
        db.session.commit()
        for at, _ in enumerate(WORK[taken.kind](taken.payload["roster"]), 1):
            jobs.renew(taken)
            db.session.commit()
            if at == steps:
                break
        db.session.rollback()
        db.session.execute(sa.update(Job).where(Job.id == job.id).values(due_at=clock.now()))
        db.session.commit()
        db.session.remove()


def test_each_step_goes_on_after_it_was_killed(app, olga, monkeypatch):
    for module in (staging, committing, undoing):
        monkeypatch.setattr(module, "CHUNK", 10)
    key = preview_until_mapped(olga, crowd(55))
    stopped(app, 3)
    assert find(app, key).is_running
    run_jobs(app)
    assert find(app, key).counts == {"new": 55, "skipped": 0}
    olga.post(f"/rosters/imports/{key}/commit")
    stopped(app, 2)
    assert len(entries(app)) == 20
    run_jobs(app)
    assert len(entries(app)) == 55
    assert find(app, key).counts["added"] == 55
    olga.post(f"/rosters/imports/{key}/undo")
    stopped(app, 8)
    assert 0 < len(entries(app)) < 55
    run_jobs(app)
    assert entries(app) == {}
    assert find(app, key).counts["stayed"] == 0


def preview_until_mapped(browser, content):
    key = key_of(send(browser, content))
    made = find(browser.app, key)
    columns = {f"columns-{at}-column": made.columns[str(at)] for at in range(len(made.headings))}
    browser.post(f"/rosters/imports/{key}/columns", columns)
    return key


def test_a_worker_that_lost_its_lease_stops(app, olga):
    preview_until_mapped(olga, BATCH_16)
    with app.app_context():
        job = db.session.scalars(sa.select(Job).where(Job.kind == imports_actions.PREVIEW)).one()
        mine = jobs.take(job.id)
        db.session.commit()
        db.session.execute(sa.update(Job).values(attempts=Job.attempts + 1))
        db.session.commit()
        with pytest.raises(jobs.LeaseLost):
            jobs.renew(Job(id=mine.id, attempts=1))
        db.session.rollback()


def test_of_two_commits_at_once_one_wins(alone, tmp_path):
    with alone.app_context():
        cast = make_cast()
        db.session.execute(sa.update(Cohort).where(Cohort.slug == cast.cohort).values(batch=16))
        source = tmp_path / "list.csv"
        source.write_text(BATCH_16)
        programme = db.session.query(Cohort).filter_by(slug=cast.cohort).one().programme_id
        table = imports_actions.read_table(source, programme_id=programme)
        upload = imports_actions.Upload(cast.programme, "", "list.csv")
        made = imports_actions.start_import(INSTALLATION, upload, table, file="", key="abcdefghjk")
        columns = [Column(made.columns[str(at)]) for at in range(len(made.headings))]
        imports_actions.map_columns(INSTALLATION, made, columns, order=None)
        db.session.commit()
        for _ in imports_actions.stage(made.id, source):
            db.session.commit()
        import_id = made.id
        db.session.remove()
    begin, outcomes = threading.Barrier(4), []

    def run():
        with alone.app_context():
            intend(to_write=True)
            begin.wait()
            try:
                imports_actions.commit_import(INSTALLATION, db.session.get_one(RosterImport, import_id))
                db.session.commit()
                outcomes.append("committed")
            except DomainError as error:
                db.session.rollback()
                outcomes.append(error.code)
            db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["committed", *["import-moved"] * 3]
    with alone.app_context():
        promised = sa.select(sa.func.count()).select_from(Job).where(Job.kind == imports_actions.COMMIT)
        assert db.session.scalar(promised) == 1


def test_nobody_else_undoes(app, office, olga, browse):
    key = bring_in(olga, BATCH_16)
    for who in (office.bob, office.alice, office.mona, office.sue, office.nia):
        assert browse(who).post(f"/rosters/imports/{key}/undo").status_code == 403
    assert browse(office.otto).post(f"/rosters/imports/{key}/undo").status_code == 404
    assert browse("").post(f"/rosters/imports/{key}/undo").status_code == 303
    commit_again = olga.post(f"/rosters/imports/{key}/commit")
    assert commit_again.status_code == 409
    assert len(entries(app)) == 3
