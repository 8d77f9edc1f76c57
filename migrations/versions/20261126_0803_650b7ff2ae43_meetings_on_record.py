"""Meetings on record: series, delegations, minutes, resolutions, seats in councils.

Revision: 650b7ff2ae43
Follows: 5be1d30c7a46
"""

import sqlalchemy as sa
from alembic import op

revision = "650b7ff2ae43"
down_revision = "5be1d30c7a46"
branch_labels = None
depends_on = None

BOUNDS = ("exact", "about", "more_than", "up_to", "expected")
STATES = ("open", "done", "dropped")
MOST_PEOPLE = 100_000


def one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)


def number(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "meeting_series",
        number("id", nullable=False),
        text("slug", 120),
        number("group_id", nullable=False),
        text("name", 200),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_meeting_series_group_id", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_series"),
        sa.UniqueConstraint("slug", name="uq_meeting_series_slug"),
        sa.UniqueConstraint("group_id", "name", name="uq_meeting_series_name"),
    )
    op.create_table(
        "meetings",
        number("id", nullable=False),
        text("slug", 80),
        number("group_id", nullable=False),
        number("series_id"),
        number("number"),
        text("title", 200),
        text("starts_on", 10),
        text("ends_on", 10),
        number("host_id"),
        text("host", 200),
        text("country", 2),
        text("place", 300),
        text("theme"),
        text("note"),
        sa.Column("is_planned", sa.Boolean(), nullable=False),
        number("attended"),
        sa.Column("attended_bound", one_of("attended_bound", *BOUNDS), nullable=True),
        text("attended_by"),
        number("resolved"),
        sa.Column("resolved_bound", one_of("resolved_bound", *BOUNDS), nullable=True),
        number("next_host_id"),
        text("next_country", 2),
        text("source"),
        sa.Column("event_slug", sa.String(length=80), nullable=True),
        number("minutes_version", nullable=False),
        number("published_version"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number IS NULL OR series_id IS NOT NULL", name="ck_meetings_number_in_series"),
        sa.CheckConstraint(
            "ends_on = '' OR substr(ends_on, 1, 4) >= substr(starts_on, 1, 4)", name="ck_meetings_ends_after_start"
        ),
        sa.CheckConstraint(f"attended IS NULL OR attended BETWEEN 0 AND {MOST_PEOPLE}", name="ck_meetings_attended"),
        sa.CheckConstraint(
            "published_version IS NULL OR published_version BETWEEN 1 AND minutes_version",
            name="ck_meetings_published_version",
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_meetings_group_id", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["series_id"], ["meeting_series.id"], name="fk_meetings_series_id", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["host_id"], ["groups.id"], name="fk_meetings_host_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["next_host_id"], ["groups.id"], name="fk_meetings_next_host_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["event_slug"], ["events.slug"], name="fk_meetings_event_slug", ondelete="SET NULL", onupdate="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meetings"),
        sa.UniqueConstraint("slug", name="uq_meetings_slug"),
    )
    op.create_index("uq_meetings_number", "meetings", ["series_id", "number"], unique=True)
    op.create_index("ix_meetings_newest", "meetings", ["group_id", "starts_on", "id"])
    op.create_index("ix_meetings_host", "meetings", ["host_id", "starts_on", "id"])
    op.create_index("ix_meetings_next_host_id", "meetings", ["next_host_id"])
    op.create_index("ix_meetings_event_slug", "meetings", ["event_slug"])
    _what_belongs_to_a_meeting()
    _resolutions()
    op.create_table(
        "seats",
        number("id", nullable=False),
        text("slug", 80),
        number("group_id", nullable=False),
        number("association_id", nullable=False),
        text("council", 120),
        text("name", 120),
        text("from_on", 10),
        text("to_on", 10),
        text("source"),
        sa.CheckConstraint(
            "to_on = '' OR substr(to_on, 1, 4) >= substr(from_on, 1, 4)", name="ck_seats_ends_after_start"
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_seats_group_id", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["association_id"], ["groups.id"], name="fk_seats_association_id", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_seats"),
        sa.UniqueConstraint("slug", name="uq_seats_slug"),
    )
    op.create_index("ix_seats_council", "seats", ["group_id", "from_on", "id"])
    op.create_index("ix_seats_association", "seats", ["association_id", "from_on", "id"])


def _what_belongs_to_a_meeting() -> None:
    op.create_table(
        "delegations",
        number("meeting_id", nullable=False),
        text("country", 2),
        sa.Column("presence", one_of("presence", "present", "absent"), nullable=False),
        number("head_count"),
        sa.Column("head_count_bound", one_of("head_count_bound", *BOUNDS), nullable=False),
        number("observers"),
        sa.CheckConstraint(
            f"head_count IS NULL OR head_count BETWEEN 0 AND {MOST_PEOPLE}", name="ck_delegations_head_count"
        ),
        sa.CheckConstraint(
            f"observers IS NULL OR observers BETWEEN 0 AND {MOST_PEOPLE}", name="ck_delegations_observers"
        ),
        sa.CheckConstraint(
            "presence = 'present' OR (head_count IS NULL AND observers IS NULL)",
            name="ck_delegations_absent_is_nobody",
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_delegations_meeting_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("meeting_id", "country", name="pk_delegations"),
    )
    op.create_table(
        "minutes",
        number("meeting_id", nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        text("body"),
        text("change", 200),
        number("written_by_id"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_minutes_meeting_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["accounts.id"], name="fk_minutes_written_by_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "version", name="pk_minutes"),
    )
    op.create_index("ix_minutes_written_by_id", "minutes", ["written_by_id"])


def _resolutions() -> None:
    op.create_table(
        "resolutions",
        number("id", nullable=False),
        text("slug", 80),
        number("meeting_id", nullable=False),
        number("group_id", nullable=False),
        number("number", nullable=False),
        text("title", 200),
        text("text"),
        text("adopted_on", 10),
        sa.Column("state", one_of("state", *STATES), nullable=False),
        text("source"),
        sa.CheckConstraint("number >= 1", name="ck_resolutions_number"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_resolutions_meeting_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_resolutions_group_id", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_resolutions"),
        sa.UniqueConstraint("slug", name="uq_resolutions_slug"),
    )
    op.create_index("uq_resolutions_number", "resolutions", ["meeting_id", "number"], unique=True)
    op.create_index("ix_resolutions_newest", "resolutions", ["group_id", "adopted_on", "id"])
    op.create_table(
        "signatures",
        number("id", nullable=False),
        text("key", 16),
        number("resolution_id", nullable=False),
        number("association_id"),
        text("country", 2),
        text("signatory", 200),
        text("capacity", 200),
        sa.ForeignKeyConstraint(
            ["resolution_id"], ["resolutions.id"], name="fk_signatures_resolution_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["association_id"], ["groups.id"], name="fk_signatures_association_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_signatures"),
        sa.UniqueConstraint("key", name="uq_signatures_key"),
    )
    op.create_index("uq_signatures_association", "signatures", ["resolution_id", "association_id"], unique=True)
    op.create_index("ix_signatures_association_id", "signatures", ["association_id"])
    op.create_table(
        "follow_ups",
        number("resolution_id", nullable=False),
        number("meeting_id", nullable=False),
        sa.Column("state", one_of("state", *STATES), nullable=False),
        text("words"),
        sa.ForeignKeyConstraint(
            ["resolution_id"], ["resolutions.id"], name="fk_follow_ups_resolution_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_follow_ups_meeting_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("resolution_id", "meeting_id", name="pk_follow_ups"),
    )
    op.create_index("ix_follow_ups_meeting_id", "follow_ups", ["meeting_id"])


def downgrade() -> None:
    for table in (
        "seats", "follow_ups", "signatures", "resolutions", "minutes", "delegations", "meetings", "meeting_series",
    ):  # fmt: skip
        op.drop_table(table)
