"""The handle and the name of somebody, as columns of a select."""

from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.members.models import Audience, Listing


def account_handle(account_id: Any) -> sa.ScalarSelect[Any]:
    return sa.select(Account.handle).where(Account.id == account_id).scalar_subquery()


def name_of(account_id: Any) -> sa.ScalarSelect[Any]:
    """The name that members may see of somebody, or NULL."""
    shown = sa.and_(Listing.account_id == account_id, Listing.audience == Audience.MEMBERS)
    return sa.select(Listing.name).where(shown).scalar_subquery()


def find_name(account: Account | None) -> str:
    """The name that members may see of somebody; empty where there is none."""
    return (db.session.scalar(sa.select(name_of(account.id))) if account is not None else "") or ""
