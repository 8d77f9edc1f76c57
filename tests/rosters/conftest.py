import pytest
import sqlalchemy as sa

from alumni.core.db import db
from alumni.programmes.models import Cohort


@pytest.fixture
def office(app, cast):
    """The cohorts of the cast have their batches."""
    with app.app_context():
        db.session.execute(sa.update(Cohort).where(Cohort.slug == cast.cohort).values(batch=16))
        peace = {"batch": 2, "theme": "Peace Building"}
        db.session.execute(sa.update(Cohort).where(Cohort.slug == cast.other_cohort).values(peace))
        db.session.commit()
    return cast


@pytest.fixture
def olga(office, browse):
    return browse(office.olga)
