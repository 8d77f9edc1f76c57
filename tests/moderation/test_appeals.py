"""Decisions with a rule, the page of whoever they are about, and appeals that somebody else answers."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni import worker
from alumni.accounts.models import Account, StaffRole
from alumni.core import clock
from alumni.core.audit import AuditLine
from alumni.core.db import db
from alumni.moderation.models import Appeal
from alumni.posts.models import Post
from tests import builders
from tests.cast import Cast

WRONG = {"words": "They were my own watches."}
RIGHT = {"outcome": "reversed", "answer": "They were his own."}


@pytest.fixture
def max_(app, cast) -> str:
    """Another moderator."""
    with app.app_context():
        builders.make_member("Max Moderator", email="max@example.org", account={"staff_role": StaffRole.MODERATOR})
        db.session.commit()
    return "max@example.org"


@pytest.fixture
def decide(cast, browse, post, make_report):
    """Mona decides about Bob's post, which Alice reported."""

    def run(**draft):
        key = make_report(cast.alice, post=post)
        mona = browse(cast.mona)
        mona.send(f"/api/v1/reports/{key}/take")
        answer = mona.send(f"/api/v1/reports/{key}/decide", {"reason": "It sells watches.", **draft})
        assert answer.status_code == 200, answer.text
        return key

    return run


@pytest.mark.parametrize(
    ("decision", "template", "is_hidden"),
    [("warned", "warned", False), ("hidden", "hidden", True), ("removed", "removed", True)],
)
def test_each_decision_tells_both_and_stands_on_the_persons_page(
    cast, browse, decide, letters, hidden, post, decision, template, is_hidden
):
    key = decide(decision=decision, rule="spam", reason="")
    assert hidden(post) is is_hidden
    [author, reporter] = letters()
    assert (author[0], author[1], author[2]["rule"]) == (template, cast.bob, "spam")
    assert author[2]["appeal"] == f"/appeals/{key}"
    assert reporter[:2] == ("decided", cast.alice)
    bob = browse(cast.bob)
    assert f"/appeals/{key}" in bob.get("/me/decisions").text
    page = bob.get(f"/appeals/{key}").text
    assert "No advertising" in page
    assert "You can appeal once, until" in page
    for who in (cast.alice, cast.carol, cast.mona, cast.sam):
        assert browse(who).get(f"/appeals/{key}").status_code == 404
        assert f"/appeals/{key}" not in browse(who).get("/me/decisions").text


def test_a_rule_or_words_are_needed(cast, browse, post, make_report, stands):
    key = make_report(cast.alice, post=post)
    mona = browse(cast.mona)
    mona.post(f"/moderation/{key}/take")
    page = mona.post(f"/moderation/{key}/decide", {"decision": "warned", "days": "7", "rule": ""})
    assert page.status_code == 422
    assert "Choose a rule, or say why" in page.text
    answer = mona.send(f"/api/v1/reports/{key}/decide", {"decision": "warned", "rule": "nonsense", "reason": "x"})
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["rule"])
    assert stands(key).state == "in hand"


def test_who_is_left_as_they_are_reads_nothing(cast, browse, decide):
    key = decide(decision="none")
    bob = browse(cast.bob)
    assert "Nothing was decided about you" in bob.get("/me/decisions").text
    assert bob.get(f"/appeals/{key}").status_code == 404
    assert bob.post(f"/appeals/{key}", WRONG).status_code == 404


def test_a_suspended_person_appeals_and_is_right(cast, browse, read, decide, letters, hidden, post, max_, handle):
    """The whole walk: suspended and hidden, appealed, answered by somebody else, all undone, both told."""
    key = decide(decision="suspended", days=30, also_hide=True)
    bob = browse(cast.bob)
    assert "/me/decisions" in bob.get("/").text
    assert bob.post(f"/appeals/{key}", {"words": ""}).status_code == 422
    assert bob.post(f"/appeals/{key}", WRONG).status_code == 303
    assert bob.post(f"/appeals/{key}", WRONG).status_code == 409
    assert bob.send(f"/api/v1/appeals/{key}", WRONG).json["type"] == "appeal-made"
    mona, other = browse(cast.mona), browse(max_)
    assert "Somebody else answers this" in mona.get(f"/moderation/{key}").text
    assert mona.post(f"/moderation/{key}/answer", RIGHT).status_code == 403
    assert f"/moderation/{key}" in other.get("/moderation?state=appealed").text
    assert "my own watches" in other.get(f"/moderation/{key}").text
    assert other.post(f"/moderation/{key}/answer", {"outcome": "", "answer": ""}).status_code == 422
    assert hidden(post)
    assert other.post(f"/moderation/{key}/answer", RIGHT).status_code == 303
    assert other.send(f"/api/v1/reports/{key}/answer", RIGHT).json["type"] == "appeal-decided"
    assert not hidden(post)
    assert read(sa.select(Account.state).where(Account.email == cast.bob)) == [("active",)]
    told = [(name, to, facts["outcome"], facts["reason"]) for name, to, facts in letters()[-2:]]
    assert told == [
        ("answered", cast.bob, "reversed", RIGHT["answer"]),
        ("answered", cast.alice, "reversed", ""),
    ]
    assert "The decision was undone" in bob.get(f"/appeals/{key}").text
    acts = sa.select(AuditLine.action).where(AuditLine.subject == f"report:{key}").order_by(AuditLine.id)
    assert [row.action for row in read(acts)] == ["report.take", "report.decide", "report.appeal", "report.answer"]


def test_where_one_moderator_decided_an_admin_answers(cast, browse, read, decide, hidden, post):
    key = decide(decision="hidden")
    assert browse(cast.bob).send(f"/api/v1/appeals/{key}", WRONG).status_code == 201
    assert browse(cast.mona).send(f"/api/v1/reports/{key}/answer", RIGHT).status_code == 403
    stands = {"outcome": "upheld", "answer": "It is advertising."}
    assert browse(cast.sam).send(f"/api/v1/reports/{key}/answer", stands).json["appeal"] == "upheld"
    assert hidden(post)
    assert read(sa.select(Appeal.state)) == [("upheld",)]


def test_after_sixty_days_it_stands_and_what_was_removed_is_gone(app, cast, browse, read, decide, monkeypatch, post):
    key = decide(decision="removed")
    with app.app_context():
        worker.run_daily()
    assert read(sa.select(Post.key).where(Post.key == post)) == [(post,)]
    later = clock.now() + timedelta(days=60, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    bob = browse(cast.bob)
    assert "One could appeal until" in bob.get(f"/appeals/{key}").text
    assert bob.send(f"/api/v1/appeals/{key}", WRONG).json["type"] == "appeal-too-late"
    with app.app_context():
        worker.run_daily()
    assert read(sa.select(Post.key).where(Post.key == post)) == []
    assert bob.get(f"/appeals/{key}").status_code == 200


def test_what_is_appealed_is_not_deleted(app, cast, browse, read, decide, monkeypatch, post):
    key = decide(decision="removed")
    browse(cast.bob).send(f"/api/v1/appeals/{key}", WRONG)
    later = clock.now() + timedelta(days=90)
    monkeypatch.setattr(clock, "now", lambda: later)
    with app.app_context():
        worker.run_daily()
    assert read(sa.select(Post.key).where(Post.key == post)) == [(post,)]


@pytest.mark.parametrize("who", ["alice", "carol", "mallory", "nia", "sue", "olga", "otto", "guest"])
def test_for_everybody_else_there_is_no_appeal(cast, browse, read, decide, who):
    key = decide(decision="hidden")
    browse(cast.bob).send(f"/api/v1/appeals/{key}", WRONG)
    browser = browse(getattr(Cast, who))
    is_guest = who == "guest"
    assert browser.get(f"/appeals/{key}").status_code == (303 if is_guest else 404)
    assert browser.post(f"/appeals/{key}", WRONG).status_code == (303 if is_guest else 404)
    refused = {"guest": 303, "sue": 403}.get(who, 404)
    assert browser.post(f"/moderation/{key}/answer", RIGHT).status_code == refused
    assert read(sa.select(Appeal.state)) == [("appealed",)]
