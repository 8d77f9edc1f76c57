"""What is asked about accounts. Emails are looked up only by whoever proves them."""

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from alumni.accounts import policy
from alumni.accounts.models import Account, AccountState, AddressChange, RecoveryCode, SecondFactor, SignIn
from alumni.core import clock, limits
from alumni.core.db import db
from alumni.core.ready import Ready, from_now
from alumni.core.tokens import digest
from alumni.core.viewer import Viewer


def viewer_columns() -> tuple[Any, ...]:
    """What `viewer_of` reads of an account."""
    return (
        Account.id,
        Account.handle,
        Account.language,
        Account.zone,
        Account.is_verified,
        Account.holds_office,
        Account.is_moderator.label("is_moderator"),
        Account.is_admin.label("is_admin"),
        Account.state,
        Account.suspended_until,
        Account.created_at,
        Account.has_second_factor,
    )


@cache
def _viewer_select() -> sa.Select[Any]:
    return (
        sa.select(*viewer_columns(), SignIn.id.label("sign_in_id"), SignIn.proved_at, SignIn.seen_at)
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.digest == sa.bindparam("digest"), SignIn.expires_at > from_now())
    )


def find_viewer(secret: str) -> Viewer | None:
    """Who holds this session secret, or None when it is not, or no longer, valid."""
    row = Ready(_viewer_select(), {"digest": digest(secret)}).first()
    if row is None or row.state in (AccountState.UNCONFIRMED, AccountState.CLOSED):
        return None
    now = clock.now()
    if policy.is_idle(row, row.seen_at, now):
        return None
    is_due = row.seen_at <= now - policy.NOTED_EVERY
    return viewer_of(row, sign_in_id=row.sign_in_id, proved_at=row.proved_at, is_to_be_noted=is_due)


def viewer_of(
    account: Any, *, sign_in_id: int = 0, proved_at: datetime | None = None, is_to_be_noted: bool = False
) -> Viewer:
    """The holder of an account, or of a row with its columns. Who is suspended has no standing and no role."""
    until = account.suspended_until
    is_closing = account.state == AccountState.CLOSING
    is_suspended = is_closing or (account.state == AccountState.SUSPENDED and (until is None or until > clock.now()))
    return Viewer(
        id=account.id,
        handle=account.handle,
        language=account.language,
        zone=account.zone,
        is_verified=account.is_verified and not is_suspended,
        is_moderator=account.is_moderator and not is_suspended,
        is_admin=account.is_admin and not is_suspended,
        is_suspended=is_suspended,
        holds_office=account.holds_office and not is_suspended,
        sign_in_id=sign_in_id,
        is_closing=is_closing,
        is_newcomer=account.created_at > clock.now() - limits.NEWCOMER,
        owes_second_factor=policy.works_for_others(account) and not account.has_second_factor,
        proved_at=proved_at,
        is_to_be_noted=is_to_be_noted,
    )


def find_password_hash(account_id: int) -> str:
    """The hash to check a password against; empty where there is no such account."""
    return db.session.scalar(sa.select(Account.password_hash).where(Account.id == account_id)) or ""


def find_by_email(email: str) -> Account | None:
    """The account of a normalised address."""
    return db.session.scalar(sa.select(Account).where(Account.email == email))


def find_account(account_id: int) -> Account | None:
    return db.session.get(Account, account_id)


def find_change(change_id: int) -> AddressChange | None:
    """An address that was asked for, or counts."""
    return db.session.get(AddressChange, change_id)


def sign_ins_of(viewer: Viewer) -> sa.Select[Any]:
    """Devices on which the viewer is signed in, newest first."""
    return (
        sa.select(SignIn.id, SignIn.key, SignIn.device, SignIn.created_at, SignIn.seen_at)
        .where(
            SignIn.account_id == viewer.id,
            SignIn.expires_at > clock.now(),
            SignIn.seen_at > clock.now() - policy.IDLE,
        )
        .order_by(SignIn.created_at.desc(), SignIn.id.desc())
    )


def find_second_factor(viewer: Viewer) -> SecondFactor | None:
    """The viewer's app for codes, set up or about to be."""
    return db.session.get(SecondFactor, viewer.id)


def count_recovery_codes(viewer: Viewer) -> int:
    """How many codes on paper the viewer has left."""
    unused = sa.select(sa.func.count()).where(RecoveryCode.account_id == viewer.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


def has_second_factor(viewer: Viewer) -> bool:
    return bool(db.session.scalar(sa.select(Account.has_second_factor).where(Account.id == viewer.id)))


def email_of(viewer: Viewer) -> str:
    """The viewer's own address."""
    return db.session.scalar(sa.select(Account.email).where(Account.id == viewer.id)) or ""
