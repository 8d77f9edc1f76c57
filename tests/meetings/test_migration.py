"""The records go away with their migration, and come back empty; what is not theirs stays."""

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from alumni.core.db import Base, db
from tests import builders

TABLES = ("meetings", "meeting_series", "delegations", "minutes", "resolutions", "signatures", "follow_ups", "seats")


@pytest.mark.alone
def test_down_and_up_with_rows(alone):
    with alone.app_context():
        builders.keep_records(builders.make_group("Umbrella"))
        db.session.commit()
        db.session.remove()
        downgrade(revision="650b7ff2ae43-1")
        assert not {*TABLES} & {*sa.inspect(db.engine).get_table_names()}
        upgrade()
        with db.engine.connect() as connection:
            counts = {
                name: connection.scalar(sa.select(sa.func.count()).select_from(Base.metadata.tables[name]))
                for name in (*TABLES, "groups")
            }
        assert counts == dict.fromkeys(TABLES, 0) | {"groups": 1}
