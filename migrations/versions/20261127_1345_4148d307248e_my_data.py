"""my data: what people agreed to, copies of their data, accounts that are being closed

Revision: 4148d307248e
Follows: c4a17e92d5f8
"""

import sqlalchemy as sa
from alembic import op

revision = "4148d307248e"
down_revision = "c4a17e92d5f8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("purpose", _one_of("purpose", "directory", "mail", "sharing"), nullable=False),
        sa.Column("recipient", _one_of("recipient", "network", "mission", "agency", "association"), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("version", sa.String(10), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of_account("consents"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_account", "consents", ["account_id", "purpose", "recipient", "id"])
    op.create_table(
        "data_exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        _of_account("data_exports"),
        sa.PrimaryKeyConstraint("id", name="pk_data_exports"),
        sa.UniqueConstraint("key", name="uq_data_exports_key"),
    )
    op.create_index("ix_data_exports_account", "data_exports", ["account_id", "asked_at"])
    making = sa.text("ready_at IS NULL")
    op.create_index(
        "uq_data_exports_making",
        "data_exports",
        ["account_id"],
        unique=True,
        sqlite_where=making,
        postgresql_where=making,
    )
    op.create_table(
        "closings",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("keeps_posts", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erase_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        _of_account("closings"),
        sa.PrimaryKeyConstraint("account_id", name="pk_closings"),
    )
    op.create_index("ix_closings_erase_at", "closings", ["erase_at"])


def downgrade() -> None:
    for table in ("closings", "data_exports", "consents"):
        op.drop_table(table)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=f"fk_{table}_account_id", ondelete="CASCADE")
