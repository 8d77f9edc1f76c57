"""A form that is sent twice makes one event, whatever became of its address.

Revision: 3e91b7a4c8d2
Follows: 5b2e9f60c1d4
"""

import sqlalchemy as sa
from alembic import op

revision = "3e91b7a4c8d2"
down_revision = "5b2e9f60c1d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("once", sa.String(length=16), nullable=True))
    op.create_index("uq_events_once", "events", ["once"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_events_once", "events")
    op.execute("ALTER TABLE events DROP COLUMN once")  # a batch would copy the table and lose its CHECKs
