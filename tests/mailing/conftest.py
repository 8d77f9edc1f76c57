"""Who gets letters."""

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from tests.cast import Cast


@pytest.fixture
def bob(app, cast):
    with app.app_context():
        return db.session.scalars(sa.select(Account).where(Account.email == Cast.bob)).one()
