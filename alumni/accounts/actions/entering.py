"""What is done with accounts. Known and unknown addresses cost the same work and hear the same words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from email_validator import EmailNotValidError, validate_email

from alumni.accounts import notices, policy, queries
from alumni.accounts.models import Account, AccountState, KnownDevice, PendingSignIn, SignIn
from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.tokens import digest, new_key, new_secret
from alumni.core.viewer import GUEST, Viewer

SESSION_LIFE = timedelta(days=30)
PENDING_LIFE = timedelta(minutes=10)
_hasher = PasswordHasher()


class AddressNotConfirmed(DomainError):
    """The password was right; the address is not proved yet. A new letter is on its way."""

    status = 403


class LinkNotValid(DomainError):
    """A link of a letter that is too old, was used, or never was ours."""

    status = 410


@dataclass(frozen=True, slots=True)
class Entry:
    """A secret for the browser: of a session, or of a right password that still waits for its second factor."""

    secret: str
    is_whole: bool


def hash_with(*, memory_kib: int, passes: int) -> None:
    """Sets the cost of Argon2id. Older hashes are renewed at the next sign-in."""
    global _hasher
    _hasher = PasswordHasher(memory_cost=memory_kib, time_cost=passes, parallelism=1)


def hash_password(password: str) -> str:
    return _hasher.hash(policy.plain_form(password))


def normalise_email(text: str) -> str:
    """The address as it is stored and compared. Raises Invalid("email")."""
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=True).normalized.lower()
    except EmailNotValidError as error:
        raise Invalid("email", "email") from error


def sign_up(*, email: str, password_hash: str, language: str, zone: str) -> None:
    """Makes an unconfirmed account and writes to it; for a known address, only its owner hears of it."""
    account = _enter(email, password_hash, language, zone)
    if account.state == AccountState.UNCONFIRMED:
        notices.tell_newcomer_to_confirm(account)
    else:
        notices.tell_owner_of_second_sign_up(account)


def sign_up_proved(*, email: str, password_hash: str, language: str, zone: str) -> Account | None:
    """The same for whoever follows a personal letter to this address: it is proved, so the account is active at once.

    None where the address has an owner, who signs in instead.
    """
    account = _enter(email, password_hash, language, zone)
    if account.state != AccountState.UNCONFIRMED:
        return None
    return confirm_address(account.id)


def _enter(email: str, password_hash: str, language: str, zone: str) -> Account:
    """The account of an address. While nobody has proved the address, the newest password counts."""
    now = clock.now()
    fresh = {
        "handle": new_key(),
        "email": email,
        "password_hash": password_hash,
        "state": AccountState.UNCONFIRMED,
        "staff_role": "none",
        "is_verified": False,
        "language": language,
        "zone": zone,
        "created_at": now,
        "terms_agreed_at": now,
        "suspension_reason": "",
    }
    is_new = insert_or_ignore(Account, fresh)
    account = queries.find_by_email(email)
    if account is None:
        raise LookupError("an account that was just made is not there")
    if not is_new and account.state == AccountState.UNCONFIRMED:
        account.password_hash, account.language, account.zone = password_hash, language, zone
        account.terms_agreed_at = now
    return account


def confirm_address(account_id: int) -> Account:
    """The letter was read: the account is active. Following the link twice does no harm."""
    account = db.session.get(Account, account_id)
    if account is None or account.state == AccountState.CLOSED:
        raise LinkNotValid
    if account.state == AccountState.UNCONFIRMED:
        account.state, account.confirmed_at = AccountState.ACTIVE, clock.now()
        audit.record(Viewer(id=account.id), "account.confirm", f"account:{account.handle}")
    return account


def check_password(stored: str, password: str) -> bool:
    """True when it is right. An unknown account costs the same time: it is checked against a decoy."""
    plain = policy.plain_form(password)
    return _opens(stored, plain) or (plain != password and _opens(stored, password))  # kept as typed, before


def _opens(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored or _decoy(), password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def _decoy() -> str:
    """A hash of nothing anybody knows, made with the parameters of today."""
    key = (_hasher.memory_cost, _hasher.time_cost)
    if key not in _decoys:
        _decoys[key] = _hasher.hash(new_secret())
    return _decoys[key]


_end_as_well: Callable[[int], None] = lambda _account_id: None  # noqa: E731 - until somebody says what
_decoys: dict[tuple[int, int], str] = {}


def sign_in(account: Account, *, password: str, device: str) -> Entry:
    """Opens a session for an account whose password was checked, or asks it for its second factor."""
    if account.state == AccountState.UNCONFIRMED:
        notices.tell_newcomer_to_confirm(account)
        raise AddressNotConfirmed
    require(policy.can_sign_in(account), "nobody")
    lift_expired_suspension(account)
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = hash_password(password)
    if account.has_second_factor:
        return Entry(_await_code(account), is_whole=False)
    return Entry(open_session(account, device), is_whole=True)


def open_session(account: Account, device: str) -> str:
    secret = new_secret()
    now = clock.now()
    account.signed_in_at = now
    audit.record(Viewer(id=account.id), "sign-in.open", f"account:{account.handle}", device=device[:200])
    _know_device(account, device[:200], now)
    db.session.add(
        SignIn(
            account_id=account.id,
            digest=digest(secret),
            device=device[:200],
            created_at=now,
            seen_at=now,
            expires_at=now + SESSION_LIFE,
        )
    )
    return secret


def _know_device(account: Account, device: str, now: datetime) -> None:
    """A device that was not there before is told to the owner; the first one of all is their own."""
    mine = KnownDevice.account_id == account.id
    is_first = not db.session.scalar(sa.select(sa.exists().where(mine)))
    is_new = insert_or_ignore(KnownDevice, {"account_id": account.id, "device": device, "first_at": now})
    if is_new and not is_first:
        notices.tell_owner_of_new_device(account.id, device=device, network=audit.here(), at=now.isoformat())


def _await_code(account: Account) -> str:
    secret, now = new_secret(), clock.now()
    db.session.execute(sa.delete(PendingSignIn).where(PendingSignIn.expires_at <= now))
    db.session.add(PendingSignIn(digest=digest(secret), account_id=account.id, expires_at=now + PENDING_LIFE))
    return secret


def note_seen(sign_in_id: int) -> None:
    """This session is in use, so it does not end by resting."""
    now = clock.now()
    due = sa.update(SignIn).where(SignIn.id == sign_in_id, SignIn.seen_at <= now - policy.NOTED_EVERY)
    db.session.execute(due.values(seen_at=now).execution_options(synchronize_session=False))


def note_refused(account: Account | None, why: str) -> None:
    """A try that failed is written down; that there is no such account costs the same line."""
    audit.record(GUEST, "sign-in.refuse", f"account:{account.handle if account else 'unknown'}", why=why)


def sign_out(viewer: Viewer) -> None:
    """This session is over for every copy of its cookie."""
    audit.record(viewer, "sign-in.end", f"account:{viewer.handle}")
    db.session.execute(sa.delete(SignIn).where(SignIn.id == viewer.sign_in_id, SignIn.account_id == viewer.id))


def end_session(viewer: Viewer, key: str) -> None:
    """Ends one of the viewer's own sessions."""
    db.session.execute(sa.delete(SignIn).where(SignIn.key == key, SignIn.account_id == viewer.id))


def end_other_sessions(viewer: Viewer) -> None:
    """Every device but this one; programs keep their tokens."""
    db.session.execute(sa.delete(SignIn).where(SignIn.account_id == viewer.id, SignIn.id != viewer.sign_in_id))


def end_with_sessions(end: Callable[[int], None]) -> None:
    """Says what else ends with all sessions: a higher room has it, and whoever assembles the app knows that."""
    global _end_as_well
    _end_as_well = end


def end_all_sessions(account_id: int, *, but: int = 0) -> None:
    _end_as_well(account_id)
    db.session.execute(sa.delete(SignIn).where(SignIn.account_id == account_id, SignIn.id != but))


def ask_for_reset(email: str) -> None:
    """Writes to the address if it has an account; says nothing to whoever asked."""
    account = queries.find_by_email(email)
    if account is None:
        notices.tell_nobody()
    elif account.state == AccountState.UNCONFIRMED:
        notices.tell_newcomer_to_confirm(account)
    elif policy.can_sign_in(account):
        notices.tell_owner_how_to_reset(account)


def reset_fingerprint(account: Account) -> str:
    """Changes with the password, so a reset link works once."""
    return digest(account.password_hash).hex()[:16]


def reset_password(account_id: int, fingerprint: str, *, password_hash: str) -> Account:
    """Sets a new password by a link; every session dies."""
    account = db.session.get(Account, account_id)
    if account is None or not policy.can_sign_in(account) or reset_fingerprint(account) != fingerprint:
        raise LinkNotValid
    _set_password(account, password_hash)
    end_all_sessions(account.id)
    return account


def change_password(actor: Viewer, *, checked: str, new_hash: str) -> None:
    """Sets a new password; every other session dies. `checked` is the hash against which the old one was right."""
    account = db.session.get_one(Account, actor.id)
    if account.password_hash != checked:
        raise Invalid("old", "password")
    _set_password(account, new_hash)
    end_all_sessions(account.id, but=actor.sign_in_id)


def _set_password(account: Account, password_hash: str) -> None:
    account.password_hash = password_hash
    audit.record(Viewer(id=account.id), "account.password", f"account:{account.handle}")
    notices.tell_owner_of_new_password(account)


def suspend(actor: Viewer, account: Account, *, until: datetime, reason: str) -> None:
    """Ends every session at once; the account may sign in again only to read its own data."""
    require(policy.can_suspend(actor, account), "moderator")
    account.state = AccountState.SUSPENDED
    account.suspended_until, account.suspension_reason = until, reason
    end_all_sessions(account.id)
    audit.record(actor, "account.suspend", f"account:{account.handle}", reason=reason, until=until.isoformat())


def lift_suspension(actor: Viewer, account: Account, *, reason: str) -> None:
    require(policy.can_suspend(actor, account), "moderator")
    account.state, account.suspended_until, account.suspension_reason = AccountState.ACTIVE, None, ""
    audit.record(actor, "account.unsuspend", f"account:{account.handle}", reason=reason)


def lift_expired_suspension(account: Account) -> None:
    """A suspension that has run out ends at the next sign-in."""
    until = account.suspended_until
    if account.state == AccountState.SUSPENDED and until is not None and until <= clock.now():
        account.state, account.suspended_until, account.suspension_reason = AccountState.ACTIVE, None, ""
        audit.record(GUEST, "account.unsuspend", f"account:{account.handle}", reason="term over")


def choose_language(actor: Viewer, language: str) -> None:
    """The language of the letters that the actor gets."""
    require(actor.is_authenticated, "owner")
    db.session.execute(sa.update(Account).where(Account.id == actor.id).values(language=language))


def mark_verified(account_id: int, *, is_verified: bool) -> None:
    """Kept by `members`, in the transaction that verified or revoked a participation."""
    db.session.execute(sa.update(Account).where(Account.id == account_id).values(is_verified=is_verified))


def mark_officer(account_id: int, *, holds_office: bool) -> None:
    """Kept by `officers`, in the transaction that gave or ended a mandate."""
    db.session.execute(sa.update(Account).where(Account.id == account_id).values(holds_office=holds_office))
