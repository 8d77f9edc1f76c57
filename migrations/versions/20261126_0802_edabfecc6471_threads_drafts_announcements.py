"""Answers, pictures, drafts, former versions, announcements, and what somebody has seen of the posts of a group.

Revision: edabfecc6471
Follows: 7d5e3a91bf04
"""

import sqlalchemy as sa
from alembic import op

revision = "edabfecc6471"
down_revision = "7d5e3a91bf04"
branch_labels = None
depends_on = None

AN_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.drop_index("ix_posts_newest", "posts")
    with op.batch_alter_table("posts") as posts:
        posts.alter_column("group_id", existing_type=sa.Integer(), nullable=True)
        posts.add_column(sa.Column("programme_id", sa.Integer(), nullable=True))
        posts.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        posts.add_column(sa.Column("language", sa.String(length=16), nullable=False, server_default="en"))
        posts.add_column(sa.Column("answers_count", sa.Integer(), nullable=False, server_default="0"))
        posts.add_column(sa.Column("edits", sa.Integer(), nullable=False, server_default="0"))
        posts.add_column(sa.Column("edited_at", AN_INSTANT, nullable=True))
        posts.add_column(sa.Column("pinned_at", AN_INSTANT, nullable=True))
        posts.add_column(sa.Column("announced_at", AN_INSTANT, nullable=True))
        posts.add_column(sa.Column("is_public", sa.Boolean(), nullable=False, server_default=sa.false()))
        posts.create_foreign_key("fk_posts_programme_id", "programmes", ["programme_id"], ["id"], ondelete="CASCADE")
        posts.create_foreign_key("fk_posts_parent_id", "posts", ["parent_id"], ["id"], ondelete="CASCADE")
        posts.create_check_constraint("one_place", "(group_id IS NULL) <> (programme_id IS NULL)")
        posts.create_check_constraint("answers_count", "answers_count >= 0")
    op.execute(
        "UPDATE posts SET language = coalesce("
        "(SELECT language FROM accounts WHERE accounts.id = posts.author_id AND language NOT LIKE '%-%'), 'en')"
    )
    for name, columns, where in (
        ("ix_posts_newest", ["group_id", "created_at", "id"], "parent_id IS NULL"),
        ("ix_posts_of_programme", ["programme_id", "created_at", "id"], "parent_id IS NULL"),
        ("ix_posts_pinned", ["group_id"], "pinned_at IS NOT NULL"),
        ("ix_posts_public", ["group_id", "announced_at"], "is_public"),
    ):
        op.create_index(name, "posts", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index("ix_posts_thread", "posts", ["parent_id", "created_at", "id"])
    op.create_index("ix_posts_author", "posts", ["author_id", "group_id"])
    op.drop_index("ix_posts_author_id", "posts")

    op.create_table(
        "post_versions",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", AN_INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_versions_post_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "number", name="pk_post_versions"),
    )
    op.create_table(
        "post_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=24), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", AN_INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_post_drafts_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_post_drafts_group_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name="fk_post_drafts_programme_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_drafts_post_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_post_drafts"),
        sa.UniqueConstraint("account_id", "place", name="uq_post_drafts_place"),
    )
    for column in ("group_id", "programme_id", "post_id"):
        op.create_index(f"ix_post_drafts_{column}", "post_drafts", [column])
    op.create_table(
        "post_pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.CheckConstraint("(post_id IS NULL) <> (draft_id IS NULL)", name=op.f("ck_post_pictures_one_owner")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_pictures_post_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["draft_id"], ["post_drafts.id"], name="fk_post_pictures_draft_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_post_pictures"),
        sa.UniqueConstraint("name", name="uq_post_pictures_name"),
    )
    op.create_index("ix_post_pictures_post_id", "post_pictures", ["post_id"])
    op.create_index("ix_post_pictures_draft_id", "post_pictures", ["draft_id"])
    op.create_table(
        "post_visits",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", AN_INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_post_visits_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_post_visits_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "group_id", name="pk_post_visits"),
    )
    op.create_index("ix_post_visits_group_id", "post_visits", ["group_id"])
    op.create_table(
        "announcements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("is_for_organisers", sa.Boolean(), nullable=False),
        sa.Column("sent_count", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("done_at", AN_INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_announcements_post_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name="fk_announcements_by_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name="fk_announcements_cohort_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
        sa.UniqueConstraint("post_id", name="uq_announcements_post_id"),
    )
    op.create_index("ix_announcements_by_id", "announcements", ["by_id"])
    op.create_index("ix_announcements_cohort_id", "announcements", ["cohort_id"])


def downgrade() -> None:
    for table in ("announcements", "post_visits", "post_pictures", "post_drafts", "post_versions"):
        op.drop_table(table)
    # Answers, and what was written to a programme, have no place in the tables of before.
    op.execute("DELETE FROM posts WHERE parent_id IS NOT NULL")
    op.execute("DELETE FROM posts WHERE group_id IS NULL")
    for name in (
        *("ix_posts_newest", "ix_posts_of_programme", "ix_posts_pinned", "ix_posts_public"),
        *("ix_posts_thread", "ix_posts_author"),
    ):
        op.drop_index(name, "posts")
    with op.batch_alter_table("posts") as posts:
        posts.drop_constraint("one_place", type_="check")
        posts.drop_constraint("answers_count", type_="check")
        posts.drop_constraint("fk_posts_programme_id", type_="foreignkey")
        posts.drop_constraint("fk_posts_parent_id", type_="foreignkey")
        for column in (
            *("programme_id", "parent_id", "language", "answers_count", "edits", "edited_at", "pinned_at"),
            *("announced_at", "is_public"),
        ):
            posts.drop_column(column)
        posts.alter_column("group_id", existing_type=sa.Integer(), nullable=False)
    op.create_index("ix_posts_newest", "posts", ["group_id", "created_at", "id"])
    op.create_index("ix_posts_author_id", "posts", ["author_id"])
