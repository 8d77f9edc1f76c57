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
