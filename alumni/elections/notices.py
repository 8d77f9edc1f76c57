"""What people are told by mail about elections."""

from collections.abc import Iterable
from typing import Any

from alumni.core import mail
from alumni.elections.models import Election

TELL_VOTERS = "elections.tell_voters"  # the kind of the job that promises letters, some hundreds at a time


def tell_officer(election: Election) -> None:
    """You conduct it."""
    if election.officer_id is not None:
        mail.post("elections/officer", to=election.officer_id, **_facts(election))


def tell_named(election: Election, account_id: int) -> None:
    """Somebody would like you to stand."""
    mail.post("elections/named", to=account_id, **_facts(election))


def tell_struck(election: Election, account_id: int, reason: str) -> None:
    mail.post("elections/struck", to=account_id, reason=reason, **_facts(election))


def tell_voter(election: Election, account_id: int) -> None:
    """Voting has begun."""
    mail.post("elections/open", to=account_id, **_facts(election))


def tell_of_count(election: Election, account_ids: Iterable[int]) -> None:
    """It is counted, and anybody in the group may count again."""
    for account_id in account_ids:
        mail.post("elections/counted", to=account_id, **_facts(election))


def _facts(election: Election) -> dict[str, Any]:
    return {
        "title": election.title,
        "key": election.key,
        "opens": election.opens_at.isoformat(),
        "closes": election.closes_at.isoformat(),
        "election_zone": election.zone,
    }
