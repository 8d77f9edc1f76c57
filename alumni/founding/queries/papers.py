"""The papers of a founding: the rows of its plans, what they add up to, and what is missing."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db, there_is
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.founding import policy
from alumni.founding.models import Activity, Founder, FounderState, Founding, Fund, FundKind


@ready()
def activities_of(viewer: Viewer, *, founding_id: int) -> sa.Select[Any]:
    """The annual plan, month by month."""
    return (
        sa.select(Activity.month, Activity.activity, Activity.place, Activity.people, Activity.words)
        .where(Activity.founding_id == founding_id, _shown(viewer, founding_id))
        .order_by(Activity.month, Activity.place_in_list)
    )


@ready()
def funds_of(viewer: Viewer, *, founding_id: int) -> sa.Select[Any]:
    """The plan of funds: income first, as it was entered."""
    return (
        sa.select(Fund.kind, Fund.what, Fund.amount, Fund.currency)
        .where(Fund.founding_id == founding_id, _shown(viewer, founding_id))
        .order_by(sa.case((Fund.kind == FundKind.INCOME, 0), else_=1), Fund.place_in_list)
    )


def _shown(viewer: Viewer, founding_id: Any) -> sa.ColumnElement[bool]:
    return there_is(Founding, Founding.id == founding_id, policy.visible_to(viewer))


@dataclass(frozen=True, slots=True)
class Sum:
    """What a plan of funds comes to in one currency."""

    currency: str
    income: int
    expense: int

    @property
    def balance(self) -> int:
        return self.income - self.expense


def sums_of(rows: Sequence[Any]) -> list[Sum]:
    """The sums of each currency, by its code."""
    found = []
    for currency in sorted({row.currency for row in rows}):
        income, expense = (
            sum(row.amount for row in rows if row.currency == currency and row.kind == kind)
            for kind in (FundKind.INCOME, FundKind.EXPENSE)
        )
        found.append(Sum(currency, income, expense))
    return found


def find_missing(founding: Any) -> list[str]:
    """Which papers are still missing before it can be handed in, by their codes."""
    confirmed = sa.select(sa.func.count()).select_from(Founder)
    officers = confirmed.where(
        Founder.founding_id == founding.id, Founder.state == FounderState.CONFIRMED, Founder.office != ""
    )
    confirmed = confirmed.where(Founder.founding_id == founding.id, Founder.state == FounderState.CONFIRMED)
    row = db.session.execute(
        sa.select(
            confirmed.scalar_subquery().label("founders"),
            officers.scalar_subquery().label("officers"),
            there_is(Activity, Activity.founding_id == founding.id).label("plan"),
            there_is(Fund, Fund.founding_id == founding.id).label("funds"),
            there_is(
                Founder,
                Founder.founding_id == founding.id,
                Founder.account_id == founding.organiser_id,
                Founder.state == FounderState.CONFIRMED,
            ).label("organiser"),
        )
    ).one()
    there = {
        "founders": row.founders >= policy.FOUNDERS_NEEDED,
        "charter": bool(founding.charter),
        "plan": bool(row.plan),
        "funds": bool(row.funds),
        "officers": bool(row.officers and row.organiser and founding.term_ends_on),
    }
    return [code for code, is_there in there.items() if not is_there]


def differences(before: str, after: str) -> list[tuple[str, str]]:
    """The lines that differ: `-` only in the first text, `+` only in the second."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [(line[0], line[1:]) for line in lines if line[0] in "+-" and not line.startswith(("+++", "---"))][:400]
