"""What claimants are told by mail."""

from alumni.core import mail
from alumni.groups.models import Group
from alumni.members.models import Participation


def tell_claimant_of_verification(participation: Participation, programme: str, group: Group | None) -> None:
    mail.post(
        "claims/claim_verified",
        to=participation.account_id,
        key=participation.key,
        programme=programme,
        group=group.slug if group else "",
    )


def tell_claimant_of_refusal(participation: Participation, programme: str, reason: str) -> None:
    mail.post(
        "claims/claim_declined",
        to=participation.account_id,
        key=participation.key,
        programme=programme,
        reason=reason,
    )


def tell_member_of_revocation(participation: Participation, programme: str, reason: str) -> None:
    mail.post(
        "claims/claim_revoked",
        to=participation.account_id,
        key=participation.key,
        programme=programme,
        reason=reason,
    )


def tell_member_of_reopening(participation: Participation, programme: str, reason: str) -> None:
    mail.post(
        "claims/claim_reopened",
        to=participation.account_id,
        key=participation.key,
        programme=programme,
        reason=reason,
    )


def tell_claimant_of_question(participation: Participation, programme: str, question: str) -> None:
    mail.post(
        "claims/claim_asked",
        to=participation.account_id,
        key=participation.key,
        programme=programme,
        question=question,
    )


def tell_of_dispute(participation: Participation, programme: str, *, has_it: bool) -> None:
    mail.post(
        "claims/claim_disputed",
        to=participation.account_id,
        key=participation.key,
        programme=programme,
        has_it=has_it,
    )


def ask_voucher(voucher_id: int, key: str, programme: str) -> None:
    """Says where, not who: who it is stands on the page, for whom it is open to."""
    mail.post("claims/vouch_asked", to=voucher_id, key=key, programme=programme)
