"""What people are told about roles by mail."""

from typing import Any

from alumni.core import mail
from alumni.groups.models import Group, Tenure


def tell_holder_of_role(tenure: Tenure, group: Group) -> None:
    mail.post("roles/given", to=tenure.account_id, **_facts(tenure, group))


def tell_holder_of_end(tenure: Tenure, group: Group, reason: str) -> None:
    mail.post("roles/ended", to=tenure.account_id, **_facts(tenure, group), reason=reason)


def tell_that_term_runs_out(tenure: Tenure, group: Group, account_id: int) -> None:
    """To the holder, and to those who may appoint the next."""
    mail.post("roles/running-out", to=account_id, **_facts(tenure, group), is_mine=account_id == tenure.account_id)


def _facts(tenure: Tenure, group: Group) -> dict[str, Any]:
    return {
        "group": group.name,
        "slug": group.slug,
        "role": tenure.role.value,
        "title": tenure.title,
        "ends_on": tenure.ends_on or "",
    }
