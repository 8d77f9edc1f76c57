"""The world that is there after loading is the world that the file describes."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from alumni.accounts.actions import check_password
from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import Base, db
from alumni.events.models import Attendance, Event
from alumni.groups.models import Group, GroupPath, Membership, Tenure
from alumni.members.models import Block, CareerEntry, Listing, Member, Participation
from alumni.moderation.models import Report
from alumni.posts.models import Post
from alumni.programmes.models import Cohort, CohortCountry, Family, Programme
from alumni.world.loading import Loaded, load_world
from alumni.world.reading import BrokenWorld, read_world
from tests.world.conftest import EXAMPLE

ZOE = {"id": "zoe", "email": "zoe@example.org", "name": "Zoe Zhang"}
PROGRAMME = {"slug": "x", "family": "jenesys", "name": "X"}
COHORT = {"slug": "x", "programme": "jenesys2016", "title": "X", "year": 2016, "countries": {"LA": 1}}
GROUP = {"slug": "x", "kind": "interest", "name": "X"}
PART = {"person": "bob", "cohort": "jenesys2016-batch-16", "country": "LA"}
IN = {"person": "bob", "group": "gardeners"}
REPORT = {"id": "x", "reporter": "bob", "reason": "spam"}
COUNTED = (
    Family, Programme, Cohort, CohortCountry, Group, GroupPath, Account, Member, Listing, Block, Participation,
    Membership, Tenure, Post, Event, Attendance, Report, AuditLine,
)  # fmt: skip


@pytest.fixture
def load(app):
    def run(data: dict[str, Any], **values: Any) -> Loaded:
        with app.app_context():
            world = read_world(json.dumps(data | values).encode())
            try:
                loaded = load_world(world, clock.now(), source="a test")
            except BaseException:
                db.session.rollback()
                raise
            db.session.commit()
            return loaded

    return run


@pytest.fixture
def refused(app, load):
    def run(data: dict[str, Any], **values: Any) -> dict[str, str]:
        before = counts(app)
        with pytest.raises(BrokenWorld) as caught:
            load(data, **values)
        assert counts(app) == before
        return {problem.path: problem.reason for problem in caught.value.problems}

    return run


def counts(app) -> dict[str, int]:
    with app.app_context():
        return {model.__tablename__: count(model) for model in COUNTED}


def count(model: type[Base]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_people_are_as_described(load, described, read):
    load(described)
    rows = read(
        sa.select(Account.handle, Account.email, Account.state, Account.staff_role, Account.is_verified, Account.zone)
        .order_by(Account.handle)
    )  # fmt: skip
    expected = []
    verified = {part["person"] for part in described["participations"] if part.get("state", "verified") == "verified"}
    for person in sorted(described["people"], key=lambda person: person["id"]):
        standing = (person.get("state", "active"), person.get("staff", "none"), person["id"] in verified)
        expected.append((person["id"], person["email"], *standing, person.get("zone", "UTC")))
    assert [tuple(row) for row in rows] == expected

    members = {row[0].account_id: row[0] for row in read(sa.select(Member))}
    ids = dict(tuple(row) for row in read(sa.select(Account.handle, Account.id)))
    assert ids["una"] not in members  # an account without a name is no member
    defaults = {"name": "members", "place": "groups", "work": "groups", "contact": "only_me"}
    for person in described["people"]:
        if "name" not in person:
            continue
        member = members[ids[person["id"]]]
        for field in ("name", "name_romanised", "country", "city", "headline", "contact"):
            assert getattr(member, field) == person.get(field, "")
        for field, audience in (defaults | person.get("audiences", {})).items():
            assert getattr(member, f"{field}_audience") == audience
    yuki = members[ids["yuki"]]
    assert (yuki.name_reading, yuki.call_me, yuki.former_names) == ("ささき ゆき", "Yuki", "高橋 由紀")
    assert (yuki.languages, yuki.offers, yuki.looks_for) == (
        [["ja", "native"], ["vi", "good"]],
        ["hosting"],
        ["partner"],
    )
    assert (yuki.segment, yuki.work_field, yuki.born_on) == ("researcher", "environment", "1994-05-02")
    [station] = read(sa.select(CareerEntry.kind, CareerEntry.title, CareerEntry.year_to))
    assert tuple(station) == ("study", "Hydrology", 2017)


def test_passwords_open_and_their_absence_does_not(load, described, read):
    load(described)
    stored = dict(tuple(row) for row in read(sa.select(Account.handle, Account.password_hash)))
    assert check_password(stored["bob"], "four words in a row")
    assert not check_password(stored["bob"], "other words in a row")
    assert stored["nia"] == ""


def test_states(load, described, read):
    load(described)
    rows = {row.handle: row for row in read(sa.select(Account.handle, Account.confirmed_at, Account.suspended_until))}
    assert rows["una"].confirmed_at is None
    assert rows["alice"].confirmed_at is not None
    assert timedelta(days=29) < rows["sue"].suspended_until - clock.now() <= timedelta(days=30)
    assert rows["sue"].suspended_until.hour == 0


def test_the_catalogue_of_the_file(load, described, read):
    load(described)
    series = sa.orm.aliased(Programme)
    (edition,) = read(
        sa.select(Programme.kind, Programme.year_to, Programme.countries, series.slug, Family.slug)
        .join(series, series.id == Programme.parent_id)
        .join(Family, Family.id == Programme.family_id)
        .where(Programme.slug == "jenesys2016")
    )
    assert tuple(edition) == ("edition", 2017, ["LA", "VN", "KH"], "jenesys-2015-series", "jenesys")
    cohort = Cohort.slug == "jenesys2016-batch-16"
    (row,) = read(sa.select(Cohort.title, Cohort.year, Cohort.batch, Cohort.from_on, Cohort.direction).where(cohort))
    assert tuple(row) == ("JENESYS2016 In-bound Program (16th Batch)", 2016, 16, "2017-03-07", "inbound")
    sent = read(sa.select(CohortCountry.country, CohortCountry.head_count).join(Cohort).where(cohort))
    assert {tuple(row) for row in sent} == {("LA", 21), ("VN", 25), ("KH", None)}


def test_groups_and_who_is_in_them(load, described, read):
    load(described)
    rows = read(sa.select(Group.slug, Group.kind, Group.join_policy, Group.visibility, Group.members_count))
    assert {tuple(row) for row in rows} == {
        ("jenesys2016-batch-16", "cohort", "participation", "public", 3),
        ("jenesys2016-outbound-1", "cohort", "participation", "public", 0),
        ("lao-alumni", "association", "request", "public", 2),
        ("asean-alumni", "umbrella", "invitation", "public", 1),
        ("gardeners", "interest", "open", "members", 1),
    }
    above, below = sa.orm.aliased(Group), sa.orm.aliased(Group)
    paths = read(
        sa.select(above.slug, below.slug)
        .select_from(GroupPath)
        .join(above, above.id == GroupPath.ancestor_id)
        .join(below, below.id == GroupPath.descendant_id)
        .where(GroupPath.depth == 1)
    )
    assert [tuple(row) for row in paths] == [("asean-alumni", "lao-alumni")]
    memberships = read(
        sa.select(
            Account.handle,
            Group.slug,
            Membership.state,
            sa.func.coalesce(sa.cast(Tenure.role, sa.String), "member"),
            Tenure.ends_on,
        )
        .select_from(Membership)
        .join(Account, Account.id == Membership.account_id)
        .join(Group)
        .outerjoin(Tenure, sa.and_(Tenure.account_id == Membership.account_id, Tenure.group_id == Membership.group_id))
    )
    expected = {
        (part["person"], part["group"], part.get("state", "active"), part.get("role", "member"), part.get("until"))
        for part in described["memberships"]
    }
    for group in described["groups"]:
        for organiser in group.get("organisers", []):
            expected.add((organiser["person"], group["slug"], "active", "organiser", organiser.get("until")))
    assert {tuple(row) for row in memberships} == expected


def test_participations(load, described, read):
    load(described)
    rows = read(
        sa.select(Account.handle, Cohort.slug, Programme.slug, Participation)
        .join(Account, Account.id == Participation.account_id)
        .join(Programme, Programme.id == Participation.programme_id)
        .outerjoin(Cohort, Cohort.id == Participation.cohort_id)
    )
    found = {(row[0], row[1] or row[2]): row[3] for row in rows}
    assert len(found) == len(described["participations"])
    for part in described["participations"]:
        row = found[part["person"], part.get("cohort") or part["programme"]]
        assert row.country == part["country"]
        assert row.role == part.get("role", "participant")
        assert row.state == part.get("state", "verified")
        assert row.name_as_printed == part.get("name_as_printed", "")
        assert (row.decided_at is None) == (row.state == "claimed")


def test_posts_events_and_answers(load, described, read):
    load(described)
    posts = read(sa.select(Post.key, Account.handle, Group.slug, Post.body, Post.hidden_at.is_not(None)).join(
        Account, Account.id == Post.author_id).join(Group))  # fmt: skip
    assert {tuple(row) for row in posts} == {
        (post["id"], post["author"], post["group"], post["body"], post.get("hidden", False))
        for post in described["posts"]
    }
    events = {row[0].slug: row[0] for row in read(sa.select(Event))}
    evening = events["sendai-evening"]
    today = clock.now().astimezone().astimezone(UTC)
    assert evening.wall_start.hour == 19
    assert timedelta(days=5) < evening.starts_at - today < timedelta(days=9)
    assert evening.starts_at.hour == 12  # 19:00 in Vientiane
    assert (evening.capacity, evening.seats_taken, evening.audience) == (2, 2, "group")
    assert events["open-lecture"].starts_at == datetime(2098, 12, 4, 12, tzinfo=UTC)
    assert events["open-lecture"].audience == "public"
    assert events["old-picnic"].state == "cancelled"
    assert events["old-picnic"].ends_at < clock.now()
    answers = read(sa.select(Account.handle, Attendance.state).join(Account, Account.id == Attendance.account_id))
    assert {tuple(row) for row in answers} == set(described["events"][0]["answers"].items())


def test_blocks_and_reports(load, described, read):
    load(described)
    one, other = sa.orm.aliased(Account), sa.orm.aliased(Account)
    blocks = read(
        sa.select(one.handle, other.handle)
        .select_from(Block)
        .join(one, one.id == Block.blocker_id)
        .join(other, other.id == Block.blocked_id)
    )
    assert [tuple(row) for row in blocks] == [("bob", "mallory")]
    ((report, post),) = read(sa.select(Report, Post.key).join(Post, Post.id == Report.post_id))
    assert (report.key, report.reason, report.state, post) == ("picture", "private", "open", "welcome")
    assert report.snapshot["body"] == described["posts"][0]["body"]


def test_listings_are_those_that_the_product_writes(app, load, described):
    from alumni.members.actions import refresh_listings

    columns = [getattr(Listing, column.name) for column in Listing.__table__.columns]
    load(described)
    with app.app_context():
        loaded = {str(tuple(row)) for row in db.session.execute(sa.select(*columns))}
        db.session.execute(sa.delete(Listing))
        for member in db.session.scalars(sa.select(Member)):
            refresh_listings(member)
        assert loaded == {str(tuple(row)) for row in db.session.execute(sa.select(*columns))}
    assert len(loaded) == 3 + 2 + 1 + 2 + 0 + 2 + 2 + 2


def test_somebody_from_the_file_signs_in_and_sees_their_group(load, described, browse):
    load(described)
    assert "An evening of Sendai food" in browse("bob@example.org").get("/groups/jenesys2016-batch-16/events").text


def test_loading_twice_changes_nothing(app, load, described):
    first = load(described)
    before = counts(app)
    second = load(described)
    assert counts(app) == before
    assert second.made == Counter()
    assert second.kept == first.made
    with app.app_context():
        groups = sa.select(Group.slug, Group.members_count)
        taken = sa.select(Event.seats_taken).where(Event.slug == "sendai-evening")
        assert dict(db.session.execute(groups).tuples().all())["jenesys2016-batch-16"] == 3
        assert db.session.scalar(taken) == 2


def test_a_second_file_adds_to_the_first(load, described, read):
    load(described)
    more = {
        "schema": 1,
        "people": [{"id": "zoe", "email": "zoe@example.org", "name": "Zoe Zhang"}],
        "participations": [
            {"person": "zoe", "cohort": "jenesys2016-batch-16", "country": "VN"},
            {"person": "mona", "cohort": "jenesys2016-batch-16", "country": "VN"},
        ],
        "memberships": [{"person": "zoe", "group": "jenesys2016-batch-16"}],
    }
    loaded = load(more)
    assert loaded.made == {"people": 1, "participations": 2, "memberships": 1}
    (row,) = read(sa.select(Group.members_count).where(Group.slug == "jenesys2016-batch-16"))
    assert row[0] == 4
    (mona,) = read(sa.select(Account.is_verified).where(Account.handle == "mona"))
    assert mona[0]  # a participation verified later makes the account verified


def test_new_rows_of_the_product_follow_those_of_a_file(app, load, described):
    """Ids were taken as the engine takes them, so what is made next meets none of them."""
    load(described)
    with app.app_context():
        db.session.add(Account(email="next@example.org"))
        db.session.add(Post(group_id=db.session.scalars(sa.select(Group.id)).first(), body="Next."))
        db.session.commit()


@pytest.mark.parametrize(
    ("kind", "part", "path", "reason"),
    [
        ("people", ZOE | {"email": "bob@example.org"}, "people[9].email", "people[1] is the same already"),
        ("people", ZOE | {"id": "bob"}, "people[9].id", "people[1] is the same already"),
        ("people", ZOE | {"blocks": ["zoe"]}, "people[9].blocks[0]", "themselves"),
        ("people", ZOE | {"suspended_until": "+3h"}, "people[9].suspended_until", "not suspended"),
        ("programmes", PROGRAMME | {"family": "none"}, "programmes[2].family", "no family 'none'"),
        ("programmes", PROGRAMME | {"parent": "x"}, "programmes[2].parent", "in a circle"),
        ("programmes", PROGRAMME | {"year_from": 2020, "year_to": 2019}, "programmes[2].year_to", "before year_from"),
        ("cohorts", COHORT | {"programme": "p"}, "cohorts[2].programme", "no programme 'p'"),
        ("cohorts", COHORT | {"from_on": "2017-05", "to_on": "2017-04"}, "cohorts[2].to_on", "before from_on"),
        ("groups", GROUP | {"parent": "y"}, "groups[3].parent", "no group 'y'"),
        ("groups", GROUP | {"parent": "x"}, "groups[3].parent", "in a circle"),
        ("groups", GROUP | {"slug": "jenesys2016-batch-16"}, "groups[3].slug", "of a cohort"),
        ("participations", PART | {"cohort": "none"}, "participations[7].cohort", "no cohort 'none'"),
        ("participations", {"person": "bob", "country": "LA"}, "participations[7].cohort", "one of the two"),
        ("participations", PART | {"person": "una"}, "participations[7].person", "no profile"),
        ("participations", PART, "participations[7].person", "participations[1] is the same"),
        ("memberships", IN | {"person": "nobody"}, "memberships[7].person", "no person 'nobody'"),
        ("memberships", IN | {"group": "none"}, "memberships[7].group", "no group 'none'"),
        ("memberships", {"person": "alice", "group": "lao-alumni"}, "memberships[7].person", "among the organisers"),
        ("memberships", IN | {"role": "organiser", "state": "left"}, "memberships[7].role", "only an active"),
        ("memberships", IN | {"until": "2030-01-01"}, "memberships[7].until", "organiser"),
        ("posts", {"id": "x", "group": "gardeners", "author": "una", "body": "X"}, "posts[3].author", "no profile"),
        ("reports", REPORT, "reports[1]", "name one thing"),
        ("reports", REPORT | {"post": "none"}, "reports[1].post", "no post 'none'"),
    ],
)
def test_what_does_not_fit_is_refused(refused, described, kind, part, path, reason):
    described[kind].append(part)
    problems = refused(described)
    assert reason in problems[path]


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        ({"ends": "+7d 18:00"}, "events[0].ends", "before the start"),
        ({"capacity": 1}, "events[0].answers", "2 are going, but the capacity is 1"),
        ({"group": None}, "events[0].audience", "is public"),
        ({"posted_by": "nobody"}, "events[0].posted_by", "no person"),
        ({"answers": {"una": "going"}}, "events[0].answers.una", "no profile"),
        (
            {"zone": "Europe/Berlin", "starts": "2027-03-28T02:30", "ends": "2027-03-28T04:00"},
            "events[0].starts",
            "they go forward then",
        ),
    ],
)
def test_events_that_cannot_be(refused, described, change, path, reason):
    described["events"][0] |= change
    assert reason in refused(described)[path]


def test_a_report_of_what_the_reporter_does_not_see_is_refused_after_all(refused, described):
    described["reports"][0]["reporter"] = "yuki"
    assert "does not see this" in refused(described)["reports[0].reporter"]


def test_an_address_of_somebody_else_is_refused(load, refused, described):
    load(described)
    assert refused({"schema": 1, "people": [{"id": "zoe", "email": "bob@example.org"}]}) == {
        "people[0].email": "another account has this address"
    }


def test_the_command(alone, tmp_path):
    run = alone.test_cli_runner()
    done = run.invoke(args=["world", "load", str(EXAMPLE)])
    assert done.exit_code == 0, done.output
    assert "people: 9 made" in done.output
    again = run.invoke(args=["world", "load", str(EXAMPLE)])
    assert "people: 0 made (9 there already)" in again.output
    broken = tmp_path / "broken.json"
    broken.write_text('{"schema": 1, "people": [{"id": "zoe", "email": "zoe@example.org", "country": "ZZ"}]}')
    refusal = run.invoke(args=["world", "load", str(broken)])
    assert refusal.exit_code == 1
    assert "people[0].country: 'ZZ' is no country" in refusal.output
    assert "Nothing was stored." in refusal.output
