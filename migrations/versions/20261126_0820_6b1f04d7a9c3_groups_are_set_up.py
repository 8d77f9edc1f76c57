"""Further parents, former addresses, rules of joining, proposals; names and countries are found inside groups.

Revision: 6b1f04d7a9c3
Follows: 8c6a08c4e78c
"""

import sqlalchemy as sa
from alembic import op

revision = "6b1f04d7a9c3"
down_revision = "8c6a08c4e78c"
branch_labels = None
depends_on = None

KINDS = ("cohort", "association", "umbrella", "chapter", "interest")
STATES = ("waiting", "approved", "declined", "withdrawn")


def one_of(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def to(table: str, column: str, target: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete=on_delete)


def upgrade() -> None:
    with op.batch_alter_table("groups") as batch:
        batch.add_column(sa.Column("join_question", sa.String(300), nullable=False, server_default=""))
        batch.add_column(sa.Column("admits_country", sa.String(2), nullable=False, server_default=""))
        batch.add_column(sa.Column("admits_by_itself", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("memberships") as batch:
        batch.add_column(sa.Column("is_by_rule", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("answer", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "further_parents",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        to("further_parents", "group_id", "groups.id", "CASCADE"),
        to("further_parents", "parent_id", "groups.id", "CASCADE"),
        sa.PrimaryKeyConstraint("group_id", "parent_id", name="pk_further_parents"),
        sa.CheckConstraint("group_id <> parent_id", name=op.f("ck_further_parents_not_itself")),
    )
    op.create_index("ix_further_parents_down", "further_parents", ["parent_id", "group_id"])
    op.create_table(
        "former_addresses",
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        to("former_addresses", "group_id", "groups.id", "CASCADE"),
        sa.PrimaryKeyConstraint("slug", name="pk_former_addresses"),
    )
    op.create_index("ix_former_addresses_group_id", "former_addresses", ["group_id"])
    op.create_table(
        "admitted_programmes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer()),
        sa.Column("programme_id", sa.Integer()),
        to("admitted_programmes", "group_id", "groups.id", "CASCADE"),
        to("admitted_programmes", "family_id", "families.id", "CASCADE"),
        to("admitted_programmes", "programme_id", "programmes.id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_admitted_programmes"),
        sa.CheckConstraint(
            "(family_id IS NULL) <> (programme_id IS NULL)", name=op.f("ck_admitted_programmes_one_of_two")
        ),
    )
    for column in ("group_id", "family_id", "programme_id"):
        op.create_index(f"ix_admitted_programmes_{column}", "admitted_programmes", [column])
    op.create_table(
        "group_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("kind", one_of("kind", KINDS), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("state", one_of("state", STATES), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Integer()),
        to("group_proposals", "parent_id", "groups.id", "CASCADE"),
        to("group_proposals", "proposed_by_id", "members.account_id", "CASCADE"),
        to("group_proposals", "decided_by_id", "accounts.id", "SET NULL"),
        to("group_proposals", "group_id", "groups.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_group_proposals"),
        sa.UniqueConstraint("key", name="uq_group_proposals_key"),
    )
    op.create_index("ix_group_proposals_parent", "group_proposals", ["parent_id", "state", "created_at"])
    op.create_index("ix_group_proposals_by", "group_proposals", ["proposed_by_id", "created_at"])
    for column in ("decided_by_id", "group_id"):
        op.create_index(f"ix_group_proposals_{column}", "group_proposals", [column])
    # Terms by which people are found inside their groups are written by the job that writes all listings.
    op.execute(
        "INSERT INTO jobs (kind, payload, state, created_at, due_at, attempts, problem) "
        "SELECT 'listings', '{\"after\": 0}', 'queued', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 0, '' "
        "WHERE EXISTS (SELECT 1 FROM members)"
    )


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE kind IN ('follow rule of group', 'residence changed')")
    op.execute("DELETE FROM postings WHERE term_id IN (SELECT id FROM terms WHERE audience = 'groups')")
    op.execute("DELETE FROM terms WHERE audience = 'groups'")
    op.drop_table("group_proposals")
    op.drop_table("admitted_programmes")
    op.drop_table("former_addresses")
    op.drop_table("further_parents")
    with op.batch_alter_table("memberships") as batch:
        batch.drop_column("answer")
        batch.drop_column("is_by_rule")
    with op.batch_alter_table("groups") as batch:
        batch.drop_column("admits_by_itself")
        batch.drop_column("admits_country")
        batch.drop_column("join_question")
