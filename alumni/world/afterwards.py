"""What came of an event of the first cohort: who came, a report in two languages, what they said of it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, time, timedelta

import sqlalchemy as sa

from alumni.arrivals.models import Arrival
from alumni.core import walltime
from alumni.core.db import db
from alumni.core.viewer import Viewer
from alumni.events.models import Attendance, AttendanceState, Event, EventAudience, EventKind, EventState, Mode
from alumni.groups.models import Membership, MembershipState
from alumni.reports import actions
from alumni.reports.actions import Question, Quote, ReportDraft
from alumni.reports.models import FeedbackAnswer, FeedbackSheet, QuestionKind
from alumni.world.keys import key_of

ZONE = "Asia/Vientiane"
DAYS_AGO = 9  # so that it is still asked how it was
REPORT = ReportDraft(
    words_en="Two years after our visit to Kumamoto we met again in Vientiane, with pupils of a secondary school.\n\n"
    "In the afternoon each of us told **what became of our plans**: three schools sort their waste by now, and an "
    "evening class of Japanese goes into its second year. The pupils asked most about the drill for earthquakes.",
    words_ja="熊本を訪れてから二年、ビエンチャンで再び集まりました。中学校の生徒の皆さんも参加しました。\n\n"
    "午後は、帰国後の**行動計画のその後**を一人ずつ報告しました。三つの学校でごみの分別が始まり、日本語の夜間講座は"
    "二年目に入ります。生徒からは、防災訓練についての質問が最も多く出ました。",
    minutes_en="- Opened at two by the organiser.\n- Reports on eleven plans of action.\n"
    "- Agreed: to meet every spring, and to write to the schools in Kumamoto.",
    quotes=(
        Quote("I did not know that a drill can be fun. We shall do one at our school.", "A pupil of fourteen", True),
        Quote("久しぶりに日本語で話せて、うれしかったです。", "A teacher of Japanese", True),
    ),
    handed_to="Embassy of Japan in Laos",
    shows_feedback=True,
)
QUESTIONS = (
    Question(QuestionKind.SCALE, "How was the event as a whole?", "overall"),
    Question(QuestionKind.SCALE, "How much did you take home that you can use?", "learnt"),
    Question(QuestionKind.WORDS, "What should be done differently next time?", "better"),
)
SAID = ((5, 4, "More time with the pupils."), (4, 4, ""), (5, 3, "A larger room."), (4, 5, "すべて良かったです。"))


def look_back(group_id: int, *, now: datetime) -> None:
    """In the group of the first cohort, where enough people are; whoever signs in as a visitor may still answer."""
    in_it = sa.select(Membership.account_id).where(
        Membership.group_id == group_id, Membership.state == MembershipState.ACTIVE
    )
    people = list(db.session.scalars(in_it.order_by(Membership.joined_at, Membership.account_id).limit(24)))
    if len(people) < len(SAID) + 2:
        return
    event = _reunion(group_id, people, now)
    came = people[: max(len(SAID) + 2, len(people) - 2)]
    for number, account_id in enumerate(came):
        _note(event, str(number), account_id=account_id)
    _note(event, "school", name="Secondary school of Sikhottabong", country="LA", people=18)
    db.session.add(FeedbackSheet(event_id=event.id, questions=[asdict(each) for each in QUESTIONS]))
    for account_id, said in zip(reversed(came), SAID, strict=False):
        replies = {f"q{number}": word for number, word in enumerate(said, 1) if word}
        db.session.add(FeedbackAnswer(event_id=event.id, account_id=account_id, replies=replies))
    db.session.flush()
    organiser = Viewer(id=people[0], is_admin=True)
    report = actions.write_report(actor=organiser, event=event, draft=REPORT, publish=True)
    report.handed_on = (event.wall_end + timedelta(days=4)).date().isoformat()
    report.counted_at = report.saved_at = event.ends_at + timedelta(days=3)
    db.session.flush()


def _reunion(group_id: int, people: Sequence[int], now: datetime) -> Event:
    day = (now - timedelta(days=DAYS_AGO)).date()
    start, end = datetime.combine(day, time(14)), datetime.combine(day, time(17, 30))
    event = Event(
        slug=f"two-years-after-kumamoto-{key_of('demo', 'reunion')}",
        group_id=group_id,
        title="Two years after Kumamoto",
        description="We tell each other what became of our plans. Bring somebody from your school.",
        kind=EventKind.REPORTING,
        mode=Mode.IN_PERSON,
        place="National Library, Vientiane",
        country="LA",
        audience=EventAudience.PUBLIC,
        state=EventState.PUBLISHED,
        wall_start=start,
        wall_end=end,
        zone=ZONE,
        starts_at=walltime.instants(start, ZONE)[0],
        ends_at=walltime.instants(end, ZONE)[0],
        seats_taken=len(people),
        posted_by_id=people[0],
        created_at=now - timedelta(days=60),
        updated_at=now - timedelta(days=60),
    )
    db.session.add(event)
    db.session.flush()
    for account_id in people:
        answered = {"state": AttendanceState.GOING, "answered_at": now - timedelta(days=30)}
        db.session.add(Attendance(event_id=event.id, account_id=account_id, **answered))
    db.session.flush()
    return event


def _note(event: Event, what: str, **who: object) -> None:
    key = key_of("demo", "reunion", what)
    at = {"arrived_at": event.starts_at, "noted_at": event.starts_at}
    db.session.add(Arrival(key=key, once=key, event_id=event.id, **at, **who))
