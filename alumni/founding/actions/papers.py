"""Writing the papers. Of two who write the same one at once, the second is told, and loses nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import Base, db
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.places import CURRENCIES
from alumni.core.viewer import Viewer
from alumni.founding import policy
from alumni.founding.actions.holding import hold
from alumni.founding.models import Activity, Founder, FounderState, Founding, FoundingState, Fund, FundKind
from alumni.groups.actions import LONGEST_TERM


class PaperChanged(DomainError):
    """Somebody has saved this paper since it was opened."""


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    month: str
    activity: str
    place: str
    people: int | None
    words: str


@dataclass(frozen=True, slots=True)
class FundDraft:
    kind: FundKind
    what: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Officers:
    """The first officers: a title for each founder by key, who organises the group, and until when."""

    titles: dict[str, str]
    organiser: str
    term_ends_on: date


def write_charter(*, actor: Viewer, founding: Founding, text: str, edits: int) -> None:
    """Raises PaperChanged when it was saved since `edits`."""
    _begin(actor, founding, "charter", edits)
    founding.charter = text
    db.session.flush()


def write_plan(*, actor: Viewer, founding: Founding, rows: Sequence[ActivityDraft], edits: int) -> None:
    """The annual plan as a whole. Raises PaperChanged."""
    _begin(actor, founding, "plan", edits)
    _replace(Activity, founding, rows)


def write_funds(*, actor: Viewer, founding: Founding, rows: Sequence[FundDraft], edits: int) -> None:
    """The plan of funds as a whole. Raises PaperChanged, Invalid("rows")."""
    if any(row.currency not in CURRENCIES for row in rows):
        raise Invalid("rows", "unknown")
    _begin(actor, founding, "funds", edits)
    _replace(Fund, founding, rows)


def choose_officers(*, actor: Viewer, founding: Founding, officers: Officers) -> None:
    """Who does what first. Raises Invalid("organiser" | "term_ends_on")."""
    require(policy.can_write(actor, founding), "founder")
    hold(founding, FoundingState.DRAFT)
    today = clock.now().date()
    if not today <= officers.term_ends_on <= today + LONGEST_TERM:
        raise Invalid("term_ends_on", "term")
    confirmed = sa.select(Founder).where(Founder.founding_id == founding.id, Founder.state == FounderState.CONFIRMED)
    founders = db.session.scalars(confirmed).all()
    organiser = next((founder for founder in founders if founder.key == officers.organiser), None)
    if organiser is None:
        raise Invalid("organiser", "unknown")
    for founder in founders:
        founder.office = officers.titles.get(founder.key, "")
    founding.organiser_id, founding.term_ends_on = organiser.account_id, officers.term_ends_on.isoformat()
    audit.record(actor, "founding.officers", f"founding:{founding.key}")


def _begin(actor: Viewer, founding: Founding, paper: str, edits: int) -> None:
    require(policy.can_write(actor, founding), "founder")
    hold(founding, FoundingState.DRAFT)
    counter = f"{paper}_edits"
    if getattr(founding, counter) != edits:
        raise PaperChanged
    setattr(founding, counter, edits + 1)
    audit.record(actor, f"founding.{paper}", f"founding:{founding.key}")


def _replace(model: type[Base], founding: Founding, rows: Sequence[Any]) -> None:
    table = model.__table__
    db.session.execute(sa.delete(table).where(table.c.founding_id == founding.id))  # type: ignore[arg-type]
    if rows:
        values = [{"founding_id": founding.id, "place_in_list": at, **asdict(row)} for at, row in enumerate(rows)]
        db.session.execute(sa.insert(model), values)
    db.session.flush()
