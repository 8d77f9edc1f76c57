"""Making a token and ending it."""

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, NotFound, require
from alumni.core.tokens import digest, new_secret
from alumni.core.viewer import Viewer
from alumni.tokens import policy
from alumni.tokens.models import ApiToken

MOST = 20  # of one account
LONGEST = timedelta(days=365)
PREFIX = "alumni_"  # so that scanners for secrets that were published know it


class TokensFull(DomainError):
    """There are as many tokens as one account may have."""


class TokenMade(DomainError):
    """The form was sent twice: the token is there, and what it was is not told again."""


def make_token(actor: Viewer, *, key: str, name: str, scopes: Collection[str], lasts: timedelta) -> str:
    """Makes a token and returns its secret, which nobody can ever read again."""
    require(policy.can_make(actor), "owner")
    require(set(scopes) <= set(policy.scopes_of(actor)), "owner")
    have = sa.select(sa.func.count()).select_from(ApiToken).where(ApiToken.account_id == actor.id)
    if (db.session.scalar(have) or 0) >= MOST:
        raise TokensFull(most=MOST)
    secret, now = PREFIX + new_secret(), clock.now()
    values = {
        "key": key,
        "account_id": actor.id,
        "digest": digest(secret),
        "name": name,
        "scopes": " ".join(scopes),
        "created_at": now,
        "expires_at": now + min(lasts, LONGEST),
        "used_on": "",
    }
    if not insert_or_ignore(ApiToken, values):
        raise TokenMade
    audit.record(actor, "token.make", f"token:{key}", scopes=values["scopes"])
    return secret


def end_token(actor: Viewer, key: str) -> None:
    """From the next request on it opens nothing."""
    ended = db.session.execute(sa.delete(ApiToken).where(ApiToken.key == key, ApiToken.account_id == actor.id))
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise NotFound
    audit.record(actor, "token.end", f"token:{key}")


def end_all_tokens(account_id: int) -> None:
    """A suspension, a closing and a new password end every token, as they end sessions."""
    db.session.execute(sa.delete(ApiToken).where(ApiToken.account_id == account_id))


def note_use(token_id: int, today: str) -> None:
    db.session.execute(sa.update(ApiToken).where(ApiToken.id == token_id).values(used_on=today))
