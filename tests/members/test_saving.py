"""Saving a profile writes what changed and nothing else, however many save at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.core import clock
from alumni.core.db import among, db
from alumni.core.ready import Ready
from alumni.core.viewer import Viewer
from alumni.members import actions
from alumni.members.actions import ProfileDraft
from alumni.members.models import Audience, Listing, Member, Posting, Term
from tests.cast import Cast


def writes(app: Any, run: Any) -> list[str]:
    """The tables that something writes to, one for each statement."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        words = statement.split()
        if words[0] in ("INSERT", "UPDATE", "DELETE"):
            said.append(f"{words[0]} {words[1 if words[0] == 'UPDATE' else 2]}")

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    run()
    sa.event.remove(engine, "before_cursor_execute", note)
    return said


def save(browser: Any, body: dict[str, str]) -> Any:
    return browser.send("/api/v1/me", body, method="PUT")


def test_what_stays_is_not_written_again(app, cast, browse, read):
    alice = browse(Cast.alice)
    profile = {"country": "LA", "city": "Vientiane", "headline": "Teacher"}
    audiences = {"place_audience": "members", "work_audience": "groups"}
    assert save(alice, {**profile, **audiences}).status_code == 200
    everything = [sa.select(*model.__table__.columns) for model in (Listing, Posting, Term)]
    before = [read(select) for select in everything]
    assert writes(app, lambda: save(alice, profile)) == ["UPDATE members"]
    assert [read(select) for select in everything] == before

    # Only her groups see what she does.
    said = writes(app, lambda: save(alice, {"headline": "Head teacher"}))
    assert said == ["UPDATE members", "INSERT listings"]

    # Members and groups see where she lives and find her by it; a job looks which groups take her in for it.
    said = writes(app, lambda: save(alice, {"country": "KE"}))
    found = ["INSERT terms", "UPDATE terms", "DELETE postings", "INSERT postings"]
    assert said == ["UPDATE members", "INSERT listings", "INSERT listings", *found, "INSERT jobs"]
    assert [item["handle"] for item in alice.get("/api/v1/members?country=KE").json["items"]] == [
        alice.get("/api/v1/me").json["handle"]
    ]
    assert alice.get("/api/v1/members?country=LA").json["items"] == []


def test_an_audience_that_may_not_see_the_name_has_no_row_left(app, cast, browse, read):
    alice = browse(Cast.alice)
    for first, second in (("public", "groups"), ("groups", "members"), ("members", "only_me")):
        save(alice, {"name_audience": first})
        save(alice, {"name_audience": second})
        handle = alice.get("/api/v1/me").json["handle"]
        rows = read(sa.select(Listing.audience).where(Listing.handle == handle).order_by(Listing.audience))
        order = [Audience.ONLY_ME, Audience.GROUPS, Audience.MEMBERS, Audience.PUBLIC]
        assert [row.audience for row in rows] == order[1 : order.index(Audience(second)) + 1]


@pytest.mark.parametrize("ids", [[], [1], list(range(500))])
def test_among_any_number_of_values(app, cast, ids):
    with app.app_context():
        known = set(db.session.scalars(sa.select(Account.id)))
        found = Ready(sa.select(Account.id).where(among(Account.id, "ids")), {"ids": ids}).all()
        assert {row.id for row in found} == known & set(ids)
        words = ["it's", 'a "b"', "{c,d}", "é", str(db.session.scalar(sa.select(sa.func.min(Account.handle))))]
        found = Ready(sa.select(Account.handle).where(among(Account.handle, "words")), {"words": words}).all()
        assert [row.handle for row in found] == words[-1:]


@pytest.mark.alone
def test_many_save_at_once_and_every_term_counts_right(alone):
    """They move between the same countries in opposite directions, so each takes from the terms that others add to."""
    with alone.app_context():
        states = {"state": AccountState.ACTIVE, "is_verified": True, "created_at": clock.now()}
        db.session.execute(sa.insert(Account), [{"email": f"p{n}@example.org", **states} for n in range(12)])
        ids = list(db.session.scalars(sa.select(Account.id)))
        open_to_all = {"name_audience": Audience.PUBLIC, "place_audience": Audience.PUBLIC}
        db.session.execute(sa.insert(Member), [{"account_id": id, "name": f"Ann {id}", **open_to_all} for id in ids])
        db.session.commit()

    def move(account_id: int) -> None:
        places = ["LA", "KE", "BR"] if account_id % 2 else ["BR", "KE", "LA"]
        for place in [*places * 2, places[account_id % 3]]:
            with alone.app_context():
                actions.save_profile(Viewer(id=account_id), ProfileDraft(country=place))
                db.session.commit()
                db.session.remove()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(move, ids))
    with alone.app_context():
        counted = sa.select(sa.func.count()).where(Posting.term_id == Term.id).scalar_subquery()
        rows = db.session.execute(sa.select(Term.facet, Term.term, Term.people, counted)).all()
        assert all(people == count for _, _, people, count in rows)
        assert sum(people for facet, _, people, _ in rows if facet == "country") == 3 * len(ids)
