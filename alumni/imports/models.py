"""What is kept of a file while it is on its way in: its rows, and what its headings were said to mean."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core.db import Base, one_of
from alumni.core.tokens import new_key
from alumni.members.models import ParticipationRole
from alumni.rosters.models import Award


class Outcome(StrEnum):
    """What committing does with a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ASKS = "asks"  # would change who a claimed entry is: an officer says yes or no, row by row
    REJECTED = "rejected"
    WAITS = "waits"  # for an answer to the question which cohort it is of


class ImportRow(Award, Base):
    """One row of a file: what it says, what is wrong with it, and what committing does, or did, with it."""

    __tablename__ = "import_rows"
    __table_args__ = (sa.Index("ix_import_rows_outcome", "import_id", "outcome", "line"),)

    import_id: Mapped[int] = mapped_column(sa.ForeignKey("roster_imports.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome, "outcome"))
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohorts.id", ondelete="SET NULL"))
    # What the row says of its cohort, as a key of the import's answers: one question for all rows that say the same.
    cohort_words: Mapped[str] = mapped_column(sa.String(300), default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    role: Mapped[ParticipationRole | None] = mapped_column(
        one_of(ParticipationRole, "role")
    )  # where the list has roles
    identity: Mapped[str] = mapped_column(sa.String(400), default="")
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("roster_entries.id", ondelete="SET NULL"), index=True)
    # Rejected: a list of {"column", "reason", "value"}. Changed: {"column": what it was}, so that it can be undone.
    problems: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list)
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    is_accepted: Mapped[bool | None] = mapped_column()  # of a row that asks
    key: Mapped[str] = mapped_column(sa.String(16), default=new_key)  # of the entry that it makes


class KnownHeading(Base):
    """What officers said that a heading means, remembered for the next file of the programme."""

    __tablename__ = "known_headings"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"), primary_key=True)
    heading: Mapped[str] = mapped_column(sa.String(200), primary_key=True)  # folded
    column: Mapped[str] = mapped_column(sa.String(24))
