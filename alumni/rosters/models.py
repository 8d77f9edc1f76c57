"""What a roster is: entries that an agency has awarded, the files they came from, invitations, who is whom."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key
from alumni.members.models import BY_BYTES, ParticipationRole


class EntryState(StrEnum):
    UNCLAIMED = "unclaimed"
    INVITED = "invited"
    CLAIMED = "claimed"  # a participation was verified by it


class EntryMark(StrEnum):
    """What outlives every import: nobody writes to these people."""

    DECEASED = "deceased"
    DO_NOT_CONTACT = "do_not_contact"


class ImportState(StrEnum):
    UPLOADED = "uploaded"
    MAPPED = "mapped"
    PREVIEWED = "previewed"
    COMMITTED = "committed"
    UNDONE = "undone"


class Award:
    """The facts of one award, as a row of the list gives them: the same columns staged and kept."""

    name_printed: Mapped[str] = mapped_column(sa.String(200))  # the whole name, as on the papers
    name_key: Mapped[str] = mapped_column(sa.String(300))  # its folded words, sorted: `core.alike.name_key`
    family_name: Mapped[str] = mapped_column(sa.String(200), default="")
    given_name: Mapped[str] = mapped_column(sa.String(200), default="")
    name_native: Mapped[str] = mapped_column(sa.String(200), default="")  # in the own script
    name_reading: Mapped[str] = mapped_column(sa.String(200), default="")
    number: Mapped[str] = mapped_column(sa.String(64), default="")
    part: Mapped[str] = mapped_column(sa.String(80), default="")  # the letter or topic used on the spot
    institution: Mapped[str] = mapped_column(sa.String(300), default="")
    host_town: Mapped[str] = mapped_column(sa.String(120), default="")
    from_on: Mapped[str | None] = mapped_column(sa.String(10))  # ISO 8601, as exact as known
    to_on: Mapped[str | None] = mapped_column(sa.String(10))
    born_on: Mapped[str | None] = mapped_column(sa.String(10))
    email: Mapped[str] = mapped_column(sa.String(320), default="")  # lower case
    extra: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)  # every other column, by its heading


# Who somebody is: never overwritten by a file once the entry is claimed.
IDENTITY = ("name_printed", "name_key", "family_name", "given_name", "number", "born_on", "email")


class RosterImport(Base):
    """One file on its way in: uploaded, its columns mapped, previewed, committed, and for 30 days undone again."""

    __tablename__ = "roster_imports"
    __table_args__ = (sa.Index("ix_roster_imports_programme", "programme_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="RESTRICT"))
    country: Mapped[str] = mapped_column(sa.String(2), default="")  # of every row, where the file does not say
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    file: Mapped[str] = mapped_column(sa.String(80), default="")  # its name in the store; empty once deleted
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    encoding: Mapped[str] = mapped_column(sa.String(24), default="")
    # The headings, what each column is, and how dates are written: {"3": "given_name"}, {"order": "dmy"}
    headings: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    columns: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    state: Mapped[ImportState] = mapped_column(one_of(ImportState, "state"), default=ImportState.UPLOADED)
    problem: Mapped[str] = mapped_column(sa.String(64), default="")  # why it does not go on, as a code
    rows: Mapped[int] = mapped_column(default=0)
    line_done: Mapped[int] = mapped_column(default=0)  # how far the step is that is running: it goes on behind it
    is_running: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)  # by outcome
    # What rows say of their cohort that nothing in the catalogue answers, by `ImportRow.cohort_words`.
    questions: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    cohorts: Mapped[list[int]] = mapped_column(sa.JSON, default=list)  # ids of those that its rows are of
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    previewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    committed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RosterEntry(Award, Base):
    """One award: this name, in this cohort. It exists without any account, and only officers in scope see it."""

    __tablename__ = "roster_entries"
    __table_args__ = (
        sa.UniqueConstraint("cohort_id", "identity", name="uq_roster_entries_identity"),
        sa.Index("ix_roster_entries_scope", "programme_id", "country", "id"),
        sa.Index("ix_roster_entries_name_key", "name_key", "cohort_id"),
        sa.Index("ix_roster_entries_cohort", "cohort_id", "country"),
        sa.Index("ix_roster_entries_email", "email"),
        sa.Index("ix_roster_entries_number", "programme_id", "number"),
        sa.Index("ix_roster_entries_born", "born_on", "country"),
        sa.Index("ix_roster_entries_import", "import_id"),
        sa.CheckConstraint("duplicate_of_id <> id", name="not_its_own_duplicate"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohorts.id", ondelete="RESTRICT"))
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="RESTRICT"))  # of the cohort
    country: Mapped[str] = mapped_column(sa.String(2))  # sent from
    role: Mapped[ParticipationRole] = mapped_column(
        one_of(ParticipationRole, "role"), default=ParticipationRole.PARTICIPANT
    )
    # One entry is one award: `n:` number and country, or `p:` name key, country and a count of namesakes.
    identity: Mapped[str] = mapped_column(sa.String(400))
    state: Mapped[EntryState] = mapped_column(one_of(EntryState, "state"), default=EntryState.UNCLAIMED)
    mark: Mapped[EntryMark | None] = mapped_column(one_of(EntryMark, "mark"))
    duplicate_of_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("roster_entries.id", ondelete="SET NULL"), index=True
    )
    participation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("participations.id", ondelete="SET NULL"), unique=True
    )
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("roster_imports.id", ondelete="SET NULL"))
    line: Mapped[int] = mapped_column(default=0)  # of the file, as a spreadsheet counts
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class EntryTerm(Base):
    """A word of a name of an entry, or its number behind a #: by it the entry is found on a long roster."""

    __tablename__ = "entry_terms"
    __table_args__ = (sa.Index("ix_entry_terms_entry_id", "entry_id"),)

    cohort_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    term: Mapped[str] = mapped_column(BY_BYTES, primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("roster_entries.id", ondelete="CASCADE"), primary_key=True)
    country: Mapped[str] = mapped_column(sa.String(2))  # of the entry


class InvitationState(StrEnum):
    PROMISED = "promised"  # the letter is in the outbox
    SENT = "sent"
    PRINTED = "printed"  # a code on paper
    BOUNCED = "bounced"
    OPENED = "opened"
    CLAIMED = "claimed"
    DECLINED = "declined"


class Invitation(Base):
    """A personal way to one's entry: a link by mail or a code on paper. A new one takes the place of the old."""

    __tablename__ = "invitations"
    __table_args__ = (sa.Index("ix_invitations_sent", "sent_at"),)

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("roster_entries.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)  # of the secret in the link, or of the code
    state: Mapped[InvitationState] = mapped_column(one_of(InvitationState, "state"))
    email: Mapped[str] = mapped_column(sa.String(320), default="")  # where it went; following it proves this address
    times: Mapped[int] = mapped_column(default=1)
    invited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Verdict(StrEnum):
    SAME = "same"
    APART = "apart"


class EntryPair(Base):
    """An officer's word on two entries: one person, or two. It stands until taken back, whatever is imported."""

    __tablename__ = "entry_pairs"
    __table_args__ = (sa.CheckConstraint("first_id < second_id", name="in_order"),)

    first_id: Mapped[int] = mapped_column(sa.ForeignKey("roster_entries.id", ondelete="CASCADE"), primary_key=True)
    second_id: Mapped[int] = mapped_column(
        sa.ForeignKey("roster_entries.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    verdict: Mapped[Verdict] = mapped_column(one_of(Verdict, "verdict"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
