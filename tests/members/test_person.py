"""The page of a person: everything that the reader's listing holds, and nothing else."""

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.members.models import FIELDS, Audience, Offer
from tests.cast import Cast
from tests.groups.test_pages import count_queries

# One word that stands nowhere else, for each part of a profile.
PLANTED = {
    "name": {"name": "Quillname", "name_reading": "クイル", "call_me": "Quillcall"},
    "former_names": {"former_names": ["Quillformer"]},
    "place": {"country": "NR", "city": "Quillcity"},
    "nationality": {"nationality": "TV"},
    "community": {"community": "Quillcolonia"},
    "work": {"headline": "Quillhead", "segment": "sport", "work_field": "energy", "employer": "Quillcorp"},
    "about": {"bio": "Quillbio **bold**", "links": ["https://www.quill.example/link"]},
    "languages": {"languages": [{"language": "ja", "level": "N3"}, {"language": "zu", "level": "good"}]},
    "offers": {"offers": ["speaker"], "looks_for": ["translating"]},
    "contact": {"contact": "Quillcontact"},
}
SEEN = {
    "name": ("Quillname", "クイル", "Quillcall"),
    "former_names": ("Quillformer",),
    "place": ("Quillcity", "Nauru"),
    "nationality": ("Tuvalu",),
    "community": ("Quillcolonia",),
    "work": ("Quillhead", "Athlete or coach", "Energy", "Quillcorp"),
    "about": ("Quillbio <strong>bold</strong>", "quill.example/link"),
    "languages": ("Japanese", "N3", "Zulu"),
    "offers": ("Speaking at events", "Translating and interpreting"),
    "programmes": ("JENESYS2016 16th Batch", "Laos", "Graduate", "Participant"),
    "career": ("Quilljob", "Quillfirm", "since 2011"),
    "contact": ("Quillcontact",),
}
STATION = {"kind": "work", "title": "Quilljob", "organisation": "Quillfirm", "country": "NR", "year_from": 2011}


def plant(alice, audience=Audience.MEMBERS, **audiences):
    """Alice with a word in each part, each part open to one audience. Returns her handle."""
    profile = {name: value for part in PLANTED.values() for name, value in part.items()}
    chosen = {f"{field}_audience": audiences.get(field, audience) for field in FIELDS}
    alice.send("/api/v1/me/career", STATION)
    answer = alice.send("/api/v1/me", {**profile, **chosen}, method="PUT")
    assert answer.status_code == 200, answer.json
    return answer.json["handle"]


def test_everything_that_is_open_is_there(cast, browse):
    handle = plant(browse(Cast.alice))
    page = browse(Cast.carol).get(f"/members/{handle}").text
    assert [word for words in SEEN.values() for word in words if word not in page] == []
    assert '<a href="https://www.quill.example/link" rel="nofollow noopener">' in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("hidden", [field for field in FIELDS if field not in ("name", "picture")])
def test_what_is_hidden_is_in_no_answer(cast, browse, hidden):
    handle = plant(browse(Cast.alice), **{hidden: Audience.GROUPS})
    carol, bob = browse(Cast.carol), browse(Cast.bob)
    for path in (f"/members/{handle}", f"/api/v1/members/{handle}"):
        told, closer = carol.get(path).text, bob.get(path).text
        quills = [word for word in SEEN[hidden] if "uill" in word.lower()]
        assert [word for word in quills if word.partition(" <")[0] in told] == [], path
        assert [word for word in quills if word.partition(" <")[0] not in closer] == [], path
    assert [word for word in SEEN[hidden] if word not in bob.get(f"/members/{handle}").text] == []
    empty = carol.get(f"/api/v1/members/{handle}").json
    for name in PLANTED.get(hidden, {"career": 0} if hidden == "career" else {"programmes": 0}):
        assert not empty[name], name


def test_only_the_name(cast, browse):
    handle = plant(browse(Cast.alice), Audience.ONLY_ME, name=Audience.PUBLIC)
    page = browse(Cast.guest).get(f"/members/{handle}").text
    assert "Quillname" in page
    assert "Only the name is shown here." in page
    assert [
        word for part, words in SEEN.items() if part != "name" for word in words if "uill" in word and word in page
    ] == []


def test_in_the_readers_language(cast, browse):
    handle = plant(browse(Cast.alice))
    page = browse(Cast.carol).get(f"/members/{handle}?lang=ja").text
    for word in ("ナウル", "ズールー語", "行事での講演", "ツバル"):
        assert word in page, word


def test_it_costs_few_queries(app, cast, browse):
    handle = plant(browse(Cast.alice), Audience.MEMBERS, name=Audience.PUBLIC, offers=Audience.PUBLIC)
    for email, most in ((Cast.carol, 4), (Cast.guest, 2)):
        browser = browse(email)
        browser.get(f"/members/{handle}")
        assert count_queries(app, lambda browser=browser: browser.get(f"/members/{handle}")) <= most, email
    browse(Cast.alice).send("/api/v1/me", {"offers": [], "looks_for": []}, method="PUT")
    assert count_queries(app, lambda: browse(Cast.guest).get(f"/members/{handle}")) <= 1


@pytest.mark.parametrize(
    ("bio", "never"),
    [
        ("<script>alert(1)</script>", "<script>alert"),
        ("<img src=x onerror=alert(1)>", "<img src=x"),
        ("[x](javascript:alert(1))", 'href="javascript'),
        ("[x](  JaVaScRiPt:alert(1))", 'href="JaVa'),
        ("[x](data:text/html,<b>)", 'href="data'),
        ("![x](https://evil.example/spy.png)", 'src="https://evil.example'),
        ('<https://example.org/" onmouseover=alert(1)>', '<a href="https://example.org/" onmouseover'),
        ("> " * 2500, "<blockquote>" * 40),
        (">" * 5000, "<blockquote>" * 40),
        ("- " * 2500, "<ul>" * 40),
        ("[" * 5000, None),
        ("*a " * 1666, None),
        ("`" * 5000, None),
        ("# One\n\n## Two", "<h1>One"),
    ],
)
def test_a_hostile_text_does_no_harm(cast, browse, bio, never):
    alice = browse(Cast.alice)
    answer = alice.send("/api/v1/me", {"bio": bio, "about_audience": "members"}, method="PUT")
    assert answer.status_code == 200
    page = browse(Cast.carol).get(f"/members/{answer.json['handle']}")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert never is None or never not in page.text


def test_who_may_not_see_a_person_finds_no_page(cast, browse):
    handle = plant(browse(Cast.alice))
    bob = browse(Cast.bob)
    assert bob.get(f"/members/{handle}").status_code == 200
    for email in (Cast.guest, Cast.nia, Cast.sue):
        for path in (f"/members/{handle}", f"/api/v1/members/{handle}"):
            assert browse(email).get(path).status_code == 404, (email, path)
    bob_handle = bob.get("/api/v1/me").json["handle"]
    bob.send("/api/v1/me", {"name_audience": "public"}, method="PUT")
    assert browse(Cast.mallory).get(f"/members/{bob_handle}").status_code == 404


def test_an_offer_that_is_retired_is_still_named(app, cast, browse):
    handle = plant(browse(Cast.alice))
    with app.app_context():
        db.session.execute(sa.update(Offer).values(is_retired=True))
        db.session.commit()
    assert "Speaking at events" in browse(Cast.carol).get(f"/members/{handle}").text


def test_see_as_is_that_very_page(cast, browse, read):
    alice = browse(Cast.alice)
    plant(alice, Audience.MEMBERS, about=Audience.GROUPS, place=Audience.PUBLIC, name=Audience.PUBLIC)
    words = ("Quillbio", "Quillcity", "Quilljob", "JENESYS2016 16th Batch")
    shown = {
        circle: [word in alice.get(f"/me/privacy?as={circle}").text for word in words]
        for circle in ("groups", "members", "public")
    }
    assert shown == {
        "groups": [True, True, True, True],
        "members": [False, True, True, True],
        "public": [False, True, False, False],
    }
    assert "Quillname" not in alice.get("/me/privacy?as=nonsense").text
    assert read(sa.select(Account.handle).where(Account.email == Cast.alice)) != []
