"""What people are told by mail about groups that they proposed."""

from alumni.core import mail
from alumni.groups.models import Group
from alumni.settings.models import Proposal


def tell_of_approval(proposal: Proposal, group: Group) -> None:
    mail.post("settings/approved", to=proposal.proposed_by_id, group=group.name, slug=group.slug)


def tell_of_refusal(proposal: Proposal) -> None:
    mail.post("settings/declined", to=proposal.proposed_by_id, group=proposal.name, reason=proposal.reason)
