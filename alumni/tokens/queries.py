"""Whose a token is, and which ones somebody has."""

from functools import cache
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.accounts.queries import viewer_columns
from alumni.core.ready import Ready, from_now
from alumni.core.tokens import digest
from alumni.core.viewer import Viewer
from alumni.tokens.models import ApiToken


@cache
def _holder_select() -> sa.Select[Any]:
    return (
        sa.select(*viewer_columns(), ApiToken.id.label("token_id"), ApiToken.scopes, ApiToken.used_on)
        .join(Account, Account.id == ApiToken.account_id)
        .where(
            ApiToken.digest == sa.bindparam("digest"),
            ApiToken.expires_at > from_now(),
            Account.state == AccountState.ACTIVE,
        )
    )


def find_holder(secret: str) -> Any | None:
    """The account behind a token with what the token is for, in one query; None when it opens nothing (any more)."""
    return Ready(_holder_select(), {"digest": digest(secret)}).first()


def tokens_of(viewer: Viewer) -> sa.Select[Any]:
    """The viewer's tokens, newest first. Those that are over stay in the list until they are taken out."""
    return (
        sa.select(
            ApiToken.key,
            ApiToken.name,
            ApiToken.scopes,
            ApiToken.created_at,
            ApiToken.expires_at,
            ApiToken.used_on,
            (ApiToken.expires_at <= from_now()).label("is_over"),
        )
        .where(ApiToken.account_id == viewer.id)
        .order_by(ApiToken.created_at.desc(), ApiToken.id.desc())
    )
