"""The gathered letter: in the morning of its reader, with what is new and may be seen, and none where nothing is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine

from alumni import worker
from alumni.accounts.models import Account, AccountState
from alumni.core import clock
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.deliveries.models import Digest, Told
from alumni.events.models import Event, EventAudience
from alumni.groups.models import Group, Membership, MembershipState, Rhythm
from alumni.mailing.models import Kind, LetterChoice
from alumni.members.models import Block, Member
from alumni.posts.models import Post
from tests import builders
from tests.cast import Cast

START = datetime(2027, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def begun(app, cast):
    """Everybody has a first morning; Bob lives in Tokyo and wants news once a day."""
    with time_machine.travel(START, tick=False), app.app_context():
        set_account(Cast.bob, zone="Asia/Tokyo", language="en")
        set_rhythm(Cast.bob, Rhythm.DAILY)
        db.session.commit()
        worker.run_each_minute()
        db.session.remove()


def id_of(email):
    return sa.select(Account.id).where(Account.email == email).scalar_subquery()


def set_account(email, **values):
    db.session.execute(sa.update(Account).where(Account.email == email).values(values))


def set_rhythm(email, rhythm):
    db.session.execute(sa.update(Membership).where(Membership.account_id == id_of(email)).values(rhythm=rhythm))


def write(cast, body="The reunion is in May.", *, at=START + HOUR, by=Cast.alice, **values):
    group = db.session.scalars(sa.select(Group).where(Group.slug == cast.group)).one()
    author = db.session.scalars(sa.select(Member).where(Member.account_id == id_of(by))).one()
    post = builders.make_post(group, author, body, created_at=at, **values)
    db.session.commit()
    return post


def live(app, *, until, start=START, step=HOUR):
    """The worker, hour by hour."""
    at = start
    while at <= until:
        with time_machine.travel(at, tick=False), app.app_context():
            worker.run_each_minute()
            worker.run_due()
            db.session.remove()
        at += step


def to(postbox, email):
    return [letter for letter in postbox.letters if letter["To"] == email]


def text_of(letter):
    return letter.get_body(("plain",)).get_content()


def test_daily_in_the_morning_of_the_reader_and_once(app, cast, postbox, read):
    with app.app_context():
        write(cast)
    sent_at = []
    for hour in range(48):
        before = len(to(postbox, Cast.bob))
        live(app, start=START + hour * HOUR, until=START + hour * HOUR)
        sent_at += [START + hour * HOUR] * (len(to(postbox, Cast.bob)) - before)
    assert [at.astimezone(ZoneInfo("Asia/Tokyo")).hour for at in sent_at] == [7]
    [letter] = to(postbox, Cast.bob)
    assert letter["Subject"] == "What is new for you"
    assert letter["List-Id"] == "<digest.letters.localhost>"
    assert "The reunion is in May." in text_of(letter)
    assert letter.get_body(("html",)) is not None
    with app.app_context():
        write(cast, "And in June.", at=START + 3 * DAY)
    live(app, start=START + 2 * DAY, until=START + 4 * DAY)
    assert ["May" in text_of(one) for one in to(postbox, Cast.bob)] == [True, False]


def test_weekly_for_who_never_chose_and_nothing_where_nothing_is(app, cast, postbox):
    with app.app_context():
        write(cast, by=Cast.bob)
    live(app, until=START + 9 * DAY, step=3 * HOUR)
    assert len(to(postbox, Cast.alice)) == 1
    assert "The reunion is in May." in text_of(to(postbox, Cast.alice)[0])
    assert to(postbox, Cast.bob) == []  # he wrote it
    assert to(postbox, Cast.carol) == to(postbox, Cast.sue) == to(postbox, Cast.mallory) == []


@pytest.mark.parametrize("change", ["left", "muted", "blocked", "hidden", "suspended", "told", "no digest"])
def test_what_may_not_be_seen_any_more_is_not_said(app, cast, postbox, change):
    with app.app_context():
        post = write(cast)
        if change == "left":
            gone = {"state": MembershipState.LEFT, "joined_at": None}
            db.session.execute(sa.update(Membership).where(Membership.account_id == id_of(Cast.bob)).values(gone))
        elif change == "muted":
            set_rhythm(Cast.bob, Rhythm.NONE)
        elif change == "blocked":
            ids = [db.session.scalar(sa.select(id_of(email))) for email in (Cast.bob, Cast.alice)]
            db.session.add(Block(blocker_id=ids[0], blocked_id=ids[1]))
        elif change == "hidden":
            post.hidden_at = clock.now()
        elif change == "suspended":
            set_account(Cast.bob, state=AccountState.SUSPENDED)
        elif change == "told":
            bob_id = db.session.scalar(sa.select(id_of(Cast.bob)))
            db.session.add(Told(account_id=bob_id, about=f"post:{post.key}", job_id=1, written_at=START))
        else:
            bob_id = db.session.scalar(sa.select(id_of(Cast.bob)))
            db.session.add(LetterChoice(account_id=bob_id, kind=Kind.DIGEST, rhythm=Rhythm.NONE))
        db.session.commit()
    live(app, until=START + DAY)
    assert to(postbox, Cast.bob) == []


def test_what_waits_and_what_is_near(app, cast, postbox):
    with app.app_context():
        group = db.session.scalars(sa.select(Group).where(Group.slug == cast.group)).one()
        other = builders.make_group("Tea houses")
        carol = db.session.scalars(sa.select(Member).where(Member.account_id == id_of(Cast.carol))).one()
        builders.join(carol, group, state=MembershipState.REQUESTED)
        facts = {"audience": EventAudience.PUBLIC, "created_at": START + HOUR}
        wall = (START + 20 * DAY).replace(tzinfo=None)
        near = builders.make_event(other, title="Tea in Vientiane", wall_start=wall, country="LA", **facts)
        far = builders.make_event(other, title="Tea in Lima", wall_start=wall, country="PE", **facts)
        own = builders.make_event(other, title="Quiet tea", wall_start=wall, country="LA", **facts)
        own.audience = EventAudience.GROUP
        db.session.commit()
        assert near.slug != far.slug
    live(app, until=START + 8 * DAY, step=3 * HOUR)
    said = "".join(text_of(letter) for letter in to(postbox, Cast.alice))
    assert "1 person asks to join" in said
    assert "Tea in Vientiane" in said
    assert "Tea in Lima" not in said
    assert "Quiet tea" not in said
    officers = "".join(text_of(letter) for letter in to(postbox, Cast.olga))
    assert "Claims wait at your desk." in officers
    assert to(postbox, Cast.otto) == []


def test_the_longest_letter_is_small(app, cast, postbox):
    with app.app_context():
        set_account(Cast.bob, language="ja")
        for n in range(30):
            write(cast, "長い手紙を書きます。" * 200 + str(n))
        wall = (START + 20 * DAY).replace(tzinfo=None)
        group = db.session.scalars(sa.select(Group).where(Group.slug == cast.group)).one()
        group.name = "同窓会" * 60
        for n in range(20):
            title = "会" * 180 + str(n)
            builders.make_event(group, title=title, wall_start=wall, place="東京" * 60, created_at=START + HOUR)
        db.session.commit()
    live(app, until=START + DAY)
    [letter] = to(postbox, Cast.bob)
    assert len(letter.as_bytes()) < 30_000


def test_of_several_workers_one_promises(app, cast, read):
    """Also when the clock goes back, nobody gets a second letter for the same morning."""
    morning = START + 10 * HOUR
    for at in (morning, morning, morning - 5 * HOUR, morning + HOUR):
        with time_machine.travel(at, tick=False), app.app_context():
            worker.run_each_minute()
            db.session.remove()
    digests = sa.select(Job.id).where(Job.payload["template"].as_string() == "digests/digest")
    assert len(read(digests)) == 1
    assert len(read(sa.select(Digest.account_id))) == len(read(sa.select(Account.id)))
    assert read(sa.select(sa.func.count()).select_from(Event)) == [(0,)]
    assert read(sa.select(sa.func.count()).select_from(Post)) == [(0,)]
