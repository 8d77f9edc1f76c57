"""Officers and their mandates; rosters, imports, invitations; what the desk knows of claims.

Revision: 4d7a90c3be15
Follows: 2f6d0b8e91a7
"""

import sqlalchemy as sa
from alembic import op

revision = "4d7a90c3be15"
down_revision = "2f6d0b8e91a7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mandates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "agency",
            sa.Enum(
                "jica",
                "jice",
                "joca",
                "japan_foundation",
                "mission",
                "other",
                name="agency",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("is_for_all_programmes", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("NOT is_for_all_programmes OR country <> ''", name="ck_mandates_has_a_limit"),
        sa.CheckConstraint("ends_on >= starts_on", name="ck_mandates_term"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_mandates_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["accounts.id"], name="fk_mandates_granted_by_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_mandates"),
        sa.UniqueConstraint("key", name="uq_mandates_key"),
    )
    op.create_index("ix_mandates_account", "mandates", ["account_id", "ends_on"])
    op.create_index("ix_mandates_end", "mandates", ["ends_on", "id"])

    op.create_table(
        "claim_rules",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("vouchers_needed", sa.Integer(), nullable=False),
        sa.Column("vouches_a_month", sa.Integer(), nullable=False),
        sa.Column("vouchers_suffice", sa.Boolean(), nullable=False),
        sa.Column("organisers_decide", sa.Boolean(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("vouchers_needed BETWEEN 1 AND 9", name="ck_claim_rules_vouchers_needed"),
        sa.CheckConstraint("vouches_a_month BETWEEN 1 AND 99", name="ck_claim_rules_vouches_a_month"),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["accounts.id"], name="fk_claim_rules_changed_by_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name="fk_claim_rules_programme_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme_id", name="pk_claim_rules"),
    )
    op.create_table(
        "known_headings",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("column", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name="fk_known_headings_programme_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme_id", "heading", name="pk_known_headings"),
    )
    op.create_table(
        "mandate_programmes",
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandates.id"], name="fk_mandate_programmes_mandate_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name="fk_mandate_programmes_programme_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mandate_id", "programme_id", name="pk_mandate_programmes"),
    )
    op.create_index("ix_mandate_programmes_programme_id", "mandate_programmes", ["programme_id"])

    op.create_table(
        "roster_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("encoding", sa.String(length=24), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "mapped",
                "previewed",
                "committed",
                "undone",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("problem", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("line_done", sa.Integer(), nullable=False),
        sa.Column("is_running", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("cohorts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name="fk_roster_imports_programme_id", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["accounts.id"], name="fk_roster_imports_uploaded_by_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_roster_imports"),
        sa.UniqueConstraint("key", name="uq_roster_imports_key"),
    )
    op.create_index("ix_roster_imports_programme", "roster_imports", ["programme_id", "created_at"])

    op.create_table(
        "case_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "claimed",
                "asked",
                "answered",
                "evidence",
                "voucher_asked",
                "vouched",
                "vouch_revoked",
                "disputed",
                "verified",
                "declined",
                "revoked",
                "appealed",
                "reopened",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name="fk_case_steps_by_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participations.id"], name="fk_case_steps_participation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_steps"),
    )
    op.create_index("ix_case_steps_participation_id", "case_steps", ["participation_id"])

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=80), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delete_after", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participations.id"], name="fk_evidence_participation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.UniqueConstraint("key", name="uq_evidence_key"),
    )
    op.create_index("ix_evidence_delete_after", "evidence", ["delete_after"])
    op.create_index("ix_evidence_participation_id", "evidence", ["participation_id"])

    op.create_table(
        "roster_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("identity", sa.String(length=400), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "unclaimed", "invited", "claimed", name="state", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column(
            "mark",
            sa.Enum("deceased", "do_not_contact", name="mark", native_enum=False, create_constraint=True, length=24),
            nullable=True,
        ),
        sa.Column("duplicate_of_id", sa.Integer(), nullable=True),
        sa.Column("participation_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name_printed", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=300), nullable=False),
        sa.Column("family_name", sa.String(length=200), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("name_native", sa.String(length=200), nullable=False),
        sa.Column("name_reading", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "participant",
                "supervisor",
                "leader",
                "facilitator",
                "observer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("institution", sa.String(length=300), nullable=False),
        sa.Column("host_town", sa.String(length=120), nullable=False),
        sa.Column("from_on", sa.String(length=10), nullable=True),
        sa.Column("to_on", sa.String(length=10), nullable=True),
        sa.Column("born_on", sa.String(length=10), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.CheckConstraint("duplicate_of_id <> id", name="ck_roster_entries_not_its_own_duplicate"),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name="fk_roster_entries_cohort_id", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"], ["roster_entries.id"], name="fk_roster_entries_duplicate_of_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["roster_imports.id"], name="fk_roster_entries_import_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participations.id"], name="fk_roster_entries_participation_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name="fk_roster_entries_programme_id", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_roster_entries"),
        sa.UniqueConstraint("cohort_id", "identity", name="uq_roster_entries_identity"),
        sa.UniqueConstraint("key", name="uq_roster_entries_key"),
        sa.UniqueConstraint("participation_id", name="uq_roster_entries_participation_id"),
    )
    op.create_index("ix_roster_entries_duplicate_of_id", "roster_entries", ["duplicate_of_id"])
    op.create_index("ix_roster_entries_born", "roster_entries", ["born_on", "country"])
    op.create_index("ix_roster_entries_email", "roster_entries", ["email"])
    op.create_index("ix_roster_entries_number", "roster_entries", ["programme_id", "number"])
    op.create_index("ix_roster_entries_import", "roster_entries", ["import_id"])
    op.create_index("ix_roster_entries_name_key", "roster_entries", ["name_key", "cohort_id"])
    op.create_index("ix_roster_entries_scope", "roster_entries", ["programme_id", "country", "id"])

    op.create_table(
        "vouches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "yes",
                "no",
                "unsure",
                "revoked",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participations.id"], name="fk_vouches_participation_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["members.account_id"], name="fk_vouches_voucher_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_vouches"),
        sa.UniqueConstraint("key", name="uq_vouches_key"),
        sa.UniqueConstraint("participation_id", "voucher_id", name="uq_vouches_once"),
    )
    op.create_index("ix_vouches_voucher", "vouches", ["voucher_id", "answered_at"])

    op.create_table(
        "cases",
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("born_on", sa.String(length=10), nullable=True),
        sa.Column("institution", sa.String(length=300), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("agrees", sa.JSON(), nullable=False),
        sa.Column("differs", sa.JSON(), nullable=False),
        sa.Column("is_exact", sa.Boolean(), nullable=False),
        sa.Column("is_disputed", sa.Boolean(), nullable=False),
        sa.Column("is_vouched", sa.Boolean(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "email",
                "number",
                "invitation",
                "vouchers",
                "desk",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["roster_entries.id"], name="fk_cases_entry_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participations.id"], name="fk_cases_participation_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["taken_by_id"], ["accounts.id"], name="fk_cases_taken_by_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("participation_id", name="pk_cases"),
    )
    op.create_index("ix_cases_entry_id", "cases", ["entry_id"])

    op.create_table(
        "entry_pairs",
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("same", "apart", name="verdict", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_id < second_id", name="ck_entry_pairs_in_order"),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name="fk_entry_pairs_decided_by_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["roster_entries.id"], name="fk_entry_pairs_first_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["roster_entries.id"], name="fk_entry_pairs_second_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("first_id", "second_id", name="pk_entry_pairs"),
    )
    op.create_index("ix_entry_pairs_second_id", "entry_pairs", ["second_id"])

    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "new",
                "changed",
                "unchanged",
                "asks",
                "rejected",
                "waits",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("cohort_words", sa.String(length=300), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("identity", sa.String(length=400), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("name_printed", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=300), nullable=False),
        sa.Column("family_name", sa.String(length=200), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("name_native", sa.String(length=200), nullable=False),
        sa.Column("name_reading", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "participant",
                "supervisor",
                "leader",
                "facilitator",
                "observer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("institution", sa.String(length=300), nullable=False),
        sa.Column("host_town", sa.String(length=120), nullable=False),
        sa.Column("from_on", sa.String(length=10), nullable=True),
        sa.Column("to_on", sa.String(length=10), nullable=True),
        sa.Column("born_on", sa.String(length=10), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name="fk_import_rows_cohort_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["roster_entries.id"], name="fk_import_rows_entry_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["roster_imports.id"], name="fk_import_rows_import_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "line", name="pk_import_rows"),
    )
    op.create_index("ix_import_rows_entry_id", "import_rows", ["entry_id"])
    op.create_index("ix_import_rows_outcome", "import_rows", ["import_id", "outcome", "line"])

    op.create_table(
        "invitations",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "promised",
                "sent",
                "printed",
                "bounced",
                "opened",
                "claimed",
                "declined",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["roster_entries.id"], name="fk_invitations_entry_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["accounts.id"], name="fk_invitations_invited_by_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("entry_id", name="pk_invitations"),
        sa.UniqueConstraint("digest", name="uq_invitations_digest"),
    )
    op.create_index("ix_invitations_sent", "invitations", ["sent_at"])

    op.add_column("accounts", sa.Column("holds_office", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("accounts", sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_column("holds_office")
        accounts.drop_column("signed_in_at")
    op.drop_table("invitations")
    op.drop_table("import_rows")
    op.drop_table("entry_pairs")
    op.drop_table("cases")
    op.drop_table("vouches")
    op.drop_table("roster_entries")
    op.drop_table("evidence")
    op.drop_table("case_steps")
    op.drop_table("roster_imports")
    op.drop_table("mandate_programmes")
    op.drop_table("known_headings")
    op.drop_table("claim_rules")
    op.drop_table("mandates")
