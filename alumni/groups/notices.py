"""What people are told by mail about their place in a group."""

from alumni.core import mail
from alumni.groups.models import Group


def tell_member_of_admission(account_id: int, group: Group) -> None:
    mail.post("groups/admitted", to=account_id, group=group.name, slug=group.slug)


def tell_member_of_refusal(account_id: int, group: Group, reason: str) -> None:
    mail.post("groups/declined", to=account_id, group=group.name, slug=group.slug, reason=reason)


def tell_member_of_removal(account_id: int, group: Group, reason: str) -> None:
    mail.post("groups/removed", to=account_id, group=group.name, slug=group.slug, reason=reason)


def tell_organiser_of_appointment(account_id: int, group: Group, term_ends_on: str) -> None:
    mail.post("groups/appointed", to=account_id, group=group.name, slug=group.slug, term_ends_on=term_ends_on)
