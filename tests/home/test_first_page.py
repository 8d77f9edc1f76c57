"""The first page: for visitors, and "your cohort"."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.db import db
from alumni.core.viewer import GUEST
from alumni.events.models import Attendance, AttendanceState, EventAudience
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.members.models import Member, Participation, ParticipationState
from alumni.programmes.models import Bound, Family, Figure, Programme
from tests import builders
from tests.cast import Cast


@contextmanager
def counted(app) -> Iterator[list[str]]:
    """The statements that are sent meanwhile, savepoints left out."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)


def one(model, *where):
    return db.session.scalars(sa.select(model).where(*where)).one()


def member_of(email: str) -> Member:
    return db.session.get_one(Member, one(Account, Account.email == email).id)


@pytest.fixture
def world(app, cast):
    """A line of three programmes, a head count, a figure, events and posts."""
    with app.app_context():
        programme = one(Programme, Programme.slug == cast.programme)
        before = builders.make_programme("jenesys2015", year_from=2015)
        builders.make_programme("jenesys2017", year_from=2017, predecessor_id=programme.id)
        programme.predecessor_id = before.id
        group, other = one(Group, Group.slug == cast.group), one(Group, Group.slug == cast.other_group)
        db.session.execute(sa.text("UPDATE cohorts SET head_count = 46 WHERE slug = 'jenesys2016-batch-16'"))
        db.session.add(
            Figure(
                slug="f1",
                programme_id=before.id,
                value=14200,
                bound=Bound.ABOUT,
                population="persons invited",
                source="A published list",
                is_in_seed=True,
            )
        )
        builders.make_event(group, title="Closed reunion")
        builders.make_event(group, title="Open fair", audience=EventAudience.PUBLIC, starts_in=timedelta(days=9))
        builders.make_event(group, title="Hidden fair", audience=EventAudience.PUBLIC, hidden_at=clock.now())
        builders.make_event(other, title="Evening of others", starts_in=timedelta(days=3))
        builders.make_post(group, member_of(cast.alice), "Who has the photographs?")
        builders.make_post(group, member_of(cast.alice), "Hidden words", hidden_at=clock.now())
        builders.make_post(other, member_of(cast.carol), "Only for the others")
        db.session.commit()
    return cast


def test_a_visitor_reads_what_it_is(app, world, browse):
    with counted(app) as sent:
        page = browse("").get("/")
    assert page.status_code == 200
    assert len(sent) <= 3, sent
    assert page.text.count("<h1") == 1
    assert "JENESYS family" in page.text
    assert "about 14,200" in page.text
    assert "A published list" in page.text
    assert "Open fair" in page.text
    for secret in ("Closed reunion", "Hidden fair", "Alice", "photographs"):
        assert secret not in page.text
    assert '<form action="/cohorts" method="get"' in page.text
    assert '<option value="jenesys2016">JENESYS2016</option>' in page.text
    assert '<option value="LA">Laos</option>' in page.text
    assert '<option value="2016">2016</option>' in page.text
    assert "Set-Cookie" not in page.headers
    found = browse("").get("/cohorts?programme=jenesys2016&year=2016&country=LA")
    assert "JENESYS2016 16th Batch" in found.text


def test_an_empty_installation_is_honest(app, browse):
    page = browse("").get("/")
    assert page.status_code == 200
    assert "not loaded yet" in page.text
    assert "No public event is planned" in page.text


def test_a_family_shows_a_result_rather_than_a_plan(app, world, browse):
    with app.app_context():
        programme = one(Programme, Programme.slug == world.programme)
        plan = {"bound": Bound.EXPECTED, "is_planned": True, "is_in_seed": True, "source": "A plan"}
        db.session.add(Figure(slug="f0", programme_id=programme.id, value=30000, **plan))
        db.session.add(Family(slug="wa", name="WA Project", position=2))
        db.session.commit()
    page = browse("").get("/")
    assert "about 14,200" in page.text
    assert "30,000" not in page.text
    assert "WA Project" in page.text  # without a figure


def test_a_member_sees_their_cohort(app, world, browse):
    bob = browse(world.bob)
    with counted(app) as sent:
        page = bob.get("/")
    assert page.status_code == 200
    assert len(sent) <= 6, sent
    assert page.text.count("<h1") == 1
    for text in ("JENESYS2015", "JENESYS2016", "JENESYS2017", "3 of 46 people are here", "Alice Phommasan"):
        assert text in page.text
    assert "Closed reunion" in page.text
    assert "Open fair" in page.text
    assert "Who has the photographs?" in page.text
    for secret in ("Evening of others", "Only for the others", "Hidden", "Mallory", "Carol Sok"):
        assert secret not in page.text
    assert "Are you coming?" in page.text  # to what is next, and not answered yet


def test_once_answered_nothing_is_asked(app, world, browse):
    with app.app_context():
        bob = one(Account, Account.email == world.bob).id
        for event_id in db.session.execute(sa.text("SELECT id FROM events")).scalars().all():
            db.session.add(Attendance(account_id=bob, event_id=event_id, state=AttendanceState.GOING))
        db.session.commit()
    page = browse(world.bob).get("/")
    assert "You are going" in page.text
    assert "Are you coming?" not in page.text


def test_one_next_thing_for_each(app, world, browse):
    with app.app_context():
        builders.make_account("new@example.org")
        db.session.commit()
    assert "Make your profile" in browse("new@example.org").get("/").text
    assert "Which programme were you on?" in browse(world.mona).get("/").text
    waits = browse(world.nia).get("/").text
    assert "Your claim is being checked" in waits
    assert "/claims/" in waits
    for secret in ("3 of 46", "Alice", "photographs", "Closed reunion"):
        assert secret not in waits


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (ParticipationState.ASKED, "One more question about your claim"),
        (ParticipationState.DECLINED, "Your claim was declined"),
        (ParticipationState.REVOKED, "Your claim was declined"),
    ],
)
def test_a_claim_says_where_it_stands(app, world, browse, state, text):
    with app.app_context():
        nia = one(Account, Account.email == world.nia).id
        db.session.execute(sa.update(Participation).where(Participation.account_id == nia).values(state=state))
        db.session.commit()
    assert text in browse(world.nia).get("/").text


def test_a_cohort_of_one_learns_how_to_invite(app, cast, browse):
    with app.app_context():
        cohort = builders.make_cohort(one(Programme, Programme.slug == cast.programme), title="JENESYS2016 Tohoku")
        group = builders.make_cohort_group(cohort, slug="tohoku")
        lone = builders.make_member("Sokha", email="lone@example.org")
        builders.take_part(lone, cohort)
        db.session.commit()
        assert "Join its group" in browse("lone@example.org").get("/").text
        builders.join(lone, group)
        db.session.commit()
    page = browse("lone@example.org").get("/").text
    assert "You are the first" in page
    assert "http://localhost/groups/tohoku" in page
    assert "1 person is here" in page


def test_whoever_was_removed_sees_nothing_of_the_group(world, browse):
    page = browse(world.mallory).get("/")
    assert page.status_code == 200
    for secret in ("Closed reunion", "photographs", "Alice", "ບຸນມີ", "Join its group"):
        assert secret not in page.text


def test_whom_one_has_blocked_does_not_show(app, world, browse):
    with app.app_context():
        bob, alice = member_of(world.bob).account_id, member_of(world.alice).account_id
        db.session.execute(sa.text(f"INSERT INTO blocks VALUES ({alice}, {bob}, '2026-01-01')"))
        db.session.commit()
    page = browse(world.bob).get("/").text
    assert "Alice Phommasan" not in page
    assert "photographs" not in page


def test_a_suspended_member_reads_why_and_until_when(app, world, browse):
    with app.app_context():
        one(Account, Account.email == world.sue).suspension_reason = "Sold addresses."
        db.session.commit()
    page = browse(world.sue).get("/")
    assert page.status_code == 200
    assert "Sold addresses." in page.text
    for secret in ("Closed reunion", "photographs", "Alice", "3 of 46"):
        assert secret not in page.text


@pytest.mark.parametrize("path", ["/privacy", "/terms", "/accessibility", "/dev/mail"])
@pytest.mark.parametrize("who", ["guest", "bob"])
def test_the_pages_of_the_house(cast, browse, path, who):
    page = browse(getattr(Cast, who)).get(path)
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    for language in ("ja", "en-XA"):
        assert browse(getattr(Cast, who)).get(f"{path}?lang={language}").status_code == 200


def test_the_mail_folder_shows_letters(app, browse):
    folder = app.config["ALUMNI"].instance / "mail"
    folder.mkdir(exist_ok=True)
    letter = folder / "1.test.eml"
    letter.write_text("To: bob@example.org\nSubject: Hello <b>\n\nFirst.\n\nhttp://localhost/x\n")
    try:
        page = browse("").get("/dev/mail").text
    finally:
        letter.unlink()
    assert "Hello &lt;b&gt;" in page
    assert '<a href="http://localhost/x">' in page


def test_a_cohort_is_found_by_what_the_list_of_cohorts_offers(app, cast):
    with app.app_context():
        group = one(Group, Group.slug == cast.group)
        for visibility in ("public", "members"):
            group.visibility = visibility
            db.session.flush()
            offered = groups_queries.list_choices(GUEST, groups_queries.Filters(kind="cohort"))
            expected = [(each.name, each.value, each.label) for each in offered if each.name != "kind"]
            assert [tuple(row) for row in groups_queries.list_cohort_choices(GUEST)] == expected
        assert expected
