"""What the people of the first cohort set out to do: plans and how they went, teams, a group of one country."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from alumni.arrivals.models import Arrival
from alumni.core.db import db
from alumni.core.viewer import INSTALLATION
from alumni.events.models import Attendance, AttendanceState, Event
from alumni.groups import actions as groups_actions
from alumni.groups.models import AdmittedProgramme, Group, GroupKind, JoinPolicy, Membership, MembershipState, Role
from alumni.plans.models import CheckIn, Plan, Progress
from alumni.programmes.models import Programme
from alumni.teams.models import Team, TeamComment, TeamMember, TeamRound, TeamVersion
from alumni.world.keys import key_of

DAY = timedelta(days=1)
ZONE = "Asia/Bangkok"
# What, for whom, the first step, and how it went after three months.
PLANS = (
    ("Waste is sorted at three schools", "Pupils and their teachers", "Measure one week of waste", Progress.WELL),
    ("An evening class of Japanese", "Beginners of any age", "Find a room", Progress.DONE),
    ("A drill for earthquakes in our district", "Twelve villages", "Ask the head of the district", Progress.SLOWLY),
    ("A robotics club", "Girls of fourteen", "Borrow two kits", Progress.WELL),
    ("Photographs of our host towns travel on", "Everybody", "Ask the library", Progress.STOPPED),
    ("A guide to studying in Japan, in our language", "Students", "List what I had to find out", None),
)
TASK = (
    "A city that floods less",
    "Two pages: what your own city could do within a year, with what you saw in Japan, and what it costs.",
)
IDEA = (
    "Rain barrels for every school",
    "Each roof of a school gives *9,000 litres* in a storm. We collect them, and water the gardens with them.",
)


def work_together(group_id: int, *, now: datetime) -> None:
    """In the group of the first cohort; and a group which whoever of its programme lives in Laos is in by itself."""
    in_it = sa.select(Membership.account_id).where(
        Membership.group_id == group_id, Membership.state == MembershipState.ACTIVE
    )
    people = list(db.session.scalars(in_it.order_by(Membership.account_id).limit(12)))
    if len(people) < len(PLANS):
        return
    _arrivals(group_id, now)
    _plans(group_id, people, now)
    _teams(group_id, people, now)
    _group_of_a_country(db.session.get_one(Group, group_id), now)
    db.session.flush()


def _arrivals(group_id: int, now: datetime) -> None:
    """Of those who said they would come to what is over, four in five did."""
    went = (
        sa.select(Attendance.account_id, Attendance.party, Event.id, Event.starts_at)
        .join(Event, Event.id == Attendance.event_id)
        .where(Event.group_id == group_id, Event.ends_at < now, Attendance.state == AttendanceState.GOING)
        .order_by(Event.id, Attendance.account_id)
    )
    for number, row in enumerate(db.session.execute(went).all()):
        if number % 5 == 4:
            continue
        key = key_of("demo", "arrival", str(number))
        facts = {"event_id": row.id, "account_id": row.account_id, "people": row.party, "arrived_at": row.starts_at}
        db.session.add(Arrival(key=key, once=key, noted_at=row.starts_at, **facts))


def _plans(group_id: int, people: Sequence[int], now: datetime) -> None:
    made_at = now - 120 * DAY
    for number, (title, for_whom, first_step, progress) in enumerate(PLANS):
        plan = Plan(
            key=key_of("demo", "plan", str(number)),
            group_id=group_id,
            account_id=people[number],
            title=title,
            for_whom=for_whom,
            first_step=first_step,
            made_at=made_at,
            updated_at=made_at,
        )
        db.session.add(plan)
        db.session.flush()
        due_at = made_at + 91 * DAY
        said = {"progress": progress, "answered_at": due_at + DAY} if progress else {}
        db.session.add(CheckIn(plan_id=plan.id, months=3, due_at=due_at, asked_at=due_at, **said))
        db.session.add(CheckIn(plan_id=plan.id, months=12, due_at=made_at + 365 * DAY))


def _teams(group_id: int, people: Sequence[int], now: datetime) -> None:
    deadline = (now + 21 * DAY).replace(minute=0, second=0, microsecond=0)
    facts = {"title": TASK[0], "task": TASK[1], "deadline_at": deadline, "zone": ZONE, "size": 5}
    made = TeamRound(key=key_of("demo", "round"), group_id=group_id, made_by_id=people[0], **facts)
    db.session.add(made)
    db.session.flush()
    for name, members in (("Mekong", people[1:4]), ("Himawari", people[4:7])):
        team = Team(key=key_of("demo", "team", name), round_id=made.id, name=name, people=len(members))
        db.session.add(team)
        db.session.flush()
        for account_id in members:
            db.session.add(TeamMember(round_id=made.id, account_id=account_id, team_id=team.id))
        if name == "Mekong":
            team.title, team.idea, team.edits, team.handed_in_at = *IDEA, 1, now - 2 * DAY
            version = {"title": IDEA[0], "idea": IDEA[1], "by_id": members[0]}
            db.session.add(TeamVersion(team_id=team.id, number=1, handed_in_at=now - 2 * DAY, **version))
            comment = {"team_id": team.id, "author_id": people[0], "body": "What does one barrel cost?"}
            db.session.add(TeamComment(key=key_of("demo", "comment"), made_at=now - DAY, **comment))


def _group_of_a_country(cohort_group: Group, now: datetime) -> None:
    programme = db.session.get(Programme, cohort_group.programme_id) if cohort_group.programme_id else None
    if programme is None:
        return
    group = groups_actions.make_group(
        name=f"{programme.short} in Laos",
        kind=GroupKind.ASSOCIATION,
        about="Whoever took part and lives in Laos is in this group.",
        country="LA",
        programme_id=programme.id,
        join_policy=JoinPolicy.PARTICIPATION,
        admits_country="LA",
        admits_by_itself=True,
    )
    db.session.add(AdmittedProgramme(group_id=group.id, programme_id=programme.parent_id or programme.id))
    db.session.flush()
    for _ in groups_actions.follow_rule_of(group.id):
        db.session.flush()
    group.created_at = now
    came = sa.update(Membership).where(Membership.group_id == group.id).values(asked_at=now, joined_at=now)
    db.session.execute(came.execution_options(synchronize_session=False))
    in_it = sa.select(Membership.account_id).where(Membership.group_id == group.id).order_by(Membership.account_id)
    term = groups_actions.Term(Role.ORGANISER, now.date(), (now + 700 * DAY).date())
    for account_id in db.session.scalars(in_it.limit(2)).all():
        groups_actions.appoint(group=group, account_id=account_id, term=term, by=INSTALLATION)
