"""Selects that go to the driver as text: the same rows, values and errors as by SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from alumni.accounts.models import Account, AccountState
from alumni.core import prepared
from alumni.core.db import connection, db, intend, let_go
from alumni.core.prepared import prepare
from alumni.core.ready import Ready, change, from_now
from tests.browser import Browser
from tests.cast import Cast


def both_ways(select: sa.Select, **values: object) -> tuple[list, list]:
    return Ready(select, values).all(), list(db.session.execute(select, values).all())


def test_values_and_names_are_those_of_the_columns(app: Flask, cast: Cast) -> None:
    select = sa.select(
        Account.handle,
        Account.state,
        Account.is_verified,
        Account.created_at,
        (Account.created_at <= from_now()).label("is_past"),
    ).order_by(Account.id)
    with app.app_context():
        rows, expected = both_ways(select)
        assert len(rows) > 3
        assert rows == [tuple(row) for row in expected]
        first = rows[0]
        assert isinstance(first.state, AccountState)
        assert first.is_verified in (True, False)
        assert first.created_at.tzinfo is not None
        assert first.is_past is True


@pytest.mark.parametrize("text", ["it's", "50 % or %% of :all", "%(name)s", "a\\b", "?1 $1", "__[POSTCOMPILE_x]", 'q"'])
def test_constants_and_values_arrive_as_they_are(app: Flask, text: str) -> None:
    given = sa.bindparam("v_text", type_=sa.String())
    select = sa.select(sa.literal(text).label("constant"), given.label("value"), sa.literal(text).in_([text, "x"]))
    with app.app_context():
        rows, expected = both_ways(select, v_text=text)
        assert [tuple(row) for row in rows] == [(text, text, True)] == [tuple(row) for row in expected]


def test_what_somebody_typed_never_stands_in_the_text(app: Flask) -> None:
    select = sa.select(Account.id).where(Account.handle == sa.bindparam("v_handle"), Account.state == "active")
    with app.app_context():
        text = prepare(select, db.engine.dialect).text
        assert "'active'" in text
        assert "v_handle" not in text
        assert Ready(select, {"v_handle": "' OR 1 = 1 --"}).all() == []


def test_an_error_is_one_of_sqlalchemy(alone: Flask) -> None:
    with alone.app_context(), pytest.raises(sa.exc.DBAPIError):
        Ready(sa.select(sa.literal_column("1").label("n")).select_from(sa.table("nowhere")), {}).all()


def test_readers_share_one_connection_and_give_it_back(alone: Flask) -> None:
    with alone.app_context():
        pool = db.engine.pool
        intend(to_write=False)
        one = connection()
        db.session.execute(sa.select(Account.id)).all()
        assert connection() is one
        assert pool.checkedout() == 1  # type: ignore[attr-defined]
        intend(to_write=True)
        db.session.remove()
        let_go()
        assert pool.checkedout() == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)  # SQLite is never away
def test_pages_come_back_after_the_database_was_away(alone: Flask, browse: Callable[[str], Browser]) -> None:
    guest = Browser(alone)
    assert guest.client.get("/events").status_code == 200
    with alone.app_context():
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
        db.session.execute(sa.text(f"{others} pg_backend_pid()"))
        intend(to_write=False)
        own = connection()
        db.session.remove()
        let_go()
        assert own.closed
    answers = [guest.client.get("/events").status_code for _ in range(4)]
    assert set(answers) <= {200, 503}
    assert answers[-1] == 200


def test_a_change_says_how_many_rows_it_changed(app: Flask, cast: Cast) -> None:
    rename = sa.update(Account.__table__).where(Account.handle == sa.bindparam("v_handle")).values(zone="Asia/Tokyo")
    with app.app_context():
        handle = db.session.scalar(sa.select(Account.handle).limit(1))
        assert [change(rename, v_handle=handle), change(rename, v_handle="nobody")] == [1, 0]
        assert db.session.scalar(sa.select(Account.zone).where(Account.handle == handle)) == "Asia/Tokyo"


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_only_what_is_built_once_is_planned_once(alone: Flask) -> None:
    known = sa.text("SELECT statement FROM pg_prepared_statements")
    with alone.app_context():
        for n in range(8):
            Ready(sa.select(Account.id).where(Account.handle == sa.bindparam("v_handle")), {"v_handle": str(n)}).all()
            db.session.execute(sa.select(Account.id).where(Account.email == str(n)))
        texts = list(db.session.scalars(known))
    assert [text for text in texts if "handle" in text]
    assert not [text for text in texts if "email" in text]


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_the_server_keeps_so_many_texts_and_no_more(alone: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST_CURSORS", 5)
    given = sa.bindparam("v_number", type_=sa.BigInteger())
    count = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'kept_%'")
    with alone.app_context():
        for n in range(12):
            select = sa.select((given + n).label("sum"))
            assert [row.sum for value in (1, 2**40) for row in Ready(select, {"v_number": value}).all()] == [
                1 + n,
                2**40 + n,
            ]
        assert 0 < db.session.scalar(count) <= 2 * 5  # numbers of two sizes are two types


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_failure_and_a_rollback_leave_what_is_kept_as_good_as_before(alone: Flask) -> None:
    select = sa.select((10 // sa.bindparam("v_number", type_=sa.Integer())).label("tenth"))
    with alone.app_context():
        intend(to_write=True)
        assert [row.tenth for row in Ready(select, {"v_number": 5}).all()] == [2]
        with pytest.raises(sa.exc.DataError):
            Ready(select, {"v_number": 0}).all()
        db.session.rollback()
        assert [row.tenth for row in Ready(select, {"v_number": 2}).all()] == [5]
