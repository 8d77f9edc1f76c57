"""Events that repeat, that several groups hold, to which people without an account come; files as replies.

Revision: 8ed94713d8da
Follows: a07d53e9b1f2
"""

import sqlalchemy as sa
from alembic import op

revision = "8ed94713d8da"
down_revision = "a07d53e9b1f2"
branch_labels = None
depends_on = None

KINDS = ("text", "choice", "several", "number", "country")
IN_SERIES = "(series_key IS NULL) = (series_start IS NULL)"


def upgrade() -> None:
    op.create_table(
        "event_series",
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("rule", sa.String(200), nullable=False),
        sa.Column("wall_start", sa.DateTime(timezone=False), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("posted_by_id", sa.Integer(), nullable=True),
        _key("event_series", "posted_by_id", "accounts.id", "SET NULL"),
        sa.PrimaryKeyConstraint("key", name="pk_event_series"),
    )
    op.create_index("ix_event_series_posted_by_id", "event_series", ["posted_by_id"])
    with op.batch_alter_table("events") as batch:
        batch.add_column(sa.Column("series_key", sa.String(16), nullable=True))
        batch.add_column(sa.Column("series_start", sa.DateTime(timezone=False), nullable=True))
        batch.add_column(sa.Column("takes_visitors", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("co_hosts", sa.Integer(), nullable=False, server_default="0"))
        batch.create_foreign_key("fk_events_series_key", "event_series", ["series_key"], ["key"], ondelete="RESTRICT")
        batch.create_check_constraint(op.f("ck_events_series"), IN_SERIES)
    op.create_index("uq_events_series", "events", ["series_key", "series_start"], unique=True)
    op.create_table(
        "event_hosts",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        _words("state", "asked", "agreed", "declined"),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        _key("event_hosts", "event_id", "events.id", "CASCADE"),
        _key("event_hosts", "group_id", "groups.id", "CASCADE"),
        _key("event_hosts", "asked_by_id", "accounts.id", "SET NULL"),
        _key("event_hosts", "decided_by_id", "accounts.id", "SET NULL"),
        sa.PrimaryKeyConstraint("event_id", "group_id", name="pk_event_hosts"),
    )
    op.create_index("ix_event_hosts_asked_by_id", "event_hosts", ["asked_by_id"])
    op.create_index("ix_event_hosts_decided_by_id", "event_hosts", ["decided_by_id"])
    op.create_index("ix_event_hosts_group", "event_hosts", ["group_id", "state", "event_id"])
    op.create_table(
        "visitors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        _words("state", "asked", "going", "cancelled"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_of", sa.DateTime(timezone=True), nullable=True),
        _key("visitors", "event_id", "events.id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_visitors"),
        sa.UniqueConstraint("key", name="uq_visitors_key"),
    )
    op.create_index("ix_visitors_event", "visitors", ["event_id", "state", "asked_at"])
    op.create_index("uq_visitors_address", "visitors", ["event_id", "email"], unique=True)
    op.create_table(
        "event_reply_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(80), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        _key("event_reply_files", "account_id", "members.account_id", "CASCADE"),
        _key("event_reply_files", "question_id", "event_questions.id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_event_reply_files"),
        sa.UniqueConstraint("key", name="uq_event_reply_files_key"),
    )
    op.create_index("ix_event_reply_files_account_id", "event_reply_files", ["account_id"])
    op.create_index("ix_event_reply_files_file", "event_reply_files", ["file"])
    op.create_index("uq_event_reply_files", "event_reply_files", ["question_id", "account_id"], unique=True)
    _allow_kinds(*KINDS, "file")


def downgrade() -> None:
    op.drop_table("event_reply_files")
    # What was a file is asked in words from now on.
    op.execute("UPDATE event_questions SET kind = 'text' WHERE kind = 'file'")
    _allow_kinds(*KINDS)
    op.drop_table("visitors")
    op.drop_table("event_hosts")
    op.drop_index("uq_events_series", "events")
    with op.batch_alter_table("events") as batch:
        batch.drop_constraint(op.f("ck_events_series"), type_="check")
        batch.drop_constraint("fk_events_series_key", type_="foreignkey")
        for column in ("co_hosts", "takes_visitors", "series_start", "series_key"):
            batch.drop_column(column)
    op.drop_table("event_series")


def _key(table: str, column: str, target: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete=on_delete)


def _words(name: str, *words: str) -> sa.Column[str]:
    kind = sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)
    return sa.Column(name, kind, nullable=False)


def _allow_kinds(*kinds: str) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("event_questions") as batch:
        batch.drop_constraint(op.f("ck_event_questions_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_event_questions_kind"), sa.text(f"kind IN ({words})"))
