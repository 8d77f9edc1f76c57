"""All listings anew: what comes out is what saving each profile would have written."""

import sqlalchemy as sa

from alumni import worker
from alumni.core import jobs
from alumni.core.db import db
from alumni.members import actions
from alumni.members.actions import rebuild as rebuild_module
from alumni.members.models import Listing, Member, Posting, Term
from alumni.programmes.models import Programme

LISTINGS = sa.select(Listing.account_id, Listing.audience, Listing.name, Listing.country, Listing.programme_line)
POSTINGS = sa.select(Posting.account_id, Term.audience, Term.facet, Term.term, Posting.sort_key).join(
    Term, Term.id == Posting.term_id
)
COUNTS = sa.select(Term.audience, Term.facet, Term.term, Term.people).where(Term.people > 0)


def everything() -> list[set]:
    return [set(db.session.execute(select)) for select in (LISTINGS, POSTINGS, COUNTS)]


def test_nothing_changes_where_everything_is_right(app, cast):
    with app.app_context():
        before = everything()
        assert all(before)
        assert sum(count for _, count in actions.rebuild_listings()) == 8
        assert everything() == before


def test_what_was_lost_or_wrong_is_right_again(app, cast):
    with app.app_context():
        before = everything()
        someone = db.session.scalars(sa.select(Member.account_id).limit(1)).one()
        db.session.execute(sa.delete(Listing).where(Listing.account_id == someone))
        gone = sa.select(Posting.term_id).where(Posting.account_id == someone)
        db.session.execute(sa.update(Term).where(Term.id.in_(gone)).values(people=Term.people - 1))
        db.session.execute(sa.delete(Posting).where(Posting.account_id == someone))
        db.session.execute(sa.update(Listing).values(name="Nobody"))
        list(actions.rebuild_listings())
        assert everything() == before


def test_stopped_it_goes_on_where_it_was(app, cast, monkeypatch):
    monkeypatch.setattr(rebuild_module, "CHUNK", 3)
    with app.app_context():
        before = everything()
        db.session.execute(sa.update(Listing).values(name="Nobody"))
        last, count = next(actions.rebuild_listings())
        assert count == 3
        renamed = sa.select(sa.func.count(Listing.account_id.distinct())).where(Listing.name != "Nobody")
        assert db.session.scalar(renamed) == 3
        assert [count for _, count in actions.rebuild_listings(after=last)] == [3, 2]
        assert everything() == before


def test_as_a_job_it_takes_a_chunk_at_a_time(app, cast, monkeypatch):
    monkeypatch.setattr(rebuild_module, "CHUNK", 3)
    with app.app_context():
        db.session.execute(sa.update(Listing).values(name="Nobody"))
        jobs.enqueue(actions.REBUILD, after=0)
        db.session.commit()
        assert worker.run_due() == 4
        assert not db.session.scalar(sa.select(sa.func.count()).where(Listing.name == "Nobody"))


def test_the_command_says_how_many(app, cast):
    result = app.test_cli_runner().invoke(args=["listings", "rebuild"])
    assert result.exit_code == 0, result.output
    assert "8 members" in result.output


def test_a_programme_with_another_name_has_it_everywhere(app, cast, browse):
    with app.app_context():
        programme = db.session.scalars(sa.select(Programme).where(Programme.slug == cast.programme)).one()
        programme.short = "Renamed"
        programme_lines = sa.select(Listing.programmes).join(Member, Member.account_id == Listing.account_id)
        actions.promise_listings(programme)
        db.session.commit()
        assert worker.run_due() == 2
        shown = [part["programme_name"] for parts in db.session.scalars(programme_lines) for part in parts]
        assert set(shown) == {"Renamed"}
