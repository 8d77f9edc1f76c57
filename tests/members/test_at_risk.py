"""People at risk, and the young: in no list but those of their groups, whatever is saved afterwards."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni import worker
from alumni.accounts.models import Account
from alumni.core import audit, clock
from alumni.core.db import db
from alumni.core.errors import NotPermitted
from alumni.members import actions
from alumni.members.models import FIELDS, Audience, Listing, Member, Posting, Term
from tests.cast import Cast, viewer_of

STRANGERS = (Cast.carol, Cast.mallory, Cast.mona, Cast.sam, Cast.nia, Cast.guest)
LISTS = (
    "/members", "/members?q=alice", "/members?q=al", "/members?country=LA", "/members?programme=jenesys2016",
    "/api/v1/members", "/api/v1/members?q=phommasan", "/",
    "/members/suggested", "/members/map", "/api/v1/members/suggested",
)  # fmt: skip


def age(years, days=0):
    today = clock.now().date() + timedelta(days=days)
    return f"{today.year - years}-{today:%m-%d}"


@pytest.fixture
def alice(cast, browse):
    """Everything open to everybody, so that only the rule can hide her."""
    browser = browse(Cast.alice)
    browser.post("/me/privacy", {"everything": "public"})
    return browser


@pytest.fixture
def handle(alice):
    return alice.get("/api/v1/me").json["handle"]


def listed_for(read, email=Cast.alice):
    select = sa.select(Listing.audience).join(Account, Account.id == Listing.account_id).where(Account.email == email)
    return sorted(row.audience.value for row in read(select))


def found_by(read):
    """How many terms of the directory lead to her; those inside her groups are others."""
    postings = sa.select(Posting.term_id).join(Account, Account.id == Posting.account_id)
    postings = postings.join(Term, Term.id == Posting.term_id).where(Term.audience != Audience.GROUPS)
    return len(read(postings.where(Account.email == Cast.alice)))


def hide(app, *, by=Cast.mona, act=actions.hide_member):
    with app.app_context():
        account_id = db.session.scalar(sa.select(Account.id).where(Account.email == Cast.alice))
        act(actor=viewer_of(by), account_id=account_id, reason="She is threatened.")
        db.session.commit()


def is_nowhere(browse, handle):
    for email in STRANGERS:
        reader = browse(email)
        assert [path for path in LISTS if "Phommasan" in reader.get(path).text] == [], email
        for path in (f"/members/{handle}", f"/api/v1/members/{handle}"):
            assert reader.get(path).status_code == 404, (email, path)
        assert reader.get(f"/report?member={handle}").status_code in (303, 403, 404)
    return True


def save_everything(alice):
    """Each page on which a member saves something about themselves."""
    assert alice.post("/me/names", {"name": "Alice Phommasan", "call_me": "Ali"}).status_code == 303
    city = {"city": "Pakse", "born_on": alice.get("/api/v1/me").json["profile"]["born_on"]}
    assert alice.post("/me/profile", city).status_code == 303
    assert alice.post("/me/languages", {"offers": "job"}).status_code == 303
    station = {"kind": "work", "title": "Engineer", "year_from": "2019"}
    assert alice.post("/me/career/new", station).status_code == 303
    assert alice.post("/me/privacy", {"everything": "public"}).status_code == 303
    assert alice.post("/me/privacy", {"listed": "yes"}).status_code == 303
    assert alice.send("/api/v1/me", {f"{f}_audience": "members" for f in FIELDS}, method="PUT").status_code == 200


def test_somebody_hidden_stays_hidden(app, cast, browse, read, alice, handle):
    assert listed_for(read) == ["groups", "members", "public"]
    hide(app)
    assert (listed_for(read), found_by(read)) == (["groups"], 0)
    assert is_nowhere(browse, handle)
    save_everything(alice)
    with app.app_context():
        list(actions.rebuild_listings())
        db.session.commit()
    assert (listed_for(read), found_by(read)) == (["groups"], 0)
    assert is_nowhere(browse, handle)
    bob = browse(Cast.bob)  # of her group
    assert bob.get(f"/members/{handle}").status_code == 200
    assert "A moderator has taken you out of every list" in alice.get("/me/privacy").text
    hide(app, act=actions.show_member)
    assert listed_for(read) == ["groups", "members"]
    lines = read(sa.select(audit.AuditLine.action, audit.AuditLine.subject).order_by(audit.AuditLine.id))
    assert [(line.action, line.subject) for line in lines if line.action.startswith("member.")] == [
        ("member.hide", f"account:{handle}"),
        ("member.show", f"account:{handle}"),
    ]


def test_the_young_are_in_no_list(cast, browse, read, alice, handle):
    alice.post("/me/profile", {"born_on": age(18, days=1)})
    assert (listed_for(read), found_by(read)) == (["groups"], 0)
    assert is_nowhere(browse, handle)
    save_everything(alice)
    assert (listed_for(read), found_by(read)) == (["groups"], 0)
    assert is_nowhere(browse, handle)
    assert "You are under 18" in alice.get("/me/privacy").text


def test_of_age_today(cast, read, alice):
    alice.post("/me/profile", {"born_on": age(18)})
    assert listed_for(read) == ["groups", "members", "public"]


@pytest.mark.parametrize("email", [*STRANGERS, Cast.bob])
def test_a_birthday_is_seen_by_nobody(cast, browse, alice, handle, email):
    alice.post("/me/profile", {"born_on": "1991-11-23"})
    reader = browse(email)
    for path in (f"/members/{handle}", f"/api/v1/members/{handle}", *LISTS):
        # The token of a form is any letters and digits.
        assert "1991" not in re.sub(r'value="[0-9a-f.]+"', "", reader.get(path).text), path


def test_whoever_comes_of_age_is_listed_by_the_daily_run(app, cast, read, alice, monkeypatch):
    alice.post("/me/profile", {"born_on": age(18, days=1)})
    with app.app_context():
        assert worker.run_daily() == 0
    assert listed_for(read) == ["groups"]
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    for _twice in range(2):
        with app.app_context():
            assert worker.run_daily() == 1
        assert listed_for(read) == ["groups", "members", "public"]
    # A worker that was away for a week makes up for it, and never opens what somebody closed.
    next_week = tomorrow + timedelta(days=7)
    monkeypatch.setattr(clock, "now", lambda: next_week)
    alice.post("/me/privacy", {"listed": "no"})
    with app.app_context():
        assert worker.run_daily() == 1
    assert listed_for(read) == ["groups"]


def test_only_moderators_hide(app, cast, read, alice):
    for email in (Cast.guest, Cast.nia, Cast.carol, Cast.bob, Cast.alice, Cast.mallory, Cast.sue):
        for act in (actions.hide_member, actions.show_member):
            with pytest.raises(NotPermitted):
                hide(app, by=email, act=act)
    assert listed_for(read) == ["groups", "members", "public"]
    assert read(sa.select(Member.hidden_at).where(Member.hidden_at.is_not(None))) == []
    hide(app, by=Cast.sam)
    assert listed_for(read) == [Audience.GROUPS.value]
