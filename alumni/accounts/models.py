"""What an account is: an address that was proved, a password, the devices signed in."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, column_property, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key


class AccountState(StrEnum):
    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSING = "closing"
    CLOSED = "closed"


class StaffRole(StrEnum):
    NONE = "none"
    MODERATOR = "moderator"
    ADMIN = "admin"


class Account(Base):
    """Somebody who can sign in. Proves an address, nothing more."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    email: Mapped[str] = mapped_column(sa.String(320), unique=True)  # normalised, lower case
    password_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    state: Mapped[AccountState] = mapped_column(one_of(AccountState, "state"), default=AccountState.UNCONFIRMED)
    staff_role: Mapped[StaffRole] = mapped_column(one_of(StaffRole, "staff_role"), default=StaffRole.NONE)
    # Holds at least one verified participation. Kept here by `members`, because every request asks it.
    is_verified: Mapped[bool] = mapped_column(default=False)
    # Has been given a mandate. Kept here by `officers` for the same reason; a term may be over.
    holds_office: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    language: Mapped[str] = mapped_column(sa.String(16), default="en")  # BCP 47
    zone: Mapped[str] = mapped_column(sa.String(64), default="UTC")  # IANA
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the last time, whatever became of the session
    terms_agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    suspended_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    suspension_reason: Mapped[str] = mapped_column(sa.Text, default="")
    # Kept with the row of `SecondFactor`, because every request asks it.
    has_second_factor: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    is_admin: Mapped[bool] = column_property(staff_role == StaffRole.ADMIN)
    is_moderator: Mapped[bool] = column_property(staff_role != StaffRole.NONE)
    # Whoever closes the account has no standing either: no letter, no list, no role.
    is_leaving: Mapped[bool] = column_property(state.in_([AccountState.CLOSING, AccountState.CLOSED]))
    is_suspended: Mapped[bool] = column_property(
        state.in_([AccountState.SUSPENDED, AccountState.CLOSING, AccountState.CLOSED])
    )


class SignIn(Base):
    """A device that is signed in. The cookie holds a random secret, this row only its digest."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    device: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime, default=clock.now)  # by password or code
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)  # exact to an hour: see `web/seen.py`


class PendingSignIn(Base):
    """A right password that waits for its second factor, in one browser: the cookie holds the secret."""

    __tablename__ = "pending_sign_ins"

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    tries: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class SecondFactor(Base):
    """An app that makes codes from the time and a shared secret (RFC 6238). It counts once a code was right."""

    __tablename__ = "second_factors"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(sa.String(64))
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)  # of the last code: it and older ones are used up


class RecoveryCode(Base):
    """A code on paper for whoever has lost the app. It opens once."""

    __tablename__ = "recovery_codes"

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class KnownDevice(Base):
    """Words of a browser and a system from which somebody has signed in; another one is told to its owner."""

    __tablename__ = "known_devices"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    device: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AddressChange(Base):
    """Another address for an account: asked for, proved by a letter to it, taken back by a letter to the old one."""

    __tablename__ = "address_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    new_email: Mapped[str] = mapped_column(sa.String(320))
    old_email: Mapped[str] = mapped_column(sa.String(320))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
