"""The letter that asks how a plan goes."""

from alumni.core import mail
from alumni.plans.models import Plan


def ask_how_it_goes(plan: Plan, months: int) -> None:
    mail.post("plans/check_in", to=plan.account_id, title=plan.title, plan=plan.key, months=months)
