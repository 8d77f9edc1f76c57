"""A roster for the cohort of the cast, and newcomers who may be on it."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.claims.models import Case
from alumni.core.db import db
from alumni.members.models import Participation
from alumni.programmes.models import Cohort
from alumni.rosters.models import RosterEntry
from alumni.worker import run_due
from tests import builders

NEW = "new@example.org"
ON_ROSTER = "dewi@example.org"


@pytest.fixture
def newcomer(app, cast):
    with app.app_context():
        builders.make_member("Dewi Lestari", email=NEW)
        db.session.commit()
    return NEW


@pytest.fixture
def claim(cast):
    """What a right claim sends."""
    return {
        "programme": cast.programme,
        "country": "LA",
        "cohort": cast.cohort,
        "role": "participant",
        "name_as_printed": "LESTARI Dewi",
        "note": "Host town: Saga",
    }


@pytest.fixture
def roster(app, cast):
    """Entries of the cohort, by a word for each."""
    with app.app_context():
        cohort = db.session.query(Cohort).filter_by(slug=cast.cohort).one()
        entries = {
            "dewi": builders.make_entry(
                cohort, "LESTARI Dewi", number="A-017", born_on="1994-03-02", email=ON_ROSTER,
                institution="Universitas Indonesia", host_town="嬉野市",
            ),
            "somchai": builders.make_entry(cohort, "PHOMMASAN Somchai", number="A-018"),
            "nia": builders.make_entry(cohort, "NEW Nia", number="A-019", born_on="1995-01-01"),
        }  # fmt: skip
        db.session.commit()
        return SimpleNamespace(**{word: entry.id for word, entry in entries.items()})


@pytest.fixture
def case_of(read):
    """How the claim of an account stands, with its case."""

    def find(email):
        select = (
            sa.select(
                Participation.id, Participation.key, Participation.state, Participation.decision_reason,
                Account.is_verified, Case.entry_id, Case.score, Case.agrees, Case.differs, Case.is_exact,
                Case.is_disputed, Case.is_vouched, Case.basis, Case.question, Case.taken_by_id,
            )
            .join(Account, Account.id == Participation.account_id)
            .outerjoin(Case, Case.participation_id == Participation.id)
            .where(Account.email == email)
        )  # fmt: skip
        rows = read(select)
        return rows[0] if rows else None

    return find


@pytest.fixture
def entry_of(read):
    return lambda entry_id: read(
        sa.select(RosterEntry.state, RosterEntry.participation_id).where(RosterEntry.id == entry_id)
    )[0]


@pytest.fixture
def work(app):
    """Runs the jobs that were promised."""

    def run():
        with app.app_context():
            run_due()

    return run


@pytest.fixture
def join_in(app, cast):
    """Members of the cohort with a verified place, made in a moment."""

    def make(count, **values):
        emails = []
        with app.app_context():
            cohort = db.session.query(Cohort).filter_by(slug=cast.cohort).one()
            with builders.crowd():
                for number in range(count):
                    emails.append(f"there-{number}-{len(values)}@example.org")
                    member = builders.make_member(f"There {number}", email=emails[-1], **values)
                    builders.take_part(member, cohort)
            db.session.commit()
        return emails

    return make
