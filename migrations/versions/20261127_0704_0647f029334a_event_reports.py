"""The report of an event, what those who came say of it, and the group that lasts.

Revision: 0647f029334a
Follows: 8ed94713d8da
"""

import sqlalchemy as sa
from alembic import op

revision = "0647f029334a"
down_revision = "8ed94713d8da"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_reports",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("words_en", sa.Text(), nullable=False),
        sa.Column("words_ja", sa.Text(), nullable=False),
        sa.Column("minutes_en", sa.Text(), nullable=False),
        sa.Column("minutes_ja", sa.Text(), nullable=False),
        sa.Column("quotes", sa.JSON(), nullable=False),
        sa.Column("handed_to", sa.String(200), nullable=False),
        sa.Column("handed_on", sa.String(10), nullable=False),
        sa.Column("shows_feedback", sa.Boolean(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("numbers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(numbers IS NULL) = (counted_at IS NULL)", name=op.f("ck_event_reports_counted")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_event_reports_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["accounts.id"], name="fk_event_reports_written_by_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("event_id", name="pk_event_reports"),
    )
    op.create_index("ix_event_reports_written_by_id", "event_reports", ["written_by_id"])

    op.create_table(
        "feedback_answers",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("replies", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name="fk_feedback_answers_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_feedback_answers_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "account_id", name="pk_feedback_answers"),
    )
    op.create_index("ix_feedback_answers_account_id", "feedback_answers", ["account_id"])

    op.create_table(
        "feedback_letters",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name="fk_feedback_letters_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_feedback_letters_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "account_id", name="pk_feedback_letters"),
    )
    op.create_index("ix_feedback_letters_account_id", "feedback_letters", ["account_id"])

    op.create_table(
        "feedback_sheets",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_feedback_sheets_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", name="pk_feedback_sheets"),
    )
    op.create_table(
        "lasting_groups",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_lasting_groups_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_lasting_groups_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", name="pk_lasting_groups"),
        sa.UniqueConstraint("group_id", name="uq_lasting_groups_group_id"),
    )
    op.create_table(
        "report_pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("caption", sa.String(300), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event_reports.event_id"], name="fk_report_pictures_event_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_report_pictures"),
        sa.UniqueConstraint("name", name="uq_report_pictures_name"),
    )
    op.create_index("ix_report_pictures_event_id", "report_pictures", ["event_id"])

    op.add_column(
        "group_invitations", sa.Column("hides_address", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("group_invitations", "hides_address")

    op.drop_table("report_pictures")
    op.drop_table("lasting_groups")
    op.drop_table("feedback_sheets")
    op.drop_table("feedback_letters")
    op.drop_table("feedback_answers")
    op.drop_table("event_reports")
