"""What is done with mandates: given, ended, and said in time when a term runs out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from alumni.accounts import actions as accounts_actions
from alumni.accounts import queries as accounts_queries
from alumni.accounts.models import Account, AccountState
from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.places import COUNTRIES
from alumni.core.viewer import Viewer
from alumni.officers import notices, policy, queries
from alumni.officers.models import Agency, Mandate, MandateProgramme
from alumni.programmes.models import Programme

LONGEST_TERM = timedelta(days=3 * 365 + 1)  # three years, one of them a leap year


class MandateOver(DomainError):
    """Its term is over, or somebody has ended it."""


@dataclass(frozen=True, slots=True)
class MandateDraft:
    """Who acts for whom, where and until when. Without programmes it is for all of them, in one country."""

    email: str
    agency: Agency
    programmes: tuple[str, ...]  # slugs
    country: str  # empty: every country
    starts_on: date
    ends_on: date


def grant_mandate(actor: Viewer, draft: MandateDraft, *, key: str) -> Mandate:
    """Makes the holder of an address an officer. The same key gives one mandate.

    Raises Invalid("email" | "country" | "programmes" | "ends_on").
    """
    require(policy.can_grant(actor), "admin")
    account = _active_account(draft.email)
    programmes = _programmes(draft.programmes)
    if draft.country and draft.country not in COUNTRIES:
        raise Invalid("country", "unknown")
    if not draft.country and not programmes:
        raise Invalid("programmes", "scope-needed")
    first = max(draft.starts_on, clock.now().date())
    if not first <= draft.ends_on <= first + LONGEST_TERM:
        raise Invalid("ends_on", "term-of-office")
    is_new = insert_or_ignore(
        Mandate,
        {
            "key": key,
            "account_id": account.id,
            "agency": draft.agency,
            "country": draft.country,
            "is_for_all_programmes": not programmes,
            "starts_on": draft.starts_on.isoformat(),
            "ends_on": draft.ends_on.isoformat(),
            "granted_by_id": actor.id,
            "created_at": clock.now(),
            "end_reason": "",
        },
    )
    mandate = db.session.scalars(sa.select(Mandate).where(Mandate.key == key)).one()
    if not is_new:
        return mandate
    db.session.add_all(MandateProgramme(mandate_id=mandate.id, programme_id=each.id) for each in programmes)
    db.session.flush()
    accounts_actions.mark_officer(account.id, holds_office=True)
    _record(actor, "officer.grant", mandate, account.handle, starts_on=mandate.starts_on)
    notices.tell_officer_of_mandate(mandate, [each.short for each in programmes])
    return mandate


def _active_account(email: str) -> Account:
    """An admin may know who has an account; nobody else asks here."""
    account = accounts_queries.find_by_email(accounts_actions.normalise_email(email))
    if account is None:
        raise Invalid("email", "no-account")
    if account.state != AccountState.ACTIVE:
        raise Invalid("email", "account-not-active")
    return account


def _programmes(slugs: tuple[str, ...]) -> list[Programme]:
    found = db.session.scalars(sa.select(Programme).where(Programme.slug.in_(slugs))).all()
    if len(found) != len(set(slugs)):
        raise Invalid("programmes", "unknown")
    return sorted(found, key=lambda programme: programme.short)


def end_mandate(actor: Viewer, mandate: Mandate, *, reason: str) -> None:
    """Ends it at once, for a reason that the officer reads. Raises MandateOver."""
    require(policy.can_grant(actor), "admin")
    over = sa.update(Mandate).where(Mandate.id == mandate.id, policy.not_over())
    ended = over.values(ended_at=clock.now(), end_reason=reason).execution_options(synchronize_session=False)
    if not db.session.execute(ended).rowcount:  # type: ignore[attr-defined]
        raise MandateOver
    db.session.refresh(mandate)
    if not queries.has_another(mandate):
        accounts_actions.mark_officer(mandate.account_id, holds_office=False)
    handle = db.session.scalars(sa.select(Account.handle).where(Account.id == mandate.account_id)).one()
    _record(actor, "officer.end", mandate, handle, reason=reason)
    notices.tell_officer_of_end(mandate, _names(mandate), reason)


def warn_of_endings(now: datetime) -> Iterator[int]:
    """Tells each officer once that a term ends within sixty days. Yields the accounts; the door commits after each."""
    for mandate in db.session.scalars(queries.running_out(now)).all():
        told = sa.update(Mandate).where(Mandate.id == mandate.id, Mandate.warned_at.is_(None)).values(warned_at=now)
        if db.session.execute(told).rowcount:  # type: ignore[attr-defined]
            notices.tell_officer_that_term_runs_out(mandate, _names(mandate))
            yield mandate.account_id


def leave_office() -> Iterator[int]:
    """Accounts whose last term is over are officers no longer. Yields them; the door commits after each."""
    for account_id in db.session.scalars(queries.out_of_office()).all():
        accounts_actions.mark_officer(account_id, holds_office=False)
        yield account_id


def _names(mandate: Mandate) -> list[str]:
    return [row.short for row in queries.find_programmes([mandate.id])[mandate.id]]


def _record(actor: Viewer, action: str, mandate: Mandate, handle: str, *, reason: str = "", **facts: str) -> None:
    """The log keeps the scope in words of its own: it outlives the mandate."""
    scope = {"programmes": ", ".join(_names(mandate)), "country": mandate.country}
    term = facts | {"ends_on": mandate.ends_on}
    audit.record(actor, action, f"account:{handle}", reason=reason, mandate=mandate.key, **scope, **term)
