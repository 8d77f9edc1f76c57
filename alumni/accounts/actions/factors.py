"""The second factor: an app that makes codes, codes on paper, and the sign-in that waits for one of them."""

import hmac
import unicodedata

import pyotp
import sqlalchemy as sa

from alumni.accounts import notices, policy
from alumni.accounts.actions.entering import end_other_sessions, open_session
from alumni.accounts.models import Account, PendingSignIn, RecoveryCode, SecondFactor, SignIn
from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.tokens import digest, new_key
from alumni.core.viewer import Viewer

MOST_TRIES = 5
STEP_S = 30
PAPER_CODES = 10


class SecondFactorThere(DomainError):
    """The app for codes is set up already."""

    status = 409


class PendingOver(DomainError):
    """The ten minutes or the tries for the second factor are used up; signing in begins anew."""

    status = 410


def try_pending(secret: str) -> int:
    """The account whose password was right in this browser, at the cost of one try. The door commits at once."""
    row = sa.update(PendingSignIn).where(PendingSignIn.digest == digest(secret))
    open_row = row.where(PendingSignIn.expires_at > clock.now(), PendingSignIn.tries < MOST_TRIES)
    account_id = db.session.scalar(
        open_row.values(tries=PendingSignIn.tries + 1).returning(PendingSignIn.account_id),
        execution_options={"synchronize_session": False},
    )
    if account_id is None:
        raise PendingOver
    return account_id


def sign_in_by_code(secret: str, account_id: int, code: str, *, device: str) -> str | None:
    """Opens the session that waited for this code; None where the code is not right. What waited is used up."""
    if not use_code(account_id, code):
        return None
    account = db.session.get_one(Account, account_id)
    require(policy.can_sign_in(account), "nobody")
    waited = sa.delete(PendingSignIn).where(PendingSignIn.digest == digest(secret)).returning(PendingSignIn.digest)
    if db.session.scalar(waited) is None:
        raise PendingOver
    return open_session(account, device)


def use_code(account_id: int, code: str) -> bool:
    """True once for a code of the app, or for one on paper."""
    code = "".join(letter for letter in unicodedata.normalize("NFKC", code).lower() if letter.isalnum())
    factor = db.session.get(SecondFactor, account_id)
    if factor is None:
        return False
    if (step := _step_of(factor.secret, code)) is not None:
        used = sa.update(SecondFactor).where(SecondFactor.account_id == account_id, SecondFactor.last_step < step)
        return db.session.scalar(used.values(last_step=step).returning(SecondFactor.account_id)) is not None
    on_paper = sa.update(RecoveryCode).where(
        RecoveryCode.digest == _paper_digest(account_id, code), RecoveryCode.used_at.is_(None)
    )
    if db.session.scalar(on_paper.values(used_at=clock.now()).returning(RecoveryCode.account_id)) is None:
        return False
    audit.record(Viewer(id=account_id), "account.recovery", f"account:{db.session.get_one(Account, account_id).handle}")
    return True


def _step_of(secret: str, code: str) -> int | None:
    """Which half minute the code is of: this one, or one beside it, because clocks differ."""
    now = int(clock.now().timestamp()) // STEP_S
    app = pyotp.TOTP(secret)
    return next(
        (
            step
            for step in (now - 1, now, now + 1)
            if hmac.compare_digest(app.generate_otp(step).encode(), code.encode())
        ),
        None,
    )


def _paper_digest(account_id: int, code: str) -> bytes:
    return digest(f"{account_id}|{code}")


def prove(viewer: Viewer) -> None:
    """Whoever holds this session has just entered a password or a code."""
    db.session.execute(sa.update(SignIn).where(SignIn.id == viewer.sign_in_id).values(proved_at=clock.now()))


def begin_second_factor(actor: Viewer) -> None:
    """A fresh secret for an app. Nothing changes for whoever signs in before a code of it was right."""
    require(actor.is_authenticated, "owner")
    factor = db.session.get(SecondFactor, actor.id)
    if factor is None:
        insert_or_ignore(
            SecondFactor,
            {"account_id": actor.id, "secret": pyotp.random_base32(), "confirmed_at": None, "last_step": 0},
        )
    elif factor.confirmed_at is not None:
        raise SecondFactorThere
    else:
        factor.secret = pyotp.random_base32()


def confirm_second_factor(actor: Viewer, code: str) -> list[str]:
    """The first code was right: from now on signing in asks for one. Returns the codes for paper."""
    require(actor.is_authenticated, "owner")
    factor = db.session.get(SecondFactor, actor.id, with_for_update=True)
    if factor is not None and factor.confirmed_at is not None:
        raise SecondFactorThere
    if factor is None or not use_code(actor.id, code):
        raise Invalid("code", "code")
    factor.confirmed_at = clock.now()
    account = _change_factor(actor, is_on=True)
    end_other_sessions(actor)
    return _write_paper_codes(account)


def end_second_factor(actor: Viewer) -> None:
    """The password alone opens the account again."""
    require(actor.is_authenticated, "owner")
    for table in (SecondFactor, RecoveryCode, PendingSignIn):
        db.session.execute(sa.delete(table).where(table.account_id == actor.id))
    _change_factor(actor, is_on=False)


def renew_paper_codes(actor: Viewer) -> list[str]:
    """New codes for paper; the old ones open nothing any more."""
    require(actor.is_authenticated, "owner")
    account = db.session.get_one(Account, actor.id, with_for_update=True)
    require(account.has_second_factor, "owner")
    audit.record(actor, "account.paper_codes", f"account:{account.handle}")
    return _write_paper_codes(account)


def _change_factor(actor: Viewer, *, is_on: bool) -> Account:
    account = db.session.get_one(Account, actor.id)
    if account.has_second_factor != is_on:
        account.has_second_factor = is_on
        audit.record(actor, "account.second_factor", f"account:{account.handle}", is_on=is_on)
        notices.tell_owner_of_second_factor(account, is_on=is_on)
    return account


def _write_paper_codes(account: Account) -> list[str]:
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [new_key() for _ in range(PAPER_CODES)]
    db.session.add_all(RecoveryCode(account_id=account.id, digest=_paper_digest(account.id, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]
