"""What the people of the first cohort decide together: three elections, and an association that is being founded."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from alumni.core.db import db
from alumni.elections.models import (
    Ballot,
    Candidate,
    CandidateState,
    Election,
    ElectionState,
    Outcome,
    RollEntry,
    Voted,
)
from alumni.elections.queries import receipt_digest
from alumni.founding.models import Activity, Founder, FounderState, Founding, Fund, FundKind
from alumni.groups.models import Group, GroupKind, Membership, MembershipState
from alumni.members.models import Member
from alumni.world.keys import key_of

ZONE = "Asia/Bangkok"
DAY = timedelta(days=1)
MOST_VOTERS = 200
ROLE = "Calls the group together twice a year, and speaks for it.\n\n*About two evenings a month.*"
STATEMENTS = (
    "I would like us to meet **in person** once a year, and online in between.",
    "Many of us teach today. I want to bring our classes together.",
)
PLAN = (
    ("05", "Reunion", "Vientiane", 40, "Everybody brings one photograph"),
    ("08", "Talk at a secondary school", "Luang Prabang", 120, "What we learnt in Japan"),
    ("11", "General meeting", "Online", 60, "Report, accounts, plan for the next year"),
)
FUNDS = (
    (FundKind.INCOME, "Fees of 40 members", 2_000_000),
    (FundKind.INCOME, "Gift of a company", 1_500_000),
    (FundKind.EXPENSE, "Room and tea for the reunion", 1_800_000),
    (FundKind.EXPENSE, "Travel to the school", 900_000),
)


def hold_votes(group_id: int, *, now: datetime) -> None:
    """One election for which people stand, one in which they vote, one that is counted; and a founding."""
    people = _people_of(group_id)
    if len(people) < 4:
        return
    _election(group_id, people, now, title="Treasurer", opens=now + 9 * DAY, state=ElectionState.ANNOUNCED)
    _election(group_id, people, now, title="Secretary", opens=now - 2 * DAY, state=ElectionState.OPEN)
    _election(group_id, people, now, title="President", opens=now - 40 * DAY, state=ElectionState.COUNTED)
    _founding(people, now)
    db.session.flush()


def _people_of(group_id: int) -> Sequence[Any]:
    select = (
        sa.select(Member.account_id, Member.name)
        .join(Membership, Membership.account_id == Member.account_id)
        .where(Membership.group_id == group_id, Membership.state == MembershipState.ACTIVE)
        .order_by(Member.account_id)
    )
    return db.session.execute(select.limit(MOST_VOTERS)).all()


def _election(
    group_id: int, people: Sequence[Any], now: datetime, *, title: str, opens: datetime, state: ElectionState
) -> None:
    opens = opens.replace(minute=0, second=0, microsecond=0)
    closes = opens + 14 * DAY
    officer, candidates = people[0], people[2:4]
    election = Election(
        key=key_of("demo", "election", title),
        group_id=group_id,
        title=title,
        role=ROLE,
        term_from=now.date().isoformat(),
        term_to=(now + 730 * DAY).date().isoformat(),
        joined_by=(opens - DAY).date().isoformat(),
        quorum=20,
        zone=ZONE,
        wall_opens=_wall(opens),
        wall_closes=_wall(closes),
        opens_at=opens,
        closes_at=closes,
        state=state,
        outcome=Outcome.ELECTED if state == ElectionState.COUNTED else None,
        counted_at=closes if state == ElectionState.COUNTED else None,
        officer_id=officer.account_id,
        officer_name=officer.name,
        made_by_id=officer.account_id,
        created_at=opens - 20 * DAY,
    )
    db.session.add(election)
    db.session.flush()
    standing = [
        Candidate(
            key=key_of("demo", title, str(at)),
            election_id=election.id,
            account_id=person.account_id,
            named_by_id=person.account_id,
            name=person.name,
            statement=STATEMENTS[at % len(STATEMENTS)],
            state=CandidateState.STANDING,
        )
        for at, person in enumerate(candidates)
    ]
    db.session.add_all(standing)
    db.session.flush()
    if state != ElectionState.ANNOUNCED:
        _fill_roll(election, people, standing)
    if state == ElectionState.COUNTED:
        standing[0].is_elected = True


def _fill_roll(election: Election, people: Sequence[Any], standing: Sequence[Candidate]) -> None:
    """The alumna whom visitors may be, the second of them, has not voted; of the others two of three have."""
    election.roll_count = len(people)
    election.told_up_to = max(person.account_id for person in people)
    db.session.add_all(RollEntry(election_id=election.id, account_id=person.account_id) for person in people)
    db.session.flush()
    voters = [person for at, person in enumerate(people) if at % 3 != 1]
    db.session.add_all(Voted(election_id=election.id, account_id=person.account_id) for person in voters)
    choices = [standing[0 if at % 5 < 3 or len(standing) < 2 else 1] for at in range(len(voters) - 1)]
    for at, choice in enumerate([*choices, None]):
        receipt = receipt_digest(election.key, key_of("demo", election.title, "ballot", str(at)))
        ballot = {"election_id": election.id, "candidate_id": choice.id if choice else None, "receipt": receipt}
        db.session.add(Ballot(id=int(receipt[:15], 16), **ballot))
    if election.state == ElectionState.COUNTED:
        election.cast_count, election.blank_count = len(voters), 1
        for candidate in standing:
            candidate.votes = choices.count(candidate)


def _wall(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)


def _founding(people: Sequence[Any], now: datetime) -> None:
    umbrella = sa.select(Group.id).where(Group.kind == GroupKind.UMBRELLA).order_by(Group.sort_key)
    founding = Founding(
        key=key_of("demo", "founding"),
        name="Alumni of Exchange with Japan in Laos",
        country="LA",
        umbrella_id=db.session.scalar(umbrella.limit(1)),
        purpose="To keep in touch, to help those who go next, and to tell at schools what we learnt.",
        started_by_id=people[0].account_id,
        created_at=now - 12 * DAY,
        plan_edits=1,
        funds_edits=1,
    )
    db.session.add(founding)
    db.session.flush()
    for at, person in enumerate(people[:12]):
        is_asked = at == 1 or at > 8
        founder = Founder(key=key_of("demo", "founder", str(at)), founding_id=founding.id, account_id=person.account_id)
        founder.state = FounderState.INVITED if is_asked else FounderState.CONFIRMED
        if not is_asked:
            founder.name, founder.confirmed_at = person.name, now - timedelta(days=11 - at)
            founder.address = f"{at + 1} Setthathirath Road, Vientiane"
        db.session.add(founder)
    for at, (month, activity, place, count, words) in enumerate(PLAN):
        row = {
            "month": f"{now.year + 1}-{month}",
            "activity": activity,
            "place": place,
            "people": count,
            "words": words,
        }
        db.session.add(Activity(founding_id=founding.id, place_in_list=at, **row))
    for at, (kind, what, amount) in enumerate(FUNDS):
        db.session.add(
            Fund(founding_id=founding.id, place_in_list=at, kind=kind, what=what, amount=amount, currency="LAK")
        )
