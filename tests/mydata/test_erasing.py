"""Thirty days later: nothing of a person is left, whoever is left counts right, and a crash loses nothing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.claims.models import Vouch
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import Base, db
from alumni.events.models import Attendance, AttendanceState, Event
from alumni.groups.models import Group
from alumni.members.models import CareerEntry, CareerKind, Member, Participation, Term
from alumni.moderation import actions as moderation_actions
from alumni.moderation.models import Appeal, Report, ReportReason
from alumni.mydata import actions
from alumni.mydata.actions import lists
from alumni.mydata.models import Closing
from alumni.mydata.models.record import PEOPLE, Erasure
from alumni.mydata.queries import PERSONS
from alumni.outreach.models import OutreachEntry, OutreachKind
from alumni.posts.models import Post
from alumni.programmes.models import Cohort
from alumni.reports.models import EventReport
from alumni.rosters.models import EntryMark, RosterEntry
from tests import builders
from tests.cast import Cast, viewer_of
from tests.permissions import make_world

NAME, ROMANISED = "ບຸນມີ ວົງສາ", "Bounmy"


@pytest.fixture
def life(app):
    """Bob in all rooms: what the world of the permissions has of him, and some more."""
    with app.app_context():
        make_world()
        bob = person(Cast.bob)
        group = db.session.scalars(sa.select(Group).where(Group.slug == "jenesys2016-batch-16")).one()
        entry = CareerEntry(kind=CareerKind.WORK, title="Baker", year_from=2019, account_id=bob.account_id)
        told = OutreachEntry(
            account_id=bob.account_id,
            kind=OutreachKind.TALK,
            title="A talk",
            held_on="2026-05-01",
            year=2026,
            words="W",
        )
        alices = builders.make_post(group, person(Cast.alice), "Alice asks.", answers_count=1)
        answer = builders.make_post(group, bob, "I am Bounmy and I answer.", parent_id=alices.id)
        event = builders.make_event(group, capacity=5, seats_taken=2, title="Full")
        going = Attendance(event_id=event.id, account_id=bob.account_id, state=AttendanceState.GOING, party=2)
        snapshot = {"kind": "post", "title": "Bounmy", "body": "I am", "author": viewer_of(Cast.bob).handle}
        snapshot |= {"place": "", "url": "/", "audience": "members"}
        report = Report(post_id=answer.id, reason=ReportReason.SPAM, snapshot=snapshot, reporter_id=bob.account_id)
        cohort = db.session.scalars(sa.select(Cohort).where(Cohort.slug == "jenesys2016-batch-16")).one()
        its = sa.select(Participation).where(Participation.account_id == bob.account_id)
        participation = db.session.scalars(its).one()
        listed = builders.make_entry(cohort, "VONGSA Somebody", participation_id=participation.id)
        nias = sa.select(Participation).where(Participation.account_id == viewer_of(Cast.nia).id)
        quotes = [{"words": "We met again.", "by": "bounmy vongsa"}, {"words": "So did I.", "by": "Alice"}]
        db.session.add(EventReport(event_id=event.id, quotes=quotes))
        vouch = Vouch(participation_id=db.session.scalars(nias).first().id, voucher_id=bob.account_id)
        db.session.add_all([entry, told, going, report, vouch])
        db.session.commit()
        return {"bob": bob.account_id, "event": event.id, "asked": alices.id, "answer": answer.id, "entry": listed.id}


def person(email):
    return db.session.get_one(Member, viewer_of(email).id)


def erase(app, account_id, *, keeps_posts=True):
    with app.app_context():
        now = clock.now()
        db.session.add(Closing(account_id=account_id, keeps_posts=keeps_posts, erase_at=now))
        actions_of = actions.erase_due(now)
        for _ in actions_of:
            db.session.commit()
        db.session.commit()


def pointing_to(account_id: int) -> set[str]:
    """Tables with a row that points to a person."""
    found = set()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if PERSONS & {key.target_fullname for key in column.foreign_keys} and db.session.scalar(
                sa.select(sa.func.count()).select_from(table).where(column == account_id)
            ):
                found.add(table.name)
    return found


def everything() -> str:
    return "\n".join(
        str(tuple(row)) for table in Base.metadata.sorted_tables for row in db.session.execute(sa.select(table))
    )


def test_nothing_of_a_person_is_left(app, life):
    with app.app_context():
        before = pointing_to(life["bob"])
        assert len(before) > 12, before
        assert NAME in everything()
    erase(app, life["bob"], keeps_posts=False)
    with app.app_context():
        kept = {name for name, its in PEOPLE.items() if its.erasure == Erasure.KEPT}
        assert pointing_to(life["bob"]) <= kept
        account = db.session.get_one(Account, life["bob"])
        assert (account.state, account.email) == (AccountState.CLOSED, f"closed:{account.handle}")
        assert (account.password_hash, account.is_verified, account.terms_agreed_at) == ("", False, None)
        whole = everything()
        for word in (NAME, ROMANISED, Cast.bob):
            assert word not in whole, [line for line in whole.splitlines() if word in line]


def test_who_is_left_counts_right(app, life, read):
    erase(app, life["bob"], keeps_posts=False)
    group = read(sa.select(Group).where(Group.slug == "jenesys2016-batch-16"))[0][0]
    with app.app_context():
        table = Base.metadata.tables["memberships"]
        active = sa.select(sa.func.count()).where(table.c.group_id == group.id, table.c.state == "active")
        assert group.members_count == db.session.scalar(active)
        assert db.session.get_one(Event, life["event"]).seats_taken == 0
        assert db.session.get_one(Post, life["asked"]).answers_count == 0
        words = db.session.scalars(sa.select(Term.people).where(Term.facet == "name", Term.term == "bounmy")).all()
        assert set(words) <= {0}
        entry = db.session.get_one(RosterEntry, life["entry"])
        assert (entry.participation_id, entry.mark) == (None, EntryMark.DO_NOT_CONTACT)
        told = db.session.scalars(sa.select(OutreachEntry).where(OutreachEntry.title == "–")).all()
        assert {(each.account_id, each.words) for each in told} == {(None, "")}


def test_posts_stay_without_a_name_if_chosen(app, life, browse):
    erase(app, life["bob"])
    with app.app_context():
        post = db.session.get_one(Post, life["answer"])
        assert (post.author_id, post.body) == (None, "I am Bounmy and I answer.")
    page = browse(Cast.alice).get("/groups/jenesys2016-batch-16/posts")
    assert page.status_code == 200


def test_pages_that_named_somebody_still_open(app, life, browse):
    erase(app, life["bob"], keeps_posts=False)
    alice, mona, sam = browse(Cast.alice), browse(Cast.mona), browse(Cast.sam)
    for path in ("", "/members", "/posts", "/events", "/roles", "/meetings"):
        assert alice.get(f"/groups/jenesys2016-batch-16{path}").status_code in (200, 303, 404), path
    assert mona.get("/moderation").status_code == 200
    with app.app_context():
        keys = db.session.scalars(sa.select(Report.key)).all()
    for key in keys:
        assert mona.get(f"/moderation/{key}").status_code == 200
    for path in ("/moderation/log", "/desk", "/rosters"):
        assert sam.get(path).status_code == 200, path


def test_words_go_from_appeals_and_from_messages_around_a_report(app, life, read):
    """The words of the other one in a reported conversation stay for whoever decides."""
    with app.app_context():
        bob, carol = person(Cast.bob), person(Cast.carol)
        handle = db.session.get_one(Account, bob.account_id).handle
        lines = [{"author": handle, "body": "of Bob"}, {"author": "other", "body": "of another"}]
        thing = {"kind": "message", "title": "", "body": "reported", "author": "other", "around": lines}
        reported = Report(reason=ReportReason.SPAM, snapshot=thing, reporter_id=bob.account_id)
        decided = Report(
            reason=ReportReason.SPAM,
            snapshot=thing | {"kind": "post", "author": handle, "around": []},
            about_id=bob.account_id,
            reporter_id=carol.account_id,
        )
        db.session.add_all([reported, decided])
        db.session.flush()
        db.session.add(Appeal(report_id=decided.id, words="My own story."))
        list(moderation_actions.forget_person(bob.account_id, handle))
        db.session.commit()
        of_message, of_post = reported.id, decided.id
    snapshots = dict(read(sa.select(Report.id, Report.snapshot).where(Report.id.in_([of_message, of_post]))))
    assert [line["body"] for line in snapshots[of_message]["around"]] == ["", "of another"]
    assert (snapshots[of_message]["body"], snapshots[of_post]["body"]) == ("reported", "")
    assert read(sa.select(Appeal.words).where(Appeal.report_id == of_post)) == [("",)]


def test_it_is_written_down_once_by_number(app, life, read):
    erase(app, life["bob"])
    erase_again = [row.subject for row in read(sa.select(AuditLine.subject).where(AuditLine.action == "account.erase"))]
    assert len(erase_again) == 1
    assert erase_again[0].startswith("account:")


def test_what_stops_it_loses_nothing(app, life):
    """Each step is done for good: stopped after any of them, the next run ends the work."""
    with app.app_context():
        db.session.add(Closing(account_id=life["bob"], keeps_posts=False, erase_at=clock.now()))
        db.session.commit()
        for _ in range(100):
            steps = actions.erase_due(clock.now())
            if next(steps, None) is None:
                break
            db.session.commit()
            steps.close()
        assert db.session.get_one(Account, life["bob"]).state == AccountState.CLOSED
        assert db.session.scalar(sa.select(sa.func.count()).where(AuditLine.action == "account.erase")) == 1


def test_the_list_is_read_as_it_was_written(app, life):
    erase(app, life["bob"])
    with app.app_context():
        handle = db.session.get_one(Account, life["bob"]).handle
        assert actions.keep_list() == actions.keep_list()
        (one,) = [each for each in actions.kept_list() if each.handle == handle]
        assert lists.read_lines(lists.write_lines([one])) == [one]
    for nonsense in ("{}", "[]", "no", '{"handle": 1}'):
        with pytest.raises(ValueError):
            lists.read_lines(nonsense)


def test_a_quote_stays_without_the_name(app, life, read):
    erase(app, life["bob"])
    [(quotes,)] = read(sa.select(EventReport.quotes).where(EventReport.event_id == life["event"]))
    assert quotes == [{"words": "We met again.", "by": ""}, {"words": "So did I.", "by": "Alice"}]
