"""The demo world: the same for the same seed, true in its counts, and with people of every script."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from alumni import catalogue
from alumni.accounts.actions import check_password, hash_password
from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.core.names import _collator, sort_key
from alumni.events.models import Attendance, AttendanceState, Event, EventState
from alumni.groups.models import Group, GroupKind, GroupPath, Membership, MembershipState, Role, Tenure
from alumni.meetings.models import FollowUp, Meeting, Seat, Series
from alumni.members.actions import refresh_listings
from alumni.members.models import Audience, Listing, Member, Participation, ParticipationState, Posting, Term
from alumni.moderation.models import Report
from alumni.posts.models import Post
from alumni.programmes.models import Cohort, Programme
from alumni.visitors.models import Visitor, VisitorState
from alumni.world import rows as rows_module
from alumni.world.cohorts import invented_cohorts
from alumni.world.demo import SHARED_PASSWORD, SIGN_INS, Demo
from alumni.world.keys import Keys
from alumni.world.names import COUNTRIES, invent_name
from alumni.world.offices import OFFICER
from alumni.world.towns import PLACES
from config import ROOT

NOW = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)
SCRIPTS = (
    "LATIN", "CJK", "HIRAGANA", "THAI", "KHMER", "LAO", "MYANMAR", "ARABIC", "ETHIOPIC", "HANGUL",
    "DEVANAGARI", "TAMIL",
)  # fmt: skip


@pytest.fixture
def with_catalogue(app):
    with app.app_context():
        catalogue.load(ROOT / "catalogue")
        db.session.commit()
    return app


def make(members: int, *, seed: int = 1) -> Demo:
    demo = Demo(members=members, seed=seed, now=NOW, password_hash="none")
    assert sum(demo.fill()) == members
    return demo


@pytest.fixture
def world(with_catalogue):
    """A world of 300 people, committed."""
    with with_catalogue.app_context():
        make(300)
        db.session.commit()
    return with_catalogue


def rows(*columns: Any, **joins: Any) -> Callable[[], list[Any]]:
    return lambda: sorted(map(tuple, db.session.execute(sa.select(*columns))), key=repr)


def everything() -> list[Any]:
    """All of a world but its numbers and what was made at this moment."""
    who, where = Account.handle, Group.slug
    return [
        rows(who, Account.email, Account.staff_role, Account.is_verified, Account.zone, Account.created_at)(),
        rows(Member.name, Member.name_romanised, Member.city, Member.headline, Member.contact_audience)(),
        rows(Listing.handle, Listing.audience, Listing.programme_line, Listing.headline)(),
        rows(Participation.key, Participation.role, Participation.state, Participation.claimed_at)(),
        rows(Cohort.slug, Cohort.title, Cohort.head_count)(),
        rows(where, Group.members_count)(),
        rows(Membership.joined_at)(),
        rows(Tenure.role, Tenure.starts_on, Tenure.ends_on)(),
        rows(Post.key, Post.body, Post.created_at)(),
        rows(Event.slug, Event.starts_at, Event.place, Event.capacity, Event.seats_taken)(),
        rows(Attendance.state, Attendance.answered_at)(),
        rows(Report.key, Report.reason)(),
    ]


def test_the_same_seed_makes_the_same_world(with_catalogue):
    with with_catalogue.app_context():
        worlds = []
        for seed in (7, 7, 8):
            make(150, seed=seed)
            worlds.append(everything())
            db.session.rollback()
    assert worlds[0] == worlds[1]
    assert all(one != other for one, other in zip(worlds[0], worlds[2], strict=True))


def test_counts_are_true(world, read):
    members = sa.select(sa.func.count()).where(
        Membership.group_id == Group.id, Membership.state == MembershipState.ACTIVE
    )
    assert not read(sa.select(Group.slug).where(Group.members_count != members.scalar_subquery()))
    going = sa.select(sa.func.count()).where(Attendance.event_id == Event.id, Attendance.state == AttendanceState.GOING)
    visiting = sa.select(sa.func.count()).where(Visitor.event_id == Event.id, Visitor.state == VisitorState.GOING)
    seats = going.scalar_subquery() + visiting.scalar_subquery()
    assert not read(sa.select(Event.slug).where(Event.seats_taken != seats))
    is_verified = sa.exists().where(
        Participation.account_id == Account.id, Participation.state == ParticipationState.VERIFIED
    )
    assert not read(sa.select(Account.email).where(Account.is_verified != is_verified))
    assert len(read(sa.select(Account.id).where(Account.is_verified))) > 250
    assert not read(
        sa.select(Group.id).where(~sa.exists().where(GroupPath.descendant_id == Group.id, GroupPath.depth == 0))
    )


@pytest.mark.parametrize("chunk", [1, 2, 3, 7])
def test_a_chunk_may_end_anywhere(with_catalogue, monkeypatch, chunk):
    """Every row stands behind those it refers to, wherever a chunk is full."""
    monkeypatch.setattr(rows_module, "CHUNK", chunk)
    with with_catalogue.app_context():
        make(60)
        db.session.commit()


def test_listings_are_those_that_the_product_writes(world):
    columns = [getattr(Listing, column.name) for column in Listing.__table__.columns]
    terms = sa.select(Term.audience, Term.facet, Term.term, Term.people).where(Term.people > 0)

    def listed():
        return {str(row) for row in db.session.execute(sa.select(*columns))}, set(db.session.execute(terms))

    with world.app_context():
        made = listed()
        for table in (Listing, Posting, Term):
            db.session.execute(sa.delete(table))
        for member in db.session.scalars(sa.select(Member)):
            refresh_listings(member)
        assert made == listed()
        audiences = set(db.session.scalars(sa.select(Listing.audience)))
        assert audiences == {Audience.GROUPS, Audience.MEMBERS, Audience.PUBLIC}


def test_people_were_where_they_say(world, read):
    """Everybody took part in a cohort, most of them verified, and who is in a cohort's group was in the cohort."""
    taking_part = sa.exists().where(Participation.account_id == Member.account_id)
    assert not read(sa.select(Member.name).where(~taking_part))
    was_there = sa.exists().where(
        Participation.account_id == Membership.account_id,
        Participation.cohort_id == Group.cohort_id,
        Participation.state == ParticipationState.VERIFIED,
    )
    in_cohorts = sa.select(Group.slug).join(Membership).where(Group.kind == GroupKind.COHORT)
    assert read(in_cohorts)
    assert not read(in_cohorts.where(~was_there))
    wrong_programme = sa.select(Participation.key).join(Cohort).where(Cohort.programme_id != Participation.programme_id)
    assert not read(wrong_programme)


def test_groups_are_run_and_alive(world, read):
    organisers = sa.select(sa.func.count()).where(Tenure.group_id == Group.id, Tenure.role == Role.ORGANISER)
    with_people = sa.select(Group.kind, organisers.scalar_subquery()).where(Group.members_count > 2)
    found = read(with_people)
    assert {kind for kind, _ in found} >= {"cohort", "association", "interest"}
    assert all(number == 2 for _, number in found)
    terms = read(sa.select(Tenure.ends_on))
    assert min(term for (term,) in terms) > NOW.date().isoformat()
    assert len(read(sa.select(Post.id))) > 30
    invented = sa.select(Event).where(Event.source == "")
    assert read(invented.where(Event.starts_at > NOW))
    assert read(invented.where(Event.ends_at < NOW))
    zones = {zone for (zone,) in read(sa.select(Event.zone).where(Event.source == ""))}
    assert {zone.split("/")[0] for zone in zones} >= {"Africa", "America", "Asia"}
    assert read(sa.select(Report.id))


def test_the_umbrella_keeps_records(world, read):
    of_series = sa.select(Meeting.title, Meeting.minutes_version).join(Series, Series.id == Meeting.series_id)
    rows = read(of_series.where(Series.name.contains("invented")).order_by(Meeting.id))
    assert rows == [("First working meeting", 1), ("Second working meeting", 2)]
    assert len(read(sa.select(Seat.id))) == 4
    assert len(read(sa.select(FollowUp.words))) == 1


def test_families_and_scripts_of_the_whole_network_are_there(world, read):
    names = "".join(f"{name} {romanised}" for name, romanised in read(sa.select(Member.name, Member.name_romanised)))
    found = {unicodedata.name(letter, "").split(" ")[0] for letter in names}
    assert found >= {"LATIN", "CJK", "THAI", "KHMER", "LAO", "MYANMAR", "ARABIC", "ETHIOPIC", "HANGUL"}
    programmes = {slug for (slug,) in read(sa.select(Programme.slug).join(Participation))}
    assert programmes >= {
        "jenesys2016",
        "abe-batch-3",
        "nikkei-training",
        "sseayp",
        "young-leaders",
        "nihongo-partners",
    }


def test_a_larger_world_fills_more_cohorts(with_catalogue, read):
    """Two thousand people in a few seconds, in cohorts of a real size."""
    with with_catalogue.app_context():
        make(2000)
        db.session.commit()
    sizes = [size for (size,) in read(sa.select(Group.members_count).where(Group.kind == GroupKind.COHORT))]
    assert len(sizes) >= 26
    assert max(sizes) <= 250
    ((everybody,),) = read(sa.select(Group.members_count).where(Group.slug == "all-programmes"))
    assert 800 < everybody < 1100
    assert not read(sa.select(Event.id).where(Event.state == EventState.PROPOSED))


def test_more_people_join_the_same_world(world, read):
    with world.app_context():
        make(100)
        db.session.commit()
    assert len(read(sa.select(Member.account_id))) == 400
    assert len(read(sa.select(Account.id).where(Account.email == "admin@demo.example"))) == 1
    test_counts_are_true(world, read)


def test_the_command(alone):
    """Makes a world once, prints who may sign in, and they can."""
    run = alone.test_cli_runner()
    without = run.invoke(args=["demo"])
    assert without.exit_code == 1
    assert "catalogue load" in without.output
    assert run.invoke(args=["catalogue", "load"]).exit_code == 0
    done = run.invoke(args=["demo", "--members", "60"])
    assert done.exit_code == 0, done.output
    for sign_in in SIGN_INS:
        assert sign_in.email in done.output
    assert OFFICER in done.output
    assert SHARED_PASSWORD in done.output
    again = run.invoke(args=["demo"])
    assert again.exit_code == 0
    assert "60 members already" in again.output
    assert run.invoke(args=["demo", "--members", "20", "--more"]).exit_code == 0
    with alone.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Member)) == 80
        hashes = db.session.scalars(sa.select(Account.password_hash).distinct()).all()
        assert len(hashes) == 2  # one for each run
        assert all(check_password(each, SHARED_PASSWORD) for each in hashes)
        db.session.add(Account(email="next@example.org", password_hash=hash_password("four words in a row")))
        db.session.commit()  # the next id is free


def test_the_known_people_can_do_what_they_are_for(world, browse):
    batch = "/groups/jenesys2016-batch-16"
    assert browse("alumna@demo.example").get(f"{batch}/members").status_code == 200
    assert browse("moderator@demo.example").get("/moderation").status_code == 200
    assert browse("organiser@demo.example").get("/moderation").status_code == 403
    assert browse("admin@demo.example").get("/desk").status_code == 200
    assert browse("alumna@demo.example").get("/desk").status_code == 403
    officer = browse(OFFICER)
    assert officer.get("/desk").status_code == 200
    assert "JENESYS" in officer.get("/me/office").text
    [figures] = officer.get("/api/v1/rosters/rates").json["items"]
    assert figures["slug"] == "jenesys2016-batch-16"
    assert figures["people"] > figures["verified"] > 0
    assert officer.get("/api/v1/rosters/duplicates").json["items"] != []
    waiting = officer.get("/api/v1/desk?limit=100").json["items"]
    assert any("institution" in claim["agrees"] and claim["differs"] == ["born_on"] for claim in waiting)
    at_front = [claim for claim in waiting if claim["cohort"] == "jenesys2016-batch-16"]
    assert sum(claim["is_disputed"] for claim in at_front) == (2 if len(at_front) > 1 else 0)
    steps = [[step["step"] for step in officer.get(f"/api/v1/desk/{c['key']}").json["history"]] for c in waiting]
    assert ["claimed", "corrected"] in steps


@pytest.mark.parametrize("country", COUNTRIES)
def test_names_of_every_country(country):
    """In Latin letters beside any other script, and nothing beside Latin letters."""
    rng = random.Random(5)
    assert country in PLACES
    for _ in range(60):
        name, romanised = invent_name(rng, country)
        assert name == unicodedata.normalize("NFC", name).strip()
        assert "  " not in name
        is_latin = all(unicodedata.name(letter).startswith("LATIN") for letter in name if letter.isalpha())
        assert bool(romanised) != is_latin
        assert all(unicodedata.name(letter).startswith("LATIN") for letter in romanised if letter.isalpha())


def test_names_of_every_script():
    rng = random.Random(1)
    letters = {letter for country in COUNTRIES for _ in range(200) for letter in invent_name(rng, country)[0]}
    assert {unicodedata.name(letter).split(" ")[0] for letter in letters} >= set(SCRIPTS)
    assert any(" " not in invent_name(rng, "ID")[0] for _ in range(50))
    assert any(" bin " in invent_name(rng, "MY")[0] for _ in range(50))


def test_there_is_room_for_a_million_people():
    plans = list(islice(invented_cohorts(random.Random(1)), 12_000))
    assert sum(plan.seats for plan in plans) > 1_000_000
    assert len({plan.slug for plan in plans}) == len(plans)
    assert all(len(plan.slug) <= 80 and 1 <= plan.seats <= 250 for plan in plans)


def test_keys_never_come_twice():
    keys = Keys(random.Random(1))
    made = {keys.next() for _ in range(50_000)}
    assert len(made) == 50_000
    assert all(len(key) == 10 for key in made)


@given(st.text(max_size=40))
def test_names_weighed_word_by_word_sort_as_the_collation_says(name):
    whole = "".join(f"{weight:04x}" for weight in _collator().sort_key(name.casefold())[:80])
    assert sort_key(name) == whole
