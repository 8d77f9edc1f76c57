"""What organisers ask of those who come to an event, and what they say.

Revision: 5be1d30c7a46
Follows: 9a2be4417cd0
"""

import sqlalchemy as sa
from alembic import op

revision = "5be1d30c7a46"
down_revision = "9a2be4417cd0"
branch_labels = None
depends_on = None

KINDS = ("text", "choice", "several", "number", "country")


def upgrade() -> None:
    op.create_table(
        "event_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=24), nullable=False
        ),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("only_if_id", sa.Integer(), nullable=True),
        sa.Column("only_if_value", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_event_questions_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["only_if_id"], ["event_questions.id"], name="fk_event_questions_only_if_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_questions"),
        sa.UniqueConstraint("key", name="uq_event_questions_key"),
    )
    op.create_index("ix_event_questions_event", "event_questions", ["event_id", "position", "id"])
    op.create_index("ix_event_questions_only_if_id", "event_questions", ["only_if_id"])
    op.create_table(
        "event_replies",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["event_questions.id"], name="fk_event_replies_question_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name="fk_event_replies_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "account_id", name="pk_event_replies"),
    )
    op.create_index("ix_event_replies_account_id", "event_replies", ["account_id"])
    op.add_column("events", sa.Column("asks", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("events", sa.Column("replies_until", sa.String(length=10), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("events") as batch:
        batch.drop_column("replies_until")
        batch.drop_column("asks")
    op.drop_table("event_replies")
    op.drop_table("event_questions")
