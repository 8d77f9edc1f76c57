"""The chain of the log: what was sealed cannot be bent, taken out or cut off without being named."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni import worker
from alumni.core import audit, clock, seals
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.core.seals import AuditLink, AuditSeal
from alumni.core.viewer import GUEST

TABLES = ("audit_lines", "audit_seals", "audit_links")


def write(*subjects: str) -> None:
    for subject in subjects:
        audit.record(GUEST, "test.act", subject, reason="Why? ありがとう", share=0.1, words=["a", "ບ"])
        db.session.flush()
    db.session.commit()


def seal(**options: bool) -> list[int]:
    done = []
    for lines in seals.seal_lines(**options):
        db.session.commit()
        done.append(lines)
    db.session.rollback()
    return done


def behind_our_back(statement: str) -> None:
    """What somebody with all rights on the database could do."""
    lift, put_back = [], []
    if db.engine.dialect.name == "sqlite":
        rows = db.session.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, sql in rows:
            if name.startswith("audit_"):
                lift.append(f"DROP TRIGGER {name}")
                put_back.append(sql)
    else:
        lift = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES]
        put_back = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES]
    for each in (*lift, statement, *put_back):
        db.session.execute(sa.text(each))
    db.session.commit()


def run(app, *arguments: str):
    return app.test_cli_runner().invoke(args=["audit", *arguments])


def ids() -> list[int]:
    return list(db.session.scalars(sa.select(AuditLine.id).order_by(AuditLine.id)))


def test_what_was_committed_is_sealed_once(app):
    with app.app_context():
        write("a", "b", "c")
        assert seal() == [3]
        assert seal() == []
        write("d")
        assert worker.run_each_minute() == 0  # nobody waited for it
        [one, two] = db.session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id))
        assert [(one.id, one.lines), (two.id, two.lines)] == [(1, 3), (2, 1)]
        assert (one.first_id, one.last_id) == (ids()[0], ids()[2])
        assert one.digest != two.digest
        assert sum(seals.verify()) == 4


def test_a_large_log_is_sealed_in_parts(app, monkeypatch):
    monkeypatch.setattr(seals, "MOST_LINES", 3)
    monkeypatch.setattr(seals, "CHUNK", 2)
    with app.app_context():
        write(*"abcdefg")
        assert seal() == [3, 3, 1]
        assert list(seals.verify()) == [3, 3, 1]


def test_a_line_that_is_committed_late_is_sealed_by_the_next(alone):
    """Its id is lower than one that is sealed, and nothing of the first seal changes."""
    with alone.app_context():
        write("a", "b")
        late = ids()[-1] + 1
        with db.engine.connect() as slow:
            if db.engine.dialect.name == "postgresql":
                slow.exec_driver_sql(INSERT.format("DEFAULT"))
                write("c")
            else:  # one writes at a time: an id that was left out stands for it
                db.session.execute(sa.text(INSERT.format(late + 1)))
                db.session.commit()
            assert seal() == [3]
            if db.engine.dialect.name == "sqlite":
                slow.exec_driver_sql(INSERT.format(late))
            slow.commit()
        assert seals.count_waiting() == 1
        db.session.rollback()
        assert seal() == [1]
        first, second = db.session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id))
        assert second.last_id == late < first.last_id
        assert sum(seals.verify()) == 4


INSERT = (
    "INSERT INTO audit_lines (id, at, actor_id, action, subject, reason, facts) "
    "VALUES ({}, '2026-01-01 00:00:00', 0, 'test.act', 'late', '', '{{}}')"
)


def test_ids_of_long_ago_are_looked_at_once_a_day(app, monkeypatch):
    with app.app_context():
        db.session.execute(sa.text(INSERT.format(1000)))
        db.session.commit()
        assert seal() == [1]
        later = clock.now() + timedelta(days=2)
        monkeypatch.setattr(clock, "now", lambda: later)
        db.session.execute(sa.text(INSERT.format(999)))
        db.session.commit()
        assert seal() == []
        worker.run_daily()
        assert seals.count_waiting() == 0
        assert sum(seals.verify()) == 2


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = 7", "DELETE FROM {}"])
def test_the_database_refuses(app, table, verb):
    column = {"audit_lines": "actor_id", "audit_seals": "lines", "audit_links": "seal_id"}[table]
    with app.app_context():
        write("a")
        seal()
        with pytest.raises(sa.exc.DatabaseError, match="append-only"):
            db.session.execute(sa.text(verb.format(table, column)))
        db.session.rollback()
        assert sum(seals.verify()) == 1


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", TABLES)
def test_nothing_takes_the_place_of_a_line(app, table):
    """REPLACE is a way to delete that asks no trigger of DELETE."""
    with app.app_context():
        write("a")
        seal()
        with pytest.raises(sa.exc.DatabaseError, match="append-only"):
            db.session.execute(sa.text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))
        db.session.rollback()
        audit.record_once("said", GUEST, "test.act", "b")
        db.session.commit()
        again = INSERT.format(77).replace("facts)", "facts, once)").replace("'{}')", "'{}', 'said')")
        db.session.execute(sa.text(again.replace("INSERT", "INSERT OR REPLACE")))
        db.session.commit()
        assert list(db.session.scalars(sa.select(AuditLine.subject).order_by(AuditLine.id))) == ["a", "b"]


LINE = "(SELECT min(id) + 1 FROM audit_lines)"
BENDINGS = {
    "bent: line {1} of seal 1": f"UPDATE audit_lines SET reason = 'nothing' WHERE id = {LINE}",
    "missing: line {1} of seal 1": f"DELETE FROM audit_lines WHERE id = {LINE}",
    "missing: 1 of the lines {0} to {2} that seal 1 covers": f"DELETE FROM audit_links WHERE line_id = {LINE}",
    "bent: seal 1, or which lines it covers": "UPDATE audit_seals SET at = '2026-01-01 00:00:00' WHERE id = 1",
    "missing: seal 1": "DELETE FROM audit_seals WHERE id = 1",
    "cut: seal 2, which covered line {3}": "DELETE FROM audit_seals WHERE id = 2",
    "missing: line {3} of seal 2": "DELETE FROM audit_lines WHERE subject = 'd'",
}


@pytest.mark.parametrize("named", BENDINGS)
def test_what_was_bent_is_named(app, named):
    with app.app_context():
        write("a", "b", "c")
        seal()
        write("d")
        seal()
        known = ids()
        behind_our_back(BENDINGS[named])
        with pytest.raises(seals.LogBroken) as broken:
            list(seals.verify())
        assert str(broken.value) == named.format(*known)
        db.session.rollback()
    answer = run(app, "verify")
    assert answer.exit_code == 1
    assert broken.value.entry in answer.output


def test_a_log_that_is_whole(app):
    with app.app_context():
        write("a", "b")
    assert "2 lines sealed" in run(app, "seal").output
    with app.app_context():
        write("c")
    answer = run(app, "verify")
    assert answer.exit_code == 0
    assert "2 lines sealed by 1 seals, 1 wait for the next." in answer.output


def cut_off() -> None:
    behind_our_back("DELETE FROM audit_lines WHERE id IN (SELECT line_id FROM audit_links WHERE seal_id = 2)")
    behind_our_back("DELETE FROM audit_links WHERE seal_id = 2")
    behind_our_back("DELETE FROM audit_seals WHERE id = 2")


def write_anew() -> None:
    """The whole chain once more, over lines that say something else."""
    behind_our_back("DELETE FROM audit_links")
    behind_our_back("DELETE FROM audit_seals")
    behind_our_back("UPDATE audit_lines SET reason = 'nothing' WHERE subject = 'a'")
    seal(everything=True)
    write("c")
    seal()


@pytest.mark.parametrize(("bend", "named"), [(cut_off, "Cut: the log ends with seal 1"), (write_anew, "written anew")])
def test_a_checkpoint_knows_what_the_chain_cannot(app, tmp_path, bend, named):
    file = tmp_path / "checkpoint.json"
    with app.app_context():
        write("a")
        seal()
        write("b")
        seal()
    file.write_text(run(app, "checkpoint").output)
    kept = json.loads(file.read_text())
    assert (kept["seal"], kept["lines"], len(kept["digest"])) == (2, 2, 64)
    assert run(app, "verify", "--checkpoint", str(file)).exit_code == 0
    with app.app_context():
        bend()
    assert run(app, "verify").exit_code == 0
    answer = run(app, "verify", "--checkpoint", str(file))
    assert answer.exit_code == 1
    assert named in answer.output


@pytest.mark.parametrize("change", [{"lines": 1}, {"signed": "x.y.z"}, {"seal": 0}])
def test_a_checkpoint_that_was_changed_is_refused(app, tmp_path, change):
    file = tmp_path / "checkpoint.json"
    kept = json.loads(run(app, "checkpoint").output)
    assert (kept["seal"], kept["lines"]) == (0, 0)
    file.write_text(json.dumps(kept | change | {"moment": "2020-01-01"}))
    answer = run(app, "verify", "--checkpoint", str(file))
    assert answer.exit_code == 1
    assert "not signed by this installation" in answer.output
    file.write_text("[]")
    assert "not a checkpoint" in run(app, "verify", "--checkpoint", str(file)).output


def test_links_and_lines_are_as_many(app):
    with app.app_context():
        write("a", "b")
        seal()
        count = db.session.scalar(sa.select(sa.func.count()).select_from(AuditLink))
        assert count == len(ids()) == seals.count_sealed()
