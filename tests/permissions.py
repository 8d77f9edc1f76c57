"""Who may do what, as data: each deed is tried by each of the cast, and the answers are `docs/permissions.md`.

`WRITE_PERMISSIONS=1 pytest tests/test_permissions.py` writes the document; without it the test holds it to the app.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from alumni.accounts.models import Account
from alumni.arrivals.models import Arrival
from alumni.core import clock
from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.events.models import Event, EventAudience, EventKind, EventState
from alumni.founding.models import FoundingState
from alumni.groups.models import Group, GroupKind, MembershipState, Visibility
from alumni.members.models import Listing, Member, Participation
from alumni.messages.models import MayWrite, MessageChoice
from alumni.moderation.models import Report, ReportReason, ReportState
from alumni.outreach.models import OutreachEntry, OutreachKind, OutreachSum
from alumni.posts.models import Post
from alumni.programmes.models import Cohort
from alumni.reports.models import EventReport, FeedbackSheet
from alumni.reports.queries import count_people
from alumni.settings.models import Proposal
from tests import builders
from tests.browser import Browser
from tests.cast import Cast, make_cast

DOCUMENT = Path(__file__).parents[1] / "docs" / "permissions.md"

WHO = {
    "guest": "a visitor",
    "nia": "an account whose claim waits",
    "carol": "a member, of another cohort",
    "bob": "a member of the cohort",
    "alice": "its organiser",
    "mallory": "removed from it, blocked by Bob",
    "sue": "suspended",
    "olga": "an officer of the programme",
    "otto": "an officer of another country",
    "mona": "a moderator",
    "sam": "an admin",
}

SIGNS = {"yes": "yes", "no": "no (403)", "hidden": "not there (404)", "sign in": "sign in", "state": "not now (409)"}


@dataclass(frozen=True)
class World:
    """Keys of what the deeds are done to."""

    group: str
    secret_group: str
    open_event: str
    member_event: str
    event: str
    proposed: str
    running: str
    past: str
    post: str
    own_post: str
    claim: str
    report: str
    taken: str
    bob: str
    carol: str
    nia: str
    entry: str
    other_entry: str
    meeting: str
    resolution: str
    seat: str
    founding: str
    election: str
    candidate: str
    vote: str
    counted: str
    outreach: str
    conversation: str
    proposal: str
    session: str
    recommendation: str
    company: str
    slot: str
    request: str


def make_world() -> World:
    cast = make_cast()
    group = db.session.query(Group).filter_by(slug=cast.group).one()
    builders.make_entry(db.session.get_one(Cohort, group.cohort_id), "PHOMMASAN Alice")
    accounts = {name: _member(getattr(cast, name)) for name in ("alice", "bob", "carol", "nia")}
    public = EventAudience.PUBLIC
    secret = builders.make_group("A closed circle", slug="circle", visibility=Visibility.OWN)
    builders.join(accounts["alice"], secret)
    asked = builders.make_group("By request", slug="by-request")
    builders.join(accounts["nia"], asked, state=MembershipState.REQUESTED)
    alice = accounts["alice"].account_id
    events = {
        "open_event": builders.make_event(group, audience=public, posted_by_id=alice, kind=EventKind.CONFERENCE),
        "member_event": builders.make_event(group, audience=EventAudience.MEMBERS, posted_by_id=alice),
        "event": builders.make_event(group, posted_by_id=alice),
        "running": builders.make_event(group, starts_in=timedelta(minutes=-5), posted_by_id=alice),
        "past": builders.make_event(
            group, starts_in=timedelta(days=-2), audience=EventAudience.MEMBERS, posted_by_id=alice
        ),
        "proposed": builders.make_event(group, state=EventState.PROPOSED, posted_by_id=accounts["bob"].account_id),
    }
    _look_back(events["past"], accounts["bob"])
    post = builders.make_post(group, accounts["alice"])
    own = builders.make_post(group, accounts["bob"])
    mona = _member(cast.mona).account_id
    taken = builders.add(
        Report(
            post_id=own.id,
            reporter_id=alice,
            reason=ReportReason.SPAM,
            snapshot=_seen(own, accounts["bob"]),
            state=ReportState.IN_HAND,
            taken_by_id=mona,
            about_id=accounts["bob"].account_id,
        )
    )
    claim = db.session.query(Participation).filter_by(account_id=accounts["nia"].account_id).one()
    report = builders.add(
        Report(
            post_id=post.id,
            reporter_id=accounts["bob"].account_id,
            reason=ReportReason.SPAM,
            snapshot=_seen(post, accounts["alice"]),
            about_id=alice,
        )
    )
    cohort = db.session.get_one(Cohort, group.cohort_id)
    entries = [
        builders.make_entry(cohort, "KEOMANY Lek", email="lek@example.com"),
        builders.make_entry(cohort, "LEK Keomany", identity="p:keomany lek|LA|2"),
    ]
    records = builders.keep_records(group)
    founding = builders.make_founding(accounts["bob"], handed_in_at=clock.now(), state=FoundingState.HANDED_IN)
    elections = builders.make_elections(group, accounts["bob"], accounts["alice"])
    ids = {"account_id": accounts["bob"].account_id, "group_id": group.id}
    told = builders.add(OutreachEntry(**ids, **TALK | {"kind": OutreachKind.TALK, "year": 2026}))
    counted = {"group_id": group.id, "year": 2026, "country": "", "kind": OutreachKind.TALK}
    builders.add(OutreachSum(**counted, entries=1, reached=0, about=0, more_than=0, uncounted=1))
    facts = {"parent_id": group.id, "kind": GroupKind.CHAPTER, "name": "Vientiane"}
    proposal = builders.add(Proposal(proposed_by_id=accounts["bob"].account_id, **facts))
    builders.add(MessageChoice(account_id=accounts["carol"].account_id, may_write=MayWrite.MEMBERS))
    conversation = builders.make_conversation(accounts["alice"], accounts["bob"])
    conference = builders.hold_conference(events["open_event"], accounts["bob"])
    db.session.commit()
    slugs = {name: event.slug for name, event in events.items()}
    handles = {name: _handle(accounts[name]) for name in ("bob", "carol", "nia")}
    return World(
        cast.group,
        "circle",
        **slugs,
        post=post.key,
        own_post=own.key,
        claim=claim.key,
        report=report.key,
        taken=taken.key,
        **handles,
        entry=entries[0].key,
        other_entry=entries[1].key,
        **records,
        founding=founding.key,
        **elections,
        outreach=told.key,
        conversation=conversation.key,
        proposal=proposal.key,
        **conference,
    )


def _look_back(event: Event, who_came: Member) -> None:
    """Its report is published, two things are asked, and one person was noted at the door."""
    at = event.starts_at
    builders.add(Arrival(event_id=event.id, account_id=who_came.account_id, once=new_key(), arrived_at=at))
    questions = [{"kind": kind, "label": "How was it?", "offered": ""} for kind in ("scale", "words")]
    builders.add(FeedbackSheet(event_id=event.id, questions=questions))
    quotes = [{"words": "I shall come again.", "by": "A pupil"}]
    facts = {"is_published": True, "numbers": count_people(event.id) | {"feedback": []}, "counted_at": clock.now()}
    words = {"words_en": "We met.", "minutes_ja": "開会しました。", "handed_to": "Embassy", "quotes": quotes}
    builders.add(EventReport(event_id=event.id, **words, **facts))


def _seen(post: Post, author: Member) -> dict[str, Any]:
    return {
        "kind": "post",
        "title": "",
        "body": post.body,
        "author": _handle(author),
        "url": "",
        "audience": "",
        "place": "",
    }


def _member(email: str) -> Member:
    return db.session.query(Member).join(Account, Account.id == Member.account_id).filter(Account.email == email).one()


def _handle(member: Member) -> str:
    return db.session.query(Listing.handle).filter_by(account_id=member.account_id).limit(1).scalar()


@dataclass(frozen=True)
class Deed:
    words: str
    path: Callable[[World], str]
    method: str = "GET"
    body: dict[str, Any] = field(default_factory=dict)


TALK = {"kind": "talk", "title": "Winter in Hokkaido", "held_on": "2026-05-01"}

EVENT = {
    "title": "A meeting", "kind": "reunion", "mode": "online", "starts_at": "2031-05-04T19:00",
    "ends_at": "2031-05-04T20:00",
    "zone": "Asia/Vientiane", "audience": "group",
}  # fmt: skip

OFFICE = {
    "email": "alice@example.org", "agency": "jica", "programmes": ["jenesys2016"],
    "starts_on": "2020-01-01", "ends_on": (clock.now().date() + timedelta(days=200)).isoformat(),
}  # fmt: skip

DEEDS = [
    Deed("read the programmes", lambda w: "/api/v1/programmes"),
    Deed("browse groups", lambda w: "/api/v1/groups"),
    Deed("see that a public group exists", lambda w: f"/api/v1/groups/{w.group}"),
    Deed("see that a closed circle exists", lambda w: f"/api/v1/groups/{w.secret_group}"),
    Deed("see who is in the cohort's group", lambda w: f"/api/v1/groups/{w.group}/members"),
    Deed("read its posts", lambda w: f"/api/v1/groups/{w.group}/posts"),
    Deed("join it", lambda w: f"/api/v1/groups/{w.group}/join", "POST"),
    Deed("write to it", lambda w: f"/api/v1/groups/{w.group}/posts", "POST", {"body": "Hello"}),
    Deed("answer a post in it", lambda w: f"/api/v1/posts/{w.post}/answers", "POST", {"body": "Hello"}),
    Deed("edit a post of Bob", lambda w: f"/api/v1/posts/{w.own_post}", "PUT", {"body": "Hello"}),
    Deed("keep a post on top of it", lambda w: f"/api/v1/posts/{w.post}/pin", "PUT"),
    Deed("say that all its posts are seen", lambda w: f"/api/v1/groups/{w.group}/posts/seen", "POST"),
    Deed("announce a post to it", lambda w: f"/posts/{w.post}/announce"),
    Deed("see how a reported post read before", lambda w: f"/posts/{w.own_post}/versions"),
    Deed("read what a group says to everybody", lambda w: f"/groups/{w.group}/feed.atom"),
    Deed("read what those of a programme write", lambda w: "/api/v1/programmes/jenesys2016/posts"),
    Deed("write to those of a programme", lambda w: "/api/v1/programmes/jenesys2016/posts", "POST", {"body": "Hello"}),
    Deed("leave it with one's posts", lambda w: f"/api/v1/groups/{w.group}/leave", "POST", {"posts": "remove"}),
    Deed("delete a post of Bob", lambda w: f"/api/v1/posts/{w.own_post}", "DELETE"),
    Deed("see the profile of Carol", lambda w: f"/api/v1/members/{w.carol}"),
    Deed("see the profile of Bob", lambda w: f"/api/v1/members/{w.bob}"),
    Deed("make a token for a program", lambda w: "/me/security/tokens/new"),
    Deed("see people one may know", lambda w: "/api/v1/members/suggested"),
    Deed("see a public event", lambda w: f"/api/v1/events/{w.open_event}"),
    Deed("see an event for members", lambda w: f"/api/v1/events/{w.member_event}"),
    Deed("see an event of the group", lambda w: f"/api/v1/events/{w.event}"),
    Deed("see a proposed event", lambda w: f"/api/v1/events/{w.proposed}"),
    Deed("answer an event of the group", lambda w: f"/api/v1/events/{w.event}/answer", "POST", {"answer": "going"}),
    Deed("answer an event for members", lambda w: f"/api/v1/events/{w.member_event}/answer", "POST",
         {"answer": "going"}),
    Deed("mute a group", lambda w: f"/api/v1/groups/{w.group}/mute", "PUT", {}),
    Deed("archive a group", lambda w: f"/api/v1/groups/{w.group}/archive", "PUT", {"reason": "x"}),
    Deed("ask something of those who come", lambda w: f"/api/v1/events/{w.event}/questions", "POST",
         {"label": "What do you eat?", "kind": "text"}),
    Deed("see who does what in a group", lambda w: f"/api/v1/groups/{w.group}/roles"),
    Deed("see who comes to an event", lambda w: f"/api/v1/events/{w.event}/answers"),
    Deed("say how one answers an event", lambda w: f"/api/v1/events/{w.event}/answers/rules", "PUT",
         {"most_guests": 1, "gives_at_once": "", "lets_small_ahead": "1"}),
    Deed("post an event in the group", lambda w: "/api/v1/events", "POST", EVENT | {"group": "jenesys2016-batch-16"}),
    Deed("publish what was proposed", lambda w: f"/api/v1/events/{w.proposed}/publish", "POST"),
    Deed("note who came to an event", lambda w: f"/api/v1/events/{w.running}/check-in", "POST", {"name": "A guest"}),
    Deed("read the names of its visitors", lambda w: f"/api/v1/events/{w.running}/visitors"),
    Deed("see the list of its door", lambda w: f"/api/v1/events/{w.running}/check-in"),
    Deed("read the report of an event for members", lambda w: f"/api/v1/events/{w.past}/report"),
    Deed("write the report of an event", lambda w: f"/api/v1/events/{w.past}/report", "PUT", {"words_en": "We met."}),
    Deed("say how an event was", lambda w: f"/api/v1/events/{w.past}/feedback", "PUT", {"q1": 5}),
    Deed("read how an event was", lambda w: f"/events/{w.past}/feedback/questions"),
    Deed("make a lasting group of an event", lambda w: f"/api/v1/events/{w.past}/lasting-group", "POST",
         {"name": "We go on", "about": "We meet again."}),
    Deed("call an event off", lambda w: f"/api/v1/events/{w.event}/cancel", "POST", {"reason": "rain"}),
    Deed("claim a participation", lambda w: "/api/v1/participations", "POST",
         {"programme": "jenesys2016", "country": "KH", "cohort": "jenesys2016-peace-2", "name_as_printed": "X",
          "role": "participant"}),
    Deed("see the desk", lambda w: "/api/v1/desk"),
    Deed("see the claim of Nia", lambda w: f"/api/v1/participations/{w.claim}"),
    Deed("verify the claim of Nia", lambda w: f"/api/v1/participations/{w.claim}/verify", "POST"),
    Deed("decline the claim of Nia", lambda w: f"/api/v1/participations/{w.claim}/decline", "POST", {"reason": "no"}),
    Deed("report a post", lambda w: "/api/v1/reports", "POST", {"post": "{post}", "reason": "spam"}),
    Deed("see the reports", lambda w: "/api/v1/reports"),
    Deed("take a report in hand", lambda w: f"/api/v1/reports/{w.report}/take", "POST"),
    Deed("decide a report that the moderator has in hand", lambda w: f"/api/v1/reports/{w.taken}/decide", "POST",
         {"decision": "hidden", "reason": "spam"}),
    Deed("choose which letters come", lambda w: "/me/notifications"),
    Deed("write to many at once, across groups", lambda w: "/circulars/new"),
    Deed("ask for another address for one's account", lambda w: "/me/security/address"),
    Deed("read the letters to oneself", lambda w: "/me/letters"),
    Deed("see how letters and jobs go", lambda w: "/admin/mail"),
    Deed("see the reports of the group", lambda w: f"/groups/{w.group}/reports"),
    Deed("hide what was reported there until a moderator looks", lambda w: f"/groups/{w.group}/reports/{w.taken}/hide"),
    Deed("read the log of the group", lambda w: f"/groups/{w.group}/log"),
    Deed("see who is hidden because they are at risk", lambda w: "/moderation/people"),
    Deed("read what was decided about oneself", lambda w: "/me/decisions"),
    Deed("read moderation in numbers", lambda w: "/moderation/figures"),
    Deed("see the posts that wait in groups that one looks after", lambda w: "/posts/waiting"),
    Deed("name the words that make a post wait", lambda w: "/admin/words"),
    Deed("read the log", lambda w: "/moderation/log"),
    Deed("take the log along", lambda w: "/moderation/log.csv"),
    Deed("add a programme", lambda w: "/api/v1/programmes", "POST",
         {"name": "New", "short": "New", "kind": "programme", "family": "jenesys", "year_from": 2026, "source": "x"}),
    Deed("take one's own picture away", lambda w: "/api/v1/me/picture", "DELETE"),
    Deed("write one's own names", lambda w: "/api/v1/me", "PUT", {"name": "A New Name"}),
    Deed("add a station to one's own career", lambda w: "/api/v1/me/career", "POST",
         {"title": "Engineer", "year_from": 2019}),
    Deed("leave the directory", lambda w: "/api/v1/me", "PUT", {"name": "Somebody", "is_listed": False}),
    Deed("change the list of offers", lambda w: "/api/v1/offers/mentoring", "PUT", {"name_en": "Advice"}),
    Deed("read one's own data", lambda w: "/api/v1/me"),
    Deed("take one's own data along", lambda w: "/api/v1/me/data", "POST"),
    Deed("read what one agreed to", lambda w: "/api/v1/me/consents"),
    Deed("withdraw what one agreed to", lambda w: "/api/v1/me/consents", "PUT", {"mail": False}),
    Deed("take the claim of Nia in hand", lambda w: f"/api/v1/participations/{w.claim}/take", "POST"),
    Deed("ask Nia for more", lambda w: f"/api/v1/participations/{w.claim}/ask", "POST", {"template": "say-when"}),
    Deed("look for Nia in the roster", lambda w: f"/api/v1/participations/{w.claim}/roster", "POST", {"name": "Nia"}),
    Deed("have people asked about the claim of Nia", lambda w: f"/api/v1/participations/{w.claim}/vouchers", "POST"),
    Deed("correct the claim of Nia", lambda w: f"/api/v1/participations/{w.claim}", "PUT",
         {"role": "participant", "name_as_printed": "New Nia"}),
    Deed("take back the claim of Nia", lambda w: f"/api/v1/participations/{w.claim}", "DELETE"),
    Deed("verify several claims at once", lambda w: "/api/v1/desk/bulk", "POST", {"claims": ["{post}"]}),
    Deed("see what one is asked about others", lambda w: "/api/v1/vouches"),
    Deed("read how claims of a programme are decided", lambda w: "/api/v1/programmes/jenesys2016/claim-rules"),
    Deed("set how claims of a programme are decided", lambda w: "/api/v1/programmes/jenesys2016/claim-rules", "PUT",
         {"vouchers_needed": 3}),
    Deed("see who is an officer", lambda w: "/api/v1/officers"),
    Deed("put somebody in office", lambda w: "/api/v1/officers", "POST", OFFICE),
    Deed("see one's own office", lambda w: "/api/v1/me/office"),
    Deed("invite the people of a roster", lambda w: "/api/v1/rosters/cohorts/jenesys2016-batch-16/invitations", "POST"),
    Deed("mark an entry: do not contact", lambda w: f"/api/v1/rosters/entries/{w.entry}/mark", "POST",
         {"mark": "do_not_contact", "reason": "asked us to"}),
    Deed("see entries that may be one person", lambda w: "/api/v1/rosters/duplicates"),
    Deed("say that two entries are one person", lambda w: f"/api/v1/rosters/duplicates/{w.entry}/{w.other_entry}",
         "POST", {"verdict": "same", "reason": "seen"}),
    Deed("see the claim rates of one's scope", lambda w: "/api/v1/rosters/rates"),
    Deed("see which rosters there are", lambda w: "/api/v1/rosters"),
    Deed("read the roster of a cohort", lambda w: "/api/v1/rosters/cohorts/jenesys2016-batch-16/entries"),
    Deed("take a roster along", lambda w: "/rosters/cohorts/jenesys2016-batch-16/entries.csv"),
    Deed("see the lists that came in", lambda w: "/api/v1/rosters/imports"),
    Deed("read the meetings of a group", lambda w: f"/api/v1/groups/{w.group}/meetings"),
    Deed("read a resolution", lambda w: f"/api/v1/groups/{w.group}/resolutions/{w.resolution}"),
    Deed("read earlier versions of minutes", lambda w: f"/groups/{w.group}/meetings/{w.meeting}/minutes/versions"),
    Deed("put a meeting on record", lambda w: f"/api/v1/groups/{w.group}/meetings", "POST",
         {"title": "A meeting", "starts_on": "2026-05"}),
    Deed("write minutes", lambda w: f"/api/v1/groups/{w.group}/meetings/{w.meeting}/minutes", "POST",
         {"based_on": 2, "body": "We met."}),
    Deed("publish minutes", lambda w: f"/api/v1/groups/{w.group}/meetings/{w.meeting}/minutes/publish", "POST"),
    Deed("put a resolution on record", lambda w: f"/api/v1/groups/{w.group}/meetings/{w.meeting}/resolutions", "POST",
         {"number": 2, "title": "Another"}),
    Deed("put a seat in a council on record", lambda w: f"/api/v1/groups/{w.group}/seats", "POST",
         {"association": "jenesys2016-batch-16", "council": "Council", "name": "Chair", "from_on": "2026"}),
    Deed("see an election of the group", lambda w: f"/api/v1/elections/{w.election}"),
    Deed("call an election", lambda w: f"/groups/{w.group}/elections/new"),
    Deed("stand in an election", lambda w: f"/api/v1/elections/{w.election}/stand", "POST", {"name": "Somebody"}),
    Deed("call off an election that Bob conducts", lambda w: f"/elections/{w.election}/cancel"),
    Deed("vote", lambda w: f"/api/v1/elections/{w.vote}/vote", "POST", {"choice": "blank"}),
    Deed("see every ballot of a count", lambda w: f"/api/v1/elections/{w.counted}/ballots"),
    Deed("begin to found an association", lambda w: "/foundings/new"),
    Deed("read the papers that Bob has handed in", lambda w: f"/api/v1/foundings/{w.founding}"),
    Deed("decide about the papers that Bob has handed in", lambda w: f"/foundings/{w.founding}/decide"),
    Deed("write to Bob first", lambda w: "/api/v1/messages", "POST", {"to": "{bob}", "body": "Hello."}),
    Deed("write to Carol first", lambda w: "/api/v1/messages", "POST", {"to": "{carol}", "body": "Hello."}),
    Deed("read what Alice wrote to Bob", lambda w: f"/api/v1/messages/{w.conversation}"),
    Deed("accept what Alice asked Bob", lambda w: f"/api/v1/messages/{w.conversation}/accept", "POST"),
    Deed("choose who may write to one", lambda w: "/api/v1/me/messages/choices", "PUT",
         {"may_write": "nobody", "in_letters": "nothing"}),
    Deed("note what one told of Japan", lambda w: "/api/v1/me/outreach", "POST", TALK | {"group": ""}),
    Deed("note what a group told of Japan", lambda w: f"/api/v1/groups/{w.group}/outreach", "POST", TALK),
    Deed("read what people of a group told of Japan", lambda w: f"/api/v1/groups/{w.group}/outreach"),
    Deed("correct what Bob told of Japan", lambda w: f"/api/v1/outreach/{w.outreach}", "PUT", {"title": "Snow"}),
    Deed("read the sums of what was told", lambda w: "/api/v1/outreach/sums"),
    Deed("take the sums of what was told along", lambda w: "/outreach/sums.csv"),
    Deed("set a group up", lambda w: f"/api/v1/groups/{w.group}/settings"),
    Deed("place a group elsewhere", lambda w: f"/groups/{w.group}/settings/place"),
    Deed("propose a group below one's own", lambda w: f"/api/v1/groups?parent={w.group}", "POST",
         {"kind": "chapter", "name": "Vientiane", "about": "People there."}),
    Deed("propose a group that stands by itself", lambda w: "/groups/new"),
    Deed("decide about a group that Bob proposed", lambda w: f"/groups/proposals/{w.proposal}/decline"),
    Deed("set a task for teams", lambda w: f"/groups/{w.group}/teams/new"),
    Deed("see the tasks for teams", lambda w: f"/api/v1/groups/{w.group}/teams"),
    Deed("read the programme of a public conference", lambda w: f"/api/v1/events/{w.open_event}/sessions"),
    Deed("write it", lambda w: f"/events/{w.open_event}/programme/new"),
    Deed("choose a session, where Bob is going", lambda w: f"/api/v1/events/{w.open_event}/sessions/{w.session}/choose",
         "POST"),
    Deed("see its delegations", lambda w: f"/api/v1/events/{w.open_event}/delegations"),
    Deed("read its recommendations", lambda w: f"/api/v1/events/{w.open_event}/recommendations"),
    Deed("hand a recommendation over",
         lambda w: f"/events/{w.open_event}/recommendations/{w.recommendation}/hand-over"),
    Deed("read which companies come", lambda w: f"/api/v1/events/{w.open_event}/companies"),
    Deed("enter a company", lambda w: f"/events/{w.open_event}/companies/new"),
    Deed("ask to meet a company", lambda w: f"/api/v1/events/{w.open_event}/companies/{w.company}/requests", "POST",
         {"slot": "{slot}"}),
    Deed("agree to a meeting that Bob asked for",
         lambda w: f"/api/v1/events/{w.open_event}/meetings/{w.request}/accept", "POST"),
    Deed("write a plan of action", lambda w: f"/api/v1/groups/{w.group}/plans/mine", "PUT", {"title": "A class"}),
    Deed("read the plans of the group", lambda w: f"/api/v1/groups/{w.group}/plans"),
    Deed("see the sums of plans", lambda w: "/api/v1/programmes/jenesys2016/plans"),
    Deed("invite to the group", lambda w: f"/api/v1/groups/{w.group}/invitations", "POST",
         {"addresses": "somebody@example.org"}),
    Deed("see the invitations of the group", lambda w: f"/api/v1/groups/{w.group}/invitations"),
    Deed("make the secret address of one's own calendar", lambda w: "/me/calendar"),
    Deed("send a list", lambda w: "/rosters/import"),
]  # fmt: skip


def _filled(text: str, world: World) -> str:
    """A text with the keys of what stands in braces."""
    for name in ("post", "slot", "bob", "carol"):
        text = text.replace(f"{{{name}}}", getattr(world, name))
    return text


def try_deed(app: Flask, deed: Deed, who: str, world: World) -> str:
    browser = Browser(app, getattr(Cast, who))
    body = {name: _filled(value, world) if isinstance(value, str) else value for name, value in deed.body.items()}
    path = deed.path(world)
    answer = browser.get(path) if deed.method == "GET" else browser.send(path, body, method=deed.method)
    status = answer.status_code
    words = {401: "sign in", 303: "sign in", 403: "no", 404: "hidden", 409: "state"}
    if status < 300:
        return "yes"
    return words.get(status, f"{status}: {answer.text[:200]}")


def document(answers: dict[str, dict[str, str]]) -> str:
    lines = [
        "# Who may do what",
        "",
        "Made by trying each deed as each of the cast. To write it anew:",
        "`WRITE_PERMISSIONS=1 make test ARGS='-n 0 -k sqlite tests/test_permissions.py'`.",
        "",
        *(f"- **{who}**: {words}" for who, words in WHO.items()),
        "",
        f"| | {' | '.join(WHO)} |",
        f"| --- |{' --- |' * len(WHO)}",
    ]
    rows = [(deed.words, answers[deed.words]) for deed in DEEDS]  # in this order, whichever was tried first
    lines += [f"| {words} | {' | '.join(SIGNS.get(a, a) for a in row.values())} |" for words, row in rows]
    return "\n".join(lines) + "\n"
