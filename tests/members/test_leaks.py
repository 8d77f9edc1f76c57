"""Nobody finds what is hidden from them: every part of a profile, every audience, each of the cast, every surface."""

from __future__ import annotations

import itertools
import json
import re

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.events.models import Attendance
from alumni.groups.models import Group
from alumni.members.actions import refresh_listings
from alumni.members.models import FIELDS, Audience, Block, CareerEntry, CareerKind, Member, Offer, Participation
from alumni.programmes.models import Programme
from tests import builders
from tests.cast import Cast

ORDER = [Audience.ONLY_ME, Audience.GROUPS, Audience.MEMBERS, Audience.PUBLIC]
# A word that stands nowhere else, for each part of a profile.
WORDS = {
    "name": ("Quillname", "Quillroman", "きるよみ", "Quillcallme"),
    "former_names": ("Quillformer", "Quillprinted"),
    "picture": ("quillpicture",),
    "place": ("Quillcity", "NR"),
    "nationality": ("TV",),
    "community": ("Quillcommunity",),
    "work": ("Quillhead", "Quillemployer"),
    "career": ("Quilltitle", "Quillorganisation"),
    "about": ("Quillbio", "quilllink"),
    "languages": ("dz",),
    "offers": ("quilloffer", "quillwish"),
    "programmes": ("Quillcohort", "PW"),
    "contact": ("Quillcontact",),
}
ASKED = ("quill", "Quillname", "Quillroman", "quillcallme", "Quillformer", "きる", "Quillcity", "Quillhead")
FILTERS = ("country=NR", "from=PW", "language=dz", "field=energy", "year=1999", "cohort=quillcohort", "sort=newest")
ECHO = re.compile(r'<title>.*?</title>|<input [^>]*>|<a class="chip".*?</a>', re.DOTALL)
SURFACES = (
    "/",
    "/members",
    "/members?sort=newest",
    *(f"/members?q={query}" for query in ASKED),
    *(f"/members?{filtered}" for filtered in FILTERS),
    "/members/suggested",
    "/members/map",
    "/members/{handle}",
    "/members/{handle}?picture=1",
    "/groups/{group}",
    "/groups/{group}/members",
    "/groups/{group}/posts",
    "/events/{event}",
    "/events/{event}/attendees",
    "/me/privacy",
    "/api/v1/members",
    *(f"/api/v1/members?q={query}" for query in ASKED),
    *(f"/api/v1/members?{filtered}" for filtered in FILTERS),
    "/api/v1/members/suggested",
    "/api/v1/members/{handle}",
    "/api/v1/groups/{group}",
    "/api/v1/groups/{group}/members",
    "/api/v1/groups/{group}/posts",
    "/api/v1/events/{event}/attendees",
    "/api/v1/me",
)
# Where each of the cast stands towards Alice. Bob is in her group; Mallory was removed from it.
CIRCLES = {
    Cast.bob: Audience.GROUPS,
    Cast.carol: Audience.MEMBERS,
    Cast.mallory: Audience.MEMBERS,
    Cast.mona: Audience.MEMBERS,
    Cast.nia: Audience.PUBLIC,
    Cast.guest: Audience.PUBLIC,
}


@pytest.fixture
def alice(app, cast):
    """Alice with a word of her own in every part of her profile, a post and an answer: (her handle, an event)."""
    with app.app_context():
        member = db.session.scalar(sa.select(Member).join(Account).where(Account.email == Cast.alice))
        planted = {
            "name": "Quillname",
            "name_romanised": "Quillroman",
            "name_reading": "きるよみ",
            "call_me": "Quillcallme",
            "former_names": "Quillformer",
            "picture": "quillpicture",
            "country": "NR",
            "city": "Quillcity",
            "nationality": "TV",
            "community": "Quillcommunity",
            "headline": "Quillhead",
            "employer": "Quillemployer",
            "work_field": "energy",
            "bio": "Quillbio",
            "links": ["https://quilllink.example"],
            "languages": [["dz", "native"]],
            "offers": ["quilloffer"],
            "looks_for": ["quillwish"],
            "contact": "Quillcontact",
        }
        for field, value in planted.items():
            setattr(member, field, value)
        for slug in ("quilloffer", "quillwish"):
            builders.add(Offer(slug=slug, names={"en": slug}))
        builders.add(
            CareerEntry(
                account_id=member.account_id,
                kind=CareerKind.WORK,
                title="Quilltitle",
                organisation="Quillorganisation",
                country="",
                year_from=2001,
            )
        )
        programme = db.session.scalar(sa.select(Programme).where(Programme.slug == cast.programme))
        cohort = builders.make_cohort(programme, slug="quillcohort", title="Quillcohort", year=1999)
        db.session.execute(sa.delete(Participation).where(Participation.account_id == member.account_id))
        builders.take_part(member, cohort, country="PW").name_as_printed = "Quillprinted"
        group = db.session.scalar(sa.select(Group).where(Group.slug == cast.group))
        builders.make_post(group, member, "Good morning.")
        event = builders.make_event(group)
        db.session.add(Attendance(event_id=event.id, account_id=member.account_id, state="going"))
        handle = db.session.scalar(sa.select(Account.handle).where(Account.email == Cast.alice))
        db.session.commit()
        return handle, event.slug


def show(app, **audiences: Audience) -> None:
    with app.app_context():
        member = db.session.scalar(sa.select(Member).join(Account).where(Account.email == Cast.alice))
        for field, audience in audiences.items():
            setattr(member, f"{field}_audience", audience)
        refresh_listings(member)
        db.session.commit()


def everything(browser, cast, alice) -> str:
    handle, event = alice
    paths = (path.format(handle=handle, group=cast.group, event=event) for path in SURFACES)
    # What was asked stands in the answer: in the title, the search field, the filters, the addresses of other pages.
    return "\n".join(
        line
        for path in paths
        for line in ECHO.sub("", browser.get(path).text).replace('"', "\n").splitlines()
        if "/members?" not in line and line not in ASKED
    )


def widest(field: str) -> Audience:
    return Audience.MEMBERS if field == "contact" else Audience.PUBLIC


@pytest.mark.parametrize("audience", ORDER)
@pytest.mark.parametrize("field", FIELDS)
def test_a_hidden_part_is_in_no_answer(app, cast, browse, alice, field, audience):
    """Everything else is as open as can be, so whatever is missing is missing because of this part."""
    audience = min(audience, widest(field), key=ORDER.index)
    show(app, **{each: widest(each) for each in FIELDS} | {field: audience})
    for email, circle in CIRCLES.items():
        if ORDER.index(audience) >= ORDER.index(circle):
            continue
        answers = everything(browse(email), cast, alice)
        hidden = FIELDS if field == "name" else (field,)
        for word in itertools.chain.from_iterable(WORDS[each] for each in hidden):
            if len(word) > 2:
                assert word.casefold() not in answers.casefold(), (email, word)


@pytest.mark.parametrize("audience", ORDER)
def test_the_page_of_a_person_shows_what_is_open_and_no_more(app, cast, browse, alice, audience):
    show(app, **{field: min(audience, widest(field), key=ORDER.index) for field in FIELDS} | {"name": Audience.PUBLIC})
    handle, _ = alice
    for email, circle in CIRCLES.items():
        shown = json.dumps(browse(email).get(f"/api/v1/members/{handle}").json, ensure_ascii=False)
        shown = shown.replace(handle, "")  # which is drawn by lot, and may hold two letters that are a language
        for field, words in WORDS.items():
            given = Audience.PUBLIC if field == "name" else min(audience, widest(field), key=ORDER.index)
            is_open = ORDER.index(given) >= ORDER.index(circle)
            for word in words:
                assert (word in shown) == is_open, (email, field, word)


@pytest.mark.parametrize("filtered", FILTERS[:-1])
def test_a_hidden_value_is_not_found_by_filtering(app, cast, browse, alice, filtered):
    show(app, **dict.fromkeys(FIELDS, Audience.ONLY_ME) | {"name": Audience.PUBLIC})
    for email in CIRCLES:
        answer = browse(email).get(f"/api/v1/members?{filtered}")
        assert answer.status_code == 200, answer.text
        assert (answer.json["items"], answer.json["total"]) == ([], 0)
    show(app, **dict.fromkeys(FIELDS, Audience.MEMBERS) | {"name": Audience.PUBLIC})
    assert browse(Cast.carol).get(f"/api/v1/members?{filtered}").json["total"] == 1
    assert browse(Cast.guest).get(f"/api/v1/members?{filtered}").json["total"] == 0


# What a list is asked for; a page of it holds a person's row whatever it is sorted by.
LISTS = (
    *("", "?q=qu", "?q=quillname", "?sort=newest", "?sort=near", "?limit=2", "?country=NR", "?country=LA", "?from=LA"),
    *("?language=dz", "?field=energy", "?year=1999", "?year=2016", "?all=country", "?q=sok&country=KH"),
)


def test_worlds_that_differ_in_hidden_values_give_the_same_answers(app, cast, browse, alice):
    """Alice and Carol show nothing but their names; then all that they hide becomes something else."""
    show(app, **dict.fromkeys(FIELDS, Audience.ONLY_ME) | {"name": Audience.MEMBERS})
    readers = [browse(email) for email in (Cast.carol, Cast.mallory, Cast.mona, Cast.nia, Cast.guest)]
    handle, _ = alice
    paths = [f"/api/v1/members{query}" for query in LISTS] + [f"/api/v1/members/{handle}", "/api/v1/members/suggested"]

    def answers() -> list[str]:
        texts = [reader.get(path).text for reader in readers for path in paths]
        return [re.sub(r'"instance":"[^"]*"', "", text) for text in texts]  # the id of the request

    def pages() -> list[str]:
        texts = [browse(Cast.guest).get(f"/members{query}").text for query in LISTS if "limit" not in query]
        return [re.sub(r'name="csrf_token" value="[^"]*"', "", text) for text in texts]

    before = answers(), pages()
    with app.app_context():
        member = db.session.scalar(sa.select(Member).join(Account).where(Account.email == Cast.alice))
        changed = {"country": "LA", "city": "Elsewhere", "languages": [["en", "fluent"]], "work_field": "law"}
        changed |= {"former_names": "Sok Carol", "bio": "Other", "offers": ["mentoring"], "headline": "Sok"}
        for field, value in changed.items():
            setattr(member, field, value)
        part = db.session.scalar(sa.select(Participation).where(Participation.account_id == member.account_id))
        part.country = "KH"
        refresh_listings(member)
        db.session.commit()
    assert (answers(), pages()) == before


def test_somebody_who_blocked_me_is_like_somebody_who_does_not_exist(app, cast, browse, alice):
    """Carol is blocked by Alice; for her, all answers are those of a world without Alice."""
    show(app, **{field: widest(field) for field in FIELDS})
    handle, _ = alice
    with app.app_context():
        alice_id, carol_id = (
            db.session.scalar(sa.select(Account.id).where(Account.email == email)) for email in (Cast.alice, Cast.carol)
        )
        db.session.add(Block(blocker_id=alice_id, blocked_id=carol_id))
        db.session.commit()
    carol = browse(Cast.carol)
    paths = [f"/api/v1/members{query}" for query in LISTS]
    blocked = [carol.get(path).json for path in paths]
    page = carol.get(f"/api/v1/members/{handle}")
    nobody = carol.get("/api/v1/members/nobodyatall")
    assert (page.status_code, page.json["type"]) == (nobody.status_code, nobody.json["type"]) == (404, "not-found")
    with app.app_context():
        member = db.session.get_one(Member, alice_id)
        member.name_audience = Audience.ONLY_ME
        db.session.execute(sa.delete(Block).where(Block.blocker_id == alice_id))
        refresh_listings(member)
        db.session.commit()
    assert [carol.get(path).json for path in paths] == blocked


def test_the_suspended_see_nobody(app, cast, browse, alice):
    show(app, **dict.fromkeys(FIELDS, Audience.MEMBERS))
    assert "quill" not in everything(browse(Cast.sue), cast, alice).casefold()
