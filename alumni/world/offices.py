"""The desk and the rosters of a demonstration: an officer in office, and the list of one real cohort."""

import random
from datetime import datetime, timedelta

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.claims.models import Case
from alumni.claims.queries import matching
from alumni.core.alike import name_key
from alumni.core.db import db
from alumni.core.tokens import digest
from alumni.members.models import Member, Participation, ParticipationState
from alumni.members.policy import WAITING
from alumni.officers.models import Agency, Mandate, MandateProgramme
from alumni.programmes.models import Cohort, Programme
from alumni.rosters.models import EntryMark, EntryState, Invitation, InvitationState, RosterEntry
from alumni.world.desk import fill_desk
from alumni.world.keys import key_of
from alumni.world.names import invent_name

OFFICER = "officer@demo.example"
NOT_BACK = 24  # people of the list who have not come back yet
TERM = timedelta(days=700)
SCHOOLS = ("National University", "Institute of Technology", "Teacher Training College")


def open_office(cohort_id: int, countries: list[str], *, now: datetime, password_hash: str) -> None:
    """An officer for the series of a cohort, and its roster: who is back, who waits at the desk, and who is missing."""
    cohort = db.session.get_one(Cohort, cohort_id)
    programme = db.session.get_one(Programme, cohort.programme_id)
    _officer(programme.parent_id or programme.id, now, password_hash)
    people = db.session.execute(
        sa.select(Participation, Member.name, Member.name_romanised)
        .join(Member, Member.account_id == Participation.account_id)
        .where(Participation.cohort_id == cohort_id)
        .order_by(Participation.id)
    )
    waiting = []
    for participation, name, romanised in people:
        is_back = participation.state == ParticipationState.VERIFIED
        entry = _entry(cohort, participation.key, romanised or name, participation.country, now)
        if not is_back:
            participation.name_as_printed = romanised or name
            waiting.append((participation, entry))
        entry.name_native = name if romanised else ""
        entry.state = EntryState.CLAIMED if is_back else EntryState.UNCLAIMED
        entry.participation_id = participation.id if is_back else None
        db.session.add(entry)
    _missing(cohort, countries, now)
    db.session.flush()
    for place, (participation, entry) in enumerate(waiting):
        db.session.add(_case(participation, entry, place))
    db.session.flush()
    fill_desk([participation for participation, _entry in waiting if participation.state in WAITING], now)


def _case(participation: Participation, entry: RosterEntry, place: int) -> Case:
    """How a claim that waits compares with its entry. Every other one, as the first, says another year."""
    entry.born_on, entry.institution = f"{1988 + place % 9}-04-{place % 28 + 1:02}", SCHOOLS[place % len(SCHOOLS)]
    case = Case(participation_id=participation.id, institution=entry.institution, number="")
    case.born_on = entry.born_on if place % 2 else f"{1987 + place % 9}{entry.born_on[4:]}"
    match = matching.compare(entry, matching.find_facts(participation, case))
    case.entry_id, case.score, case.is_exact = entry.id, match.score, match.is_exact
    case.agrees, case.differs = match.agrees, match.differs
    return case


def _officer(programme_id: int, now: datetime, password_hash: str) -> None:
    account = Account(
        handle=key_of("demo", "officer"),
        email=OFFICER,
        password_hash=password_hash,
        state=AccountState.ACTIVE,
        holds_office=True,
        zone="Asia/Tokyo",
        created_at=now,
        confirmed_at=now,
        terms_agreed_at=now,
    )
    db.session.add(account)
    db.session.flush()
    mandate = Mandate(
        key=key_of("demo", "mandate"),
        account_id=account.id,
        agency=Agency.JICE,
        starts_on=now.date().isoformat(),
        ends_on=(now + TERM).date().isoformat(),
        created_at=now,
    )
    db.session.add(mandate)
    db.session.flush()
    db.session.add(MandateProgramme(mandate_id=mandate.id, programme_id=programme_id))


def _missing(cohort: Cohort, countries: list[str], now: datetime) -> None:
    """Those of the list who have no account: with an address or without, invited or not, one of them twice."""
    rng = random.Random(f"roster:{cohort.slug}")
    for number in range(NOT_BACK):
        country = rng.choice(countries)
        name, romanised = invent_name(rng, country)
        key = key_of("roster", cohort.slug, str(number))
        entry = _entry(cohort, key, romanised or name, country, now)
        entry.name_native = name if romanised else ""
        entry.email = f"{key}@demo.example" if number % 4 else ""
        entry.mark = {5: EntryMark.DECEASED, 9: EntryMark.DO_NOT_CONTACT}.get(number)
        entry.state = EntryState.INVITED if number in (1, 2, 3) else EntryState.UNCLAIMED
        db.session.add(entry)
        db.session.flush()
        if entry.state == EntryState.INVITED:
            _invite(entry, tuple(InvitationState)[number], now - timedelta(days=12))
        if number == 0:
            twin = _entry(cohort, key_of(key, "again"), (romanised or name).upper(), country, now)
            twin.identity += "|2"
            db.session.add(twin)


def _entry(cohort: Cohort, key: str, name: str, country: str, now: datetime) -> RosterEntry:
    return RosterEntry(
        key=key,
        cohort_id=cohort.id,
        programme_id=cohort.programme_id,
        country=country,
        identity=f"n:{key}|{country}",
        name_printed=name,
        name_key=name_key(name),
        from_on=cohort.from_on,
        to_on=cohort.to_on,
        created_at=now,
        updated_at=now,
    )


def _invite(entry: RosterEntry, state: InvitationState, at: datetime) -> None:
    db.session.add(
        Invitation(
            entry_id=entry.id,
            digest=digest(f"demo {entry.key}"),
            state=state,
            email=entry.email,
            sent_at=at,
            expires_at=at + timedelta(days=60),
        )
    )
