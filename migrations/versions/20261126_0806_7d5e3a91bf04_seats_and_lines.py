"""Who comes to an event: the line for seats, offers, guests, approval, invitations, and a part online.

Revision: 7d5e3a91bf04
Follows: 4d7a90c3be15
"""

import sqlalchemy as sa
from alembic import op

revision = "7d5e3a91bf04"
down_revision = "4d7a90c3be15"
branch_labels = None
depends_on = None

STATES = ("going", "maybe", "not_going", "waiting", "offered", "pending", "declined")
COUNTS = ("online_taken", "waiting", "online_waiting", "line", "most_guests")
FLAGS = {
    "gives_at_once": sa.false(),
    "lets_small_ahead": sa.true(),
    "needs_approval": sa.false(),
    "is_by_invitation": sa.false(),
}
MOMENTS = ("answers_from", "answers_until")
CHECKS = {
    "online_capacity": "online_capacity IS NULL OR online_capacity > 0",
    "online_seats": "online_taken >= 0 AND (online_capacity IS NULL OR online_taken <= online_capacity)",
    "waiting": "waiting >= 0 AND online_waiting >= 0",
    "most_guests": "most_guests BETWEEN 0 AND 9",
    "window": "answers_until > answers_from",
}


def _states(*names: str, name: str) -> sa.Enum:
    return sa.Enum(*names, name=name, native_enum=False, create_constraint=False, length=24)


def upgrade() -> None:
    with op.batch_alter_table("events") as batch:
        batch.add_column(sa.Column("online_capacity", sa.Integer(), nullable=True))
        for name in COUNTS:
            batch.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        for name, default in FLAGS.items():
            batch.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=default))
        for name in MOMENTS:
            batch.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        for name, rule in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_events_{name}"), rule)
    with op.batch_alter_table("attendances") as batch:
        batch.drop_index("ix_attendances_event")
        batch.drop_constraint(op.f("ck_attendances_answer"), type_="check")
        batch.alter_column("answer", new_column_name="state", existing_type=sa.String(24), existing_nullable=False)
        batch.add_column(sa.Column("is_online", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("party", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("guests", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("line_no", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("attendances") as batch:
        batch.create_check_constraint(op.f("ck_attendances_state"), f"state IN {STATES}")
        batch.create_check_constraint(op.f("ck_attendances_party"), "party BETWEEN 1 AND 10")
        batch.create_check_constraint(op.f("ck_attendances_in_line"), "(state = 'waiting') = (line_no IS NOT NULL)")
        batch.create_check_constraint(
            op.f("ck_attendances_offer_ends"), "(state = 'offered') = (offered_until IS NOT NULL)"
        )
    op.create_index("ix_attendances_event", "attendances", ["event_id", "state", "answered_at", "account_id"])
    for name, columns in (("line", ["event_id", "is_online", "line_no"]), ("offers", ["offered_until"])):
        only = sa.text(f"{columns[-1]} IS NOT NULL")
        op.create_index(f"ix_attendances_{name}", "attendances", columns, sqlite_where=only, postgresql_where=only)
    op.create_table(
        "event_invitations",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_event_invitations_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name="fk_event_invitations_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "account_id", name="pk_event_invitations"),
    )
    op.create_index("ix_event_invitations_account_id", "event_invitations", ["account_id"])


def downgrade() -> None:
    op.drop_table("event_invitations")
    for name in ("line", "offers", "event"):
        op.drop_index(f"ix_attendances_{name}", "attendances")
    # What is neither yes nor no becomes no. Seats that are only offered become free.
    op.execute(
        "UPDATE events SET seats_taken = seats_taken - (SELECT COALESCE(SUM(party), 0) FROM attendances "
        "WHERE event_id = events.id AND state = 'offered' AND NOT is_online)"
    )
    op.execute(
        "UPDATE attendances SET line_no = NULL, offered_until = NULL, state = 'not_going' WHERE state <> 'going'"
    )
    with op.batch_alter_table("attendances") as batch:
        for name in ("state", "party", "in_line", "offer_ends"):
            batch.drop_constraint(op.f(f"ck_attendances_{name}"), type_="check")
        for name in ("offered_until", "line_no", "guests", "party", "is_online"):
            batch.drop_column(name)
        batch.alter_column("state", new_column_name="answer", existing_type=sa.String(24), existing_nullable=False)
    with op.batch_alter_table("attendances") as batch:
        batch.create_check_constraint(op.f("ck_attendances_answer"), "answer IN ('going', 'not_going')")
    op.create_index("ix_attendances_event", "attendances", ["event_id", "answer", "answered_at", "account_id"])
    with op.batch_alter_table("events") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_events_{name}"), type_="check")
        for name in (*MOMENTS, *FLAGS, *COUNTS, "online_capacity"):
            batch.drop_column(name)
