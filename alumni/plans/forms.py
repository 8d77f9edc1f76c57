"""What people enter about a plan, and of how it goes."""

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

from alumni.core import clock
from alumni.plans.actions import PlanDraft
from alumni.plans.models import PlanAudience, Progress
from alumni.web.forms import BaseForm, BlockField, DayField, LineField, RadioField

LONGEST = 10_000
AUDIENCES = [
    (PlanAudience.GROUP.value, _l("People in the group")),
    (PlanAudience.OFFICERS.value, _l("People in the group, and the officers of the programme")),
    (PlanAudience.ONLY_ME.value, _l("Only me")),
]
PROGRESS = [
    (Progress.WELL.value, _l("It goes well")),
    (Progress.SLOWLY.value, _l("It goes slowly")),
    (Progress.DONE.value, _l("It is done")),
    (Progress.STOPPED.value, _l("It has stopped")),
]


def _latest() -> date:
    return clock.now().date() + timedelta(days=3660)


class PlanForm(BaseForm):
    title = LineField(_l("What do you set out to do?"), longest=200, needed=_l("Say in a line what you set out to do."))
    what = BlockField(_l("How"), longest=LONGEST, hint=_l("What you learnt, and what you make of it at home."))
    for_whom = LineField(_l("For whom?"), longest=300)
    by_when = DayField(_l("By when?"), first=date(2000, 1, 1), last=_latest)
    first_step = LineField(_l("The first step"), longest=300, hint=_l("Something that you can do next week."))
    audience = RadioField(_l("Who reads it?"), choices=AUDIENCES, default=PlanAudience.GROUP.value)

    def draft(self) -> PlanDraft:
        return PlanDraft(
            title=self.title.data,
            what=self.what.data,
            for_whom=self.for_whom.data,
            by_when=self.by_when.data or "",
            first_step=self.first_step.data,
            audience=PlanAudience(self.audience.data),
        )


class CheckInForm(BaseForm):
    progress = RadioField(_l("How does it go?"), choices=PROGRESS, needed=_l("Choose one of the four."))
    words = BlockField(_l("A few words"), longest=2000, hint=_l("What helped, what stood in the way."))
