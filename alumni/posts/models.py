"""What a post is, with its pictures and former versions; drafts, announcements, and what somebody has seen."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime
from alumni.core.tokens import new_key

_IS_FIRST = sa.text("parent_id IS NULL")  # no answer
_IS_PUBLIC = sa.text("is_public")


class Post(Base):
    """What a member wrote to a group or to the people of a programme, in Markdown, or an answer to that."""

    __tablename__ = "posts"
    __table_args__ = (
        sa.CheckConstraint("(group_id IS NULL) <> (programme_id IS NULL)", name="one_place"),
        sa.CheckConstraint("answers_count >= 0", name="answers_count"),
        sa.Index("ix_posts_newest", "group_id", "created_at", "id", sqlite_where=_IS_FIRST, postgresql_where=_IS_FIRST),
        sa.Index(
            "ix_posts_of_programme",
            *("programme_id", "created_at", "id"),
            sqlite_where=_IS_FIRST,
            postgresql_where=_IS_FIRST,
        ),
        sa.Index("ix_posts_thread", "parent_id", "created_at", "id"),
        sa.Index("ix_posts_author", "author_id", "group_id"),
        sa.Index(
            "ix_posts_pinned",
            "group_id",
            sqlite_where=sa.text("pinned_at IS NOT NULL"),
            postgresql_where=sa.text("pinned_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_posts_waiting",
            "waits_at",
            sqlite_where=sa.text("waits_at IS NOT NULL"),
            postgresql_where=sa.text("waits_at IS NOT NULL"),
        ),
        sa.Index("ix_posts_public", "group_id", "announced_at", sqlite_where=_IS_PUBLIC, postgresql_where=_IS_PUBLIC),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"))
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"))  # what it answers
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.account_id", ondelete="SET NULL"))
    language: Mapped[str] = mapped_column(sa.String(16), default="en", server_default="en")  # BCP 47
    body: Mapped[str] = mapped_column(sa.Text)
    answers_count: Mapped[int] = mapped_column(default=0, server_default="0")  # not hidden, kept in their transaction
    edits: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Set while it waits to be let through; it is hidden as well, so nothing that reads posts has to know of it.
    waits_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    pinned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_public: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # stands in the public feed


class HeldWord(Base):
    """A word or a domain; a post that holds it waits until somebody has looked."""

    __tablename__ = "held_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    word: Mapped[str] = mapped_column(sa.String(100), unique=True)  # lower case


class PostVersion(Base):
    """How a post read before it was edited."""

    __tablename__ = "post_versions"

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # 0 is the first
    language: Mapped[str] = mapped_column(sa.String(16))
    body: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PostDraft(Base):
    """What somebody began to write in a place and did not post yet: one for each place."""

    __tablename__ = "post_drafts"
    __table_args__ = (sa.UniqueConstraint("account_id", "place", name="uq_post_drafts_place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(sa.String(24))  # the one of the three that follow, in one word
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"), index=True)
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(sa.String(16))
    body: Mapped[str] = mapped_column(sa.Text)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class PostPicture(Base):
    """A picture of a post, or of a draft until it is posted."""

    __tablename__ = "post_pictures"
    __table_args__ = (sa.CheckConstraint("(post_id IS NULL) <> (draft_id IS NULL)", name="one_owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(32), unique=True)  # of its files in the store
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    draft_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post_drafts.id", ondelete="CASCADE"), index=True)
    alt: Mapped[str] = mapped_column(sa.String(300), default="")  # what is in it, for who does not see it
    width: Mapped[int]  # of the larger file
    height: Mapped[int]


class Visit(Base):
    """Up to when somebody has seen the posts of a group."""

    __tablename__ = "post_visits"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, index=True)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Announcement(Base):
    """A post that is sent as a letter to a group or a part of it, and how far that has come."""

    __tablename__ = "announcements"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), unique=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    country: Mapped[str] = mapped_column(sa.String(2), default="")  # of the listing; empty: wherever they live
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohorts.id", ondelete="CASCADE"), index=True)
    is_for_organisers: Mapped[bool] = mapped_column(default=False)
    sent_count: Mapped[int] = mapped_column(default=0)
    last_id: Mapped[int] = mapped_column(default=0)  # of the account that the last letter was promised to
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
