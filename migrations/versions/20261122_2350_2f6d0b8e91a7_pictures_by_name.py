"""Members by the name of their picture: which files of the store belong to somebody.

Revision: 2f6d0b8e91a7
Follows: 7c41d0a95e22
"""

from alembic import op

revision = "2f6d0b8e91a7"
down_revision = "7c41d0a95e22"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_members_picture", "members", ["picture"])


def downgrade() -> None:
    op.drop_index("ix_members_picture", "members")
