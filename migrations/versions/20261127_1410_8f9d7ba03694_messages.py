"""messages between two members, and reports of them

Going back forgets the messages; reports of them keep what they looked like.

Revision: 8f9d7ba03694
Follows: 62e6a657cc66
"""

import sqlalchemy as sa
from alembic import op

revision = "8f9d7ba03694"
down_revision = "62e6a657cc66"
branch_labels = None
depends_on = None

THINGS = ("post_id", "event_id", "member_id")


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("low_id", sa.Integer(), nullable=True),
        sa.Column("high_id", sa.Integer(), nullable=True),
        sa.Column("asker_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked", "open", "declined", "left", name="state", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_conversations_pair_in_order")),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["members.account_id"], name=op.f("fk_conversations_asker_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["high_id"], ["members.account_id"], name=op.f("fk_conversations_high_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["low_id"], ["members.account_id"], name=op.f("fk_conversations_low_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("key", name=op.f("uq_conversations_key")),
        sa.UniqueConstraint("low_id", "high_id", name="uq_conversations_pair"),
    )
    op.create_index("ix_conversations_asker", "conversations", ["asker_id"], unique=False)
    op.create_index("ix_conversations_high", "conversations", ["high_id"], unique=False)

    op.create_table(
        "message_choices",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "may_write",
            sa.Enum(
                "members", "groups", "nobody", name="may_write", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column(
            "in_letters",
            sa.Enum(
                "nothing", "beginning", "all", name="in_letters", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name=op.f("fk_message_choices_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_message_choices")),
    )
    op.create_table(
        "conversation_sides",
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("newest_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("cleared_id", sa.Integer(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("has_left", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("unread >= 0", name=op.f("ck_conversation_sides_unread")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name=op.f("fk_conversation_sides_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_sides_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "account_id", name=op.f("pk_conversation_sides")),
    )
    op.create_index(
        "ix_conversation_sides_newest",
        "conversation_sides",
        ["account_id", "is_shown", "newest_at", "conversation_id"],
        unique=False,
    )

    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("note_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["members.account_id"], name=op.f("fk_messages_sender_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_key")),
    )
    op.create_index("ix_messages_conversation", "messages", ["conversation_id", "id"], unique=False)
    op.create_index("ix_messages_same", "messages", ["sender_id", "note_digest"], unique=False)

    still_open = sa.text("state <> 'decided'")
    with op.batch_alter_table("reports") as batch:
        batch.add_column(sa.Column("message_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_reports_message_id", "messages", ["message_id"], ["id"], ondelete="SET NULL")
        batch.drop_constraint(op.f("ck_reports_one_thing"), type_="check")
        batch.create_check_constraint(op.f("ck_reports_one_thing"), one_of(*THINGS, "message_id"))
    op.create_index("ix_reports_message_id", "reports", ["message_id"])
    op.create_index(
        "uq_reports_message_id_once",
        "reports",
        ["reporter_id", "message_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def downgrade() -> None:
    op.drop_index("uq_reports_message_id_once", "reports")
    op.drop_index("ix_reports_message_id", "reports")
    with op.batch_alter_table("reports") as batch:
        batch.drop_constraint(op.f("ck_reports_one_thing"), type_="check")
        batch.drop_constraint("fk_reports_message_id", type_="foreignkey")
        batch.drop_column("message_id")
        batch.create_check_constraint(op.f("ck_reports_one_thing"), one_of(*THINGS))
    op.drop_table("messages")
    op.drop_table("conversation_sides")
    op.drop_table("message_choices")
    op.drop_table("conversations")


def one_of(*things: str) -> str:
    """At most one of these columns is set."""
    return " + ".join(f"(CASE WHEN {thing} IS NULL THEN 0 ELSE 1 END)" for thing in things) + " <= 1"
