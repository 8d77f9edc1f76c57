"""Sessions, recommendations and delegations of a conference; companies and meetings of a fair; topic and chair of a team.

Revision: 91fdadb19a4f
Follows: 0647f029334a
"""

import sqlalchemy as sa
from alembic import op

revision = "91fdadb19a4f"
down_revision = "0647f029334a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "companies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("sector", sa.String(length=120), nullable=False),
        sa.Column("looks_for", sa.Text(), nullable=False),
        sa.Column("languages", sa.String(length=200), nullable=False),
        sa.Column("stand", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("asked_email", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["members.account_id"], name=op.f("fk_companies_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_companies_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
        sa.UniqueConstraint("key", name=op.f("uq_companies_key")),
    )
    op.create_index("ix_companies_contact_id", "companies", ["contact_id"], unique=False)
    op.create_index("ix_companies_event", "companies", ["event_id", "name", "id"], unique=False)

    op.create_table(
        "delegation_heads",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name=op.f("fk_delegation_heads_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_delegation_heads_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "country", name=op.f("pk_delegation_heads")),
    )
    op.create_index("ix_delegation_heads_account_id", "delegation_heads", ["account_id"], unique=False)

    op.create_table(
        "event_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("speakers", sa.String(length=500), nullable=False),
        sa.Column("room", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name=op.f("ck_event_sessions_capacity")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_event_sessions_ends_after_start")),
        sa.CheckConstraint(
            "seats_taken >= 0 AND (capacity IS NULL OR seats_taken <= capacity)", name=op.f("ck_event_sessions_seats")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_sessions_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_sessions")),
        sa.UniqueConstraint("key", name=op.f("uq_event_sessions_key")),
    )
    op.create_index("ix_event_sessions_event", "event_sessions", ["event_id", "starts_at", "id"], unique=False)

    op.create_table(
        "meeting_slots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meeting_slots_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_meeting_slots_company_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_slots")),
        sa.UniqueConstraint("company_id", "starts_at", name="uq_meeting_slots_start"),
        sa.UniqueConstraint("key", name=op.f("uq_meeting_slots_key")),
    )
    op.create_table(
        "session_choices",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name=op.f("fk_session_choices_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["event_sessions.id"], name=op.f("fk_session_choices_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "account_id", name=op.f("pk_session_choices")),
    )
    op.create_index("ix_session_choices_account_id", "session_choices", ["account_id"], unique=False)

    op.create_table(
        "meeting_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "accepted",
                "declined",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name=op.f("fk_meeting_requests_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["meeting_slots.id"], name=op.f("fk_meeting_requests_slot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_requests")),
        sa.UniqueConstraint("key", name=op.f("uq_meeting_requests_key")),
    )
    op.create_index("ix_meeting_requests_person", "meeting_requests", ["account_id", "state"], unique=False)
    op.create_index("ix_meeting_requests_slot", "meeting_requests", ["slot_id", "asked_at", "id"], unique=False)
    op.create_index(
        "uq_meeting_requests_open",
        "meeting_requests",
        ["slot_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'accepted')"),
        postgresql_where=sa.text("state IN ('asked', 'accepted')"),
    )
    op.create_index(
        "uq_meeting_requests_taken",
        "meeting_requests",
        ["slot_id"],
        unique=True,
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    )

    op.create_table(
        "recommendations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "drafted",
                "adopted",
                "handed_over",
                "answered",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 999", name=op.f("ck_recommendations_number")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_recommendations_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_recommendations_team_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
        sa.UniqueConstraint("event_id", "number", name="uq_recommendations_number"),
        sa.UniqueConstraint("key", name=op.f("uq_recommendations_key")),
    )
    op.create_index("ix_recommendations_team_id", "recommendations", ["team_id"], unique=False)

    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("addressee", sa.String(length=200), nullable=False),
        sa.Column("handed_on", sa.String(length=10), nullable=False),
        sa.Column("handed_by", sa.String(length=200), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name=op.f("fk_handovers_recommendation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("key", name=op.f("uq_handovers_key")),
    )
    op.create_index("ix_handovers_recommendation", "handovers", ["recommendation_id", "handed_on", "id"], unique=False)

    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.add_column(sa.Column("topic", sa.String(length=300), server_default="", nullable=False))
        batch_op.add_column(sa.Column("chair_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_teams_chair_id"), ["chair_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_teams_chair_id"), "members", ["chair_id"], ["account_id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    for table in ("handovers", "recommendations", "meeting_requests", "meeting_slots", "companies"):
        op.drop_table(table)
    for table in ("session_choices", "event_sessions", "delegation_heads"):
        op.drop_table(table)
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.drop_constraint("fk_teams_chair_id", type_="foreignkey")
        batch_op.drop_index("ix_teams_chair_id")
        batch_op.drop_column("chair_id")
        batch_op.drop_column("topic")
