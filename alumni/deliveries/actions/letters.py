"""Whether a letter may go, asked when it goes: it may have waited for days."""

from datetime import datetime

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.consents.queries import wants_letters
from alumni.core.db import db, insert_or_ignore
from alumni.core.mail import NotNow
from alumni.deliveries import queries
from alumni.deliveries.models import Told
from alumni.deliveries.queries.letters import Facts
from alumni.mailing import policy
from alumni.mailing import queries as mailing_queries


def prepare(account: Account, template: str, given: Facts, *, job_id: int, now: datetime) -> Facts | None:
    """The facts of a letter, or None when it is not to be sent. Raises NotNow in the quiet hours of its reader."""
    letter = policy.LETTERS[template]
    if account.state == AccountState.CLOSED:
        return None
    if account.state == AccountState.CLOSING and not template.startswith(policy.OF_LEAVING):
        return None
    if letter.is_chosen and (account.state != AccountState.ACTIVE or not _may_write(account.id)):
        return None
    facts = queries.facts_of(account, template, given)
    if facts is None or not letter.is_chosen:
        return facts
    until = policy.quiet_until(now, account.zone, *mailing_queries.quiet_hours_of(account.id))
    if until is not None:
        raise NotNow(until)
    about = queries.find_thing(template, facts)
    return facts if not about or _is_first(account.id, about, job_id, now) else None


def _may_write(account_id: int) -> bool:
    return wants_letters(account_id) and not mailing_queries.is_unreachable(account_id)


def _is_first(account_id: int, about: str, job_id: int, now: datetime) -> bool:
    """Of two letters about one thing the first goes, also when it is tried again."""
    insert_or_ignore(Told, {"account_id": account_id, "about": about, "job_id": job_id, "written_at": now})
    told = sa.select(Told.job_id).where(Told.account_id == account_id, Told.about == about)
    return db.session.scalar(told) == job_id
