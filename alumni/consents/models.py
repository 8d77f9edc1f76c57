"""A consent is a row for each time that somebody gives or withdraws it; nobody writes over what was said."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of


class Purpose(StrEnum):
    DIRECTORY = "directory"  # to be found by members
    MAIL = "mail"  # letters besides those that an account cannot do without
    SHARING = "sharing"  # name and way to be reached go to somebody outside of the network


class Recipient(StrEnum):
    NETWORK = "network"
    MISSION = "mission"  # an embassy or a consulate of Japan
    AGENCY = "agency"  # which held the programme
    ASSOCIATION = "association"  # the alumni association of another country


class Ask(NamedTuple):
    """What is asked for by itself: a purpose, and who gets the data."""

    purpose: Purpose
    recipient: Recipient = Recipient.NETWORK

    @property
    def name(self) -> str:
        return self.purpose.value if self.recipient == Recipient.NETWORK else f"share_with_{self.recipient.value}"


DIRECTORY, MAIL = Ask(Purpose.DIRECTORY), Ask(Purpose.MAIL)
# The version of the words that are shown today: the day on which they were changed last.
VERSIONS: dict[Ask, str] = {
    DIRECTORY: "2026-11-27",
    MAIL: "2026-11-27",
    Ask(Purpose.SHARING, Recipient.MISSION): "2026-11-27",
    Ask(Purpose.SHARING, Recipient.AGENCY): "2026-11-27",
    Ask(Purpose.SHARING, Recipient.ASSOCIATION): "2026-11-27",
}
# What holds for those who have said nothing: an account comes with letters, a profile with the directory.
GIVEN_AT_FIRST = {DIRECTORY, MAIL}


class Consent(Base):
    """One time that somebody gave or withdrew one. The last one of an ask counts."""

    __tablename__ = "consents"
    __table_args__ = (sa.Index("ix_consents_account", "account_id", "purpose", "recipient", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(one_of(Purpose, "purpose"))
    recipient: Mapped[Recipient] = mapped_column(one_of(Recipient, "recipient"))
    is_given: Mapped[bool]  # false: withdrawn
    version: Mapped[str] = mapped_column(sa.String(10))  # of the words
    language: Mapped[str] = mapped_column(sa.String(16))  # in which they were read
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    @property
    def ask(self) -> Ask:
        return Ask(self.purpose, self.recipient)
