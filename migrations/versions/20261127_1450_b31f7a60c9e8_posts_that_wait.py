"""posts that wait: until somebody lets them through, and the words that make a post wait

Going back keeps what waits hidden.

Revision: b31f7a60c9e8
Follows: e7b20c5d914a
"""

import sqlalchemy as sa
from alembic import op

revision = "b31f7a60c9e8"
down_revision = "e7b20c5d914a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("waits_at", sa.DateTime(timezone=True), nullable=True))
    waits = sa.text("waits_at IS NOT NULL")
    op.create_index("ix_posts_waiting", "posts", ["waits_at"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "held_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("word", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_words")),
        sa.UniqueConstraint("key", name=op.f("uq_held_words_key")),
        sa.UniqueConstraint("word", name=op.f("uq_held_words_word")),
    )


def downgrade() -> None:
    op.drop_table("held_words")
    op.drop_index("ix_posts_waiting", "posts")
    op.drop_column("posts", "waits_at")
