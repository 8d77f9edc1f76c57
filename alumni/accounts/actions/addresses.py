"""Another address for an account. It counts once a letter to it was answered; a letter to the old one takes it back.

Whoever asks hears the same whether the address is free or belongs to somebody: only its owner learns of it.
"""

from datetime import timedelta

import sqlalchemy as sa

from alumni.accounts import notices, policy, queries
from alumni.accounts.actions.entering import LinkNotValid, end_all_sessions
from alumni.accounts.models import Account, AddressChange
from alumni.core import audit, clock
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.viewer import Viewer

TO_ADDRESS = notices.TO_ADDRESS
CONFIRM_WITHIN = timedelta(days=1)
UNDO_WITHIN = timedelta(days=7)
KEPT_FOR = timedelta(days=30)


def ask_for_address(actor: Viewer, email: str) -> None:
    """Writes to the new address. Raises Invalid("email") where it is the one that counts already."""
    require(policy.can_change_address(actor), "owner")
    account = db.session.get_one(Account, actor.id)
    if email == account.email:
        raise Invalid("email", "same-address")
    db.session.execute(
        sa.delete(AddressChange).where(AddressChange.account_id == actor.id, AddressChange.confirmed_at.is_(None))
    )
    change = AddressChange(account_id=actor.id, new_email=email, old_email=account.email, asked_at=clock.now())
    db.session.add(change)
    db.session.flush()
    owner = queries.find_by_email(email)
    if owner is None:
        notices.tell_new_address(change)
    else:
        notices.tell_owner_of_asked_address(owner)


def confirm_address_change(change_id: int, *, but: int = 0) -> Account:
    """The letter to the new address was answered. Every session ends but this one. Raises LinkNotValid."""
    change = db.session.get(AddressChange, change_id, with_for_update=True)
    now = clock.now()
    if change is None or change.confirmed_at is not None or change.asked_at <= now - CONFIRM_WITHIN:
        raise LinkNotValid
    account = db.session.get_one(Account, change.account_id)
    if account.email != change.old_email or not policy.can_sign_in(account):
        raise LinkNotValid
    _set_address(account, change.new_email)
    change.confirmed_at = now
    end_all_sessions(account.id, but=but)
    audit.record(Viewer(id=account.id), "account.address", f"account:{account.handle}")
    notices.tell_old_address(change)
    return account


def undo_address_change(change_id: int) -> Account:
    """It was somebody else: the old address counts again, nobody is signed in, a new password is asked for.

    Raises LinkNotValid.
    """
    change = db.session.get(AddressChange, change_id, with_for_update=True)
    now = clock.now()
    if change is None or change.confirmed_at is None or change.undone_at is not None:
        raise LinkNotValid
    account = db.session.get_one(Account, change.account_id)
    if change.confirmed_at <= now - UNDO_WITHIN or not policy.can_sign_in(account):
        raise LinkNotValid
    _set_address(account, change.old_email)
    change.undone_at, account.password_hash = now, ""
    end_all_sessions(account.id)
    audit.record(Viewer(id=account.id), "account.address-undo", f"account:{account.handle}")
    notices.tell_owner_how_to_reset(account)
    return account


def _set_address(account: Account, email: str) -> None:
    """Of two who take the same address the database lets one have it."""
    try:
        with db.session.begin_nested():
            account.email = email
            db.session.flush()
    except sa.exc.IntegrityError:
        raise LinkNotValid from None


def forget_address_changes() -> int:
    """What nobody can take back any more is not kept."""
    old = sa.delete(AddressChange).where(AddressChange.asked_at <= clock.now() - KEPT_FOR)
    return db.session.execute(old).rowcount  # type: ignore[attr-defined, no-any-return]
